"""The same view as a component of Mesa's own page: `SolaraViz(model, components=[Panel])`."""

from __future__ import annotations

import solara
from mesa.visualization.utils import update_counter

from caresim.agents.model import CareModel
from caresim.tasks.dashboard.show import DONE, Show
from caresim.tasks.dashboard.side import Side
from caresim.tasks.dashboard.window import Stage


@solara.component
def Panel(model: CareModel) -> None:
    """One running model: clock, timeline, numbers, passengers, posts, staff and series. SolaraViz has the controls."""
    update_counter.get()  # tells Solara to draw anew after each step
    stage = Stage.element(embedded=True)
    show = solara.use_memo(lambda: Show(model.experiment, [Side.around(model)]), [id(model)])

    def draw() -> None:
        widget = solara.get_widget(stage)

        def answer(ask: dict) -> None:
            show.time = model.time
            for message in [*show.answer(ask), DONE]:
                widget.show(message)

        widget.on_ask = answer
        answer({"ask": "hello"})

    solara.use_effect(draw)
