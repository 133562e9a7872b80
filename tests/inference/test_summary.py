"""Averages of each staffing model."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from tests.support.tables_of import replications, row, summary


def test_summary_of_a_staffing_model_does_not_depend_on_the_others() -> None:
    draws = np.random.default_rng(14)
    one, other = {"csat": draws.normal(3, 0.1, 8)}, {"csat": draws.normal(2, 0.1, 8)}
    both = summary(replications(8, one=one, other=other))
    alone = summary(replications(8, one=one))
    pd.testing.assert_frame_equal(both[both["staffing"] == "one"].reset_index(drop=True), alone)


def test_a_median_not_reached_in_half_of_the_replications_is_not_reached() -> None:
    minutes = np.array([10.0, math.inf, 20.0, math.inf, math.inf, 30.0, math.inf, 40.0])
    found = row(summary(replications(8, one={"social_median": minutes})), "social_median")
    assert found["mean"] == math.inf
    assert found["average"] == "median"
    assert found["replications"] == 8
    reached = row(
        summary(replications(8, one={"social_median": np.append(minutes[:7], 5.0)[[0, 2, 5, 7, 0, 2, 5, 1]]})),
        "social_median",
    )
    assert math.isfinite(reached["mean"])


def test_intervals_of_shares_stay_within_zero_and_one() -> None:
    values = np.array([1.0, 1.0, 0.9, 1.0, 1.0, 1.0])
    found = row(summary(replications(6, one={"resolved": values})), "resolved")
    assert found["ci_high"] == 1.0
    assert found["ci_low"] < found["mean"] <= 1.0


def test_an_undefined_metric_stays_missing() -> None:
    found = row(summary(replications(4, one={"phone_asa": np.full(4, np.nan)})), "phone_asa")
    assert math.isnan(found["mean"])
    assert math.isnan(found["ci_low"])
    assert found["replications"] == 0
