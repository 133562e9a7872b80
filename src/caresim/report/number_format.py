"""How finely an estimate is written: no decimals that luck may change, no interval that says nothing."""

from __future__ import annotations

import math

from caresim.report.wording import SCORE, large, quantity, signed, signed_span, span

VAGUE = {"share": 0.6, SCORE: 2.4}
"""An interval this wide, three fifths of what is possible at all, says next to nothing about a share or a score."""
VAGUE_RATIO = 100.0
"""An interval of a ratio says next to nothing when its upper end is more than this many times its lower end."""
FINE = 0.01
"""A share whose interval is narrower is written with a decimal."""
TOO_FEW = "too few replications"
AT_MARGIN = 10_000
"""Nobody will run more pairs than this: the estimate sits practically at the margin."""


def vague(low: float, high: float, unit: str) -> bool:
    """Is the interval of an average, of a difference, or of a ratio (unit "ratio") too wide to say anything?"""
    if math.isnan(low) or math.isnan(high):
        return False
    if unit == "ratio":
        return high > VAGUE_RATIO * low
    return high - low >= VAGUE.get(unit, math.inf)


def value_text(value: float, low: float, high: float, unit: str) -> str:
    """A value with its unit; a share with a decimal where the interval is narrower than a point."""
    if unit == "share" and fine(low, high) and not math.isnan(value):
        return f"{100 * value:.1f} %"
    return quantity(value, unit)


def interval_text(low: float, high: float, unit: str) -> str:
    """An interval; words where it is too wide to say anything, nothing where there is none."""
    if vague(low, high, unit):
        return TOO_FEW
    if unit == "share" and fine(low, high):
        return f"{100 * low:.1f}–{100 * high:.1f} %"
    return span(low, high, unit)


def effect_text(value: float, unit: str, ratio: bool) -> str:
    """A difference, or of two values that are compared by ratio that ratio, as comparison.csv has it."""
    return signed(logarithm(value) if ratio else float(value), unit, ratio)


def effect_span(low: float, high: float, unit: str, ratio: bool) -> str:
    """Its interval; words where it is too wide to say anything, nothing where there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    if vague(low, high, "ratio" if ratio else unit):
        return TOO_FEW
    first, last = (logarithm(end) if ratio else float(end) for end in (low, high))
    return signed_span(first, last, unit, ratio)


def logarithm(ratio: float) -> float:
    """Of a ratio to zero -inf; NaN is not known."""
    if ratio > 0:
        return math.log(ratio)
    return -math.inf if ratio == 0 else math.nan


def fine(low: float, high: float) -> bool:
    """Is the interval of a share narrow enough for a decimal?"""
    return 0 < high - low < FINE


def pairs_text(pairs: float, words: str = "pairs") -> str:
    """How many pairs of replications a decision would take."""
    return "practically at the margin" if pairs > AT_MARGIN else f"{large(pairs)} {words}"
