"""A passenger's story so far knows nothing that is still to come."""

from __future__ import annotations

import pytest

from caresim.tasks.dashboard.crowd import Mark, crowd
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.show import Show


@pytest.fixture
def show(experiment) -> Show:
    show = Show(experiment)
    show.answer({"ask": "jump", "time": 3000})
    return show


def tell(show, place):
    (message,) = show.answer({"ask": "story", "side": 0, "passenger": place})
    assert message.kind == "story"
    return message.values


def longest_waiting(show) -> int:
    people = crowd(Scene(show.sides[0].model))
    return int(((people.mark == Mark.WAITING) * (people.wait + 1)).argmax())


def test_it_is_told_for_every_model_that_is_shown(show):
    values = tell(show, longest_waiting(show))
    assert [tale["name"] for tale in values["tales"]] == ["Social team", "Call centre 24/7"]
    assert "no answer for" in values["tales"][0]["lead"]
    assert values["tales"][0]["lines"]


def test_what_was_told_stays_and_what_comes_is_added(show):
    place = longest_waiting(show)
    so_far = tell(show, place)["tales"][0]
    show.answer({"ask": "jump", "time": show.experiment.ends})
    whole = tell(show, place)["tales"][0]
    assert whole["lines"][: len(so_far["lines"]) - 1] == so_far["lines"][:-1]  # the last may be told together
    assert len(whole["lines"]) > len(so_far["lines"])
    assert not any("rates" in line["text"] or "story ends" in line["text"] for line in so_far["lines"])


def test_the_world_that_is_watched_is_left_alone(show):
    before = show.sides[0].model.world.contacts.tobytes()
    tell(show, longest_waiting(show))
    assert show.sides[0].model.world.contacts.tobytes() == before


def test_a_second_look_is_the_same_story(show):
    place = longest_waiting(show)
    assert tell(show, place) == tell(show, place)
