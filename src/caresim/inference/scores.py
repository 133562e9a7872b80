"""Scores of a forecast: an ensemble of what may come, held against what came.

`observed` has shape (cells,), `ensemble` (cells, members); a cell is an hour, a day, a customer. Members are equally
likely draws. Units are those of what is forecast; shares and correlations have none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BANDS = (0.5, 0.9)
"""Shares of the members that the bands of a forecast hold."""
FEWEST = 2
"""Members of an ensemble, and cells of a correlation."""


@dataclass(frozen=True)
class Scores:
    """What a forecast of some cells reaches.

    `crps` in the unit of what is forecast, smaller is better; `covered_50` and `covered_90` are the shares of cells in
    the central bands; `correlation` that of the ensemble's mean with what came, `ceiling` what it would be if the
    ensemble were the truth, on average.
    """

    cells: int
    crps: float
    covered_50: float
    covered_90: float
    correlation: float
    ceiling: float


def scores(observed: ArrayLike, ensemble: ArrayLike) -> Scores:
    """All scores of one forecast. ValueError where shapes do not fit or something is not finite."""
    seen, members = checked(observed, ensemble)
    covered_50, covered_90 = (float(covered(seen, members, share).mean()) for share in BANDS)
    centre = members.mean(axis=1)
    return Scores(
        len(seen), float(crps(seen, members).mean()), covered_50, covered_90, correlation(seen, centre),
        noise_ceiling(members),
    )  # fmt: skip


def checked(observed: ArrayLike, ensemble: ArrayLike) -> tuple[Floats, Floats]:
    """Both as arrays of floats. ValueError where shapes do not fit, a value is not finite, or there are too few."""
    seen, members = np.asarray(observed, np.float64), np.asarray(ensemble, np.float64)
    if seen.ndim != 1 or members.ndim != 2 or len(seen) != len(members) or not len(seen):
        raise ValueError(f"shapes {seen.shape} and {members.shape}; allowed: (cells,) and (cells, members)")
    if members.shape[1] < FEWEST:
        raise ValueError(f"an ensemble of {members.shape[1]}; allowed: at least {FEWEST} members")
    if not (np.isfinite(seen).all() and np.isfinite(members).all()):
        raise ValueError("a value is not finite; allowed: cells in which something was measured")
    return seen, members


def crps(observed: ArrayLike, ensemble: ArrayLike) -> Floats:
    """The fair continuous ranked probability score of each cell, in the unit of what is forecast.

    Mean distance of the members from what came, less half the mean distance of two different members. Its expectation
    does not depend on the number of members, so that ensembles of different sizes compare (Ferro 2014; Gneiting and
    Raftery 2007, sec. 4.2). For one certain value it is the absolute error: that of a point forecast.
    """
    seen, members = checked(observed, ensemble)
    count = members.shape[1]
    ranked = np.sort(members, axis=1)
    weights = 2.0 * np.arange(1, count + 1) - count - 1.0
    apart = (ranked * weights).sum(axis=1) / (count * (count - 1))  # half the mean distance of two members
    return np.abs(members - seen[:, None]).mean(axis=1) - apart


def band(ensemble: ArrayLike, share: float) -> tuple[Floats, Floats]:
    """The ends of the central band of each cell: a further member falls between them with probability `share`.

    Quantiles at (k of members + 1), type 6 of Hyndman and Fan (1996): the band of few members is as wide as it must be.
    """
    tail = (1.0 - share) / 2.0
    low, high = np.quantile(np.asarray(ensemble, np.float64), (tail, 1.0 - tail), axis=1, method="weibull")
    return low, high


def covered(observed: ArrayLike, ensemble: ArrayLike, share: float) -> NDArray[np.bool_]:
    """Whether what came lies within the central band, cell by cell; its ends belong to it."""
    seen, members = checked(observed, ensemble)
    low, high = band(members, share)
    return (low <= seen) & (seen <= high)


def correlation(one: ArrayLike, other: ArrayLike) -> float:
    """Pearson's correlation; NaN where one of the two does not vary, or there are too few cells."""
    x, y = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if len(x) < FEWEST:
        return math.nan
    x, y = x - x.mean(), y - y.mean()
    spread = math.sqrt(float((x * x).sum()) * float((y * y).sum()))
    return float((x * y).sum()) / spread if spread > 0 else math.nan


def noise_ceiling(ensemble: ArrayLike) -> float:
    """The correlation that an exact model would reach: of each member with the mean of the others, on average.

    What comes is itself a matter of luck, and no forecast follows luck. (As for repeated measurements: Spearman 1904;
    Schoppe et al. 2016.) NaN where no member varies over the cells.
    """
    members = np.asarray(ensemble, np.float64)
    total, count = members.sum(axis=1), members.shape[1]
    if count < FEWEST:
        return math.nan
    each = np.array([correlation(members[:, m], (total - members[:, m]) / (count - 1)) for m in range(count)])
    each = each[~np.isnan(each)]
    return float(each.mean()) if len(each) else math.nan


def ks_distance(one: ArrayLike, other: ArrayLike) -> float:
    """The largest difference of two empirical distribution functions (Kolmogorov 1933; Smirnov 1939), from 0 to 1.

    NaN where one of the two has no value.
    """
    x, y = np.sort(np.asarray(one, np.float64)), np.sort(np.asarray(other, np.float64))
    if not len(x) or not len(y):
        return math.nan
    every = np.concatenate((x, y))
    below_x = np.searchsorted(x, every, side="right") / len(x)
    below_y = np.searchsorted(y, every, side="right") / len(y)
    return float(np.abs(below_x - below_y).max())
