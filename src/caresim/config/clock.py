"""Wall-clock times, days of the week, moments and time zones as configuration writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import BeforeValidator, PlainSerializer
from pydantic_core import core_schema

from caresim.config.errors import complaint, nearest

DAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_WORDS = {"daily": tuple(range(7)), "weekdays": tuple(range(5)), "weekend": (5, 6)}
CLOCK = re.compile(r"([0-9][0-9]):([0-9][0-9])(\+1)?")
FIRST_YEAR, LAST_YEAR = 1900, 2200
OUR_TIME = f"must be a date of our time, from {FIRST_YEAR} to {LAST_YEAR}"


class Clock(str):
    """A local wall-clock time, 'HH:MM', '24:00' or 'HH:MM+1' (the day after); `minutes` since local midnight."""

    __slots__ = ()

    @property
    def minutes(self) -> int:
        """Minutes after midnight of the day the shift begins, 0-2880 (wall clock, before any change of clocks)."""
        return int(self[:2]) * 60 + int(self[3:5]) + (1440 if self.endswith("+1") else 0)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        as_text = core_schema.plain_serializer_function_ser_schema(str)
        return core_schema.no_info_plain_validator_function(cls.read, serialization=as_text)

    @classmethod
    def read(cls, raw: Any) -> Clock:
        """The clock time in YAML's text; a number is refused with the text that was meant."""
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            quoted = f"'{int(raw) // 60:02d}:{int(raw) % 60:02d}'" if 0 <= raw <= 1440 else "'08:30'"
            raise complaint(f"must be a clock time; YAML reads unquoted ones as a number, write {quoted} in quotes")
        match = CLOCK.fullmatch(raw) if isinstance(raw, str) else None
        if not match or int(match[2]) > 59 or int(match[1]) * 60 + int(match[2]) > 1440:
            raise complaint("must be a clock time in quotes: 'HH:MM', '24:00', or 'HH:MM+1' for the day after")
        return cls(raw)

    @classmethod
    def at(cls, minutes: int) -> Clock:
        """The clock time so many minutes after midnight, 0-2880: `24:00` is the end of the day."""
        late = minutes > 1440
        hour, minute = divmod(minutes - 1440 if late else minutes, 60)
        return cls(f"{hour:02d}:{minute:02d}{'+1' if late else ''}")


def _days(raw: Any) -> tuple[int, ...]:
    """A word for some days, or a list of their names; Monday is 0."""
    if isinstance(raw, str) and raw in DAY_WORDS:
        return DAY_WORDS[raw]
    words = list(raw) if isinstance(raw, list | tuple) else [raw]
    allowed = f"allowed: {', '.join(DAY_WORDS)}, or a list of {', '.join(DAY_NAMES)}"
    for word in words:
        if isinstance(word, bool) or (word not in DAY_NAMES and word not in range(7)):
            raise complaint(f"{allowed}{nearest(str(word), (*DAY_WORDS, *DAY_NAMES))}")
    if not words or len(set(words)) < len(words):
        raise complaint(f"{allowed}, each once")
    return tuple(sorted(DAY_NAMES.index(word) if isinstance(word, str) else word for word in words))


def _moment(raw: Any) -> datetime:
    """`2011-03-12 10:00 Europe/Paris`, `2011-03-11 05:46 UTC`, or ISO 8601 with an offset; returned in UTC."""
    wanted = "must be a date, a time and a zone, such as '2011-03-12 10:00 Europe/Paris'"
    if isinstance(raw, datetime) and raw.tzinfo and FIRST_YEAR <= raw.year <= LAST_YEAR:
        return raw.astimezone(UTC)
    if not isinstance(raw, str):
        raise complaint(wanted)
    text, _, zone = raw.rpartition(" ")
    named = "/" in zone or zone in _zones()
    where = ZoneInfo(_zone(zone)) if named else None
    try:
        moment = datetime.fromisoformat(text if named else raw)
    except ValueError:
        raise complaint(wanted) from None
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise complaint(OUR_TIME)
    moment = moment.replace(tzinfo=where) if named else moment
    if moment.tzinfo is None:
        raise complaint(f"{wanted}: the zone is missing")
    return moment.astimezone(UTC)


def _day(raw: Any) -> date:
    """`2011-03-15`, as YAML's date or as text."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        raw = raw.isoformat()
    try:
        day = date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise complaint("must be a date such as 2011-03-15") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise complaint(OUR_TIME)
    return day


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _zone(raw: Any) -> str:
    """The name of a time zone of the IANA database."""
    if not isinstance(raw, str) or raw not in _zones():
        hint = nearest(str(raw), _zones())
        raise complaint(f"unknown time zone; write a name such as Europe/Paris, Asia/Tokyo or UTC{hint}", raw)
    return raw


Days = Annotated[
    tuple[int, ...], BeforeValidator(_days), PlainSerializer(lambda days: [DAY_NAMES[day] for day in days])
]
"""Days of the week, Monday 0: `daily`, `weekdays`, `weekend` or a list such as [mon, thu]."""
Moment = Annotated[datetime, BeforeValidator(_moment)]
"""A moment in UTC."""
Day = Annotated[date, BeforeValidator(_day)]
"""A local date."""
Zone = Annotated[str, BeforeValidator(_zone)]
