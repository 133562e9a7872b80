"""Connections that break, stop or speak nonsense end a window and nothing else, and leave no traceback."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess

import pytest
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.support.raw_windows import RawWindow
from tests.support.waiting import PATIENCE_S, wait_for

from caresim.tasks.dashboard.gate import LARGEST_ASK


@pytest.fixture(scope="module", autouse=True)
def log(served):
    """Every window is given back in the end (20 s after it was lost), and nothing has complained."""
    wait_for(lambda: served.windows() == 0, "earlier windows to go")
    yield
    wait_for(lambda: served.windows() == 0, "the models of lost windows to be freed")
    assert "Traceback" not in served.log.read_text()


def test_other_origins_and_names_cannot_open_a_window(served):
    own = f"http://127.0.0.1:{served.port}"
    window = RawWindow(served.port, origin=own)
    assert window.answer == "HTTP/1.1 101 Switching Protocols"
    window.close()
    for host, origin in (("", "http://evil.example"), ("", "null"), ("evil.example", ""), ("evil.example", own)):
        window = RawWindow(served.port, host, origin)
        assert window.answer == "HTTP/1.1 403 Forbidden"
        window.close()


def test_a_reset_in_mid_run(served):
    """Before anything is said, while the models are made, and while a frame is on its way."""
    for received in (0, 1, 50_000):
        window = RawWindow(served.port)
        if received:
            window.start()
        while received > 0:
            received -= len(window.socket.recv(65536))
        window.reset()


def test_half_a_frame_and_then_nothing(served):
    window = RawWindow(served.port)
    window.socket.sendall(b"\x81\xff")
    window.reset()


@pytest.mark.parametrize("said", [b"hello", b"[" * 60_000, b"x" * (LARGEST_ASK + 1), b"\xff\xfe"])
def test_nonsense_ends_the_window(served, said):
    window = RawWindow(served.port)
    window.send(said)
    assert window.is_ended()
    window.close()


def test_a_browser_that_is_killed(served, tmp_path):
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path")
    command = [CHROMIUM, *ARGUMENTS, f"--user-data-dir={tmp_path}", "--remote-debugging-port=0", served.url]
    killed = subprocess.Popen(command, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        wait_for(lambda: served.windows() == 1, "its window")
    finally:
        os.killpg(killed.pid, signal.SIGKILL)
        killed.wait(PATIENCE_S)
        shutil.rmtree(tmp_path, ignore_errors=True)


def test_a_request_deletes_nothing(served):
    """Solara's own server removes a folder of its assets that is asked for."""
    from solara.server import settings
    from tests.support.windows import answers

    folder = settings.assets.proxy_cache_dir / "requirejs@2.3.6"
    before = sorted(folder.iterdir())
    assert before
    assert not answers(f"{served.url}_solara/cdn/@widgetti/{next((folder.parent / '@widgetti').iterdir()).name}")
    assert not answers(f"{served.url}_solara/cdn/requirejs@2.3.6")
    assert not answers(f"{served.url}_solara/cdn/requirejs@2.3.6/")
    assert sorted(folder.iterdir()) == before
