"""What pairing is worth: how many times as many replications a difference would take if its sides shared no luck."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.inference.interval_width import NONE
from caresim.inference.variance_components import within_draws

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Differences of two numbers of this relative size are what their rounding leaves. Scores, shares and logarithms, which
are what is compared, are of the order of one."""


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
