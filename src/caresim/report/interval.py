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
    """Draw `row` (estimate, luck_*, ci_*) at height `place`, or upright at that abscissa; NaN draws nothing.

    What is infinite (a time that is never reached) is beyond any axis: an interval with such an end is an arrow to the
    edge, and an infinite estimate an arrow head at the edge.
    """
    line = axes.vlines if upright else axes.hlines
    for low, high, width, alpha in (("ci_low", "ci_high", THIN, 1.0), ("luck_low", "luck_high", THICK, 0.45)):
        ends = scale * np.array([row[low], row[high]], dtype=float)
        if np.isfinite(ends).all():
            line(place, *ends, color=colour, linewidth=width, alpha=alpha, zorder=3)
        elif np.isfinite(ends).any() and not np.isnan(ends).any():
            start, upwards = float(ends[np.isfinite(ends)][0]), bool(np.isinf(ends[1]))
            _arrow(axes, start, place, colour, width, alpha, upright, upwards)
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
    elif np.isinf(value):
        _head(axes, place, colour, size, label, upright, upwards=value > 0)


def _arrow(
    axes: Axes, start: float, place: float, colour: str, width: float, alpha: float, upright: bool, upwards: bool
) -> None:
    """From `start` to the edge of the axes, wherever their limits will be in the end."""
    edge = 1.0 if upwards else 0.0
    start_at, end_at = ((place, start), (place, edge)) if upright else ((start, place), (edge, place))
    coords = ("data", "axes fraction") if upright else ("axes fraction", "data")
    style = {"arrowstyle": "-|>", "color": colour, "linewidth": width, "alpha": alpha, "shrinkA": 0, "shrinkB": 0}
    axes.annotate("", xy=end_at, xycoords=coords, xytext=start_at, textcoords="data", arrowprops=style, zorder=3)
    axes.update_datalim([start_at])


def _head(axes: Axes, place: float, colour: str, size: float, label: str, upright: bool, upwards: bool) -> None:
    edge = 0.985 if upwards else 0.015
    if upright:
        at, marker, transform = (place, edge), "^" if upwards else "v", axes.get_xaxis_transform()
    else:
        at, marker, transform = (edge, place), ">" if upwards else "<", axes.get_yaxis_transform()
    axes.plot(
        *at, marker=marker, color=colour, markersize=1.5 * size, linestyle="none", transform=transform, zorder=4,
        label=label, clip_on=False,
    )  # fmt: skip
