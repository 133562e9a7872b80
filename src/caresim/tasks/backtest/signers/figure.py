"""Figures of `backtest=signers`: initials hour by hour, and the pace of one person."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

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

MOST_DAYS = 7
"""Of which a panel each is shown."""
AROUND = 0.35
"""People: a band of whole numbers is drawn so much wider on either side, so that its ends lie in it."""
BIN = 0.5
"""Replies: medians of whole numbers, of one or two people, lie half a reply apart."""


@drawn
def hours_figure(table: pd.DataFrame) -> Figure:
    """A panel per later day: people seen signing in each hour, predicted from its replies."""
    every = sorted(table["day"].unique())
    days = every[:MOST_DAYS]
    shown = "" if days == every else f"\nShown are the first {MOST_DAYS} of {len(every)} later days."
    top = 1.85 if shown else 1.5
    figure = page(
        "People seen signing in each hour, predicted from the hour's replies alone",
        "Dots: observed. Blue line and band: mean and the middle 90 % of the draws. Orange: the straight line of the "
        f"fitted days.{shown}",
        height=top + 2.6 * len(days),
    )
    grid = panels(figure, len(days), 1, left=0.9, top=top, bottom=0.75, down=0.75)[:, 0]
    table = table[table["day"].isin(days)]
    first, last = math.floor(table["hour_of_day"].min()), math.floor(table["hour_of_day"].max()) + 1
    for axes, day in zip(grid, days, strict=True):
        mine = table[table["day"] == day]
        begins = mine["hour_of_day"].to_numpy()
        low, high = mine["low"].to_numpy() - AROUND, mine["high"].to_numpy() + AROUND
        axes.bar(begins, high - low, width=1.0, bottom=low, align="edge", color=PALE_BLUE, linewidth=0)
        for name, colour, width in (("predicted", BLUE, 2.4), ("line", ORANGE, 1.6)):
            axes.hlines(mine[name], begins, begins + 1.0, color=colour, linewidth=width)
        axes.plot(begins + 0.5, mine["signers"], "o", color=INK, markersize=6)
        axes.set_title(f"Later day {day}")
        axes.set_ylim(-0.5, max(5.0, float(table[["high", "signers"]].to_numpy().max())) + 0.5)
        axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
        axes.set_ylabel("people")
        axes.set_xlim(first, last)
        ticks = range(first + first % 2, last + 1, 2)
        axes.set_xticks(ticks, [f"{hour:02d}:00" for hour in ticks])
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
    axes.stairs(counts, edges, fill=True, color=PALE_BLUE, linewidth=0)
    low, high = rate["low"].iloc[0], rate["high"].iloc[0]
    height = float(counts.max())
    axes.plot([low, high], [-0.05 * height] * 2, color=BLUE, linewidth=4, solid_capstyle="butt")
    axes.text((low + high) / 2, -0.13 * height, f"90 %: {low:.1f} to {high:.1f}", ha="center", va="center", color=BLUE)
    for row, colour, name in ((2, QUIET, "fitted days"), (3, VERMILLION, "later days")):
        value = rate["median"].iloc[row]
        side = "right" if value > high else "left"
        axes.axvline(value, color=colour, linewidth=2)
        axes.text(value, (1.49 - 0.12 * row) * height, f" {name}: {value:.1f} ", color=colour, va="center", ha=side)
    axes.set_ylim(-0.2 * height, 1.35 * height)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])
    axes.set_xlabel("replies per person and hour")
    axes.axhspan(-0.2 * height, -0.002 * height, color=TOLERATED, alpha=0.35, linewidth=0)
    quiet_grid(axes, "x")
    return figure
