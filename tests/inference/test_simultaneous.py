"""Intervals that hold all at once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.inference.interval_width import quantile_t
from caresim.inference.simultaneous import critical_value


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
