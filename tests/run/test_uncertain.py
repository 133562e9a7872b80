"""Draws of the uncertain parameters."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import pytest
from scipy import stats

from caresim.config.quantity import Quantity
from caresim.run.uncertain import draw_of, drawn, uniform, values, within


def quantity(value: float, low: float | None, high: float | None, dimension: str) -> Quantity:
    low, high = (end if end is None else float(end) for end in (low, high))  # as configuration reads them
    return Quantity(float(value), low, high, "assumption", str(value), dimension)


def experiment(*paths: str, seed: int = 0) -> Any:
    pairs = [(path, quantity(1, 0, 2, "share")) for path in paths]
    return SimpleNamespace(seed=seed, uncertain=lambda: pairs)


def test_two_replications_share_a_draw() -> None:
    assert [draw_of(replication) for replication in range(6)] == [0, 0, 1, 1, 2, 2]


def test_the_draws_are_these_on_every_machine() -> None:
    assert [uniform(0, "behaviour.anger.kappa", draw) for draw in range(4)] == PINNED
    assert within(quantity(11, 9, 14, "duration"), 0.25) == 10.051106876503525


def test_a_parameter_draws_the_same_whatever_others_there_are() -> None:
    alone = values(experiment("b"), 5)["b"]
    assert values(experiment("a", "b", "c"), 5)["b"] == alone


def test_a_staffing_model_draws_the_same_whichever_others_are_compared(tokyo: Any) -> None:
    names = ["social_team", "notice_and_waiver_friday"]
    fewer = tokyo.model_copy(update={"staffing": {name: tokyo.staffing[name] for name in names}})
    all_values, some = values(tokyo, 3), values(fewer, 3)
    assert some == {path: all_values[path] for path in some}
    assert len(some) < len(all_values)


def test_staffing_models_share_the_draw_of_what_they_have_in_common() -> None:
    assert uniform(0, "staffing.one.desks.phone.shrinkage", 3) == uniform(0, "staffing.two.desks.phone.shrinkage", 3)
    assert uniform(0, "staffing.one.desks.phone.shrinkage", 3) != uniform(0, "staffing.one.desks.social.shrinkage", 3)


def test_parameters_and_seeds_draw_apart() -> None:
    points = {uniform(seed, path, draw) for seed in range(5) for path in ("a", "b", "c") for draw in range(5)}
    assert len(points) == 75


@pytest.mark.parametrize("path", ["behaviour.anger.kappa", "reinforcement", "x"])
def test_draws_fill_the_range_evenly(path: str) -> None:
    """Any 2^m draws from a multiple of 2^m on: one in each of 2^m equal parts (the net property, exact)."""
    for size in (2, 16, 64):
        parts = [int(uniform(7, path, size + draw) * size) for draw in range(size)]
        assert sorted(parts) == list(range(size))


def test_marginals_are_uniform_over_seeds() -> None:
    """Kolmogorov-Smirnov over 4,000 seeds, at the 0.1 % level (a fixed sample: it passes or fails for good)."""
    points = [uniform(seed, "behaviour.anger.kappa", 5) for seed in range(4000)]
    assert stats.kstest(points, "uniform").pvalue > 0.001


def test_two_parameters_are_independent_over_seeds() -> None:
    """Correlation over 4,000 seeds within 3.3 standard errors, 1/sqrt(4000) each (0.1 % level)."""
    pairs = [(uniform(seed, "a", 6), uniform(seed, "b", 6)) for seed in range(4000)]
    assert abs(stats.pearsonr(*zip(*pairs, strict=True)).statistic) < 3.3 / math.sqrt(4000)


@pytest.mark.parametrize(
    ("dimension", "value", "low", "high", "middle"),
    [
        ("share", 0.2, 0.1, 0.9, 0.5),
        ("number", 1.5, -1.0, 3.0, 1.0),
        ("number", 0.25, 0.1, 0.9, 0.5),
        ("number", 1.0, 0.5, 2.0, 1.0),
        ("duration", 11.0, 4.0, 16.0, 8.0),
        ("rate", 2.0, 1.0, 4.0, 2.0),
        ("count", 10.0, 0.0, 20.0, 10.0),
    ],
)
def test_the_middle_of_a_range(dimension: str, value: float, low: float, high: float, middle: float) -> None:
    """Geometric for what has a natural zero and for factors, arithmetic else (and where the range begins at 0)."""
    assert within(quantity(value, low, high, dimension), 0.5) == pytest.approx(middle, rel=1e-14)


def test_a_draw_never_leaves_its_range() -> None:
    for dimension in ("share", "duration"):
        for u in (0.0, 1e-12, 0.5, 1.0):
            assert 0.1 <= within(quantity(0.2, 0.1, 0.7, dimension), u) <= 0.7


def test_a_certain_parameter_is_left_alone() -> None:
    assert within(quantity(3, None, None, "duration"), 0.9) == 3


def test_the_drawn_experiment_holds_the_values(tokyo: Any) -> None:
    replication = 5
    told = dict(drawn(tokyo, replication).uncertain())
    assert {path: told[path].value for path in told} == values(tokyo, draw_of(replication))
    assert drawn(tokyo, 4) == drawn(tokyo, 5)
    assert drawn(tokyo, 4) != drawn(tokyo, 6)


PINNED = [0.5545080919982865, 0.054508091998286545, 0.8045080919982865, 0.30450809199828655]
