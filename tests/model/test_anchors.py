"""The constants that are solved for: whatever is drawn, both laws meet the mean marks of the studies."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.evenings import Rater

import caresim
from caresim.model import additive, justice
from caresim.model.anchors import LATE, SOON
from caresim.model.behaviour import SOLVED
from caresim.model.records import rows
from caresim.model.studies import PEOPLE, ask_people
from caresim.model.world import World
from caresim.run.uncertain import drawn

EXPERIMENT = caresim.load("experiment=tokyo")


def studied(experiment) -> tuple[np.record, World]:
    """The behaviour with its constants, and the people of the studies."""
    world = World(behaviour=Rater(experiment).world.behaviour, histories=rows(3 * PEOPLE, "histories"))
    ask_people(world)
    return world.behaviour[0], world


DRAWS = [*range(21), 42, 49, 91, 360, 372, 386, 1384, 6322]
"""The first of them, and some that are hard to solve."""


@pytest.mark.parametrize("draw", DRAWS)
def test_both_laws_meet_the_studies(draw):
    behaviour, world = studied(EXPERIMENT if draw == 0 else drawn(EXPERIMENT, draw))
    silent, answered, panel = np.split(np.arange(3 * PEOPLE), 3)
    for law in (additive.additive, justice.justice):
        marks = np.array([law(behaviour, world.histories[r]) for r in range(3 * PEOPLE)])
        assert marks[silent].mean() == pytest.approx(2.66, abs=0.01)
        if law is additive.additive and behaviour.acknowledged == behaviour.prompt == 0:
            assert marks[answered].mean() >= 3.66 - 0.01  # no reply is worth anything: what it brings is worth enough
        else:
            assert marks[answered].mean() == pytest.approx(3.66, abs=0.01)
        assert marks[panel].mean() == pytest.approx(3.05, abs=0.01)


@pytest.mark.parametrize("draw", DRAWS)
def test_speed_is_worth_what_the_study_says_as_far_as_it_is_believed(draw):
    behaviour, world = studied(EXPERIMENT if draw == 0 else drawn(EXPERIMENT, draw))
    scores: dict[bool, list[float]] = {True: [], False: []}
    for r in range(PEOPLE, 2 * PEOPLE):
        history = world.histories[r]
        if not history.hollow and not SOON <= history.answered <= LATE:
            score = additive.score_of_care(behaviour, history)
            score += behaviour.acknowledged * additive.acknowledged(behaviour, history)
            scores[bool(history.answered < SOON)].append(score + behaviour.prompt * additive.prompt(behaviour, history))
    gradient = np.mean(scores[True]) - np.mean(scores[False])
    assert behaviour.acknowledged >= 0
    assert behaviour.prompt >= 0
    if behaviour.acknowledged > 0 and behaviour.prompt > 0:
        assert gradient == pytest.approx(1.64 * behaviour.speed_share, abs=0.01)


def test_the_constants_at_the_central_values():
    behaviour, _ = studied(EXPERIMENT)
    found = {name: float(behaviour[name]) for name in SOLVED}
    assert found == pytest.approx(
        {
            "base_need": 2.857, "acknowledged": 0.487, "prompt": 0.803, "base_no_need": 2.789,
            "scale": 1.081, "cut": -2.091, "no_need": -1.612,
        },
        abs=0.001,
    )  # fmt: skip


def test_the_people_are_answered_as_the_study_found():
    _, world = studied(EXPERIMENT)
    answered = np.array([world.histories[r].answered for r in range(PEOPLE, 2 * PEOPLE)])
    useful = np.array([not world.histories[r].hollow for r in range(PEOPLE, 2 * PEOPLE)])
    assert np.median(answered) == pytest.approx(22, rel=0.02)
    assert useful.mean() == pytest.approx(0.60, abs=0.02)
    assert useful[answered < SOON].mean() == pytest.approx(0.92, abs=0.03)
    assert useful[answered > LATE].mean() == pytest.approx(0.24, abs=0.05)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("behaviour.studies.answered={value: 2 points}", "behaviour.studies.answered"),
        ("behaviour.studies.panel={value: 5 points}", "behaviour.studies.panel"),
        ("behaviour.studies.sigma={value: 0 sd, range: null}", "behaviour.studies.sigma"),
    ],
)
def test_means_that_no_marks_can_have_are_refused(words, key):
    with pytest.raises(caresim.BadInput) as refusal:
        caresim.load("experiment=tokyo", words)
    assert refusal.value.key == key


def test_numbers_for_which_there_is_no_solution_are_refused():
    experiment = caresim.load("experiment=tokyo", "behaviour.studies.sigma={value: 0.05 sd, range: null}")
    with pytest.raises(caresim.BadInput, match="meet these mean marks"):
        Rater(experiment)
