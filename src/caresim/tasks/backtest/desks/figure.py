"""Figures of `backtest=desks`: delays predicted and observed, reply by reply, and what the replies tell of a desk."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.report.style import (
    BLUE,
    GAVE_UP,
    INK,
    ORANGE,
    PALE_BLUE,
    QUIET,
    TOLERATED,
    drawn,
    page,
    panels,
    quiet_grid,
)
from caresim.tasks.backtest.desks import nulls
from caresim.tasks.backtest.desks.forecast import Predicted
from caresim.tasks.backtest.desks.posts import Stretches
from caresim.tasks.backtest.forecasts.outcome import rows_of

TICKS = (0.1, 1.0, 10.0, 60.0, 360.0, 1440.0)
TIMES = ("6 s", "1 min", "10 min", "1 h", "6 h", "1 d")
COLUMNS = 3
NAMES = {
    "people": "People",
    "handling": "Work for a reply (min)",
    "answers_per_hour": "All together (replies/h)",
    "noticing": "Until noticed (min)",
}


@drawn
def delays(found: Sequence[Predicted]) -> Figure:
    """A panel per desk: share answered by each delay, observed, predicted, and as in the fitted stretch."""
    rows = math.ceil(len(found) / COLUMNS)
    figure = page(
        "How long the later replies took, and how long the model said",
        "Share of the replies given within each time. Black: observed. Blue: predicted. Orange: the fitted stretch.\n"
        "Beside the name: by how much the CRPS is smaller than that of the fitted stretch, ± its 90 % interval.",
        height=1.75 + 3.0 * rows,
    )
    grid = panels(figure, rows, COLUMNS, left=0.9, top=1.85, bottom=0.75, across=0.55, down=0.85).ravel()
    for axes, one in zip(grid, found, strict=False):
        _cumulated(axes, one)
    for axes in grid[len(found) :]:
        axes.set_visible(False)
    for place, axes in enumerate(grid[: len(found)]):
        if place % COLUMNS == 0:
            axes.set_ylabel("share of the replies")
        if place + COLUMNS >= len(found):
            axes.set_xlabel("time to the reply")
    return figure


def _cumulated(axes: Axes, one: Predicted) -> None:
    gain, error = one.gain(nulls.TRAINING)
    earlier = nulls_of(one)
    for values, colour, width in (
        (earlier, ORANGE, 2.0),
        (one.samples[~np.isnan(one.samples)], BLUE, 2.4),
        (one.observed, INK, 1.8),
    ):
        ranked = np.exp(np.sort(values))
        axes.plot(ranked, (np.arange(len(ranked)) + 0.5) / len(ranked), color=colour, linewidth=width)
    axes.set_title(f"{one.posts.desk}: {gain:+.3f} ± {1.645 * error:.3f}", fontsize=12)
    _minutes(axes, "x")
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 0.5, 1], ["0", "50 %", "100 %"])
    quiet_grid(axes, "both")


def nulls_of(one: Predicted) -> np.ndarray:
    """Logarithms of the minutes of the fitted stretch, without what comes after the tested posts' chance of it."""
    earlier = (one.posts.posted < one.posts.posted[one.tested].min()) & ~np.isnan(one.posts.replied)
    return np.log(np.maximum(one.posts.minutes[earlier], 1.0 / 60.0))


def _minutes(axes: Axes, axis: str) -> None:
    """A logarithmic axis of minutes, with times as people say them."""
    getattr(axes, f"set_{axis}scale")("log")
    getattr(axes, f"set_{axis}lim")(TICKS[0], 3000.0)
    getattr(axes, f"set_{axis}ticks")(TICKS, TIMES)
    getattr(axes, f"{axis}axis").minorticks_off()


@drawn
def over_time(found: Sequence[Predicted], stretches: Stretches) -> Figure:
    """A panel per desk: minutes to the reply by the hour of the post, with the bands of the draws."""
    rows = math.ceil(len(found) / 2)
    figure = page(
        "Reply by reply: what was predicted when the post came, and what came",
        "Dots: observed. Dark and light: half and nine in ten of the draws. Line: their median.",
        height=1.5 + 2.7 * rows,
    )
    grid = panels(figure, rows, 2, left=0.9, top=1.55, bottom=0.75, across=0.7, down=0.75).ravel()
    for axes, one in zip(grid, found, strict=False):
        at = (one.posts.posted[one.tested] - stretches.split) / 60.0
        low, mid_low, middle, mid_high, high = np.exp(
            np.nanquantile(one.samples, (0.05, 0.25, 0.5, 0.75, 0.95), axis=0)
        )
        axes.fill_between(at, low, high, color=TOLERATED, linewidth=0, step="mid")
        axes.fill_between(at, mid_low, mid_high, color=PALE_BLUE, linewidth=0, step="mid")
        axes.plot(at, middle, color=BLUE, linewidth=1.4, drawstyle="steps-mid")
        axes.plot(at, np.exp(one.observed), "o", color=INK, markersize=3, markeredgewidth=0)
        axes.set_title(f"{one.posts.desk}: {len(at)} replies, {100 * one.covered(0.9):.0f} % in the band", fontsize=12)
        _minutes(axes, "y")
        quiet_grid(axes)
    for axes in grid[len(found) :]:
        axes.set_visible(False)
    for axes in grid[: len(found) : 2]:
        axes.set_ylabel("time to the reply")
    for axes in grid[max(len(found) - 2, 0) : len(found)]:
        axes.set_xlabel("hours after the fitted stretch")
    return figure


@drawn
def fitted(table: pd.DataFrame) -> Figure:
    """A panel per parameter and a row per desk: the 90 % interval before the replies were seen, and after."""
    desks = list(dict.fromkeys(table["desk"]))
    figure = page(
        "What the replies tell of a desk, and what they leave open",
        "Median and 90 % interval. Grey: before the replies were seen. Blue: after.\n"
        "Where blue is as wide as grey, the replies do not tell it: few quick people, or many slow ones.",
        height=2.3 + 0.42 * len(desks),
    )
    grid = panels(figure, 1, len(NAMES), left=2.2, top=1.95, bottom=0.6, across=0.35, sharey=True)[0]
    for axes, (name, title) in zip(grid, NAMES.items(), strict=True):
        mine = table[table["parameter"] == name].set_index("desk").loc[desks]
        for at, row in enumerate(rows_of(mine)):
            axes.plot(
                [row.prior_low, row.prior_high], [at + 0.15] * 2, color=GAVE_UP, linewidth=5, solid_capstyle="butt"
            )
            axes.plot([row.low, row.high], [at - 0.15] * 2, color=BLUE, linewidth=3)
            axes.plot(row.median, at - 0.15, "o", color=BLUE, markersize=6)
        axes.set_xscale("log")
        ticks = (
            [1, 2, 4, 8]
            if name == "people"
            else [1, 10]
            if name == "handling"
            else [10, 100]
            if name != "noticing"
            else [0.1, 1, 10, 100]
        )
        axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
        axes.minorticks_off()
        axes.set_title(title, fontsize=11)
        axes.set_ylim(len(desks) - 0.5, -0.5)
        axes.set_yticks(range(len(desks)), desks)
        axes.tick_params(axis="y", length=0, labelcolor=QUIET if axes is not grid[0] else INK)
        quiet_grid(axes, "x")
    return figure
