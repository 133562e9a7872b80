"""A model that somebody else lets run is looked at, and nothing else."""

from __future__ import annotations

import pytest

from caresim.agents.model import CareModel
from caresim.tasks.dashboard.show import Show
from caresim.tasks.dashboard.side import Side


@pytest.fixture
def model(experiment) -> CareModel:
    model = CareModel(experiment, "social_team")
    model.run_until(3000)
    return model


@pytest.fixture
def show(model) -> Show:
    show = Show(model.experiment, [Side.around(model)])
    show.time = model.time
    return show


@pytest.mark.parametrize("ask", [{"ask": "step"}, {"ask": "jump", "time": 0}, {"ask": "levers", "values": {"team": 9}}])
def test_it_is_neither_moved_nor_replaced(show, model, ask):
    trouble, _ = show.answer(ask)
    assert trouble.kind == "trouble"
    assert show.sides[0].model is model
    assert model.time == 3000


def test_stories_are_told_of_what_happened_in_it(show, model):
    (story,) = show.answer({"ask": "story", "side": 0, "passenger": 100})
    assert story.kind == "story"
    model.world.passengers["anger"][3] += 0.1  # as somebody's own code may
    refused, _ = show.answer({"ask": "story", "side": 0, "passenger": 100})
    assert "code has changed this model" in refused.values["text"]
