"""Ends of intervals and of spells of duty: 24:00, midnight of the same date, and ends that are inclusive."""

from __future__ import annotations

from collections.abc import Sequence

from caresim.config.exports.clock import Clock
from caresim.config.exports.export_table import ExportTable

QUARTER = 15.0
INCLUSIVE = {1.0 / 60.0: "a second", 1.0: "a minute"}
"""Minutes by which an inclusive end falls short of the next start, with their names."""


def without_last_moment(table: ExportTable, clock: Clock, column: str, starts: Sequence[float]) -> list[float]:
    """Minutes at which each row ends: the first moment that is not of it any more.

    BadInput where an end does not lie behind its start, or where some ends are inclusive and others are not.
    """
    ends = clock.read(table, column, before_start=True).tolist()
    midnights = 0
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end > start:
            continue
        if not clock.is_midnight_of_the_day(end, start):
            raise table.wrong(row, column, table.texts(column)[row], "must be after the start")
        ends[row] = clock.midnight_after(start)
        midnights += 1
    if midnights:
        table.notes.append(f"{midnights:,} times {column} is 00:00 of its own date: taken as the end of that day")
    for short, name in INCLUSIVE.items() if clock.start is not None else ():
        if are_inclusive(table, column, starts, ends, short):
            table.notes.append(f"{column} is the last {name.split()[1]} of each: {name} is added")
            return [round(end + short, 9) for end in ends]
    return ends


def are_inclusive(
    table: ExportTable, column: str, starts: Sequence[float], ends: Sequence[float], short: float
) -> bool:
    """Does the next row begin so many minutes after the end of this one, or would all ends lie on a quarter then?

    BadInput where some do and others do not.
    """
    begun = {round(start, 6) for start in starts}
    meets = [round(end, 6) in begun for end in ends]
    nearly = [round(end + short, 6) in begun and not met for end, met in zip(ends, meets, strict=True)]
    if any(nearly):
        if any(meets):
            row = meets.index(True)
            allowed = f"is where the next one begins, and others end {INCLUSIVE[short]} before that; allowed: one way"
            raise table.wrong(row, column, table.texts(column)[row], allowed)
        return True
    return all(_on_a_quarter(end + short) for end in ends) and not any(map(_on_a_quarter, ends))


def _on_a_quarter(minute: float) -> bool:
    """Within a millisecond of a quarter of an hour."""
    return abs(minute / QUARTER - round(minute / QUARTER)) < 1e-6
