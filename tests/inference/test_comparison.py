"""Paired comparisons with a baseline: differences, ratios, verdicts."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.support.tables_of import compared, comparison, replications, row, steady

from caresim.inference import statistics


def test_differences_are_paired_by_replication(judging) -> None:
    # The replications themselves spread by 1; their differences by nothing.
    found = compared(judging, np.full(16, 0.2))
    assert found["difference"] == pytest.approx(0.2, abs=1e-12)
    assert found["ci_high"] - found["ci_low"] == pytest.approx(0, abs=1e-12)
    assert found["verdict"] == "better"


@pytest.mark.parametrize(
    ("centre", "spread", "verdict"),
    [
        (0.5, 0.1, "better"),
        (-0.5, 0.1, "worse"),
        (0.02, 0.02, "no difference that matters"),
        (0.02, 0.5, "undecided"),
        (0.09, 0.03, "undecided"),  # above 0 for certain, perhaps above the margin, the estimate is not
    ],
)
def test_verdicts(judging, centre: float, spread: float, verdict: str) -> None:
    found = compared(judging, steady(centre, spread))
    assert found["verdict"] == verdict
    assert math.isnan(found["pairs_needed"]) == (verdict != "undecided")
    assert found["margin"] == 0.1


def test_lower_is_better_for_mood_and_ratios_are_geometric(judging) -> None:
    base = np.full(8, 100.0)
    other = 50.0 * np.exp(np.repeat([0.1, -0.1, 0.1, -0.1], 2))
    found = row(
        comparison(replications(8, base={"mood_area": base}, other={"mood_area": other}), "base", judging()),
        "mood_area",
    )
    assert found["difference"] == pytest.approx(0.5, abs=1e-12)
    assert found["unit"] == "ratio"
    assert found["ci_low"] * found["ci_high"] == pytest.approx(0.25, abs=1e-12)
    assert found["verdict"] == "better"


def test_headline_intervals_are_simultaneous_and_others_pointwise(judging) -> None:
    draws = np.random.default_rng(16)
    models = {
        name: {metric: draws.normal(3, 0.3, 32) for metric in ("csat", "resolved", "csat_survey")} for name in "abcd"
    }
    table = replications(32, **models)
    many = comparison(table, "a", judging())
    few = comparison(table[table["staffing"].isin(["a", "b"])], "a", judging(headline=("csat",)))
    wide, narrow = row(many, "csat", "b"), row(few, "csat", "b")
    assert wide["difference"] == narrow["difference"]
    assert wide["ci_high"] - wide["ci_low"] > narrow["ci_high"] - narrow["ci_low"]
    assert (wide["luck_low"], wide["luck_high"]) == (narrow["luck_low"], narrow["luck_high"])
    assert wide["headline"]
    explored, again = row(many, "csat_survey", "b"), row(few, "csat_survey", "b")
    assert not explored["headline"]
    assert explored["ci_low"] == again["ci_low"]


def test_equal_cost_is_no_difference_and_more_cost_is_worse(judging) -> None:
    cost = np.full(8, 1000.0)
    table = replications(8, base={"cost": cost}, same={"cost": cost}, more={"cost": 1.5 * cost})
    found = comparison(table, "base", judging())
    assert row(found, "cost", "same")["verdict"] == "no difference that matters"
    assert row(found, "cost", "more")["verdict"] == "worse"
    assert row(found, "cost", "same")["difference"] == 1.0


def test_none_against_none_is_no_difference_and_none_against_some_is(judging) -> None:
    none, some = np.zeros(12), np.full(12, 7.0)
    table = replications(12, base={"phone_blocked": none}, same={"phone_blocked": none}, more={"phone_blocked": some})
    found = comparison(table, "base", judging())
    assert row(found, "phone_blocked", "same")["verdict"] == "no difference that matters"
    assert row(found, "phone_blocked", "more")["verdict"] == "worse"
    assert row(found, "phone_blocked", "more")["difference"] == math.inf


def test_where_no_way_is_better_there_is_no_better_or_worse(judging) -> None:
    hours = np.full(8, 1000.0)
    found = comparison(replications(8, base={"paid_hours": hours}, more={"paid_hours": 1.5 * hours}), "base", judging())
    assert row(found, "paid_hours")["verdict"] is None


def test_medians_not_reached_are_compared_by_rank(judging) -> None:
    base = np.array([math.inf, math.inf, 900.0, math.inf] * 8)
    other = np.linspace(10, 20, 32)
    table = replications(
        32, base={"social_median": base}, other={"social_median": other}, never={"social_median": np.full(32, math.inf)}
    )
    found = comparison(table, "base", judging())
    better = row(found, "social_median", "other")
    assert better["difference"] == 0.0  # ten minutes against never
    assert better["verdict"] == "better"
    assert row(found, "social_median", "never")["replications"] == 32


def test_neither_reached_is_a_tie(judging) -> None:
    never = np.full(32, math.inf)
    once = np.where(np.arange(32) < 2, 5.0, math.inf)  # in one draw of sixteen
    table = replications(32, base={"social_median": never}, same={"social_median": never}, once={"social_median": once})
    found = comparison(table, "base", judging())
    same, other = row(found, "social_median", "same"), row(found, "social_median", "once")
    assert (same["difference"], same["ci_low"], same["ci_high"]) == (1.0, 1.0, 1.0)
    assert same["verdict"] == "no difference that matters"
    assert other["difference"] == 1.0  # not 0: the two replications do not speak for all
    assert other["verdict"] != "better"


def test_differences_stay_within_what_is_possible(judging) -> None:
    none, every = np.array([0.0, 0.1, 0.0, 0.0]), np.array([1.0, 1.0, 0.8, 1.0])
    table = replications(4, base={"resolved": none}, other={"resolved": every})
    found = row(comparison(table, "base", judging()), "resolved")
    assert found["ci_high"] == 1.0
    assert found["luck_high"] <= 1.0
    assert -1.0 <= found["ci_low"] < found["difference"]
    scores = replications(4, base={"csat": np.array([1.0, 5, 1, 1])}, other={"csat": np.array([5.0, 1, 5, 5])})
    wide = row(comparison(scores, "base", judging()), "csat")
    assert (wide["ci_low"], wide["ci_high"]) == (-4.0, 4.0)


def test_one_replication_is_undecided(judging) -> None:
    found = compared(judging, np.array([0.5]))
    assert found["difference"] == pytest.approx(0.5)
    assert math.isnan(found["ci_low"])
    assert found["verdict"] == "undecided"
    assert math.isnan(found["pairs_needed"])


def test_missing_values_leave_out_their_pair(judging) -> None:
    difference = steady(0.5, 0.1)
    difference[3] = math.nan
    found = compared(judging, difference)
    assert found["replications"] == 15
    assert found["verdict"] == "better"


def test_an_unknown_baseline_is_named(judging) -> None:
    with pytest.raises(ValueError, match="nobody"):
        comparison(replications(2, base={"csat": np.zeros(2)}), "nobody", judging())


def test_a_baseline_alone_gives_an_empty_table_with_all_columns(judging) -> None:
    found = comparison(replications(2, base={"csat": np.zeros(2)}), "base", judging())
    assert found.empty
    assert list(found.columns) == list(statistics.COMPARISON)
