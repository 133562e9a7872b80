"""Amounts in words, for messages about what a request takes: counts, bytes, seconds."""

from __future__ import annotations

import math


def rounded_down(value: float) -> float:
    """To two digits, away from what is too much."""
    if value == 0 or not math.isfinite(value):
        return value
    step = 10.0 ** (math.floor(math.log10(abs(value))) - 1)
    return math.floor(value / step) * step


def in_units(value: float) -> str:
    """A value that may be typed: 11,000; 0.25."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def in_number(count: float) -> str:
    """A count in words: 300,000; 12 million; 5e+20."""
    for unit, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if unit <= count < 1e15:
            return f"{count / unit:,.3g} {name}"
    return f"{count:,.0f}" if count < 1e6 else f"{count:.0e}"


def in_memory(size: float) -> str:
    """Bytes in words: 3.4 GB."""
    for unit, name in ((1e15, "PB"), (1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= unit:
            return f"{_two_digits(size / unit)} {name}"
    return "less than 1 MB"


def in_time(seconds: float) -> str:
    """A time in words: 20 s, 3.5 h, 40 days, 3,000 years."""
    if seconds > 1e6 * 365 * 86_400:
        return "more than a million years"
    for unit, name in ((365 * 86_400, "years"), (86_400, "days"), (3600, "h"), (60, "min"), (1, "s")):
        if seconds >= 2 * unit or unit == 1:
            return f"{_two_digits(seconds / unit)} {name}"
    return f"{seconds:.0f} s"


def _two_digits(value: float) -> str:
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.2g}"
