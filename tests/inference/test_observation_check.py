"""One rule of what agrees with an observation, and the averages that it is asked of."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.inference.observation_check import average, pooled, spread, verdict

EXACT = pytest.approx
"""Sums of a few numbers: nothing but rounding may differ."""


@pytest.mark.parametrize(
    ("values", "word"),
    [
        ((4.0, 5.0, 6.0), "inside"),
        ((1.0, 2.0, 6.0), "partly"),
        ((1.0, 2.0, 2.5), "outside"),
        ((9.0, 10.0, math.inf), "partly"),
        ((math.nan,), "not computed"),
    ],
)
def test_verdicts(values, word) -> None:
    """The median against a band of 3 to 9; else whether any of the range of the replications lies in it."""
    assert verdict(*spread(np.array(values)), (3.0, 9.0)) == word


def test_what_is_never_reached_stays_infinite() -> None:
    assert spread(np.array([1.0, math.inf, math.inf])) == (math.inf, 1.0, math.inf)


def test_a_range_of_counts_is_made_of_counts() -> None:
    posts = np.array([1.0, 2.0, 2.0, 7.0])
    assert spread(posts, whole=True) == (2.0, 1.0, 7.0)
    assert spread(posts)[2] == EXACT(6.25)


def test_a_pooled_share_counts_every_person_once() -> None:
    """One of one in the first run, none of nine in the second: a tenth of the persons, half of the evenings."""
    happy, persons, draw = np.array([1.0, 0.0]), np.array([1.0, 9.0]), np.array([0, 1])
    assert pooled(happy, persons, draw)[0] == EXACT(0.1)
    assert average(happy / persons, draw)[0] == EXACT(0.5)


def test_runs_with_nobody_in_them_count_for_nothing() -> None:
    happy, persons, draw = np.array([2.0, np.nan, 3.0]), np.array([4.0, 0.0, 4.0]), np.array([0, 1, 2])
    found = pooled(happy, persons, draw)
    assert found == pooled(happy[[0, 2]], persons[[0, 2]], draw[[0, 2]])
    assert found[0] == EXACT(5 / 8)
    assert all(map(math.isnan, pooled(np.array([np.nan]), np.array([0.0]), np.array([0]))))


def test_the_interval_of_a_pooled_share_holds_the_truth_as_often_as_it_says() -> None:
    """Draws of a common share around 0.7, one to seven persons a run: 90 % of 600 intervals, three errors wide."""
    luck = np.random.default_rng(3)
    held = 0
    for _ in range(600):
        draw = np.repeat(np.arange(16), 2)
        share = luck.beta(14, 6, 16)[draw]
        persons = luck.integers(1, 8, 32)
        low, high = pooled(luck.binomial(persons, share).astype(float), persons.astype(float), draw)[1:]
        held += low <= 0.7 <= high
    assert 0.9 - 3 * math.sqrt(0.09 / 600) <= held / 600 <= 0.9 + 3 * math.sqrt(0.09 / 600)
