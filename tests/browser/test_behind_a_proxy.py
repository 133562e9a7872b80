"""The view behind a proxy that gives it a name and a path of its own, as notebook servers do."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest
from tests.support.waiting import PATIENCE_S, wait_for
from tests.support.windows import answers, free_port

PREFIX = "/user/me/proxy/view"


def passed_on(client: socket.socket, port: int) -> None:
    """One request, or one window: the path's beginning is taken away, everything else stays as it is."""
    with client, suppress(OSError), socket.create_connection(("127.0.0.1", port)) as server:
        asked = b""
        while b"\r\n\r\n" not in asked and (part := client.recv(65536)):
            asked += part
        asked = asked.replace(PREFIX.encode("ascii"), b"", 1)
        if b"upgrade: websocket" not in asked.lower():
            asked = asked.replace(b"Connection: keep-alive", b"Connection: close")
        server.sendall(asked)
        back = threading.Thread(target=copied, args=(server, client), daemon=True)
        back.start()
        copied(client, server)
        back.join()


def copied(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65536):
            sink.sendall(part)
        sink.shutdown(socket.SHUT_WR)


@pytest.fixture
def proxied() -> Iterator[str]:
    """The address that the browser shows. In the end SIGTERM closes the view in a sentence, whatever is going on."""
    port = free_port()
    with socket.create_server(("127.0.0.1", 0)) as proxy:
        url = f"http://hub.example:{proxy.getsockname()[1]}{PREFIX}/"
        words = ["experiment=tokyo", "task=dashboard", "population.crisis_scale=0.05", "dashboard.open_browser=false"]
        command = [sys.executable, "-m", "caresim", *words, f"dashboard.port={port}", f"dashboard.proxy={url}"]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    threading.Thread(target=passed_on, args=(proxy.accept()[0], port), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            wait_for(lambda: answers(f"http://127.0.0.1:{port}/") or process.poll() is not None, "the server")
            yield url
            process.terminate()
            told = process.communicate(timeout=PATIENCE_S)[1]
    assert process.returncode == 143
    assert told == f"setting up the world ...\nthe live view is at {url} (Ctrl-C ends it)\n\nthe live view is closed\n"


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_it_works_under_the_proxys_name_and_path(page, proxied):
    """The window is still open, and playing, when the server is ended."""
    page.goto(proxied)
    page.wait_for_function("Number((document.querySelector('.stage') || {dataset: {}}).dataset.frame) > 0")
    page.locator("[data-do='play']").click()
    page.wait_for_function("Number(document.querySelector('.stage').dataset.frame) > 3")
