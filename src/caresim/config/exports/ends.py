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

    BadInput where an end does not lie behind its start.
    """
    ends = clock.read(table, column)
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        if end <= start and clock.is_midnight(end):
            ends[row] = clock.midnight_after(start)
        elif end <= start:
            raise table.wrong(row, column, table.texts(column)[row], "must be after the start")
    for short, name in INCLUSIVE.items():
        if all(_on_a_quarter(end + short) for end in ends) and not any(map(_on_a_quarter, ends)):
            table.notes.append(f"{column} is the last {name.split()[1]} of each: {name} is added")
            return [round(end + short, 9) for end in ends]
    return ends


def _on_a_quarter(minute: float) -> bool:
    """Within a millisecond of a quarter of an hour."""
    return abs(minute / QUARTER - round(minute / QUARTER)) < 1e-6
