"""A browser window: one Vue component, put together from the files in assets/, and the thread that feeds it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from importlib import resources
from typing import Any

import solara
from ipyvue import VueTemplate
from traitlets import Bool, Unicode, default

from caresim.config.experiment import Experiment
from caresim.tasks.dashboard.loop import Loop
from caresim.tasks.dashboard.show import Message

SCRIPTS = ("draw.js", "cloud.js", "strips.js", "stage.js")
"""In the order in which they are read: a script comes after those that it uses."""
SERVED: list[Experiment] = []
"""The experiment that this server shows: the server finds `Page` by its name and cannot pass it anything."""


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
    """It stands within another page, which has the controls: it shows what happens and nothing else."""
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


@solara.component
def Page() -> None:
    """What every window of the server shows."""
    Window(SERVED[0])


@solara.component
def Window(experiment: Experiment) -> None:
    """The dashboard of an experiment. Closing the window ends its thread and frees its models."""
    solara.Title(f"caresim: {experiment.name}")
    stage = Stage.element()

    def run() -> Callable[[], None]:
        widget = solara.get_widget(stage)
        loop = Loop(experiment, widget.show)
        widget.on_ask = loop.ask
        return loop.close

    solara.use_effect(run, [])
