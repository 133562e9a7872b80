"""One scale of minutes for the times of several files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from caresim.config.contacts import Floats
from caresim.config.errors import BadInput
from caresim.config.exports.cells import CannotBeReadError
from caresim.config.exports.column import Column
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.moment import ALLOWED, SERIALS, SkippedByClockError, moment_of
from caresim.config.exports.plain_times import moments_of
from caresim.config.pace import Pace

LONGEST = 5_256_000.0
"""Minutes in ten years: a time that is farther off is in another unit, or has a wrong year."""
MUST_BE_MINUTES = "a number is minutes, unless replay.format.dates says what else"


DATED, MINUTES, SKIPPED = range(3)
"""What a cell holds: a date and time, a number of minutes, or a time that does not exist."""
ZERO = datetime(1970, 1, 1, tzinfo=UTC)


class Said(NamedTuple):
    """What the cells of a column say: microseconds since 1970, or the bits of a number of minutes."""

    values: NDArray[np.int64]
    kinds: NDArray[np.int8]

    @property
    def minutes(self) -> Floats:
        """The numbers of minutes, where they are that."""
        return self.values.view(np.float64)


class Clock:
    """Times of several files: minutes as written, or since midnight of the first day of the first file."""

    def __init__(self, zone: str, dates: str | None = None) -> None:
        self.zone, self.dates = ZoneInfo(zone), dates
        self.start: datetime | None = None
        self.numbers: bool | None = None

    def read(
        self, table: ExportTable, column: str, may_skip: Sequence[bool] = (), before_start: bool = False
    ) -> Floats:
        """Minutes of every row; NaN where the time is of an hour that the clock skips and `may_skip` is true.

        `before_start`: moments before minute 0 are taken, as negative minutes.
        """
        texts = table.texts(column)
        said = self._moments(table, column, texts, may_skip)
        there = np.flatnonzero(said.kinds != SKIPPED)
        if not len(there):
            raise BadInput(table.key, table.path, f"has no time that exists in its column {column}; {ALLOWED}")
        numbers = bool(said.kinds[there[0]] == MINUTES) if self.numbers is None else self.numbers
        others = said.kinds == (DATED if numbers else MINUTES)
        if others.any():
            row = int(np.argmax(others))
            allowed = "must be a number of minutes" if numbers else "must be a date and time"
            raise table.wrong(row, column, texts[row], f"{allowed}, as the first arrival is")
        if self.numbers is None and not numbers:
            first = (ZERO + timedelta(microseconds=int(said.values[there].min()))).astimezone(self.zone)
            self.start = first.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if self.numbers is None and numbers and self.dates is None and _may_be_days(said.minutes[there]):
            allowed = (
                "is minutes, or a day of a spreadsheet; say replay.format.dates=serial or replay.format.dates=minutes"
            )
            raise table.wrong(0, column, texts[0], allowed)
        self.numbers = numbers
        minutes = said.minutes if numbers else self._since_start(said.values)
        minutes[said.kinds == SKIPPED] = math.nan
        outside = (minutes < (-LONGEST if before_start else 0)) | (minutes > LONGEST)
        if outside.any():
            row = int(np.argmax(outside))
            allowed = f"must be at most {LONGEST:.0f} minutes (ten years) after the start, and not before it"
            raise table.wrong(row, column, texts[row], f"{allowed}; {MUST_BE_MINUTES}" if numbers else allowed)
        return minutes

    def is_midnight_of_the_day(self, midnight: float, minute: float) -> bool:
        """Is it 00:00 of the local date that the minute is of? Plain minutes have no dates."""
        if self.start is None:
            return False
        local = self._local(midnight)
        return (local.hour, local.minute, local.second) == (0, 0, 0) and local.date() == self._local(minute).date()

    def midnight_after(self, minute: float) -> float:
        """Minutes of the end of the local day that the minute is of."""
        day = self._local(minute).date() + timedelta(days=1)
        assert self.start is not None
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)
        return (midnight - self.start.astimezone(UTC)).total_seconds() / 60.0

    def _local(self, minute: float) -> datetime:
        assert self.start is not None
        return (self.start.astimezone(UTC) + timedelta(minutes=minute)).astimezone(self.zone)

    def _moments(self, table: ExportTable, column: str, texts: Column, may_skip: Sequence[bool]) -> Said:
        """What the cells say, equal texts of a piece read once. BadInput at the first that says nothing."""
        said = Said(np.empty(len(texts), np.int64), np.empty(len(texts), np.int8))
        pace = Pace(f"reading the times of {Path(table.path).name}", len(texts))
        for piece in texts.pieces():
            pace.at(piece.first)
            values, plain = moments_of(piece.texts, self.zone, self.dates)
            kinds = np.full(len(values), DATED, np.int8)
            problems = []
            for code in np.flatnonzero(~plain).tolist():
                text, kinds[code] = piece.texts[code], SKIPPED
                try:
                    values[code], kinds[code] = _as_number(moment_of(text, self.zone, self.dates))
                except SkippedByClockError as problem:
                    rows = [int(row) for row in piece.rows(code) if not (may_skip and may_skip[row])]
                    problems += [(rows[0], text, str(problem))] if rows else []
                except CannotBeReadError as problem:
                    problems.append((int(piece.rows(code)[0]), text, str(problem)))
            if problems:
                row, text, allowed = min(problems)
                raise table.wrong(row, column, text, allowed)
            rows_here = slice(piece.first, piece.first + len(piece.codes))
            said.values[rows_here] = values[piece.codes]
            said.kinds[rows_here] = kinds[piece.codes]
        return said

    def _since_start(self, moments: NDArray[np.int64]) -> Floats:
        """Minutes since the start of the scale of moments in microseconds since 1970."""
        assert self.start is not None
        return (moments - _microseconds(self.start.astimezone(UTC))) / 1e6 / 60.0


def _as_number(moment: float | datetime) -> tuple[int, int]:
    """A moment, or the bits of a number of minutes, as one whole number, and which of both it is."""
    if isinstance(moment, float):
        return int(np.float64(moment).view(np.int64)), MINUTES
    return _microseconds(moment), DATED


def _microseconds(moment: datetime) -> int:
    # In UTC: two times of one zone would differ by what its clock says, an hour wrong over a change of clock.
    return (moment - ZERO) // timedelta(microseconds=1)


def _may_be_days(minutes: Floats) -> bool:
    return bool(((minutes >= SERIALS[0]) & (minutes <= SERIALS[1])).all())
