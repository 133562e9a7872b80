"""How a file is written, where that is a matter of taste: separators, decimals, the order of dates, units, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from caresim.config.base import NAME, SWALLOWED, Frozen, Text, one_of
from caresim.config.errors import choice, complaint
from caresim.config.sections import Minutes
from caresim.model import media

SEPARATORS = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
MARKS = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'"}
"""Signs within a number, by their names: YAML and the command line would need quotes around the signs."""
DECIMALS = ("point", "comma")
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1250", "latin-1", "mac-roman")
DATES = ("iso", "day_first", "month_first", "year_first", "compact", "serial", "epoch_s", "epoch_ms", "minutes")
UNITS = {"ms": 0.001, "s": 1.0, "min": 60.0, "h": 3600.0, "days": 86400.0, "m:ss": 60.0, "h:mm": 3600.0}
"""Seconds in one of each; of the last two, in one of what stands before the colon."""
DURATIONS = ("service_s", "patience_s", "wait_s", "aht_s", "asa_s")
"""Columns of durations, in seconds unless `units` says otherwise."""
JOINED = ("arrival", "interval_start", "interval_end", "start", "end")
"""Columns of moments, which may be put together from a date and a time."""
OUTCOMES = ("answered", "abandoned", "blocked", "left_out")
STAFFED = tuple(medium.word for medium in media.STAFFED)
"""The media that a contact may come by."""
NO_DATA, NO_TIME = "no_data", "no_time"
UNCLEAR_ZERO = f"is no time, or no data because nobody answered; say replay.format.zeros={NO_DATA} or ={NO_TIME}"
"""What is wrong with a handling time of 0 where `zeros` is not said."""


def _words(raw: Any) -> tuple[str, ...]:
    words = [raw] if isinstance(raw, str) else raw
    if isinstance(raw, bool) or (isinstance(raw, Sequence) and any(isinstance(word, bool) for word in words)):
        raise complaint(SWALLOWED)
    if not isinstance(words, Sequence) or not words or not all(isinstance(word, str | int) for word in words):
        raise complaint("must be a word, or a list of words", raw)
    return tuple(" ".join(str(word).split()) for word in words)


Words = Annotated[tuple[str, ...], BeforeValidator(_words)]
"""One word of the file, or several."""


def _name(raw: Any) -> str:
    if not isinstance(raw, str) or not NAME.fullmatch(raw):
        raise complaint("must be letters, digits and _, starting with a letter", raw)
    return raw


Named = Annotated[str, BeforeValidator(_name)]
"""A name as names are written here."""


def _keyed(names: Sequence[str], what: str) -> BeforeValidator:
    """Refuse keys that are none of the names, null entries left out."""

    def check(raw: Any) -> Any:
        if not isinstance(raw, Mapping):
            raise complaint(f"must be a mapping whose keys are {what}", raw)
        for key in raw:
            if key not in names:
                raise complaint(f"unknown {what[:-1]}, {choice(names, str(key))}", raw[key], str(key))
        return {key: value for key, value in raw.items() if value is not None}

    return BeforeValidator(check)


def _columns(raw: Any) -> Any:
    for key, value in raw.items() if isinstance(raw, Mapping) else ():
        several = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 1
        if several and (key not in JOINED or len(value) > 2):
            allowed = f"must be the name of one column; a date and a time are joined for {', '.join(JOINED)} only"
            raise complaint(allowed, list(value), str(key))
    return raw


class Format(Frozen):
    """How the files of a replay are written. What a file says of itself needs no word here."""

    encoding: one_of(*ENCODINGS) | None = None  # type: ignore[valid-type]
    """Null: UTF-8, or UTF-16 where the file begins with its mark."""
    sheet: Text | None = None
    """Of a workbook; null: its only one."""
    separator: one_of(*SEPARATORS) | None = None  # type: ignore[valid-type]
    """Between cells; null: comma."""
    decimal: one_of(*DECIMALS) | None = None  # type: ignore[valid-type]
    """Before decimals; null: point."""
    thousands: one_of(*MARKS) | None = None  # type: ignore[valid-type]
    """Between thousands; null: nothing."""
    dates: one_of(*DATES) | None = None  # type: ignore[valid-type]
    """The order of day, month and year, or what numbers stand for; null: 2026-01-31, or minutes."""
    units: Annotated[dict[str, one_of(*UNITS)], _keyed(DURATIONS, "columns of durations")] = Field(default_factory=dict)  # type: ignore[valid-type]
    """Of durations, by column; those not named are seconds."""
    columns: Annotated[dict[str, Words], BeforeValidator(_columns)] = Field(default_factory=dict)
    """What the file calls a column, by our name of it; a date and a time that stand apart are named as two."""
    outcomes: Annotated[dict[str, Words], _keyed(OUTCOMES, "outcomes")] = Field(default_factory=dict)
    """What the file calls each outcome; contacts that are `left_out` are not replayed."""
    media: Annotated[dict[str, Words], _keyed(STAFFED, "media")] = Field(default_factory=dict)
    """What the file calls each medium."""
    medium: one_of(*STAFFED) | None = None  # type: ignore[valid-type]
    """Of all contacts, where no column says it; channels may then have any name."""
    desk: Named | None = None
    """Of all contacts, where no column says it: the same people serve all channels. Null: each channel has its own."""
    interval: Minutes | None = None
    """Length of an interval, where the report has no interval_end and leaves rows out."""
    zeros: one_of(NO_DATA, NO_TIME) | None = None  # type: ignore[valid-type]
    """What a handling time of 0 means of a contact that may have been answered: no data, or no time."""

    def unit(self, column: str) -> str:
        """Of a column of durations."""
        return self.units.get(column, "s")

    def named(self, column: str) -> tuple[str, ...]:
        """What the file calls a column; itself where nothing else is said."""
        return self.columns.get(column, (column,))
