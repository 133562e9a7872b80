"""What is estimated: a quantity that every replication has a value of, and how staffing models are compared in it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimand:
    """A column `name` of the table of replications.

    `better` says which way is better. `compare` says whether two staffing models are compared by difference or by
    ratio. `average` says how replications are averaged; the median also serves where values are infinite. Values lie
    within `bounds`. `margin` is the smallest difference (or the smallest ratio) that matters.
    """

    name: str
    unit: str
    better: Literal["higher", "lower", "neither"]
    compare: Literal["difference", "ratio"]
    average: Literal["mean", "median"]
    bounds: tuple[float, float]
    margin: float

    @property
    def effect_unit(self) -> str:
        """The unit of what two staffing models differ by."""
        return "ratio" if self.compare == "ratio" else self.unit

    @property
    def effect_margin(self) -> float:
        """The margin on the scale on which values are subtracted: of a ratio its logarithm."""
        return math.log(self.margin) if self.compare == "ratio" else self.margin

    def scaled(self, values: Floats) -> Floats:
        """Values on the scale on which they are subtracted: of a ratio the logarithms, with -inf for 0."""
        if self.compare == "difference":
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(values)

    def effect(self, ends: tuple[float, ...]) -> tuple[float, ...]:
        """Differences on that scale as tables have them: ratios, or differences that two values can have."""
        if self.compare == "ratio":
            with np.errstate(over="ignore"):  # an interval of very few draws may reach beyond all numbers
                return tuple(float(np.exp(end)) for end in ends)
        low, high = self.bounds
        return tuple(float(np.clip(end, low - high, high - low)) for end in ends)

    def averaged_by(self, values: NDArray[Any]) -> Literal["mean", "median"]:
        """The average of these values: the median wherever infinite values rule out a mean."""
        return "median" if self.average == "median" or np.isinf(values).any() else "mean"
