"""The moment in a cell: a date and a time in the order that its file uses, or a number that stands for one."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from caresim.config.exports.cells import CannotBeReadError

DATED = "a date and time (2026-01-31T08:30:00)"
ALLOWED = f"must be minutes or {DATED}"
WRITTEN = re.compile(
    r"(?:(?P<y>\d{4})(?P<between>[-/.])(?P<m>\d{1,2})(?P=between)(?P<d>\d{1,2})"
    r"|(?P<one>\d{1,2})(?P<sign>[./-])(?P<two>\d{1,2})(?P=sign)(?P<year>\d{4}|\d{2}))"
    r"(?:[T\s,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}(?:[.,]\d{1,9})?))?\s*(?P<half>[ap]\.?m\.?)?"
    r"\s*(?P<offset>Z|[+-]\d{2}(?::?\d{2})?)?)?",
    re.IGNORECASE,
)
"""A date, with a time behind it or without."""
COMPACT = re.compile(
    r"(?:(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})[T\s]?|(?P<yy>\d{2})(?P<mm>\d{2})(?P<dd>\d{2})[T\s]+)"
    r"(?P<hour>\d{1,2}):?(?P<minute>\d{2})(?::?(?P<second>\d{2}))?"
)
EXAMPLES = {"serial": "46083.354", "compact": "202603020830", "epoch_s": "1772438400", "epoch_ms": "1772438400000"}
"""A moment as each kind of number writes it."""
SERIAL_ZERO = datetime(1899, 12, 30)
"""Day 0 of a spreadsheet's calendar."""
SERIALS = 36_526.0, 73_050.0
"""Days of 2000 to 2099 in that calendar."""


class SkippedByClockError(CannotBeReadError):
    """A time of the hour that the clock skips in spring."""


def moment_of(text: str, zone: ZoneInfo, dates: str | None) -> float | datetime:
    """Minutes, or a moment in UTC. CannotBeReadError where the text is neither, or could be two."""
    if dates in EXAMPLES:
        return _numbered(text, zone, str(dates))
    try:
        minutes = float(text)
    except ValueError:
        return _dated(text, zone, dates)
    if not math.isfinite(minutes) or minutes < 0 or "_" in text:
        raise CannotBeReadError("must be a number of minutes, 0 or more")
    if dates not in (None, "minutes"):
        raise CannotBeReadError(f"must be {DATED}, as replay.format.dates says")
    return minutes


def _numbered(text: str, zone: ZoneInfo, dates: str) -> datetime:
    """The moment that a number stands for."""
    if dates == "compact" and (found := COMPACT.fullmatch(text)):
        day = (found["year"] or found["yy"], found["month"] or found["mm"], found["day"] or found["dd"])
        clock = int(found["hour"]), int(found["minute"]), float(found["second"] or 0)
        return _placed(_made(_century(day[0]), int(day[1]), int(day[2]), *clock), zone)
    try:
        value = math.nan if dates == "compact" else float(text)
        if dates == "serial" and SERIALS[0] <= value <= SERIALS[1]:
            # A spreadsheet keeps the time as a fraction of a day: to the nearest millisecond.
            return _placed(SERIAL_ZERO + timedelta(milliseconds=round(value * 86_400_000)), zone)
        if dates in ("epoch_s", "epoch_ms"):
            return _in_our_time(datetime.fromtimestamp(value / (1000.0 if dates == "epoch_ms" else 1.0), UTC))
    except CannotBeReadError:
        raise
    except (ValueError, OverflowError, OSError):
        pass  # It is no such number: said below.
    raise CannotBeReadError(f"must be a moment such as {EXAMPLES[dates]}, as replay.format.dates says")


def _dated(text: str, zone: ZoneInfo, dates: str | None) -> datetime:
    """The moment in UTC; a time that the clock shows twice, or never, is refused."""
    found = WRITTEN.fullmatch(text)
    if not found:
        raise CannotBeReadError(ALLOWED)
    year, month, day = _date(found, dates)
    if found["hour"] is None:
        raise CannotBeReadError(
            "is a date without a time; where the time stands in another column, name both in replay.format.columns"
        )
    hour = _hour(int(found["hour"]), found["half"])
    moment = _made(year, month, day, hour, int(found["minute"]), float((found["second"] or "0").replace(",", ".")))
    return _placed(moment, zone) if not found["offset"] else _with_offset(moment, found["offset"].upper())


def _date(found: re.Match[str], dates: str | None) -> tuple[int, int, int]:
    """Year, month and day. CannotBeReadError where their order is not known."""
    if found["y"]:
        if found["between"] != "-" and dates != "year_first":
            raise CannotBeReadError(f"{ALLOWED}; other orders are named by replay.format.dates")
        return int(found["y"]), int(found["m"]), int(found["d"])
    one, two, year = int(found["one"]), int(found["two"]), _century(found["year"])
    if dates == "year_first" and len(found["year"]) == 2:
        return _century(f"{one:02d}"), two, int(found["year"])
    if dates == "day_first":
        return year, two, one
    if dates == "month_first":
        return year, one, two
    raise CannotBeReadError(f"{ALLOWED}; the order of day and month is said by replay.format.dates")


def _century(year: str) -> int:
    """Of two figures, 69 to 99 are of the last century: the rule of POSIX."""
    return int(year) + (0 if len(year) > 2 else 1900 if int(year) >= 69 else 2000)


def _hour(hour: int, half: str | None) -> int:
    """Of 24, from the hour of 12 and its half of the day."""
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        raise CannotBeReadError("must have an hour from 1 to 12 where am or pm stands behind it")
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _made(year: int, month: int, day: int, hour: int, minute: int, second: float) -> datetime:
    """24:00 is midnight at the end of the day."""
    ends_the_day = hour == 24 and minute == 0 and second == 0
    try:
        moment = datetime(year, month, day, 0 if ends_the_day else hour, minute, int(second))
    except ValueError:
        raise CannotBeReadError(f"{ALLOWED}; there is no such day or time") from None
    part = timedelta(days=1) if ends_the_day else timedelta(microseconds=round((second - int(second)) * 1e6))
    return _in_our_time(moment) + part


def _in_our_time(moment: datetime) -> datetime:
    if not 1900 <= moment.year <= 2200:
        raise CannotBeReadError(f"{ALLOWED}, in our time")
    return moment


def _with_offset(moment: datetime, offset: str) -> datetime:
    """The moment in UTC of a time that says how far it is from it."""
    if offset == "Z":
        return moment.replace(tzinfo=UTC)
    figures = offset[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(figures[:2]), minutes=int(figures[2:]))
    return (moment - (ahead if offset[0] == "+" else -ahead)).replace(tzinfo=UTC)


def _placed(moment: datetime, zone: ZoneInfo) -> datetime:
    """A time of the zone's clock in UTC."""
    here = moment.replace(tzinfo=zone)
    before, after = here.utcoffset(), here.replace(fold=1).utcoffset()
    if before != after and before is not None and after is not None:
        if before > after:
            raise CannotBeReadError(
                f"comes twice in {zone.key}, where the clock changes; allowed: the time with its offset (+01:00)"
            )
        raise SkippedByClockError(
            f"is left out in {zone.key}, where the clock changes; allowed: a time that exists, or no such row"
        )
    return here.astimezone(UTC)
