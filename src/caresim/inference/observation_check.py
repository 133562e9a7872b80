"""Does what was simulated agree with what was observed: one rule for single observations and for stylised facts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.inference.variance_components import by_draw, mean_of

Floats = NDArray[np.float64]
Spread = tuple[float, float, float]
"""An average with the ends of its range or interval."""

SPREAD = 0.9
"""Share of the replications that a range holds, and the confidence of the interval of a mean."""
INSIDE, PARTLY, OUTSIDE, NOT_COMPUTED = "inside", "partly", "outside", "not computed"
"""The simulated value lies within the band; only part of its range does; nothing of it does; there is none."""
VERDICTS = (INSIDE, PARTLY, OUTSIDE, NOT_COMPUTED)


def verdict(simulated: float, low: float, high: float, band: tuple[float, float]) -> str:
    """Does a simulated value with its range agree with the band of an observation?"""
    if math.isnan(simulated):
        return NOT_COMPUTED
    least, most = band
    if least <= simulated <= most:
        return INSIDE
    return PARTLY if low <= most and high >= least else OUTSIDE


def spread(values: Floats, whole: bool = False) -> Spread:
    """Median and the ends of the middle SPREAD of the replications in which there was something to measure.

    What never came is infinite, and nothing lies between a number and that; nor between `whole` numbers.
    """
    defined = values[~np.isnan(values)]
    if not len(defined):
        return math.nan, math.nan, math.nan
    method: Any = "nearest" if whole or not np.isfinite(defined).all() else "linear"
    tail = (1.0 - SPREAD) / 2.0
    median, low, high = (float(np.quantile(defined, at, method=method)) for at in (0.5, tail, 1.0 - tail))
    return median, low, high


def average(values: Floats, draw: NDArray[np.int64]) -> Spread:
    """Mean of a share over all replications, and the SPREAD interval of it (luck and assumptions)."""
    return _share(by_draw(values, draw))


def pooled(count: Floats, of: Floats, draw: NDArray[np.int64]) -> Spread:
    """Share of all persons of all replications, each person counting once, and the SPREAD interval of it.

    A ratio of two means: its error is that of count - share x of, over the mean of `of` (Cochran 1977, sec. 6.3).
    """
    defined = ~np.isnan(count) & ~np.isnan(of) & (of > 0)
    count, of, draw = count[defined], of[defined], draw[defined]
    if not len(of):
        return math.nan, math.nan, math.nan
    share = float(count.sum() / of.sum())
    _, place = np.unique(draw, return_inverse=True)
    errors = np.bincount(place, count - share * of) / np.bincount(place, of).mean()
    return _share((share + errors)[:, None])


def _share(matrix: Floats) -> Spread:
    mean = mean_of(matrix, SPREAD)
    return mean.value, float(np.fmax(mean.low, 0.0)), float(np.fmin(mean.high, 1.0))
