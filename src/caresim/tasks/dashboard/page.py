"""One browser window: its own models, its own thread, and nothing shared with any other."""

from __future__ import annotations

from collections.abc import Callable

import solara

from caresim.config.experiment import Experiment
from caresim.tasks.dashboard.loop import Loop
from caresim.tasks.dashboard.stage import Stage

SERVED: list[Experiment] = []
"""The experiment that this server shows: the server looks the page up by its name and can hand it nothing."""


@solara.component
def Page() -> None:
    """What every window of the server shows."""
    Window(SERVED[0])


@solara.component
def Window(experiment: Experiment) -> None:
    """The live view of an experiment. Closing the window ends its thread and frees its models."""
    solara.Title(f"caresim: {experiment.name}")
    stage = Stage.element()

    def run() -> Callable[[], None]:
        widget = solara.get_widget(stage)
        loop = Loop(experiment, widget.show)
        widget.on_ask = loop.ask
        return loop.close

    solara.use_effect(run, [])
