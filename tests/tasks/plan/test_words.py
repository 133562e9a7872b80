"""Verdicts on what happens to everybody else, and the words for stretches of time."""

from __future__ import annotations

import math

import pytest

from caresim.inference.verdict import SAME
from caresim.tasks.plan import tables
from caresim.tasks.plan.judging import Counts, Difference
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


def test_what_is_worse_is_not_said_to_be_so_in_none_of_the_worlds():
    """Beside the verdict stand the worlds in which it is better, and those in which it is worse."""
    fall = Difference(-0.08, -0.09, -0.07, 0, 64)
    effect = tables.Effect("phone_service_level", "", "", "share", fall, Counts(64, 60, 64, 64), "worse")
    cell = tables.worlds_cell(effect)
    assert (cell.text, cell.note) == ("0 of 64", "worse in 64, enough in 60")
    fewer_hang_up = tables.Effect("phone_abandonment", "", "", "share", fall, Counts(64, 60, 64, 64), "better")
    cell = tables.worlds_cell(fewer_hang_up)
    assert (cell.text, cell.note) == ("64 of 64", "enough in 60")


def test_no_difference_that_matters_says_its_margin_and_the_share_of_what_it_was():
    fall = Difference(-0.016, -0.018, -0.014, 0, 64)
    effect = tables.Effect("phone_abandonment", "", "", "share", fall, None, SAME)
    assert tables.verdict_cell(effect, MARGIN).note == "margin 5 pp"
    assert tables.apart_cell(fall, "share", 0.027).note.endswith("−59 % of what it was")


def test_a_difference_says_its_interval_and_in_how_many_worlds():
    apart = Difference(0.052, 0.047, 0.057, 31, 32)
    assert difference_words(apart, "share") == "+5.2 pp (+4.7 to +5.7 pp; more in 31 of 32 worlds)"
    fall = Difference(-0.052, -0.057, -0.047, 0, 32, 1)
    assert difference_words(fall, "share") == "−5.2 pp (−5.7 to −4.7 pp; less in 31 of 32 worlds)"
    assert difference_words(Difference(math.nan, math.nan, math.nan, 0, 0), "share") == "not defined"
