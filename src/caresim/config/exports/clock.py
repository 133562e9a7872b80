"""One scale of minutes for the times of several files."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from caresim.config.errors import BadInput
from caresim.config.exports.cells import CannotBeReadError
from caresim.config.exports.export_table import ExportTable
from caresim.config.exports.moment import ALLOWED, SERIALS, SkippedByClockError, moment_of
from caresim.config.pace import STEP, Pace

LONGEST = 5_256_000.0
"""Minutes in ten years: a time that is farther off is in another unit, or has a wrong year."""
MUST_BE_MINUTES = "a number is minutes, unless replay.format.dates says what else"


class Clock:
    """Times of several files: minutes as written, or since midnight of the first day of the first file."""

    def __init__(self, zone: str, dates: str | None = None) -> None:
        self.zone, self.dates = ZoneInfo(zone), dates
        self.start: datetime | None = None
        self.numbers: bool | None = None

    def read(
        self, table: ExportTable, column: str, may_skip: Sequence[bool] = (), before_start: bool = False
    ) -> list[float]:
        """Minutes of every row; NaN where the time is of an hour that the clock skips and `may_skip` is true.

        `before_start`: moments before minute 0 are taken, as negative minutes.
        """
        texts = table.texts(column)
        moments = self._moments(table, column, texts, may_skip)
        there = [moment for moment in moments if moment is not None]
        if not there:
            raise BadInput(table.key, table.path, f"has no time that exists in its column {column}; {ALLOWED}")
        numbers = isinstance(there[0], float) if self.numbers is None else self.numbers
        for row, moment in enumerate(moments):
            if moment is not None and isinstance(moment, float) != numbers:
                allowed = "must be a number of minutes" if numbers else "must be a date and time"
                raise table.wrong(row, column, texts[row], f"{allowed}, as the first arrival is")
        if self.numbers is None and not numbers:
            first = min(there).astimezone(self.zone)  # type: ignore[type-var, union-attr]
            self.start = first.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        if self.numbers is None and numbers and self.dates is None and all(map(_may_be_a_day, there)):
            allowed = (
                "is minutes, or a day of a spreadsheet; say replay.format.dates=serial or replay.format.dates=minutes"
            )
            raise table.wrong(0, column, texts[0], allowed)
        self.numbers = numbers
        minutes = [math.nan if moment is None else self._minutes(moment) for moment in moments]
        for row, minute in enumerate(minutes):
            if not (math.isnan(minute) or (-LONGEST if before_start else 0) <= minute <= LONGEST):
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
        return self._minutes(datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC))

    def _local(self, minute: float) -> datetime:
        assert self.start is not None
        return (self.start.astimezone(UTC) + timedelta(minutes=minute)).astimezone(self.zone)

    def _moments(
        self, table: ExportTable, column: str, texts: Sequence[str], may_skip: Sequence[bool]
    ) -> list[float | datetime | None]:
        """What the cells say, equal texts read once; None for a time that does not exist and may be skipped."""
        found: dict[str, float | datetime] = {}
        moments: list[float | datetime | None] = []
        pace = Pace(f"reading the times of {Path(table.path).name}", len(texts))
        for row, text in enumerate(texts):
            if not row % STEP:
                pace.at(row)
            try:
                if text not in found:
                    found[text] = moment_of(text, self.zone, self.dates)
                moments.append(found[text])
            except SkippedByClockError as problem:
                if not (may_skip and may_skip[row]):
                    raise table.wrong(row, column, text, str(problem)) from None
                moments.append(None)
            except CannotBeReadError as problem:
                raise table.wrong(row, column, text, str(problem)) from None
        return moments

    def _minutes(self, moment: float | datetime) -> float:
        """Since the start of the scale."""
        if isinstance(moment, float):
            return moment
        # In UTC: two times of one zone would differ by what its clock says, an hour wrong over a change of clock.
        assert self.start is not None
        return (moment - self.start.astimezone(UTC)).total_seconds() / 60.0


def _may_be_a_day(moment: float | datetime) -> bool:
    return isinstance(moment, float) and SERIALS[0] <= moment <= SERIALS[1]
