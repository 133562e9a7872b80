"""Draws of what a history leaves open, as `task=calibrate` writes them: each world of a replay lives in one of them."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.errors import BadInput

Floats = NDArray[np.float64]

COLUMNS = ("draw", "what", "of", "hour", "value")
HANDLING, PATIENCE, SPEED, CALLS, BUSY = "handling", "patience", "speed", "calls", "busy"
WHATS = (HANDLING, PATIENCE, SPEED, CALLS, BUSY)
"""Factors on the handling times of a channel, in an hour of the day or in all; on the patience of its customers; on the
speed of an agent; how many contacts of a row of the file (from 0) come; and until which minute of the run an agent is
busy with what began before it.
"""
EVERY_HOUR = -1
MOST_DRAWS = 10_000
FACTORS = (0.001, 1000.0)
"""Beyond these a factor is something else, such as seconds."""
KEY = "replay.posterior"


class Posterior(NamedTuple):
    """`values` by what, of whom and hour (EVERY_HOUR: all), an array of one number for each draw."""

    draws: int
    values: Mapping[tuple[str, str, int], Floats]

    def factor(self, what: str, of: str, hour: int, draw: int) -> float:
        """The factor of a draw: that of the hour, else of every hour, else 1."""
        found = self.values.get((what, of, hour), self.values.get((what, of, EVERY_HOUR)))
        return 1.0 if found is None else float(found[draw])

    def number(self, at: float) -> int:
        """The draw at a place between 0 and 1."""
        return min(int(at * self.draws), self.draws - 1)


@lru_cache(maxsize=8)
def posterior_of(path: str, content: str) -> Posterior:
    """The draws in a file; `content` is the digest of the replay's files, so that changed ones are read anew.

    BadInput names the line of what cannot be used. Each quantity must have a value in each draw.
    """
    try:
        found = _rows(path)
    except (UnicodeDecodeError, csv.Error):
        raise BadInput(KEY, path, "is no CSV file in UTF-8; allowed: one that task=calibrate has written") from None
    if not found:
        raise BadInput(KEY, path, "has no row beneath the header; allowed: a file that task=calibrate has written")
    draws = 1 + max(max(of_draw) for of_draw in found.values())
    for (what, of, _), of_draw in found.items():
        if len(of_draw) < draws:
            missing = next(draw for draw in range(draws) if draw not in of_draw)
            raise BadInput(KEY, path, f"has no {what} of {of} in draw {missing}; allowed: a value in each draw")
    return Posterior(draws, {key: np.array([of[n] for n in range(draws)]) for key, of in found.items()})


def _rows(path: str) -> dict[tuple[str, str, int], dict[int, float]]:
    """The value of each quantity by draw."""
    found: dict[tuple[str, str, int], dict[int, float]] = {}
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows, name = csv.reader(file), Path(path).name
        if tuple(next(rows, [])) != COLUMNS:
            raise BadInput(KEY, path, f"must have the columns {','.join(COLUMNS)}, as task=calibrate writes them")
        for row in rows:
            draw, key, value = _read(row, f"{KEY} ({name}, line {rows.line_num})")
            found.setdefault(key, {})[draw] = value
    return found


def _read(row: list[str], where: str) -> tuple[int, tuple[str, str, int], float]:
    """Draw, key and value of one row."""
    if len(row) != len(COLUMNS):
        raise BadInput(where, ",".join(row)[:80], f"must have {len(COLUMNS)} cells")
    draw, what, of, hour, value = row
    if what not in WHATS:
        raise BadInput(where, what, f"allowed: {', '.join(WHATS)}")
    number = _whole(draw, 0, MOST_DRAWS - 1, where)
    at = EVERY_HOUR if hour == "" else _whole(hour, 0, 23, where)
    try:
        amount = float(value)
    except ValueError:
        amount = math.nan
    low, high = (0.0, math.inf) if what in (CALLS, BUSY) else FACTORS
    if not low <= amount <= high or math.isinf(amount):
        raise BadInput(where, value, f"must be a number from {low:g} to {high:g}")
    return number, (what, of, at), amount


def _whole(text: str, least: int, most: int, where: str) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise BadInput(where, text, f"must be a whole number from {least} to {most}")
    return int(text)
