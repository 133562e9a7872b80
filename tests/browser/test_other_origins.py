"""Pages of others in the same browser cannot look at the live view, nor speak to it, nor show it as theirs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

TRIES = """async (target) => {
  const ends = (element, name) => new Promise((done) => {
    element.onload = () => done(name + ' loaded');
    element.onerror = () => done('refused');
    document.body.append(element);
  });
  const socket = new WebSocket(target.replace('http', 'ws') + 'jupyter/api/kernels/abc/channels?session_id=abc');
  const talk = new Promise((done) => { socket.onopen = () => done('open'); socket.onerror = () => done('refused'); });
  const get = (url, options) => fetch(url, options).then((got) => got.type + ' ' + got.status, () => 'refused');
  const script = document.createElement('script');
  script.src = target + '_solara/cdn/requirejs@2.3.6/require.js';
  const close = target + '_solara/api/close/abc?session_id=abc';
  return {
    websocket: await talk,
    fetch: await get(target, {}),
    blind: await get(target, {mode: 'no-cors', credentials: 'include'}),
    post: await get(close, {method: 'POST', mode: 'no-cors'}),
    script: await ends(script, 'script'),
  };
}"""
"""What a page can try, and what became of it."""
NOTHING = dict.fromkeys(("websocket", "fetch", "blind", "post", "script"), "refused")


@pytest.fixture
def other(tmp_path) -> Iterator[int]:
    """The port of a server that has nothing to do with the live view."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    (tmp_path / "index.html").write_text("<!doctype html><title>other</title><body>", encoding="utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=tmp_path)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def page(browser):
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1", "localhost"])
def test_a_page_from_elsewhere_gets_nothing(page, served, other, name):
    """Of another name, and of another port of this machine."""
    before = served.resources()["websockets"]["attempts"]
    page.goto(f"http://{name}:{other}/")
    assert page.evaluate(TRIES, served.url) == NOTHING
    assert page.evaluate(TRIES, served.url.replace("127.0.0.1", "localhost")) == NOTHING
    assert served.resources()["websockets"]["attempts"] == before


def test_the_views_own_page_gets_all_of_it(window, served):
    """The same script: a refusal above is not the script's own fault."""
    own = window()
    got = own.page.evaluate(TRIES, served.url)
    assert got == {
        "websocket": "open", "fetch": "basic 200", "blind": "basic 200", "post": "basic 200", "script": "script loaded",
    }  # fmt: skip


def test_a_name_that_is_pointed_at_this_machine_gets_nothing(page, served):
    """DNS rebinding: to the browser, the page and the view are of one origin."""
    got = page.goto(f"http://evil.example:{served.port}/")
    assert got.status == 403
    assert page.inner_text("body").startswith(f"The live view answers to http://127.0.0.1:{served.port} only.")
    tries = page.evaluate(TRIES, f"http://evil.example:{served.port}/")
    assert tries == NOTHING | {"fetch": "basic 403", "blind": "basic 403", "post": "basic 403"}


@pytest.mark.parametrize("name", ["evil.example", "localhost"])
def test_a_page_from_elsewhere_cannot_show_it_within_itself(page, served, other, name):
    before = served.resources()["websockets"]["attempts"]
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.goto(f"http://{name}:{other}/")
    page.evaluate(
        """(target) => new Promise((done) => {
          const frame = document.createElement('iframe');
          frame.onload = done;
          frame.src = target;
          document.body.append(frame);
        })""",
        served.url,
    )
    assert page.frames[1].url == "" or page.frames[1].url.startswith("chrome-error:")  # by the release of Chromium
    assert any("frame-ancestors" in line or "X-Frame-Options" in line for line in said), said
    assert served.resources()["websockets"]["attempts"] == before


def test_the_other_addresses_of_this_machine_work(page, served):
    """All other tests use 127.0.0.1."""
    for name in ("localhost", "[::1]"):
        page.goto(f"http://{name}:{served.port}/")
        page.wait_for_function("Number((document.querySelector('.stage') || {dataset: {}}).dataset.frame) > 0")
