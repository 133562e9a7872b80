"""What is worked out of a row of sizes.csv; None where the row does not say."""

from __future__ import annotations

from collections.abc import Mapping

TELLING = 50_000
"""Passengers from which on their memory shows beside that of Python and its libraries."""

Row = Mapping[str, str]


def number(row: Row, name: str) -> float | None:
    told = row.get(name, "")
    return float(told) if told not in ("", None) else None


def events_each(row: Row) -> float:
    return float(row["events"]) / float(row["passengers"])


def bytes_each(row: Row) -> float | None:
    """What building and running have added to what is resident, by passenger."""
    before, after = number(row, "idle_gb"), number(row, "run_gb")
    if before is None or after is None or float(row["passengers"]) < TELLING:
        return None
    return (after - before) * 1e9 / float(row["passengers"])


def event_ns(seconds: float, events: float) -> float:
    return 1e9 * seconds / events
