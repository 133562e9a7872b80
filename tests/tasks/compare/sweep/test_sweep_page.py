"""The page of a sweep says which verdicts hold at every value that was tried."""

from __future__ import annotations

import pandas as pd

from caresim.inference.verdict import BETTER, SAME
from caresim.tasks.compare.sweep.page import steady


def rows(*verdicts: tuple[str, str | None]) -> pd.DataFrame:
    return pd.DataFrame(verdicts, columns=["staffing", "verdict_detail"])


def test_verdicts_that_stay_and_verdicts_that_change_are_told():
    told = steady(rows(("base", None), ("one", BETTER), ("two", SAME), ("one", BETTER), ("two", BETTER)))
    assert told == "Against the baseline, better, at all values: One; the verdict changes with the values: Two."


def test_without_a_verdict_nothing_is_told():
    assert steady(rows(("base", None), ("one", None))) == ""
