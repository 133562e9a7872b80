"""What stands in a cell: a number, a count or a duration, in the format of its file."""

from __future__ import annotations

import math
import re

from caresim.config.exports.file_format import UNITS, Format
from caresim.config.exports.vocabulary import EMPTY

THOUSANDS = {"point": r"\.", "comma": ",", "space": "[ \u00a0\u202f]", "apostrophe": "['\u2019]"}
GROUPED = re.compile(r"[+-]?\d{1,3}([.,' \u00a0\u202f\u2019]\d{3})+")
"""A number that may have thousands signs."""
PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
CLOCKED = re.compile(r"(\d+):([0-5]?\d):([0-5]?\d(?:\.\d+)?)")
"""Hours, minutes and seconds."""
HALF_CLOCKED = re.compile(r"(\d+):([0-5]\d(?:\.\d+)?)")
"""Hours and minutes, or minutes and seconds."""
WITH_UNIT = re.compile(
    r"(?P<number>.*\d)\s*(?P<unit>ms|msec|s|secs?|seconds?|min|mins|minutes?|h|hrs?|hours?)\.?", re.IGNORECASE
)
WORDS_OF_UNITS = {
    **dict.fromkeys(("ms", "msec"), "ms"),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
}


class CannotBeReadError(ValueError):
    """The cell holds nothing that is allowed; `str()` says what is."""


def is_empty(cell: str) -> bool:
    """No data: nothing, or a word that systems write instead."""
    return cell.lower() in EMPTY


def number(cell: str, form: Format) -> float:
    """The number in a cell. CannotBeReadError where it is none, or could be two."""
    text = cell.strip()
    if form.thousands is not None:
        text = _without_thousands(text, form.thousands)
    if form.decimal == "comma":
        if "." in text:
            raise CannotBeReadError("must have a comma before its decimals, as replay.format.decimal says")
        text = text.replace(",", ".")
    elif "," in text:
        raise CannotBeReadError(
            "must be a number; a comma stands for decimals or for thousands only where replay.format says so"
        )
    if not PLAIN.fullmatch(text):
        raise CannotBeReadError("must be a number")
    if math.isinf(value := float(text)):
        raise CannotBeReadError("is beyond all bounds; must be a number")
    return value


def _without_thousands(text: str, sign: str) -> str:
    whole, mark, decimals = text, "", ""
    decimal = "," if sign == "point" else "."
    if decimal in text:
        whole, mark, decimals = text.partition(decimal)
    if re.search(THOUSANDS[sign], whole):
        if not re.fullmatch(rf"[+-]?\d{{1,3}}({THOUSANDS[sign]}\d{{3}})+", whole):
            raise CannotBeReadError(f"must have three figures behind each {sign}, as replay.format.thousands says")
        whole = re.sub(THOUSANDS[sign], "", whole)
    return whole + mark + decimals


def count(cell: str, form: Format) -> int:
    """A whole number. `1.000` is refused unless it is said what the point is: a count has no decimals."""
    value = number(cell, form)
    if form.thousands is None and form.decimal is None and re.fullmatch(r"\d{1,3}\.\d{3}", cell.strip()):
        raise CannotBeReadError("is one or a thousand: a count has no decimals; must be a whole number")
    if value != math.floor(value):
        raise CannotBeReadError("must be a whole number")
    return int(value)


def seconds(cell: str, unit: str, form: Format) -> float:
    """A duration: a number in its column's unit, `h:mm:ss`, or a number with its own unit (`240 s`, `4 min`)."""
    text = cell.strip()
    if whole := CLOCKED.fullmatch(text):
        return int(whole[1]) * 3600.0 + int(whole[2]) * 60.0 + float(whole[3])
    if half := HALF_CLOCKED.fullmatch(text):
        if ":" not in unit:
            raise CannotBeReadError("is minutes and seconds or hours and minutes; must be seconds, or h:mm:ss")
        return int(half[1]) * UNITS[unit] + float(half[2]) * UNITS[unit] / 60.0
    if ":" in unit:
        raise CannotBeReadError(f"must be {unit}, as replay.format.units says")
    if own := WITH_UNIT.fullmatch(text):
        return number(own["number"], form) * UNITS[WORDS_OF_UNITS[own["unit"].lower()]]
    return number(text, form) * UNITS[unit]
