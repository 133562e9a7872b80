"""An estimate with two intervals: thick for luck alone, thin for luck and assumptions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes

THICK, THIN = 8.0, 1.6


def draw_interval(
    axes: Axes,
    row: Mapping[str, Any],
    place: float,
    colour: str,
    marker: str = "o",
    label: str = "",
    scale: float = 1.0,
    estimate: str = "mean",
    upright: bool = False,
    size: float = 5.5,
) -> None:
    """Draw `row` (estimate, luck_*, ci_*) at height `place`, or upright at that abscissa; NaN draws nothing."""
    line = axes.vlines if upright else axes.hlines
    for low, high, width, alpha in (("ci_low", "ci_high", THIN, 1.0), ("luck_low", "luck_high", THICK, 0.45)):
        ends = scale * np.array([row[low], row[high]], dtype=float)
        if np.isfinite(ends).all():
            line(place, *ends, color=colour, linewidth=width, alpha=alpha, zorder=3)
    value = scale * float(row[estimate])
    if np.isfinite(value):
        at = (place, value) if upright else (value, place)
        axes.plot(
            *at,
            marker=marker,
            color=colour,
            markersize=size,
            markeredgecolor="white",
            markeredgewidth=0.7,
            linestyle="none",
            zorder=4,
            label=label,
        )
