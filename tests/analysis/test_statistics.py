"""Averages and paired comparisons: two layers of uncertainty, coverage, verdicts."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from caresim.analysis import statistics
from caresim.analysis.layers import by_draw, mean_of, median_of
from caresim.analysis.simultaneous import critical_value
from caresim.analysis.verdict import pairs_needed
from caresim.analysis.width import quantile_t

REPETITIONS = 600
FLOOR = 0.95 - 3 * math.sqrt(0.95 * 0.05 / REPETITIONS)
"""A coverage of 95 % shows below this once in a thousand times (binomial)."""


def replications(count: int, **models: dict[str, np.ndarray]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame({"staffing": name, "replication": range(count), "draw": np.arange(count) // 2} | metrics)
            for name, metrics in models.items()
        ],
        ignore_index=True,
    )


def row(table: pd.DataFrame, metric: str, staffing: str | None = None) -> pd.Series:
    some = table[table["metric"] == metric]
    some = some if staffing is None else some[some["staffing"] == staffing]
    assert len(some) == 1
    return some.iloc[0]


# --- layers ---


def test_luck_is_the_spread_within_pairs_and_both_the_spread_of_pairs_means() -> None:
    # Draw means 1.5 and 5.5; within: squares 2 x 0.25 a draw, 2 degrees of freedom.
    found = mean_of(np.array([[1.0, 2.0], [5.0, 6.0]]), 0.95)
    assert found.value == 3.5
    assert found.luck_high - found.value == pytest.approx(quantile_t(0.95, 2) * math.sqrt(0.5 / 4), abs=1e-12)
    assert found.high - found.value == pytest.approx(quantile_t(0.95, 1) * math.sqrt(8 / 2), abs=1e-12)


def test_students_quantile_as_tabulated() -> None:
    assert quantile_t(0.95, 15) == pytest.approx(2.131, abs=5e-4)


def test_one_draw_gives_luck_only_and_one_replication_nothing() -> None:
    pair, alone = mean_of(np.array([[1.0, 3.0]]), 0.95), mean_of(np.array([[1.0]]), 0.95)
    assert (pair.value, alone.value) == (2.0, 1.0)
    assert math.isnan(pair.low)
    assert pair.luck_low < 2.0
    assert math.isnan(alone.low)
    assert math.isnan(alone.luck_low)


def test_an_odd_number_of_replications_keeps_the_single_one() -> None:
    matrix = by_draw(np.array([1.0, 2.0, 9.0]), np.array([0, 0, 1]))
    found = mean_of(matrix, 0.95)
    assert found.value == (1.5 + 9.0) / 2
    assert found.count == 3
    # One degree of freedom within, mean square 0.5, shared by sizes 2 and 1.
    assert found.luck_high - found.value == pytest.approx(quantile_t(0.95, 1) * math.sqrt(0.5 * 1.5) / 2, abs=1e-12)


def test_the_interval_for_both_is_never_narrower_than_for_luck() -> None:
    found = mean_of(np.array([[0.0, 10.0], [10.0, 0.0], [0.0, 10.0]]), 0.95)  # equal draw means
    assert found.high - found.low == found.luck_high - found.luck_low > 0


@pytest.mark.parametrize("between", [0.0, 1.0, 5.0])
def test_intervals_cover(between: float) -> None:
    draws = np.random.default_rng(7)
    both = luck = 0
    for _ in range(REPETITIONS):
        centres = between * draws.standard_normal(16)
        found = mean_of(centres[:, None] + draws.standard_normal((16, 2)), 0.95)
        both += found.low <= 0 <= found.high
        luck += found.luck_low <= centres.mean() <= found.luck_high
    assert both / REPETITIONS > FLOOR
    assert luck / REPETITIONS > FLOOR


@pytest.mark.parametrize("count", [6, 16])
@pytest.mark.parametrize("between", [0.0, 1.0, 5.0])
def test_median_intervals_cover_with_values_not_reached(between: float, count: int) -> None:
    draws = np.random.default_rng(8)
    both = 0
    for _ in range(REPETITIONS):
        values = between * draws.standard_normal(count)[:, None] + draws.standard_normal((count, 2))
        found = median_of(np.where(values > 0.3 * (1 + between), np.inf, values), 0.95)
        both += found.low <= 0 <= found.high
    assert both / REPETITIONS > FLOOR


def test_five_draws_cannot_bound_a_median_and_six_can() -> None:
    values = np.arange(12.0).reshape(6, 2)
    assert (median_of(values, 0.95).low, median_of(values, 0.95).high) == (0.0, 11.0)
    assert math.isnan(median_of(values[:5], 0.95).low)


def test_a_medians_interval_for_both_contains_lucks() -> None:
    draws = np.random.default_rng(21)
    wider = 0
    for _ in range(200):
        values = draws.standard_normal((8, 2))
        values[:, 1] = -values[:, 0]  # spread within draws, none between them
        found = median_of(values, 0.95)
        assert not found.luck_low < found.low
        assert not found.luck_high > found.high
        assert found.low <= found.luck_low
        wider += found.luck_high - found.luck_low == found.high - found.low
    assert wider, "luck never decides: the test has no power"


def test_luck_interval_of_a_median_ignores_the_spread_between_draws() -> None:
    draws = np.random.default_rng(9)
    matrix = np.linspace(-50, 50, 64)[:, None] + 0.5 * draws.standard_normal((64, 2))
    found = median_of(matrix, 0.95)
    assert found.luck_high - found.luck_low < 0.5 * (found.high - found.low)


# --- simultaneous intervals ---


def test_simultaneous_intervals_cover_all_at_once() -> None:
    draws = np.random.default_rng(10)
    all_covered = pointwise = 0
    repetitions = 300
    for _ in range(repetitions):
        shared = draws.standard_normal((16, 1))
        means = 0.5 * shared + draws.standard_normal((16, 12))
        t = np.abs(means.mean(axis=0)) / (means.std(axis=0, ddof=1) / 4)
        all_covered += bool((t <= critical_value(means, 0.95)).all())
        pointwise += bool((t <= quantile_t(0.95, 15)).all())
    tolerance = 3 * math.sqrt(0.95 * 0.05 / repetitions)  # binomial, one in a thousand
    assert all_covered / repetitions > 0.95 - tolerance
    assert pointwise / repetitions < 0.95 - tolerance, "the pointwise intervals would have done: the test has no power"


def test_one_comparison_needs_students_quantile_only() -> None:
    means = np.random.default_rng(11).standard_normal((16, 1))
    assert critical_value(means, 0.95) == pytest.approx(quantile_t(0.95, 15), abs=1e-12)


def test_copies_of_one_comparison_cost_less_than_bonferroni() -> None:
    one = np.random.default_rng(12).standard_normal((30, 1))
    found = critical_value(np.repeat(one, 20, axis=1), 0.95)
    assert quantile_t(0.95, 29) <= found < 0.85 * quantile_t(1 - 0.05 / 20, 29)


def test_comparisons_without_spread_or_values_break_nothing() -> None:
    varying = np.random.default_rng(13).standard_normal(16)
    means = np.column_stack([np.zeros(16), np.full(16, np.nan), varying])
    assert quantile_t(0.95, 15) <= critical_value(means, 0.95) < math.inf
    assert critical_value(np.zeros((16, 3)), 0.95) == quantile_t(0.95, 15)
    assert math.isnan(critical_value(np.zeros((1, 3)), 0.95))


# --- the summary ---


def test_summary_of_a_staffing_model_does_not_depend_on_the_others() -> None:
    draws = np.random.default_rng(14)
    one, other = {"csat": draws.normal(3, 0.1, 8)}, {"csat": draws.normal(2, 0.1, 8)}
    both = statistics.summary(replications(8, one=one, other=other))
    alone = statistics.summary(replications(8, one=one))
    pd.testing.assert_frame_equal(both[both["staffing"] == "one"].reset_index(drop=True), alone)


def test_a_median_not_reached_in_half_of_the_replications_is_not_reached() -> None:
    minutes = np.array([10.0, math.inf, 20.0, math.inf, math.inf, 30.0, math.inf, 40.0])
    found = row(statistics.summary(replications(8, one={"social_median": minutes})), "social_median")
    assert found["mean"] == math.inf
    assert found["average"] == "median"
    assert found["replications"] == 8
    reached = row(
        statistics.summary(
            replications(8, one={"social_median": np.append(minutes[:7], 5.0)[[0, 2, 5, 7, 0, 2, 5, 1]]})
        ),
        "social_median",
    )
    assert math.isfinite(reached["mean"])


def test_intervals_of_shares_stay_within_zero_and_one() -> None:
    values = np.array([1.0, 1.0, 0.9, 1.0, 1.0, 1.0])
    found = row(statistics.summary(replications(6, one={"resolved": values})), "resolved")
    assert found["ci_high"] == 1.0
    assert found["ci_low"] < found["mean"] <= 1.0


def test_an_undefined_metric_stays_missing() -> None:
    found = row(statistics.summary(replications(4, one={"phone_asa": np.full(4, np.nan)})), "phone_asa")
    assert math.isnan(found["mean"])
    assert math.isnan(found["ci_low"])
    assert found["replications"] == 0


# --- the comparison ---


def compared(judging, difference: np.ndarray, metric: str = "csat", **changes) -> pd.Series:
    count = len(difference)
    base = np.random.default_rng(15).normal(3, 1, count)
    table = replications(count, base={metric: base}, other={metric: base + difference})
    return row(statistics.comparison(table, "base", judging(**changes)), metric, "other")


def steady(centre: float, spread: float, count: int = 16) -> np.ndarray:
    """Differences with draw means centre +- spread, alternating, and no spread within draws."""
    return centre + spread * np.repeat(np.where(np.arange(count // 2) % 2, 1.0, -1.0), 2)


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
        statistics.comparison(replications(8, base={"mood_area": base}, other={"mood_area": other}), "base", judging()),
        "mood_area",
    )
    assert found["difference"] == pytest.approx(0.5, abs=1e-12)
    assert found["unit"] == "ratio"
    assert found["ci_low"] * found["ci_high"] == pytest.approx(0.25, abs=1e-12)
    assert found["verdict"] == "better"


def scattered(centre: float, deviation: float, draws: int) -> np.ndarray:
    """Differences whose draw means have exactly this mean and standard deviation, and no spread within draws."""
    means = np.linspace(-1.0, 1.0, draws)
    return np.repeat(centre + deviation * means / means.std(ddof=1), 2)


@pytest.mark.parametrize(("centre", "verdict"), [(0.02, "no difference that matters"), (0.2, "better")])
@pytest.mark.parametrize("draws", [2, 3, 4, 8, 32])
def test_pairs_needed_would_decide_and_half_of_them_would_not(judging, draws: int, centre: float, verdict: str) -> None:
    needed = int(compared(judging, scattered(centre, 1.0, draws))["pairs_needed"])
    assert needed % 2 == 0
    assert needed > 2 * draws
    assert compared(judging, scattered(centre, 1.0, needed // 2))["verdict"] == verdict
    assert compared(judging, scattered(centre, 1.0, needed // 2 - 1))["verdict"] == "undecided", "fewer would do"
    assert compared(judging, scattered(centre, 1.0, needed // 4))["verdict"] == "undecided"


@pytest.mark.parametrize("draws", [2, 3, 4, 16])
def test_pairs_needed_of_many_headlines_are_of_the_right_size_from_few_replications_on(judging, draws: int) -> None:
    random = np.random.default_rng(22)
    base = np.zeros(2 * 1200)

    def compared_with(draws: int) -> pd.DataFrame:
        models = {}
        for model in "abcdef":
            noise = random.standard_normal(draws)
            noise = (noise - noise.mean()) / noise.std(ddof=1)
            models[model] = {"csat": np.repeat(0.2 + noise, 2)}
        return statistics.comparison(
            replications(2 * draws, base={"csat": base[: 2 * draws]}, **models), "base", judging()
        )

    needed = int(row(compared_with(draws), "csat", "a")["pairs_needed"])
    assert row(compared_with(needed // 2), "csat", "a")["verdict"] == "better"
    assert row(compared_with(needed // 4), "csat", "a")["verdict"] == "undecided"


def test_pairs_needed_allow_for_luck_where_it_is_all_there_is(judging) -> None:
    few = np.array([1.0, -1.0, -1.0, 1.0]) + 0.02  # draw means are equal, and by chance alone
    needed = int(compared(judging, few)["pairs_needed"])
    assert compared(judging, np.tile(few, needed // 4 + 1))["verdict"] == "no difference that matters"
    assert compared(judging, np.tile(few, needed // 8))["verdict"] == "undecided"


def test_no_room_left_for_an_interval_tells_no_number_of_pairs() -> None:
    assert pairs_needed(mean_of(np.array([[-1.0, -1.0], [1.0, 1.0]]), 0.95), 0.0) is None


def test_a_difference_on_its_margin_is_never_decided_and_says_so(judging) -> None:
    from caresim.analysis.verdict import MOST_PAIRS

    assert compared(judging, steady(0.1 - 1e-9, 0.5))["pairs_needed"] == MOST_PAIRS


def test_headline_intervals_are_simultaneous_and_others_pointwise(judging) -> None:
    draws = np.random.default_rng(16)
    models = {
        name: {metric: draws.normal(3, 0.3, 32) for metric in ("csat", "resolved", "csat_survey")} for name in "abcd"
    }
    table = replications(32, **models)
    many = statistics.comparison(table, "a", judging())
    few = statistics.comparison(table[table["staffing"].isin(["a", "b"])], "a", judging(headline=("csat",)))
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
    found = statistics.comparison(table, "base", judging())
    assert row(found, "cost", "same")["verdict"] == "no difference that matters"
    assert row(found, "cost", "more")["verdict"] == "worse"
    assert row(found, "cost", "same")["difference"] == 1.0


def test_none_against_none_is_no_difference_and_none_against_some_is(judging) -> None:
    none, some = np.zeros(12), np.full(12, 7.0)
    table = replications(12, base={"phone_blocked": none}, same={"phone_blocked": none}, more={"phone_blocked": some})
    found = statistics.comparison(table, "base", judging())
    assert row(found, "phone_blocked", "same")["verdict"] == "no difference that matters"
    assert row(found, "phone_blocked", "more")["verdict"] == "worse"
    assert row(found, "phone_blocked", "more")["difference"] == math.inf


def test_where_no_way_is_better_there_is_no_better_or_worse(judging) -> None:
    hours = np.full(8, 1000.0)
    found = statistics.comparison(
        replications(8, base={"paid_hours": hours}, more={"paid_hours": 1.5 * hours}), "base", judging()
    )
    assert row(found, "paid_hours")["verdict"] is None


def test_medians_not_reached_are_compared_by_rank(judging) -> None:
    base = np.array([math.inf, math.inf, 900.0, math.inf] * 8)
    other = np.linspace(10, 20, 32)
    table = replications(
        32, base={"social_median": base}, other={"social_median": other}, never={"social_median": np.full(32, math.inf)}
    )
    found = statistics.comparison(table, "base", judging())
    better = row(found, "social_median", "other")
    assert better["difference"] == 0.0  # ten minutes against never
    assert better["verdict"] == "better"
    assert row(found, "social_median", "never")["replications"] == 32


def test_neither_reached_is_a_tie(judging) -> None:
    never = np.full(32, math.inf)
    once = np.where(np.arange(32) < 2, 5.0, math.inf)  # in one draw of sixteen
    table = replications(32, base={"social_median": never}, same={"social_median": never}, once={"social_median": once})
    found = statistics.comparison(table, "base", judging())
    same, other = row(found, "social_median", "same"), row(found, "social_median", "once")
    assert (same["difference"], same["ci_low"], same["ci_high"]) == (1.0, 1.0, 1.0)
    assert same["verdict"] == "no difference that matters"
    assert other["difference"] == 1.0  # not 0: the two replications do not speak for all
    assert other["verdict"] != "better"


def test_differences_stay_within_what_is_possible(judging) -> None:
    none, every = np.array([0.0, 0.1, 0.0, 0.0]), np.array([1.0, 1.0, 0.8, 1.0])
    table = replications(4, base={"resolved": none}, other={"resolved": every})
    found = row(statistics.comparison(table, "base", judging()), "resolved")
    assert found["ci_high"] == 1.0
    assert found["luck_high"] <= 1.0
    assert -1.0 <= found["ci_low"] < found["difference"]
    scores = replications(4, base={"csat": np.array([1.0, 5, 1, 1])}, other={"csat": np.array([5.0, 1, 5, 5])})
    wide = row(statistics.comparison(scores, "base", judging()), "csat")
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
        statistics.comparison(replications(2, base={"csat": np.zeros(2)}), "nobody", judging())


def test_a_baseline_alone_gives_an_empty_table_with_all_columns(judging) -> None:
    found = statistics.comparison(replications(2, base={"csat": np.zeros(2)}), "base", judging())
    assert found.empty
    assert list(found.columns) == list(statistics.COMPARISON)
