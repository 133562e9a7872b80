"""The page in the browser: one Vue component, put together from the files in assets/, and fed by messages."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import Any

from ipyvue import VueTemplate
from traitlets import Bool, Unicode, default

from caresim.tasks.dashboard.show import Message

SCRIPTS = ("draw.js", "cloud.js", "strips.js", "stage.js")
"""In the order in which they are read: what uses another one comes after it."""


def asset(name: str) -> str:
    return (resources.files("caresim.tasks.dashboard") / "assets" / name).read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def template() -> str:
    """The component as one text: what is on the page, how it behaves, how it looks."""
    script = "\n".join(asset(name) for name in SCRIPTS)
    parts = (("template", asset("stage.html")), ("script", script), ("style", asset("stage.css")))
    return "\n".join(f"<{name}>\n{text}</{name}>" for name, text in parts)


class Stage(VueTemplate):
    """What a browser window shows. `on_ask` is called with what the page asks for."""

    template = Unicode().tag(sync=True)
    embedded = Bool(False).tag(sync=True)
    """Within another page, which has the controls: only what happens is shown."""
    on_ask: Any = None

    @default("template")
    def _template(self) -> str:
        return template()

    def vue_ask(self, ask: Any) -> None:
        if self.on_ask is not None:
            self.on_ask(ask)

    def show(self, message: Message) -> None:
        """Send something to the page."""
        self.send({"method": "show", "args": [message.kind, message.values]}, buffers=message.buffers)
