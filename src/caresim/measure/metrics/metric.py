"""What a metric is: one measure of a run with its name, unit, direction, formula and source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Better = Literal["higher", "lower", "neither"]
Compare = Literal["difference", "ratio"]
Average = Literal["mean", "median"]

SHARE, MINUTES, SECONDS, SCORE, MONEY, HOURS = "share", "min", "s", "score 1-5", "EUR", "h"


@dataclass(frozen=True)
class Metric:
    """One measure of a run.

    `better` says which way is better. `compare` says whether two staffing models are compared by difference or by
    ratio. `average` is how replications are averaged: the median for a measure that is +inf in runs that do not reach
    it.
    """

    name: str
    label: str
    unit: str
    better: Better
    formula: str
    source: str = "definition"
    compare: Compare = "difference"
    average: Average = "mean"

    @property
    def bounds(self) -> tuple[float, float]:
        """Values the measure can take; intervals do not reach beyond them."""
        if self.unit == SHARE:
            return 0.0, 1.0
        if self.unit == SCORE:
            return 1.0, 5.0
        return 0.0, float("inf")


def share_of(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    """Share of the rows in `whole` that are also in `part`; NaN when there are none."""
    return quotient(np.count_nonzero(part & whole), np.count_nonzero(whole))


def quotient(part: float, whole: float) -> float:
    """part / whole, NaN when there is nothing to divide by."""
    return float(part) / float(whole) if whole else float("nan")


def mean_of(values: NDArray[np.float64]) -> float:
    """Mean, NaN when there are none."""
    return float(values.mean()) if len(values) else float("nan")


def largest(values: NDArray[np.float64]) -> float:
    """Maximum, NaN when there are none."""
    return float(values.max()) if len(values) else float("nan")
