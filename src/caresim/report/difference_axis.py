"""The axis of differences: its unit, the line of no difference, where a difference is too small to matter."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from caresim.report.style import MARGIN, NO_DIFFERENCE
from caresim.report.wording import SCORE, axis_scale

RATIOS = (
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95),
    *(1, 1.05, 1.1, 1.2, 1.3, 1.5, 1.7, 2, 3, 5, 10, 20, 50, 100),
)
"""Round ratios, for ticks."""
DIFFERENCE_UNITS = {"share": "difference in percentage points", SCORE: "difference in points (scale 1 to 5)"}
BETTER_SIDES = {
    "higher": "right is better →",
    "lower": "← left is better",
    "neither": "neither side is better",
}


def difference_unit(unit: str) -> str:
    """The unit of a difference between two values that have this unit."""
    return DIFFERENCE_UNITS.get(unit, f"difference ({unit})")


def better_side(better: str) -> str:
    """On which side of no difference lies what is better; `better` as in the metric's row."""
    return BETTER_SIDES[better]


def no_difference(ratio: bool) -> float:
    """The value of a difference, or of a ratio, between equals."""
    return 1.0 if ratio else 0.0


def difference_scale(unit: str, ratio: bool) -> float:
    """By what a difference is multiplied where it is drawn: shares are drawn in percent, ratios as they are."""
    return 1.0 if ratio else axis_scale(unit)


def draw_margin(axes: Axes, low: float, high: float, ratio: bool) -> None:
    """A grey band where a difference is too small to matter, and the line of no difference."""
    if np.isfinite([low, high]).all():
        axes.axvspan(low, high, color=MARGIN, linewidth=0, zorder=0, label="_margin")
    axes.axvline(no_difference(ratio), color=NO_DIFFERENCE, linewidth=1.0, zorder=1)


def difference_ticks(axes: Axes, ratio: bool) -> None:
    """Ticks along x, when all is drawn."""
    if ratio:
        ratio_axis(axes)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(6))


def ratio_axis(axes: Axes, which: str = "x") -> None:
    """Logarithmic: half and double are equally far from no difference. As many round ratios as fit."""
    upright = which == "y"
    (axes.set_yscale if upright else axes.set_xscale)("log")
    low, high = axes.get_ylim() if upright else axes.get_xlim()
    inside = [tick for tick in RATIOS if low <= tick <= high]
    apart = np.log(high / low) / 5
    ticks = [1.0] if low <= 1 <= high else inside[:1]
    for tick in inside:
        if all(abs(np.log(tick / other)) >= apart for other in ticks):
            ticks.append(tick)
    axis = axes.yaxis if upright else axes.xaxis
    axis.set_major_locator(FixedLocator(sorted(ticks)))
    axis.set_minor_locator(FixedLocator([]))
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"×{value:g}"))
