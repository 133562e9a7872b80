"""Observed against simulated, one row per fact: a band that is tolerated, and the simulated value with its range."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from caresim.report.style import (
    EVERY_OTHER_ROW,
    INK,
    INSIDE,
    OUTSIDE,
    PARTLY,
    QUIET,
    TOLERATED,
    drawn,
    page,
    panels,
    save_both,
)
from caresim.report.wording import level
from caresim.tasks.backtest.terminal import range_text, summary_text, value_text

LOOKS = {"inside": ("o", INSIDE), "partly": ("D", PARTLY), "outside": ("X", OUTSIDE)}
"""Shape and colour of a verdict."""
LEFT, RIGHT = -1.6, 2.6
"""The axis: 0 and 1 are the ends of the tolerated band."""
ROW_INCHES = 0.29
MOST_ROWS = 21
"""So many facts fill a slide in letters of 7 points and more."""


def place(value: float, row: dict[str, Any]) -> float:
    """Where a value of a fact lies: 0 at the lower end of its band, 1 at the upper one.

    Evenly in the logarithm for times and pure numbers whose band is above 0, evenly in the value for others. Where the
    band has no upper end, 0.5 is what was observed.
    """
    low, high, observed = row["band_low"], row["band_high"], row["observed"]
    logarithmic = row["unit"] in ("min", "number") and low > 0
    if logarithmic:
        if value <= 0:
            return -np.inf
        low, high, observed, value = (np.log(number) for number in (low, high, observed, value))
    if np.isinf(high):
        high = 2 * observed - low
    return float((value - low) / (high - low))


def draw_row(axes: Axes, at: int, row: dict[str, Any]) -> None:
    """One fact: band, what was observed, what was simulated."""
    endless = np.isinf(row["band_high"])
    axes.barh(at, (RIGHT if endless else 1.0), left=0.0, height=0.72, color=TOLERATED, linewidth=0, zorder=1)
    seen = place(row["observed"], row)
    axes.plot([seen, seen], [at - 0.36, at + 0.36], color=INK, linewidth=2.2, zorder=3, solid_capstyle="butt")
    marker, colour = LOOKS[row["verdict"]]
    low, middle, high = (place(row[key], row) for key in ("low", "simulated", "high"))
    ends = np.clip([low, high], LEFT, RIGHT)
    axes.plot(ends, [at, at], color=colour, linewidth=1.6, zorder=4)
    beyond = middle < LEFT or middle > RIGHT
    if beyond:
        marker = "<" if middle < LEFT else ">"
    axes.plot(
        np.clip(middle, LEFT + 0.04, RIGHT - 0.04), at, marker=marker, markersize=7.5, color=colour, linestyle="none",
        markerfacecolor="white" if row["put_in"] else colour, markeredgecolor=colour, markeredgewidth=1.4, zorder=5,
        clip_on=False,
    )  # fmt: skip


def name_row(axes: Axes, at: int, row: dict[str, Any]) -> None:
    """The fact at the left, its numbers at the right."""
    side = axes.get_yaxis_transform()
    axes.text(-0.015, at, row["what"], transform=side, ha="right", va="center", size=9.5)
    observed = (
        f"{value_text(row['observed'], row['unit'])} ({range_text(row['band_low'], row['band_high'], row['unit'])})"
    )
    simulated = f"{value_text(row['simulated'], row['unit'])} ({range_text(row['low'], row['high'], row['unit'])})"
    axes.text(1.015, at, row["target"], transform=side, va="center", size=9.5, color=QUIET)
    axes.text(1.24, at, observed, transform=side, va="center", size=9.5)
    axes.text(1.82, at, simulated, transform=side, va="center", size=9.5, color=LOOKS[row["verdict"]][1])


def slides(tested: Any) -> list[list[dict[str, Any]]]:
    """The rows that were computed, in their order, in as few equal parts as slides take; one without rows if none."""
    from caresim.inference.observation_check import NOT_COMPUTED

    rows = tested.table[tested.table["verdict"] != NOT_COMPUTED].to_dict("records")
    parts = max(1, math.ceil(len(rows) / MOST_ROWS))
    size = math.ceil(len(rows) / parts)
    return [rows[size * part : size * (part + 1)] for part in range(parts)]


@drawn
def backtest(tested: Any, slide: int = 1) -> Figure:
    """A row per fact, from a `Backtested`: the grey band is tolerated, the black line was observed.

    `slide` is which of the parts, from 1 (see `slides`).
    """
    from caresim.inference.observation_check import SPREAD

    table, parts = tested.table, slides(tested)
    chosen = parts[slide - 1]
    title = "Do the simulated desks show what was observed?" + (f" ({slide} of {len(parts)})" if len(parts) > 1 else "")
    subtitle = (
        f"{summary_text(table)}\nGrey: tolerated band. Black: observed. Marker and line: median and {level(SPREAD)}"
        f" range of {tested.backtest.replications} replications, luck and assumptions together.\nHollow: it was put in,"
        " or follows from what was. Each row has its own scale, from one end of its band to the"
        " other; arrow: beyond the figure."
    )
    if not chosen:
        return page(title, subtitle, height=2.6)
    height = 2.5 + ROW_INCHES * len(chosen)
    figure = page(title, subtitle, width=16.8, height=height)
    axes = panels(figure, 1, 1, left=6.4, right=6.05, top=2.15, bottom=0.35)[0][0]
    axes.set_ylim(len(chosen) - 0.4, -0.6)
    axes.set_xlim(LEFT, RIGHT)
    for at, row in enumerate(chosen):
        draw_row(axes, at, row)
        name_row(axes, at, row)
    for at in range(0, len(chosen), 2):
        axes.axhspan(at - 0.5, at + 0.5, color=EVERY_OTHER_ROW, linewidth=0, zorder=0)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
    side = axes.get_yaxis_transform()
    for across, heading in ((1.015, "of"), (1.24, "observed (band)"), (1.82, f"simulated ({level(SPREAD)} range)")):
        axes.text(across, -0.95, heading, transform=side, va="center", size=10, weight="bold")
    keys = [
        Line2D([], [], marker=marker, color=colour, linestyle="none", markersize=8, label=word)
        for word, (marker, colour) in LOOKS.items()
    ]
    axes.legend(
        handles=keys, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=3, frameon=False, fontsize=10,
        handletextpad=0.2, columnspacing=1.2, borderaxespad=0.9,
    )  # fmt: skip
    return figure


def save_backtest(tested: Any, folder: str | Path) -> list[Path]:
    """Draw the figure of a backtest to backtest.png and .svg; returns the paths.

    Facts that one slide has no room for go on in backtest_2, backtest_3, ...
    """
    paths = []
    for slide in range(1, len(slides(tested)) + 1):
        figure, stem = backtest(tested, slide), "backtest" if slide == 1 else f"backtest_{slide}"
        paths += save_both(figure, folder, stem)
    return paths
