"""Shift patterns: the clock hours by which people are known, in whatever rows a roster is written.

A pattern is a pair of clock hours in a time zone. All rows at these hours are one pattern: written by weekday, date by
date, in another order or as several groups of people, they have the same people (staff.py), who share their luck.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from caresim.config.clock import Clock
from caresim.config.desk import Dated, Desk

EXTRA = 1_000_000
"""Number of the first pattern of people who come on top: above all others."""


@dataclass(frozen=True, order=True)
class Pattern:
    """Clock hours, minutes after midnight of the day on which they begin, in a time zone; ordered by these three."""

    start: int
    end: int
    zone: str

    def called(self, zone: str) -> str:
        """`22:00-06:00+1`; with the name of its time zone where that is not `zone`."""
        hours = f"{Clock.at(self.start)}-{Clock.at(self.end)}"
        return hours if self.zone == zone else f"{hours} {self.zone}"


def pattern_of(row: Dated, desk: Desk) -> Pattern:
    """The pattern of a row of a desk's shifts, or of the people on top of them."""
    return Pattern(row.start.minutes, row.end.minutes, row.timezone or desk.timezone)


def patterns_of(rows: Iterable[Dated], desk: Desk) -> list[Pattern]:
    """The patterns of some rows of a desk, in order: the n-th has the number n."""
    return sorted({pattern_of(row, desk) for row in rows})


def patterns_at(desk: Desk) -> dict[int, Pattern]:
    """The patterns of a desk by number: of its shifts, then, from EXTRA on, of the people on top.

    Where a replay gives the people, their seats have numbers and no hours, and are not in it.
    """
    own = dict(enumerate(patterns_of(desk.shifts, desk))) if desk.roster == "shifts" else {}
    return own | dict(enumerate(patterns_of(desk.extra, desk), EXTRA))


def names_at(desk: Desk) -> dict[int | str, str]:
    """What stands for each pattern of a desk in the names of its people: hours, behind `extra/` if they are on top."""
    return {
        number: f"{'extra/' if number >= EXTRA else ''}{pattern.called(desk.timezone)}"
        for number, pattern in patterns_at(desk).items()
    }
