"""What the width of an interval rests on, so that it can be told for another number of draws."""

from __future__ import annotations

import math
from dataclasses import dataclass

from caresim.inference.skewness import reaches

NONE = float("nan")


_EXACT = 1e-14
"""How far a quantile may be off, relative to it: a ratio's interval is e to the power of some forty times that."""


def quantile_t(confidence: float, degrees: float) -> float:
    """Two-sided quantile of Student's t; NaN without degrees of freedom."""
    from scipy.special import stdtr, stdtrit

    if not degrees > 0:
        return NONE
    tail = 0.5 - confidence / 2
    quantile = float(stdtrit(degrees, 0.5 + confidence / 2))
    # SciPy before 1.17 is off by up to 1e-10, and its distribution function is not: a step of Newton's method.
    step = (float(stdtr(degrees, -quantile)) - tail) / _density_t(quantile, degrees) if tail > 0 else 0.0
    return quantile + step if abs(step) > _EXACT * quantile else quantile


def _density_t(value: float, degrees: float) -> float:
    """Density of Student's t."""
    height = math.exp(math.lgamma((degrees + 1) / 2) - math.lgamma(degrees / 2)) / math.sqrt(degrees * math.pi)
    return height * (1 + value * value / degrees) ** (-(degrees + 1) / 2)


def confidence_of(critical: float, degrees: float) -> float:
    """The confidence whose two-sided quantile of Student's t is `critical`; NaN without degrees of freedom."""
    from scipy.special import stdtr

    return float(1 - 2 * stdtr(degrees, -critical)) if degrees > 0 else NONE


@dataclass(frozen=True)
class Width:
    """An interval for luck and assumptions from `draws` draws.

    `error` is the standard error of the average, `critical` its multiple; `luck_error` and `luck_critical` are luck's,
    with `luck_degrees` degrees of freedom, and `skew` is the skewness of the draws' means (0 for a median). NaN where
    there are too few replications.
    """

    draws: int
    error: float
    critical: float
    luck_error: float
    luck_critical: float
    luck_degrees: int
    skew: float = 0.0

    def half(self, draws: int) -> float:
        """How far the interval reaches to its longer side with `draws` draws, if the spread of and within draws stays.

        A critical value falls with the draws as Student's quantile of the confidence it now amounts to: the wide
        intervals of few draws owe most of their width to it. Never narrower than the interval for luck.
        """
        times = draws / self.draws
        degrees = self.draws - 1
        critical = quantile_t(confidence_of(self.critical, degrees), draws - 1)
        both = max(reaches(self.error, critical, self.skew, draws))
        luck = NONE
        if self.luck_degrees:
            confidence = confidence_of(self.luck_critical, self.luck_degrees)
            luck = quantile_t(confidence, self.luck_degrees * times) * self.luck_error
        widest = both if math.isnan(luck) else max(both, luck)
        return widest / math.sqrt(times)
