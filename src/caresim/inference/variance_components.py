"""Two layers of uncertainty in replications that come in pairs: luck, and luck and assumptions.

The replications of a pair share one draw of the uncertain parameters and differ by luck alone, so the spread within
pairs is luck's and the spread of the pairs' means is that of both (one-way components of variance; Searle, Casella &
McCulloch 1992). Values are matrices of shape (draws, replications a draw), NaN where there is no value. In
an experiment without uncertain parameters every replication counts as a draw of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from caresim.inference.interval_width import NONE, Width, quantile_t
from caresim.inference.skewness import reaches, skewness

Floats = NDArray[np.float64]

FEW_DRAWS = 8
"""With fewer draws of the assumptions an interval is wide beyond use: Student's quantile, and more so one for many
comparisons at once, is several times that of many draws, and the spread is a guess."""
ROUNDING = 1e-12
"""Differences of two numbers of this relative size are what their rounding leaves. Scores, shares and logarithms, which
are what is compared, are of the order of one."""


def by_draw(values: Floats, draw: NDArray[np.int64]) -> Floats:
    """Values arranged by draw: shape (draws, most replications in one), in order of the draws' numbers, NaN-filled."""
    _, place, count = np.unique(draw, return_inverse=True, return_counts=True)
    order = np.argsort(place, kind="stable")
    start = np.cumsum(count) - count
    within = np.arange(len(draw)) - start[place[order]]
    matrix = np.full((len(count), max(count, default=1)), np.nan)
    matrix[place[order], within] = values[order]
    return matrix


@dataclass(frozen=True)
class Estimate:
    """An average over replications with its intervals (NaN where there are too few) and how many values it rests on.

    `width` is None where there is no value, or no interval for luck and assumptions.
    """

    value: float
    low: float
    high: float
    luck_low: float
    luck_high: float
    count: int
    width: Width | None = None


def mean_of(matrix: Floats, confidence: float, critical: float | None = None) -> Estimate:
    """Mean of the draws' means. The interval of luck takes the mean square within draws, the other the draws' means.

    The interval for luck and assumptions allows for the skewness of the draws' means; pairs cannot tell that of luck.
    `critical` replaces Student's quantile in the interval for luck and assumptions (simultaneous intervals). That
    interval is never narrower than luck's: it contains luck, and an estimate to the contrary is chance.
    """
    size = (~np.isnan(matrix)).sum(axis=1)
    matrix, size = matrix[size > 0], size[size > 0]
    draws = len(size)
    if not draws:
        return Estimate(NONE, NONE, NONE, NONE, NONE, 0)
    means = draw_means(matrix)
    value = float(means.mean())
    within, degrees = within_draws(matrix)
    luck_critical = quantile_t(confidence, degrees)
    luck_error = math.sqrt(within * float((1.0 / size).sum())) / draws
    luck = luck_critical * luck_error
    below, above, width = NONE, NONE, None
    if draws > 1:
        factor = quantile_t(confidence, draws - 1) if critical is None else critical
        error, skew = float(means.std(ddof=1)) / math.sqrt(draws), skewness(means)
        width = Width(draws, error, factor, luck_error, luck_critical, degrees, skew)
        below, above = (float(np.fmax(reach, luck)) for reach in reaches(error, factor, skew, draws))
    estimate = Estimate(value, value - below, value + above, value - luck, value + luck, int(size.sum()), width)
    return one_layer(estimate) if matrix.shape[1] == 1 else estimate


def within_draws(matrix: Floats) -> tuple[float, int]:
    """Luck's variance, the mean square within draws, and its degrees of freedom; NaN where there are none.

    Draws of one replication each differ by luck alone: they are one draw.
    """
    if matrix.shape[1] == 1:
        matrix = matrix.T
    defined = ~np.isnan(matrix)
    size = defined.sum(axis=1)
    degrees = int((size[size > 0] - 1).sum())
    apart = np.where(defined, matrix - draw_means(matrix)[:, None], 0.0).ravel()
    return (float(apart @ apart) / degrees if degrees else NONE), degrees


def pairing_gain(one: Floats, other: Floats) -> float:
    """(Var one + Var other) / Var(one - other), the variance reduction of common random numbers (Law 2015, sec. 11.2).

    `one` and `other` hold the values of two staffing models in the same replications, shape (draws, replications a
    draw), NaN where there is none; logarithms where they are compared by ratio. Variances are luck's: within draws,
    from the replications in which both are defined. With luck of their own on each side a difference would have the
    variance of the numerator, and would take that many times as many replications to be as sure as in pairs. Below 1
    where shared luck does harm. Infinite where the values vary and their difference does not; NaN where neither value
    varies, where one is infinite, or where there is one replication. Without assumptions to draw, all replications are
    one draw.
    """
    both = ~np.isnan(one) & ~np.isnan(other)
    if not both.any() or np.isinf(one[both]).any() or np.isinf(other[both]).any():
        return NONE
    one, other = np.where(both, one, np.nan), np.where(both, other, np.nan)
    apart = within_draws(one)[0] + within_draws(other)[0]
    paired = within_draws(one - other)[0]
    nothing = (ROUNDING * max(1.0, float(np.abs(one[both]).max()), float(np.abs(other[both]).max()))) ** 2
    if np.isnan(apart) or apart <= nothing:
        return NONE
    return apart / paired if paired > nothing else np.inf


