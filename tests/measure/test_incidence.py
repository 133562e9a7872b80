"""Cumulative incidence: everybody counts, competing ends, waits cut off by the end of the run."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from caresim.measure.incidence import Spells
from caresim.model.codes import Fate


def spells(*waits: tuple[float, Fate]) -> Spells:
    return Spells(
        np.array([wait for wait, _ in waits], dtype=float), np.array([fate for _, fate in waits], dtype=np.int8)
    )


def test_without_cut_off_waits_it_is_the_plain_share_of_all() -> None:
    some = spells((10, Fate.ANSWERED), (20, Fate.GAVE_UP), (30, Fate.ANSWERED), (90, Fate.ANSWERED)).incidence
    assert some.within(9.9) == 0
    assert some.within(10) == 0.25
    assert some.within(60) == 0.5
    assert some.within(1e6) == 0.75
    assert float(some.gave_up_by(60)) == 0.25


def test_median_counts_those_never_answered() -> None:
    assert spells((1, Fate.ANSWERED), (2, Fate.GAVE_UP), (3, Fate.ANSWERED)).incidence.median() == 3
    assert spells((1, Fate.ANSWERED), (2, Fate.GAVE_UP), (3, Fate.GAVE_UP)).incidence.median() == math.inf
    assert math.isnan(spells().incidence.median())


def test_median_is_reached_by_exactly_half() -> None:
    assert spells((1, Fate.ANSWERED), (2, Fate.ANSWERED), (3, Fate.GAVE_UP), (4, Fate.GAVE_UP)).incidence.median() == 2


def test_a_wait_cut_off_hands_its_weight_to_those_who_waited_longer() -> None:
    # Four spells, one of them cut off at 15: its quarter goes to the two that were still waiting, an eighth each.
    some = spells((10, Fate.ANSWERED), (15, Fate.WAITING), (20, Fate.ANSWERED), (30, Fate.GAVE_UP)).incidence
    assert some.within(25) == pytest.approx(0.25 + 0.375, abs=1e-12)
    assert float(some.gave_up_by(30)) == pytest.approx(0.375, abs=1e-12)


def test_a_wait_cut_off_at_the_minute_of_an_answer_lasted_longer() -> None:
    some = spells((10, Fate.WAITING), (10, Fate.ANSWERED)).incidence
    assert some.within(10) == 0.5


def test_no_spells_no_share() -> None:
    assert math.isnan(spells().incidence.within(60))
    assert np.isnan(spells().incidence.gave_up_by([1.0, 2.0])).all()


@given(st.lists(st.tuples(st.floats(0, 1e4), st.sampled_from(list(Fate))), min_size=1, max_size=60))
def test_shares_grow_and_never_pass_one(waits: list[tuple[float, Fate]]) -> None:
    some = spells(*waits).incidence
    grid = np.linspace(0, 1e4, 50)
    answered, gave_up = some.answered_by(grid), some.gave_up_by(grid)
    assert (np.diff(answered) >= 0).all()
    assert (np.diff(gave_up) >= 0).all()
    assert (answered + gave_up <= 1 + 1e-12).all()  # rounding of a sum of at most 60 weights
    if all(fate != Fate.WAITING for _, fate in waits):
        assert answered[-1] + gave_up[-1] == pytest.approx(1, abs=1e-12)
