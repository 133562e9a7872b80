"""Intervals of a mean that allow for skewness: Student's, moved outwards to Hall's (1992) where that reaches further.

Replications of a share near 0 or 1, or of a cost with a long tail, make a mean and its standard error go up and down
together, so that Student's interval misses more often than it says, and nearly always on the long tail's side. Hall's
monotone transformation of the t statistic undoes the skewness; on the short tail's side, where it would narrow the
interval on the word of a few values, Student's end stays. Without skewness both are the same.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_ROOT = 0.25
"""The transformation is a cubic that is flat where this is 0, and there quadruples an interval on the word of a few
values. It stops here, where an end lies 16/7 as far out as Student's: that costs a few points of coverage with the
most skewed of metrics and few draws, and none with the others.
"""


def skewness(values: Floats) -> float:
    """Third standardised moment of a sample; 0 where the values do not vary, or fewer than three cannot tell."""
    apart = values - values.mean()
    square = float(apart @ apart) / len(values)
    if len(values) < 3 or square <= (1e-12 * float(np.abs(values).max())) ** 2:
        return 0.0
    return float((apart / math.sqrt(square)) @ (apart / math.sqrt(square)) ** 2) / len(values)


def reaches(error: float, critical: float, skew: float, draws: float) -> tuple[float, float]:
    """How far an interval reaches below and above the mean of `draws` values, with its standard error.

    `critical` is Student's quantile, or a simultaneous one. Source: P. Hall, On the removal of skewness by
    transformation, J. R. Statist. Soc. B 54 (1992) 221-228, inverted.
    """
    student = critical * error
    below = error * _undone(critical, skew, draws)
    above = -error * _undone(-critical, skew, draws)
    return max(student, below), max(student, above)


def _undone(quantile: float, skew: float, draws: float) -> float:
    """The t statistic whose transform is this quantile of a symmetric one: (root(1 + 3ay) - 1) / a, cube root."""
    slope = skew / math.sqrt(draws) / 3
    shifted = quantile - skew / (6 * math.sqrt(draws))
    root = max(math.cbrt(1 + 3 * slope * shifted), LEAST_ROOT)
    return 3 * shifted / (root * root + root + 1)  # the same without dividing by a slope of zero