def draw_means(matrix: Floats) -> Floats:
    """Mean of each draw's values; NaN for a draw without."""
    defined = ~np.isnan(matrix)
    size = defined.sum(axis=1)
    return np.divide(np.where(defined, matrix, 0.0).sum(axis=1), size, out=np.full(len(matrix), np.nan), where=size > 0)


def median_of(matrix: Floats, confidence: float, critical: float | None = None) -> Estimate:
    """Median over replications, for values that may be infinite, with distribution-free intervals.

    An order-statistic interval whose number of values below the median has the variance seen between draws (for luck:
    within draws) instead of the binomial's, which holds for independent values only. NaN where the interval reaches
    past the most extreme values: then there are too few replications to bound it. As for a mean, the interval for luck
    and assumptions contains luck's.
    """
    values = np.sort(matrix[~np.isnan(matrix)])
    count = len(values)
    if not count:
        return Estimate(NONE, NONE, NONE, NONE, NONE, 0)
    value = _middle(values)
    scores = draw_scores(matrix, value)
    sizes = (~np.isnan(matrix)).sum(axis=1)
    draws = int(np.count_nonzero(sizes))
    degrees = int((sizes[sizes > 0] - 1).sum())
    # Draws can only add to the variance of independent values, count / 4; luck is never taken to be zero from a sample.
    both = max(float((scores**2).sum()) / 4, count / 4)
    luck = max(_within(matrix, value), 1.0)
    factor = critical if critical is not None else quantile_t(confidence, draws - 1)
    # All draws fall on one side of the true median with probability 2 / 2^draws: beyond that, the extremes contain it.
    extremes_do = critical is None and 2.0 ** (1 - draws) <= 1 - confidence
    low, high = _ranked(values, factor * math.sqrt(both) if draws > 1 else NONE, extremes_do)
    luck_critical = quantile_t(confidence, degrees)
    luck_low, luck_high = _ranked(values, luck_critical * math.sqrt(luck))
    width = None
    if not math.isnan(low):
        # Ranks are no standard errors: what the ends say of one is taken.
        error, luck_error = _half(low, high) / factor, _half(luck_low, luck_high) / luck_critical
        width = Width(draws, error, factor, luck_error, luck_critical, 0 if math.isnan(luck_error) else degrees)
        low, high = float(np.fmin(low, luck_low)), float(np.fmax(high, luck_high))
    estimate = Estimate(value, low, high, luck_low, luck_high, count, width)
    return one_layer(estimate) if matrix.shape[1] == 1 else estimate


def one_layer(estimate: Estimate) -> Estimate:
    """Where every draw is one replication there are no assumptions to draw: luck is all there is."""
    return replace(estimate, luck_low=estimate.low, luck_high=estimate.high)


def draw_scores(matrix: Floats, value: float) -> Floats:
    """How many of each draw's values lie above `value` less how many lie below."""
    defined = ~np.isnan(matrix)
    return np.where(defined, (matrix > value).astype(float) - (matrix < value), 0.0).sum(axis=1)


def _within(matrix: Floats, value: float) -> float:
    """Variance, given the draws, of the number of values above `value`."""
    defined = ~np.isnan(matrix)
    signs = np.where(defined, (matrix > value).astype(float) - (matrix < value), 0.0)
    size = defined.sum(axis=1)
    several = size > 1
    size, signs, defined = size[several], signs[several], defined[several]
    spread = np.where(defined, signs - (signs.sum(axis=1) / size)[:, None], 0.0)
    return float(((spread**2).sum(axis=1) * size / (size - 1)).sum()) / 4


def _middle(values: Floats) -> float:
    """Median of sorted values; halfway to infinity is infinite, halfway between the two infinities is nowhere."""
    low, high = float(values[(len(values) - 1) // 2]), float(values[len(values) // 2])
    return low if low == high else (low + high) / 2


def _half(low: float, high: float) -> float:
    """Half the distance; none between two ends in the same infinity."""
    return 0.0 if low == high else (high - low) / 2


def _ranked(values: Floats, reach: float, extremes_do: bool = False) -> tuple[float, float]:
    """The order statistics `reach` ranks away from the middle on both sides; the extremes if those do.

    Half a rank is the continuity correction of a count, and between two ranks lies a line, so that the interval is no
    wider than it says (Hettmansperger & Sheather 1986). Next to an infinite value there is no line: the outer one.
    """
    if math.isnan(reach):
        return NONE, NONE
    rank = max(len(values) / 2 + 0.5 - reach, 1.0 if extremes_do else 0.0)
    if rank < 1:
        return NONE, NONE
    whole = math.floor(rank)
    return _between(values, whole, rank - whole), -_between(-values[::-1], whole, rank - whole)


def _between(values: Floats, rank: int, part: float) -> float:
    """Of sorted values, that at `part` of the way from one rank (from 1) to the next."""
    outer = float(values[rank - 1])
    inner = float(values[min(rank, len(values) - 1)])
    return outer + part * (inner - outer) if math.isfinite(outer) and math.isfinite(inner) else outer
