"""The page of a sweep says which verdicts hold at every value that was tried."""

from __future__ import annotations

import pandas as pd

from caresim.inference.verdict import BETTER, SAME
from caresim.tasks.compare.sweep.choice import FIRST_POINT
from caresim.tasks.compare.sweep.page import steady


def rows(*verdicts: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(verdicts, columns=["staffing", "verdict_detail"])


def test_verdicts_that_stay_and_verdicts_that_change_are_told():
    told = steady(rows(("base", None), ("one", BETTER), ("two", SAME), ("one", BETTER), ("two", BETTER)))
    assert told == "Against the baseline, better, at all values: One; the verdict changes with the values: Two."


def test_without_a_verdict_nothing_is_told():
    assert steady(rows(("base", None), ("one", None))) == ""


def test_points_that_are_compared_with_the_first_have_one_staffing_model_and_its_name_says_nothing():
    points = pd.DataFrame({"job": ["a", "b", "c"], "seed": [1, 2, 3], "against": FIRST_POINT})
    table = rows(("one", None), ("one", BETTER), ("one", SAME))
    told = steady(pd.concat([points[["job", "seed"]], table, points["against"]], axis=1))
    assert told == "Against the first point (seed 1), the verdict changes with the values."
