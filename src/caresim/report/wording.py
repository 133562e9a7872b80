"""Names, values and differences as people read them."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from caresim.config.display_names import readable

SCORE = "score 1-5"
BRIEF = ("h", "s", "/h")
"""Units that are written behind a value; %, €, × and spans of time are too."""
LEAST_LOG, MOST_LOG = math.log(0.005), math.log(999.5)
"""Logarithms of the ratios that are written as numbers."""
SPOKEN = ("share", "min", "EUR", "times", SCORE, *BRIEF)


def wrapped(name: str, width: int = 18) -> str:
    """A readable name on as many lines as it takes; a word that is longer than a line is broken."""
    return "\n".join(textwrap.wrap(readable(name), width))


def joined(names: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def margin_in_words(margin: float, unit: str, ratio: bool) -> str:
    """The smallest difference that matters: "5 percentage points", "0.1 points", "a ratio of 1.15"."""
    if ratio:
        return f"a ratio of {margin:g}"
    return f"{100 * margin:g} percentage points" if unit == "share" else f"{margin:g} points"


def clock_span(minutes: float) -> str:
    """37 -> "37 min"; 200 -> "3 h 20 min"; 3000 -> "2 d 2 h"; less than a minute in seconds; inf is "not reached"."""
    if math.isnan(minutes):
        return "not known"
    if not math.isfinite(minutes):
        return "not reached"
    sign, minutes = ("-" if minutes < 0 else ""), abs(minutes)
    if minutes * 60 < 0.5:
        return "at once"
    if minutes < 1:
        return f"{sign}{minutes * 60:.0f} s"
    if minutes < 10:
        return f"{sign}{minutes:.1f} min"
    whole = round(minutes)
    if whole < 60:
        return f"{sign}{whole} min"
    if whole < 1440:
        hours, rest = divmod(whole, 60)
        return f"{sign}{hours} h" + (f" {rest} min" if rest and hours < 10 else "")
    days, rest = divmod(round(minutes / 60), 24)
    return f"{sign}{days} d" + (f" {rest} h" if rest else "")


def large(value: float) -> str:
    """Three figures that count, thousands as k, millions as M."""
    size = abs(value)
    if size >= 999_500:
        return f"{value / 1e6:.2f} M"
    if size >= 99_950:
        return f"{value / 1e3:.0f} k"
    if size >= 999.5:
        return f"{value:,.0f}".replace(",", " ")
    if size >= 100 or value == round(value):
        return f"{value:.0f}"
    return f"{value:.1f}" if size >= 10 else f"{value:.2f}"


def quantity(value: float, unit: str) -> str:
    """A value rounded to what can be told apart, with its unit when that is brief (else the label says it)."""
    if unit == "min":
        return clock_span(value)
    if math.isnan(value):
        return "not known"
    if unit == "share":
        return f"{100 * value:.1f} %" if 0 < abs(value) < 0.0995 else f"{100 * value:.0f} %"
    if unit == "EUR":
        return f"€ {large(value)}"
    if unit == "times":
        return f"{value:.2f} ×" if abs(value) < 9.995 else f"{large(value)} ×"
    if unit == SCORE:
        return f"{value:.2f}"
    return f"{large(value)} {unit}" if unit in BRIEF else large(value)


def times(factor: float) -> str:
    """A rough factor to two figures: 42.3 -> "42"; beyond a hundred only that it is."""
    if factor >= 99.5:
        return "more than 100"
    return f"{factor:.0f}" if factor >= 9.95 else f"{factor:.1f}"


def level(confidence: float) -> str:
    """0.95 -> "95 %"."""
    return f"{100 * confidence:.6g} %"


def span(low: float, high: float, unit: str) -> str:
    """An interval, its unit said once where that reads well; empty when there is none."""
    if math.isnan(low) or math.isnan(high):
        return ""
    if unit == "share":
        if max(abs(low), abs(high)) < 0.0995:
            return f"{100 * low:.1f}–{100 * high:.1f} %"
        return f"{100 * low:.0f}–{100 * high:.0f} %"
    if unit == "EUR":
        first, last = large(low), large(high)
        return f"{first.removesuffix(' k') if last.endswith(' k') else first}–{last}"
    if unit == "min":
        return _minutes_between(low, high)
    if unit in (SCORE, "times") and high < 9.995:
        return f"{low:.2f}–{high:.2f}"
    return f"{large(low)}–{large(high)}"


def _minutes_between(low: float, high: float) -> str:
    if not math.isfinite(high):
        return f"{clock_span(low)} – {clock_span(high)}"
    units = {"d": 1440.0, "h": 60.0, "min": 1.0, "s": 1 / 60}
    unit = next((unit for unit, minutes in units.items() if high >= 2 * minutes), "s")
    decimals = 0 if high / units[unit] >= 10 or unit == "s" else 1
    return f"{low / units[unit]:.{decimals}f}–{high / units[unit]:.{decimals}f} {unit}"


def axis_unit(unit: str) -> str:
    """The unit as an axis says it."""
    return {"share": "%", SCORE: "1 to 5", "EUR": "€", "/h": "per hour"}.get(unit, unit.replace(" x ", " × "))


def axis_scale(unit: str) -> float:
    """Shares are drawn in percent."""
    return 100.0 if unit == "share" else 1.0


def signed(value: float, unit: str, ratio: bool = False) -> str:
    """A difference with its sign, shares in percentage points; of a logarithm the ratio: "+0.12", "×0.85".

    A ratio to zero, or beyond what anybody would count, is said in words.
    """
    if math.isnan(value):
        return "not known"
    if ratio:
        return _multiple(value)
    if unit == "share":
        return _with_sign(f"{100 * value:+.1f}") + " pp"
    return _with_sign(f"{value:+.2f}" if unit == SCORE else f"{'-' if value < 0 else '+'}{quantity(abs(value), unit)}")


def _multiple(logarithm: float) -> str:
    if math.isinf(logarithm):
        return "to zero" if logarithm < 0 else "from zero"
    if logarithm < LEAST_LOG:
        return "below ×0.01"
    return f"×{math.exp(logarithm):.2f}" if logarithm < MOST_LOG else "above ×1000"


def signed_span(low: float, high: float, unit: str, ratio: bool = False) -> str:
    """An interval of differences, its unit said once where it follows the number: "−2.0 to +5.0 pp"."""
    if ratio and (math.isinf(low) or math.isinf(high)):
        ends = (
            ("zero" if low == -math.inf else signed(low, unit, ratio)),
            ("any multiple" if high == math.inf else signed(high, unit, ratio)),
        )
        return " to ".join(ends)
    first, last = signed(low, unit, ratio), signed(high, unit, ratio)
    behind = last[last.rfind(" ") :] if " " in last else ""
    return f"{first.removesuffix(behind)} to {last}" if behind else f"{first} to {last}"


def _with_sign(number: str) -> str:
    """A minus that reads as one, and none before what rounds to zero."""
    return number[1:] if number[1:].strip("0.") == "" else number.replace("-", "−", 1)
