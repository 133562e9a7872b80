"""What stands before the live view's server: it lets in this server's own page, and nobody else."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from caresim.tasks.dashboard.address import Address

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_WINDOWS = 24
"""Each has models of its own in memory."""
LARGEST_ASK = 64 * 1024
"""Bytes of one message from the page; the largest that it sends has 500."""
SPOKEN = {"kernel_info_request", "comm_open", "comm_msg", "comm_close"}
CONTROL = "solara.control"
"""Types of the messages that the page sends, and the one channel that it opens."""
ANSWERED = {
    "GET": re.compile(r"/|/resourcez|/(?:static|jupyter/nbextensions|_solara/cdn)/.+"),
    "HEAD": re.compile(r"/|/(?:static|jupyter/nbextensions|_solara/cdn)/.+"),
    "POST": re.compile(r"/_solara/api/close/[\w-]+"),
}
"""What the page asks for. The server underneath has more, which this page has no use for."""
WINDOW = re.compile(r"/jupyter/api/kernels/[\w-]{1,64}/channels")
PAGE_ID = re.compile(rb"session_id=[\w-]{1,64}")
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'; "
)
"""The page loads nothing from elsewhere and sends nothing elsewhere. Its templates are compiled in the browser."""

OTHER_NAME = "The live view answers to {url} only. dashboard.proxy=URL names the address of a proxy."
OTHER_PAGE = "The live view answers to its own page only."
FULL = f"{MOST_WINDOWS} windows are open, and more are not possible. Close one, and load this page again."


class Gate:
    """An ASGI application in front of another."""

    def __init__(self, app: App, address: Address) -> None:
        self.app, self.address = app, address
        self.windows = 0
        self.headers = security_headers(address)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.page(scope, receive, send)
        elif scope["type"] == "websocket":
            await self.window(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def objection(self, scope: Scope) -> tuple[int, str] | None:
        """Why a request is not for this server: a status and a sentence."""
        hosts, origins = values(scope, b"host"), values(scope, b"origin")
        if len(hosts) != 1 or not self.address.answers_to(hosts[0]):
            return 403, OTHER_NAME.format(url=self.address.url)
        if not all(self.address.trusts(origin, hosts[0]) for origin in origins):
            return 403, OTHER_PAGE
        from_elsewhere = not {"cross-site", "same-site"}.isdisjoint(values(scope, b"sec-fetch-site"))
        if from_elsewhere and values(scope, b"sec-fetch-mode") != ["navigate"]:
            return 403, OTHER_PAGE
        return None

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request for a file."""
        objection = self.objection(scope)
        if objection is None and scope["method"] not in ANSWERED:
            objection = 405, "The live view has no use for that."
        if objection is None and not ANSWERED[scope["method"]].fullmatch(scope["path"]):
            objection = 404, "There is nothing here."
        if objection is None and scope["method"] == "POST" and not PAGE_ID.fullmatch(scope["query_string"]):
            objection = 400, "The page that is to be closed has no name."
        if objection is None and scope["path"] == "/" and self.windows >= MOST_WINDOWS:
            objection = 503, FULL
        if objection is not None:
            await self.refuse(send, *objection)
            return

        async def dressed(event: Event) -> None:
            if event["type"] == "http.response.start":
                event["headers"] = [*event["headers"], *self.headers]
            await send(event)

        await self.app(scope, receive, dressed)

    async def refuse(self, send: Send, status: int, sentence: str) -> None:
        body = f"{sentence}\n".encode()
        headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode("ascii"))]
        headers += [(b"connection", b"close"), *self.headers]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def window(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The connection of one window, as long as it is open."""
        known = WINDOW.fullmatch(scope["path"]) and PAGE_ID.fullmatch(scope["query_string"])
        if self.objection(scope) is not None or not known or self.windows >= MOST_WINDOWS:
            await receive()
            await send({"type": "websocket.close", "code": 1008})  # before it is accepted: status 403
            return

        async def checked() -> Event:
            event = await receive()
            if event["type"] == "websocket.receive" and not is_spoken(event.get("text")):
                tell("a window sent something that the page never sends, and was disconnected")
                await send({"type": "websocket.close", "code": 1008})
                return {"type": "websocket.disconnect", "code": 1008}
            return event

        self.windows += 1
        try:
            await self.app(scope, checked, send)
        except Exception as problem:
            tell(f"a window was disconnected: {words_of(problem)}")
        finally:
            self.windows -= 1


def is_spoken(text: str | None) -> bool:
    """Is this a message as the page sends them? It opens one channel, to start, and else speaks to what is shown."""
    try:
        message = json.loads(text or "")
        header, content = message["header"], message["content"]
        spoken = header["msg_type"] in SPOKEN and isinstance(header["msg_id"], str)
        if header["msg_type"] == "comm_open":
            spoken &= content["target_name"] == CONTROL
        if header["msg_type"].startswith("comm_"):
            spoken &= isinstance(content["comm_id"], str)
        arguments = content.get("data", {}).get("args", {})
        return spoken and message["channel"] == "shell" and arguments.get("appName") is None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False


def security_headers(address: Address) -> list[tuple[bytes, bytes]]:
    """For every answer. A page of the proxy's may show this one within it, as notebooks do."""
    framing = ["'self'", *([address.proxy.origin] if address.proxy else [])]
    headers = {
        "Content-Security-Policy": POLICY + "frame-ancestors " + " ".join(framing),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if address.proxy is None:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    return [(name.lower().encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


def values(scope: Scope, name: bytes) -> list[str]:
    """Of a header, as often as it was sent."""
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def words_of(problem: BaseException) -> str:
    """The innermost of a group of errors, in a line."""
    while isinstance(problem, BaseExceptionGroup):
        problem = problem.exceptions[0]
    return f"{type(problem).__name__}: {problem}"[:300]


def tell(sentence: str) -> None:
    print(f"live view: {sentence}", file=sys.stderr, flush=True)
