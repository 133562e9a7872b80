"""Many replications of a course over time, drawn as a line in the middle and a band around it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from caresim.run.long_table import LongTable, rows_of

LOW, MIDDLE, HIGH = 5, 50, 95
"""Percentiles over replications: the band holds 90 % of them."""

BAND_POINTS = 240
"""Most points through which a band is drawn. A reader sees nothing finer, and the file stays small."""


def matrix(frame: pd.DataFrame, column: str, x: str = "time_min") -> tuple[np.ndarray, np.ndarray]:
    """One column of one staffing model: (x, values of shape (replications, x)); NaN where a row is missing."""
    table = frame.pivot(index="replication", columns=x, values=column)
    return table.columns.to_numpy(dtype=float), table.to_numpy(dtype=float)


def matrix_of(table: pd.DataFrame | LongTable, staffing: str, column: str) -> tuple[np.ndarray, np.ndarray]:
    """`matrix` of a column of one staffing model, from the courses of all of them."""
    return matrix(rows_of(table, staffing, ["replication", "time_min", column]), column)


def percentiles(values: np.ndarray) -> np.ndarray:
    """The 5th, 50th and 95th percentile over replications, shape (3, x); NaN where no replication has a value."""
    if values.size and not np.isnan(values).any():
        return np.percentile(values, [LOW, MIDDLE, HIGH], axis=0)
    result = np.full((3, values.shape[1]), np.nan)
    defined = ~np.isnan(values).all(axis=0)
    if defined.any():
        result[:, defined] = np.nanpercentile(values[:, defined], [LOW, MIDDLE, HIGH], axis=0)
    return result


def hourly(x: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Counts per bin (time = end of the bin) summed to counts per hour; bins of an hour or more are only rescaled."""
    if len(x) < 2:
        return x, values
    bin_minutes = float(np.median(np.diff(x)))
    bins = max(1, round(60 / bin_minutes))
    keep = len(x) // bins * bins
    sums = values[:, :keep].reshape(len(values), -1, bins).sum(axis=2)
    return x[bins - 1 : keep : bins], sums * 60 / (bins * bin_minutes)


def jumps(*levels: np.ndarray) -> np.ndarray:
    """Where any of the levels changes, and both ends: all that a line of steps needs."""
    kept = np.ones(len(levels[0]), dtype=bool)
    kept[1:-1] = np.logical_or.reduce([np.diff(level)[:-1] != 0 for level in levels])
    return kept


def draw_band(
    axes: Axes,
    x: np.ndarray,
    values: np.ndarray,
    colour: str,
    label: str,
    width: float = 2.0,
    shade: float = 0.16,
    step: str = "",
    **style: Any,
) -> Line2D:
    """The median over replications as a line and 90 % of the replications as a band (none for a single one).

    `step` is matplotlib's, for a level that jumps: "post" where a value holds until the next.
    """
    low, middle, high = percentiles(values)
    if len(values) > 1 and shade:
        every = slice(None, None, max(1, -(-len(x) // BAND_POINTS)))
        edges = [x[every], low[every], high[every]]
        if step:
            edges = [edge[jumps(*edges[1:])] for edge in edges]
        fill_step: Any = step or None
        places, below, above = edges
        axes.fill_between(places, below, above, color=colour, alpha=shade, linewidth=0, step=fill_step, **style)
    if step:
        kept = jumps(middle)
        x, middle = x[kept], middle[kept]
    drawstyle = f"steps-{step}" if step else "default"
    (line,) = axes.plot(x, middle, color=colour, linewidth=width, label=label, drawstyle=drawstyle, **style)
    return line
