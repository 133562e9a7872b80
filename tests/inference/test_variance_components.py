"""Two layers of uncertainty: the spread within draws and that between them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import special

from caresim.inference.interval_width import quantile_t
from caresim.inference.variance_components import by_draw, mean_of, median_of

REPETITIONS = 600
FLOOR = 0.95 - 3 * math.sqrt(0.95 * 0.05 / REPETITIONS)
"""A coverage of 95 % shows below this once in a thousand times (binomial)."""


def test_luck_is_the_spread_within_pairs_and_both_the_spread_of_pairs_means() -> None:
    # Draw means 1.5 and 5.5; within: squares 2 x 0.25 a draw, 2 degrees of freedom.
    found = mean_of(np.array([[1.0, 2.0], [5.0, 6.0]]), 0.95)
    assert found.value == 3.5
    assert found.luck_high - found.value == pytest.approx(quantile_t(0.95, 2) * math.sqrt(0.5 / 4), abs=1e-12)
    assert found.high - found.value == pytest.approx(quantile_t(0.95, 1) * math.sqrt(8 / 2), abs=1e-12)


def test_students_quantile_as_tabulated() -> None:
    assert quantile_t(0.95, 15) == pytest.approx(2.131, abs=5e-4)


@pytest.mark.parametrize("off", [0.0, 1e-10, -1e-10])
@pytest.mark.parametrize("confidence", [0.5, 0.9, 0.95, 0.99, 0.9995])
def test_students_quantile_is_exact_where_scipys_is_not(
    monkeypatch: pytest.MonkeyPatch, confidence: float, off: float
) -> None:
    """With one and two degrees of freedom there are formulas; the tail itself is known to 1e-16, for 1e-12 of this."""
    given = special.stdtrit
    monkeypatch.setattr(special, "stdtrit", lambda degrees, share: given(degrees, share) * (1 + off))
    assert quantile_t(confidence, 1) == pytest.approx(math.tan(math.pi * confidence / 2), rel=1e-12)
    assert quantile_t(confidence, 2) == pytest.approx(confidence * math.sqrt(2 / (1 - confidence**2)), rel=1e-12)


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


def test_where_nothing_is_uncertain_luck_is_all_there_is() -> None:
    values = np.array([1.0, 2.0, 4.0, 8.0])
    found = mean_of(by_draw(values, np.arange(4)), 0.95)
    assert (found.luck_low, found.luck_high) == (found.low, found.high)
    assert found.low < 3.75 < found.high
