"""Figures of `backtest=signers`: initials hour by hour, and the pace of one person."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from caresim.report.style import (
    BLUE,
    INK,
    ORANGE,
    PALE_BLUE,
    QUIET,
    TOLERATED,
    VERMILLION,
    drawn,
    page,
    panels,
    quiet_grid,
)

BIN = 0.5
"""Replies: medians of whole numbers, of one or two people, lie half a reply apart."""


@drawn
def hours_figure(table: pd.DataFrame) -> Figure:
    """A panel per later day: people seen signing in each hour, predicted from its replies."""
    days = sorted(table["day"].unique())
    figure = page(
        "People seen signing in each hour, predicted from the hour's replies alone",
        "Dots: observed. Blue line and band: mean and 90 % of the draws. Orange: the straight line of the fitted days.",
        height=1.5 + 2.6 * len(days),
    )
    grid = panels(figure, len(days), 1, left=0.9, top=1.5, bottom=0.75, down=0.75)[:, 0]
    for axes, day in zip(grid, days, strict=True):
        mine = table[table["day"] == day]
        at = mine["hour_of_day"]
        axes.fill_between(at, mine["low"], mine["high"], step="mid", color=PALE_BLUE, linewidth=0)
        axes.plot(at, mine["predicted"], color=BLUE, drawstyle="steps-mid")
        axes.plot(at, mine["line"], color=ORANGE, drawstyle="steps-mid", linewidth=1.6)
        axes.plot(at, mine["signers"], "o", color=INK, markersize=6)
        axes.set_title(f"Later day {day}")
        axes.set_ylim(0, max(5.0, float(table["high"].max()) + 0.5))
        axes.set_ylabel("people")
        axes.set_xticks(range(6, 24, 2), [f"{hour:02d}:00" for hour in range(6, 24, 2)])
        quiet_grid(axes)
    grid[-1].set_xlabel("hour of the day")
    return figure


@drawn
def rate_figure(medians: np.ndarray, rate: pd.DataFrame) -> Figure:
    """The posterior of the work rate, with its 90 % interval and what was seen per person who signed."""
    figure = page(
        "Replies of one person in the middle hour, idle time included",
        "Blue: the posterior for a person at work; its 90 % interval below. Lines: medians per person seen signing.",
        height=5.0,
    )
    axes = panels(figure, 1, 1, left=0.9, top=1.5, bottom=0.85)[0][0]
    counts, edges = np.histogram(medians, np.arange(medians.min() - 0.25, medians.max() + 0.75, BIN), density=True)
    axes.fill_between(edges[:-1], counts, step="post", color=PALE_BLUE, linewidth=0)
    low, high = rate["low"].iloc[0], rate["high"].iloc[0]
    height = float(counts.max())
    axes.plot([low, high], [-0.05 * height] * 2, color=BLUE, linewidth=4, solid_capstyle="butt")
    axes.text((low + high) / 2, -0.13 * height, f"{low:.1f} to {high:.1f}", ha="center", va="center", color=BLUE)
    for row, colour, name in ((2, QUIET, "fitted days"), (3, VERMILLION, "later days")):
        value = rate["median"].iloc[row]
        side = "right" if value > high else "left"
        axes.axvline(value, color=colour, linewidth=2)
        axes.text(value, (1.21 - 0.09 * row) * height, f" {name}: {value:.1f} ", color=colour, va="center", ha=side)
    axes.set_ylim(-0.2 * height, 1.15 * height)
    axes.set_yticks([])
    axes.set_xlabel("replies per person and hour")
    axes.axhspan(-0.2 * height, -0.002 * height, color=TOLERATED, alpha=0.35, linewidth=0)
    quiet_grid(axes, "x")
    return figure
