"""What a metric is: one measure of a run with its name, unit, direction, formula, source, and how it is computed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from caresim.measure.sample import Sample

Better = Literal["higher", "lower", "neither"]
Compare = Literal["difference", "ratio"]
Average = Literal["mean", "median"]

SHARE, MINUTES, SECONDS, SCORE, MONEY, HOURS = "share", "min", "s", "score 1-5", "EUR", "h"
WITH_MARGIN = (SHARE, SCORE)
"""Units for which a study says the smallest difference that matters; all other metrics are compared by ratio."""
MINUTE_S = 60.0
"""Seconds in a minute."""
HOUR = 60.0
"""Minutes."""


@dataclass(frozen=True)
class Metric:
    """One measure of a run.

    `better` says which way is better. `compare` says whether two staffing models are compared by difference or by
    ratio. `average` is how replications are averaged: the median for a measure that is +inf in runs that do not reach
    it. `value` computes it: NaN means undefined, never 0. What several metrics need is a function with `@once`, or a
    tally of contacts (in TALLIES of the file). TypeError for a description that contradicts itself.
    """

    name: str
    label: str
    unit: str
    better: Better
    formula: str
    source: str = "definition"
    compare: Compare = "difference"
    average: Average = "mean"
    value: Callable[[Sample], float] = field(kw_only=True)

    def __post_init__(self) -> None:
        for key, words in (("better", Better), ("compare", Compare), ("average", Average)):
            if getattr(self, key) not in get_args(words):
                raise TypeError(f"metric {self.name}: {key} must be one of {', '.join(get_args(words))}")
        if not all((self.name, self.label, self.unit, self.formula, self.source)):
            raise TypeError(f"metric {self.name}: name, label, unit, formula and source must not be empty")
        if self.compare == "difference" and self.unit not in WITH_MARGIN:
            raise TypeError(
                f"metric {self.name}: no study says which difference in {self.unit} matters; compare='ratio'"
            )

    def of(self, sample: Sample) -> float:
        """The measure of a run; TypeError where `value` gives no float."""
        value = self.value(sample)
        if not isinstance(value, float):
            raise TypeError(f"metric {self.name}: value must give a float (NaN: undefined), not {value!r}")
        return value

    @property
    def bounds(self) -> tuple[float, float]:
        """Values the measure can take; intervals do not reach beyond them."""
        if self.unit == SHARE:
            return 0.0, 1.0
        if self.unit == SCORE:
            return 1.0, 5.0
        return 0.0, float("inf")


def quotient(part: float, whole: float) -> float:
    """part / whole, NaN when there is nothing to divide by."""
    return float(part) / float(whole) if whole else float("nan")


def mean_of(values: NDArray[np.float64]) -> float:
    """Mean, NaN when there are none."""
    return float(values.mean()) if len(values) else float("nan")


def largest(values: NDArray[np.float64]) -> float:
    """Maximum, NaN when there are none."""
    return float(values.max()) if len(values) else float("nan")
