"""Verdicts on what happens to everybody else, and the words for stretches of time."""

from __future__ import annotations

import math

import pytest

from caresim.tasks.plan.judging import Difference
from caresim.tasks.plan.words import difference_words, verdict

MARGIN = 0.05


@pytest.mark.parametrize(
    ("low", "value", "high", "expected"),
    [
        (0.02, 0.06, 0.10, "better"),
        (-0.10, -0.06, -0.02, "worse"),
        (-0.04, -0.03, -0.02, "no difference that matters"),
        (-0.01, 0.03, 0.07, "no worse"),
        (-0.06, -0.03, 0.01, "undecided"),
        (math.nan, 0.03, math.nan, "undecided"),
    ],
)
def test_a_verdict_follows_from_the_interval_and_the_margin(low, value, high, expected):
    assert verdict(Difference(value, low, high, 3, 4), MARGIN) == expected


def test_a_difference_says_its_interval_and_in_how_many_worlds():
    apart = Difference(0.052, 0.047, 0.057, 31, 32)
    assert difference_words(apart, "share") == "+5.2 pp (+4.7 to +5.7 pp; more in 31 of 32 worlds)"
    assert difference_words(Difference(math.nan, math.nan, math.nan, 0, 0), "share") == "not defined"
