"""A browser window on the live view, and what a user does in it."""

from __future__ import annotations

import socket
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.waiting import PATIENCE_S

LAPTOP, PROJECTOR = {"width": 1366, "height": 768}, {"width": 1920, "height": 1080}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=PATIENCE_S) as answer:
            return answer.status == 200
    except (URLError, OSError):
        return False


class Window:
    """A browser window on the view, and what a user does in it."""

    def __init__(self, browser, url: str, size: dict, scheme: str) -> None:
        self.context = browser.new_context(viewport=size, color_scheme=scheme)
        self.context.set_default_timeout(PATIENCE_S * 1000)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.wrong.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        self.page.on("request", lambda request: self.check_address(request.url))
        self.page.on("websocket", lambda socket: self.check_address(socket.url))
        self.page.on("response", lambda got: got.status >= 400 and self.wrong.append(f"{got.status} {got.url}"))
        self.url = url
        self.page.goto(url)
        self.drawn_after(0)

    def check_address(self, address: str) -> None:
        if not address.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:")):
            self.wrong.append(f"asked for {address}")

    @property
    def frame(self) -> int:
        return int(self.page.get_attribute(".stage", "data-frame"))

    def drawn_after(self, frame: int) -> None:
        self.page.wait_for_function(
            "frame => Number((document.querySelector('.stage') || {dataset: {frame: 0}}).dataset.frame) > frame",
            arg=frame,
        )

    def do(self, action) -> None:
        """Do something that makes the page ask for a frame, and wait for it."""
        before = self.frame
        action()
        self.drawn_after(before)

    def pause(self) -> None:
        """Stop the clock, and wait for the frame that was on its way."""
        self.find("play").click()
        self.page.wait_for_function(
            """() => {
              const stage = document.querySelector('.stage');
              const told = stage.__vue__;
              return !told.playing && !told.outstanding && told.frame.number === Number(stage.dataset.frame);
            }"""
        )

    def find(self, what: str, side: int | None = None):
        """A control or a part of the page by its name."""
        return self.page.locator((f"[data-side='{side}'] " if side is not None else "") + f"[data-do='{what}']")

    def set(self, what: str, value: str, side: int) -> None:
        """Write into a field of a side."""
        field = self.find(what, side)
        field.fill(value)
        field.press("Enter")

    def number(self, name: str, side: int) -> str:
        return self.page.inner_text(f"[data-side='{side}'] [data-number='{name}'] dd")

    def told(self, part: str, side: int) -> str:
        return self.page.inner_text(f"[data-side='{side}'] .{part}")

    @property
    def clock(self) -> str:
        return self.page.inner_text(".clock .hour") + " " + self.page.inner_text(".clock .date").split("\n")[0]

    def jump(self, share: float) -> None:
        """Click on the timeline, at this share of its width."""
        box = self.find("timeline").bounding_box()
        left = self.page.evaluate("10.5 * parseFloat(getComputedStyle(document.querySelector('.stage')).fontSize)")
        x = box["x"] + left + share * (box["width"] - left)
        self.do(lambda: self.page.mouse.click(x, box["y"] + box["height"] / 2))
