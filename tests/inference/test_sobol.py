"""Sobol' indices, elementary effects and the worth of knowing, on functions whose answers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.inference.elementary_effects import LEVELS, STEP, effects_of
from caresim.inference.knowing import Known, basis
from caresim.inference.sobol import indices_of
from caresim.tasks.sensitivity.design import Rows, rows_of, trajectories

CONFIDENCE = 0.95
SURE = 0.99
"""Of intervals that have to hold a truth, with a fixed seed."""


def ishigami(u: np.ndarray) -> np.ndarray:
    """The function of Ishigami & Homma (1990) at places of (0, 1): a = 7, b = 0.1."""
    x = np.pi * (2.0 * u - 1.0)
    return np.sin(x[..., 0]) + 7.0 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def true_indices() -> tuple[list[float], list[float]]:
    """Of x1, x2, x3, as the paper derives them."""
    a, b, pi = 7.0, 0.1, math.pi
    one, two = 0.5 * (1 + b * pi**4 / 5) ** 2, a**2 / 8
    mixed = b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + mixed
    return [one / whole, two / whole, 0.0], [(one + mixed) / whole, two / whole, mixed / whole]


def table_of(function, rows: Rows, luck: float = 0.0) -> np.ndarray:
    """Outputs of a design, shape (rows, width), with luck that is added."""
    points = rows.points()
    noise = np.random.default_rng(5).normal(size=2 * len(rows.first) + 2)
    values = function(points.places) + luck * noise[points.luck]
    return values.reshape(-1, rows.width)


def test_ishigamis_indices_are_found():
    """Six indices within their 99 % intervals, none of which is wider than 0.5 with 500 rows."""
    rows = rows_of(0, ["one", "two", "three"], [0, 1, 2], 500)
    found = indices_of(table_of(ishigami, rows), luck=3, confidence=SURE)
    first, total = true_indices()
    assert (found.first_low[:3] <= first).all()
    assert (first <= found.first_high[:3]).all()
    assert (found.total_low[:3] <= total).all()
    assert (total <= found.total_high[:3]).all()
    assert (found.first_high - found.first_low).max() < 0.5
    assert (found.total_high - found.total_low).max() < 0.5
    assert found.first[3] == found.total[3] == 0.0


def test_luck_has_an_index_and_is_taken_out_of_the_mean():
    """Half of the variance is luck: the index of the one input is a half, in the mean over luck it is all."""
    rows = rows_of(1, ["one", "two"], [0, 1], 600)
    deviation = math.sqrt(1 / 12)
    found = indices_of(table_of(lambda u: u[:, 0], rows, luck=deviation), luck=2, confidence=CONFIDENCE)
    assert found.first[0] == pytest.approx(0.5, abs=0.1)
    assert found.total[2] == pytest.approx(0.5, abs=0.1)
    assert found.of_mean[0] == pytest.approx(1.0, abs=0.15)
    assert found.of_mean_low[0] < 1.0 < found.of_mean_high[0] + 0.1
    assert found.total[1] == 0.0


def test_the_others_are_an_input_together():
    rows = rows_of(0, ["one", "two", "three"], [1], 400)
    assert rows.width == 5
    found = indices_of(table_of(lambda u: u @ [3.0, 1.0, 2.0], rows), luck=2, confidence=SURE)
    true = [1 / 14, 13 / 14]
    assert (found.total_low[:2] <= true).all()
    assert (true <= found.total_high[:2]).all()
    assert (found.total_high - found.total_low).max() < 0.3


def test_a_row_without_a_value_is_left_out_and_what_does_not_vary_has_no_index():
    rows = rows_of(0, ["one"], [0], 20)
    values = table_of(lambda u: u[:, 0], rows)
    values[3, 1] = np.inf
    assert indices_of(values, 1, CONFIDENCE).rows == 19
    assert np.isnan(indices_of(np.full((20, 4), 0.1 + 0.2), 1, CONFIDENCE).first).all()
    assert np.isnan(indices_of(values[:5], 1, CONFIDENCE).first).all()


def test_effects_along_trajectories_are_the_slopes_of_a_linear_function():
    names = [f"number {place}" for place in range(12)]
    slopes = np.arange(12.0) - 4.0
    points = trajectories(3, names, 2)
    levels = np.arange(LEVELS) / (LEVELS - 1)
    assert np.isclose(points.places[:, :, None], levels).any(axis=2).all()
    steps = np.abs(np.diff(points.places[:13], axis=0))
    assert np.isclose(steps.sum(axis=1), STEP).all()
    assert sorted(steps.argmax(axis=1)) == list(range(12))
    found = effects_of(points.places, points.places @ slopes, CONFIDENCE)
    assert found.mean == pytest.approx(slopes)
    assert found.size == pytest.approx(np.abs(slopes))
    assert found.spread == pytest.approx(np.zeros(12), abs=1e-9)
    with pytest.raises(ValueError, match="no two trajectories"):
        effects_of(points.places[:13], np.ones(13), CONFIDENCE)


def test_a_point_depends_on_names_and_the_seed_alone():
    few, many = rows_of(7, ["b"], [0], 4), rows_of(7, ["a", "b", "c"], [1], 4)
    assert few.first[:, 0].tolist() == many.first[:, 1].tolist()
    assert few.second[:, 0].tolist() == many.second[:, 1].tolist()
    assert trajectories(7, ["b"], 2).places[0, 0] == trajectories(7, ["a", "b"], 2).places[0, 1]


def known(slope: float, rows: int = 64, noise: float = 0.3) -> Known:
    """Two options: one is worth 0, the other `slope` times the first input's place less a half, and luck both have."""
    design = rows_of(2, ["one", "two"], [0, 1], rows)
    luck = table_of(lambda u: u[:, 1], design, luck=noise)
    other = table_of(lambda u: slope * (u[:, 0] - 0.5), design)
    places = np.full((rows, 2, 3), 0.5)
    places[:, 0, :2], places[:, 1, :2] = design.first, design.second
    return Known(np.array([luck, luck + other]), places)


def test_knowing_what_decides_is_worth_what_a_triangle_has():
    """The mean of max(0, slope (u - 1/2)) is slope / 8; without knowing it, 0."""
    found = known(4.0).worth([0], CONFIDENCE, np.random.default_rng(0))
    assert found.value == pytest.approx(0.5, abs=0.04)
    assert found.low - 0.02 <= 0.5 <= found.high + 0.02
    assert found.held_out_low > 0
    assert found.held_out <= found.value + 0.01
    assert found.changes == pytest.approx(0.5, abs=0.06)


def test_knowing_what_decides_nothing_is_worth_nothing():
    options = known(4.0)
    second = options.worth([1], CONFIDENCE, np.random.default_rng(0))
    assert second.held_out <= 0.01
    assert second.held_out_low <= 0
    assert second.value < 0.03


def test_an_input_of_two_values_has_two_means():
    assert basis(np.array([0.2, 0.7]), True).tolist() == [[-1.0], [1.0]]
    assert np.abs(basis((np.arange(1000) + 0.5) / 1000, False).mean(axis=0)).max() < 1e-5
