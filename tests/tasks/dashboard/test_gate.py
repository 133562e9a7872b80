"""The gate before the live view's server: every request that is not the page's own is turned away."""

from __future__ import annotations

import asyncio
import json

import pytest

from caresim.tasks.dashboard.address import Address, proxy_of
from caresim.tasks.dashboard.gate import MOST_WINDOWS, Gate, is_spoken

OWN = {"host": "localhost:8765"}
WINDOW = "/jupyter/api/kernels/0-a/channels"
HERE = Address("localhost", ("127.0.0.1", "::1"), 8765)


async def behind(scope, receive, send):
    """An application that answers everything, and a window that takes one message."""
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"inside"})
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        if "break" in event["text"]:
            raise ExceptionGroup("of a window", [ValueError("it broke")])
        await send({"type": "websocket.send", "text": event["text"]})


def asked(gate, scope, events=()):
    """What is sent in answer."""
    sent, waiting = [], list(events)

    async def receive():
        return waiting.pop(0) if waiting else {"type": "websocket.disconnect"}

    async def send(event):
        sent.append(event)

    asyncio.run(gate(scope, receive, send))
    return sent


def status(path="/", method="GET", query=b"", gate=None, **headers):
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in (OWN | headers).items() if value]
    scope = {"type": "http", "path": path, "method": method, "query_string": query, "headers": pairs}
    start, body = asked(gate or Gate(behind, HERE), scope)
    assert (body["body"] == b"inside") == (start["status"] == 200)
    return start["status"]


def window(*texts, path=WINDOW, query=b"session_id=b", gate=None, **headers):
    """What a window is sent: the types of the events."""
    pairs = [(name.encode(), value.encode()) for name, value in (OWN | headers).items()]
    scope = {"type": "websocket", "path": path, "query_string": query, "headers": pairs}
    events = [{"type": "websocket.connect"}, *({"type": "websocket.receive", "text": text} for text in texts)]
    return [event["type"].removeprefix("websocket.") for event in asked(gate or Gate(behind, HERE), scope, events)]


def message(kind="comm_msg", content=None, channel="shell"):
    content = {"comm_id": "c", "data": {}} if content is None else content
    return json.dumps({"header": {"msg_id": "m", "msg_type": kind}, "content": content, "channel": channel})


OPEN = {"comm_id": "c", "target_name": "solara.control", "data": {}}


def test_its_own_page_is_let_in():
    assert status() == 200
    assert status(origin="http://localhost:8765", sec_fetch_site="same-origin", sec_fetch_mode="cors") == 200
    assert status("/static/main.js", "HEAD") == 200
    assert status("/_solara/api/close/0-a", "POST", b"session_id=b", origin="http://localhost:8765") == 200
    assert window(message("comm_open", OPEN), message(), origin="http://localhost:8765") == ["accept", "send", "send"]


def test_a_link_to_it_can_be_followed():
    assert status(sec_fetch_site="cross-site", sec_fetch_mode="navigate") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"host": ""},
        {"host": "evil.example"},
        {"host": "evil.example", "origin": "http://evil.example"},
        {"origin": "http://evil.example"},
        {"origin": "http://localhost:3000"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site", "sec_fetch_mode": "no-cors"},
        {"sec_fetch_site": "same-site", "sec_fetch_mode": "cors"},
        {"sec_fetch_site": "cross-site"},
    ],
)
def test_other_names_and_pages_are_turned_away(headers):
    assert status(**headers) == 403
    assert status("/_solara/api/close/0-a", "POST", b"session_id=b", **headers) == 403
    if "sec_fetch_site" not in headers:
        assert window(message(), **headers) == ["close"]


@pytest.mark.parametrize(
    ("path", "method", "query", "wanted"),
    [
        ("/readyz", "GET", b"", 404),
        ("/jupyter/api/kernels/x", "GET", b"", 404),
        ("/_solara/api/evict/x", "POST", b"session_id=b", 404),
        ("/_solara/api/close/x", "POST", b"", 400),
        ("/_solara/api/close/../x", "POST", b"session_id=b", 404),
        ("/somewhere", "GET", b"", 404),
        ("/static/", "GET", b"", 404),
        ("/", "POST", b"session_id=b", 404),
        ("/", "PUT", b"", 405),
        ("/", "OPTIONS", b"", 405),
    ],
)
def test_what_the_page_does_not_use_is_not_there(path, method, query, wanted):
    assert status(path, method, query) == wanted


def test_a_window_has_names_as_the_page_gives_them():
    assert window(path="/jupyter/api/kernels/a b/channels") == ["close"]
    assert window(path="/jupyter/api/kernels/a/../b/channels") == ["close"]
    assert window(query=b"") == ["close"]
    assert window(query=b"session_id=b&session_id=c") == ["close"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "hello",
        "[" * 20_000,
        "[1]",
        "{}",
        message("execute_request", {"code": "1"}),
        message("shutdown_request", {}),
        message("comm_open", OPEN | {"target_name": "jupyter.widget"}),
        message("comm_open", {}),
        message(channel="control"),
        message(content={"comm_id": "c", "data": {"method": "run", "args": {"appName": "os"}}}),
        message(content=["c"]),
    ],
)
def test_what_the_page_never_sends_ends_the_window(text, capsys):
    assert not is_spoken(text)
    assert window(message(), text, message()) == ["accept", "send", "close"]
    assert capsys.readouterr().err == (
        "live view: a window sent something that the page never sends, and was disconnected\n"
    )


def test_a_fault_of_one_window_is_a_line(capsys):
    assert window(message(content={"comm_id": "break"})) == ["accept"]
    assert capsys.readouterr().err == "live view: a window was disconnected: ValueError: it broke\n"


def test_so_many_windows_and_no_more():
    gate = Gate(behind, HERE)
    gate.windows = MOST_WINDOWS - 1
    assert status(gate=gate) == 200
    assert window(message(), gate=gate) == ["accept", "send"]
    gate.windows = MOST_WINDOWS
    assert status(gate=gate) == 503
    assert status("/static/main.js", gate=gate) == 200
    assert window(message(), gate=gate) == ["close"]


def test_nothing_is_shown_within_other_pages_but_the_proxys():
    def policy(address):
        (start, _) = asked(Gate(behind, address), scope)
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        assert headers["x-content-type-options"] == "nosniff"
        return headers["content-security-policy"].split("; ")[-1], headers.get("x-frame-options")

    scope = {"type": "http", "path": "/", "method": "GET", "query_string": b"", "headers": [(b"host", b"localhost")]}
    assert policy(HERE) == ("frame-ancestors 'self'", "SAMEORIGIN")
    behind_proxy = Address("localhost", ("127.0.0.1",), 8765, proxy_of("https://hub.example/a/"))
    assert policy(behind_proxy) == ("frame-ancestors 'self' https://hub.example", None)
