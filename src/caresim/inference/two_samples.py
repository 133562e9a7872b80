"""The difference of two averages whose replications have nothing in common: Welch's interval (1947)."""

from __future__ import annotations

import math

from caresim.inference.interval_width import NONE, quantile_t
from caresim.inference.variance_components import Estimate


def difference(one: Estimate, other: Estimate, confidence: float) -> Estimate:
    """`other` less `one`, with intervals for luck and assumptions, and for luck alone.

    Standard errors are added as squares; the degrees of freedom are those of Welch and Satterthwaite. NaN where either
    has too few replications. Skewness is not allowed for. An average that is infinite on one side is infinitely far.
    """
    value = 0.0 if one.value == other.value else other.value - one.value
    count = min(one.count, other.count)
    if one.width is None or other.width is None or not math.isfinite(value):
        return Estimate(value, NONE, NONE, NONE, NONE, count)
    draws = (one.width.draws - 1, other.width.draws - 1)
    both = half_width((one.width.error, other.width.error), draws, confidence)
    degrees = (one.width.luck_degrees, other.width.luck_degrees)
    luck = half_width((one.width.luck_error, other.width.luck_error), degrees, confidence)
    whole = both if math.isnan(luck) else max(both, luck)
    return Estimate(value, value - whole, value + whole, value - luck, value + luck, count)


def half_width(errors: tuple[float, float], degrees: tuple[float, float], confidence: float) -> float:
    """How far the interval reaches to each side; NaN where a standard error is not known, 0 where nothing varies."""
    squares = [error * error for error in errors]
    if any(map(math.isnan, errors)) or min(degrees) <= 0:
        return NONE
    total = math.fsum(squares)
    if total == 0:
        return 0.0
    welch = total * total / math.fsum(square * square / each for square, each in zip(squares, degrees, strict=True))
    return quantile_t(confidence, welch) * math.sqrt(total)
