"""Hours and days of a history, and what was observed and predicted in each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.history import Floats, History

LEAST = 10
"""Contacts of a cell that is scored: the mean of fewer says little. As in the project's targets."""
MINUTES = 1440


class Cell(NamedTuple):
    """Contacts that come within a stretch of a local day."""

    day: int
    """Ordinal of the local date."""
    minute: int
    """Minutes after midnight at which it begins."""
    rows: NDArray[np.intp]
    """Those of which the wait is known."""
    came: int
    """Contacts in all."""


def cells_of(history: History, width: int, least: int = LEAST, hours: tuple[int, int] = (0, 24)) -> list[Cell]:
    """The stretches of `width` minutes with at least so many known waits, in order, within these hours of the day."""
    minute = history.minute_of_day
    place = history.day * MINUTES + minute // width * width
    within = np.flatnonzero((minute >= 60 * hours[0]) & (minute < 60 * hours[1]))
    order = within[np.argsort(place[within], kind="stable")]
    keys, first = np.unique(place[order], return_index=True)
    groups = np.split(order, first[1:])
    known = ~np.isnan(history.wait_s)
    cells = [
        Cell(key // MINUTES, key % MINUTES, rows[known[rows]], len(rows))
        for key, rows in zip(keys.tolist(), groups, strict=True)
    ]
    return [cell for cell in cells if len(cell.rows) >= least]


def means(values: Floats, cells: list[Cell]) -> Floats:
    """The mean of each cell, of every column."""
    return np.array([values[cell.rows].mean(axis=0) for cell in cells])
