"""Durations that cannot be meant: a median far off is one of another unit."""

from __future__ import annotations

import numpy as np

from caresim.config.contacts import Floats, Truths
from caresim.config.errors import BadInput
from caresim.config.exports.export_table import ExportTable

HOUR = 3600.0
LONGEST_HANDLING = {True: 3 * HOUR, False: 12 * HOUR}
"""Seconds: a median handling time beyond is in another unit; on the spot, and in writing. Assumption."""
SHORTEST_HANDLING = 20.0
"""Seconds: a median handling time below is in minutes, hours or days. Assumption."""
LONGEST_WAIT = {True: 12 * HOUR, False: 60 * 24 * HOUR}
"""Seconds: the same of waits and patience. Assumption."""


def check_plausible(table: ExportTable, column: str, seconds: Floats, on_the_spot: Truths) -> None:
    """Question a column whose median is too long or too short, unless the format states its unit.

    `seconds` by row (NaN: none), `on_the_spot`: whether the row's customers wait on the line or at a counter.
    """
    if column in table.form.units:
        return
    handling = column in ("service_s", "aht_s")
    longest = LONGEST_HANDLING if handling else LONGEST_WAIT
    for spot in (True, False):
        values = seconds[(on_the_spot == spot) & (seconds > 0) & np.isfinite(seconds)]
        if not len(values):
            continue
        median = float(np.median(values))
        if median > longest[spot]:
            _question(table, column, median, "long", "ms")
        if handling and median < SHORTEST_HANDLING:
            _question(table, column, median, "short", "min")


def _question(table: ExportTable, column: str, median: float, what: str, unit: str) -> None:
    where = f"{table.key} ({table.path}, {column})"
    allowed = (
        f"is the median in seconds, too {what} to be meant; say replay.format.units.{column}={unit} (or h, days), "
        f"or replay.format.units.{column}=s if it is right"
    )
    raise BadInput(where, float(f"{median:.6g}"), allowed)
