"""Simulated against computed: independent replications, a Student interval, and one error rate for the whole suite."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

FALSE_ALARMS = 0.001
"""Probability that the whole suite finds a difference where there is none."""


@dataclass(frozen=True)
class Verdict:
    """One number of theory, and what the simulation says of it."""

    case: str
    measure: str
    theory: float
    simulated: float
    half_width: float
    """Of the interval around `simulated`."""

    @property
    def agrees(self) -> bool:
        return abs(self.simulated - self.theory) <= self.half_width

    @property
    def noticed(self) -> float:
        """The bias that would be noticed every other time, as a share of the value; twice that: nearly always."""
        return self.half_width / abs(self.theory) if self.theory else math.inf

    def __str__(self) -> str:
        against = "" if self.agrees else ": CONTRADICTION"
        return (
            f"{self.case}: {self.measure} is {self.theory:.5g} in theory, "
            f"{self.simulated:.5g} +- {self.half_width:.2g} in simulation{against}"
        )


def quantile(comparisons: float, replications: int) -> float:
    """Student quantile for a two-sided interval at FALSE_ALARMS shared by all comparisons (Bonferroni)."""
    return float(student.isf(FALSE_ALARMS / comparisons / 2, replications - 1))


def interval(pairs: ArrayLike, factor: float) -> tuple[float, float]:
    """The ratio of the sums of (numerator, denominator), one pair a replication, and the half-width of its interval.

    Replications are independent, so calls of one replication may be as correlated as they like (Law 2015, 9.5).
    """
    upper, lower = np.asarray(pairs, dtype=np.float64).T
    ratio = upper.sum() / lower.sum()
    if not upper.any() or np.ptp(upper / lower) == 0:
        raise ValueError("all replications say the same: there is nothing to make an interval of")
    spread = np.std(upper - ratio * lower, ddof=1) / math.sqrt(len(upper))
    return float(ratio), float(factor * spread / lower.mean())


def contradictions(verdicts: Sequence[Verdict]) -> list[str]:
    return [str(verdict) for verdict in verdicts if not verdict.agrees]
