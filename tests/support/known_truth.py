"""Replications whose truth is known: what a metric is on average over luck and assumptions, and over luck alone.

Every case draws `(repetitions, draws, 2)` values: an assumption shared by the two replications of a draw, luck apart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats
from scipy.special import ndtr

Floats = NDArray[np.float64]
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(80)


@dataclass(frozen=True)
class Case:
    """`metric` is the column that the values stand in for; `values` gives them with the truth of each repetition
    given its draws; `truth` is that over all draws."""

    metric: str
    truth: float
    values: Callable[[np.random.Generator, int, int], tuple[Floats, Floats]]


def layered(random: np.random.Generator, repetitions: int, draws: int, assumed: float) -> tuple[Floats, Floats]:
    """Standard normal values of which `assumed` of the variance is between draws, and the part between draws."""
    between = np.sqrt(assumed) * random.standard_normal((repetitions, draws, 1))
    return between, between + np.sqrt(1 - assumed) * random.standard_normal((repetitions, draws, 2))


def normal(metric: str, assumed: float) -> Case:
    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        between, z = layered(random, repetitions, draws, assumed)
        return 3 + 0.2 * z, 3 + 0.2 * between.mean(axis=(1, 2))

    return Case(metric, 3.0, values)


def long_tailed(metric: str, sigma: float, assumed: float = 0.5) -> Case:
    """Lognormal."""

    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        between, z = layered(random, repetitions, draws, assumed)
        return 100 * np.exp(sigma * z), 100 * np.exp(sigma * between + sigma**2 * (1 - assumed) / 2).mean(axis=(1, 2))

    return Case(metric, 100 * float(np.exp(sigma**2 / 2)), values)


def heavy_tailed(metric: str) -> Case:
    """Student's t with three degrees of freedom in both layers: an outlier in every other study."""

    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        between = random.standard_t(3, (repetitions, draws, 1))
        return 1000 + between + random.standard_t(3, (repetitions, draws, 2)), 1000 + between.mean(axis=(1, 2))

    return Case(metric, 1000.0, values)


def share(metric: str, centre: float, people: int = 300) -> Case:
    """A binomial share of people whose chance differs from draw to draw (beta, worth 20 observations)."""

    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        chance = random.beta(20 * centre, 20 * (1 - centre), (repetitions, draws, 1))
        return random.binomial(people, np.repeat(chance, 2, axis=2)) / people, chance.mean(axis=(1, 2))

    return Case(metric, centre, values)


def quotient(metric: str) -> Case:
    """Abandoned over offered calls: both are random, and both rise with the load."""

    def chance(load: Floats) -> Floats:
        return 0.3 * np.exp(0.5 * load) / (1 + 0.3 * np.exp(0.5 * load))

    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        load = random.standard_normal((repetitions, draws, 1))
        offered = 1 + random.poisson(40 * np.exp(0.5 * load), (repetitions, draws, 2))
        return random.binomial(offered, chance(load)) / offered, chance(load).mean(axis=(1, 2))

    return Case(metric, float((WEIGHTS * chance(NODES)).sum() / WEIGHTS.sum()), values)


def waiting(metric: str, assumed: float, reached: float = 0.8) -> Case:
    """A median wait that a share of the replications never reach: infinite for the slowest."""
    never = float(stats.norm.ppf(reached))

    def values(random: np.random.Generator, repetitions: int, draws: int) -> tuple[Floats, Floats]:
        between, z = layered(random, repetitions, draws, assumed)
        low, high = np.full(repetitions, -9.0), np.full(repetitions, 9.0)
        for _ in range(50):  # bisection: the median of the mixture over the draws at hand
            middle = (low + high) / 2
            below = ndtr((middle[:, None] - between[:, :, 0]) / np.sqrt(1 - assumed)).mean(axis=1) < 0.5
            low, high = np.where(below, middle, low), np.where(below, high, middle)
        given = np.where(high > never, np.inf, 60 * np.exp(high))
        return np.where(z > never, np.inf, 60 * np.exp(z)), given

    return Case(metric, 60.0, values)


def as_models(values: Floats, metric: str) -> pd.DataFrame:
    """Each repetition as a staffing model of its own: their summaries do not depend on each other."""
    repetitions, draws, each = values.shape
    count = draws * each
    return pd.DataFrame(
        {
            "staffing": np.repeat(np.arange(repetitions), count),
            "replication": np.tile(np.arange(count), repetitions),
            "draw": np.tile(np.arange(count) // each, repetitions),
            metric: values.ravel(),
        }
    )


def may_be(claimed: float, trials: int) -> tuple[float, float]:
    """The shares of `trials` that a chance of `claimed` shows 999 times in a thousand (binomial)."""
    low, high = stats.binom.interval(0.999, trials, claimed)
    return float(low) / trials, float(high) / trials
