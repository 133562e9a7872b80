"""Observed against predicted: the mean wait hour by hour, P(abandon) by two hours, and both by day."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.report.style import BLUE, INK, MUCH, QUIET, drawn, page, panels, quiet_grid, save_both
from caresim.tasks.backtest.history.evaluate import ABANDONED, ERLANG_A, WAIT
from caresim.tasks.backtest.history.settings import TRACKS
from caresim.tasks.backtest.history.words import near_days, score_row

if TYPE_CHECKING:
    from caresim.tasks.backtest.history.backtest import HeldAgainst

BAND_90, BAND_50 = MUCH[1], MUCH[2]
PANELS = ((WAIT, "hour", "Mean wait, s, by hour", 1.0), (ABANDONED, "two_hours", "P(abandon), %, by two hours", 100.0))
MOST_NAMED = 14
"""Days whose names have room below the axis."""


@drawn
def track_figure(held: HeldAgainst, track: str) -> Figure:
    """Bands of what was predicted, points of what was observed; a gap stands between two days."""
    days = [str(day) for day in held.days]
    fitted = held.calibrated.fit.history
    near, of = near_days(held.cells, track)
    title = "Predicted and observed, on days that the model has not seen"
    subtitle = (
        f"Fitted to {fitted.days[0]} to {fitted.days[-1]}; {TRACKS[track]}. Dots: observed.\n"
        f"Bands: half and nine tenths of {held.settings.replications} replications. P(abandon) of the day is predicted "
        f"within 2 points on {near} of {of} days."
    )
    figure = page(title, subtitle, width=15.0, height=8.6)
    axes = panels(figure, 2, 1, left=0.95, right=4.9, top=1.7, bottom=0.75, down=0.75)
    side = panels(figure, 2, 1, left=11.15, right=1.15, top=1.7, bottom=0.75, down=0.75)
    for (measure, width, label, scale), row, by_day in zip(PANELS, axes[:, 0], side[:, 0], strict=True):
        heading = f"{label}{_scores_text(held, track, measure, width)}"
        _stretch(row, _of(held.cells, track, measure, width), days, heading, scale)
        unit = "s" if measure == WAIT else "%"
        _days(by_day, _of(held.cells, track, measure, "day"), f"By day, {unit}", scale)
    return figure


def _of(cells: pd.DataFrame, track: str, measure: str, width: str) -> pd.DataFrame:
    return cells[(cells["track"] == track) & (cells["measure"] == measure) & (cells["width"] == width)]


def _scores_text(held: HeldAgainst, track: str, measure: str, width: str) -> str:
    row = score_row(held.scores, track, measure, width)
    if row is None:
        return ""
    reached = f"r {row['correlation']:.2f} (an exact model: {row['ceiling']:.2f})"
    return f": {reached}, {100 * row['covered_90']:.0f} % of them in the 90 % band"


def _stretch(axes: Axes, cells: pd.DataFrame, days: list[str], label: str, scale: float) -> None:
    """All scored days in a row; each cell is as wide as it lasts."""
    axes.set_title(label)
    at, ticks = 0.0, []
    for day in days:
        here = cells[cells["day"] == day]
        if here.empty:
            continue
        hour = here["begins"].str[:2].astype(float) + here["begins"].str[3:].astype(float) / 60.0
        width = float(np.diff(hour).min()) if len(hour) > 1 else 1.0
        x = (hour - hour.min() + at + width / 2.0).to_numpy()
        for low, high, colour in (("low_90", "high_90", BAND_90), ("low_50", "high_50", BAND_50)):
            axes.fill_between(x, scale * here[low], scale * here[high], color=colour, linewidth=0)
        axes.plot(x, scale * here["predicted"], color=BLUE, linewidth=1.6)
        axes.plot(x, scale * here["observed"], "o", color=INK, markersize=3.6)
        ticks.append(((x[0] + x[-1]) / 2.0, f"{pd.Timestamp(day):%a} {pd.Timestamp(day).day}"))
        at = x[-1] + 2.0
    step = -(-len(ticks) // MOST_NAMED)
    axes.set_xticks([x for x, _ in ticks[::step]], [name for _, name in ticks[::step]])
    axes.tick_params(axis="x", length=0)
    axes.set_ylim(0, 1.05 * scale * float(max(cells["observed"].max(), cells["high_90"].quantile(0.97))))
    quiet_grid(axes)


def _days(axes: Axes, cells: pd.DataFrame, title: str, scale: float) -> None:
    """A row a day: the observed value, the predicted bands and Erlang A's value."""
    axes.set_title(title)
    axes.set_ylim(len(cells) - 0.4, -0.6)
    for at, row in enumerate(cells.to_dict("records")):
        for low, high, colour in (("low_90", "high_90", BAND_90), ("low_50", "high_50", BAND_50)):
            axes.barh(at, scale * (row[high] - row[low]), left=scale * row[low], height=0.55, color=colour)
        axes.plot([scale * row["predicted"]] * 2, [at - 0.28, at + 0.28], color=BLUE, linewidth=2)
        axes.plot(scale * row["observed"], at, "o", color=INK, markersize=6)
        if np.isfinite(row[ERLANG_A]):
            axes.plot(scale * row[ERLANG_A], at, "x", color=QUIET, markersize=6, markeredgewidth=1.6)
    names = [f"{pd.Timestamp(day):%a} {pd.Timestamp(day).day}" for day in cells["day"]]
    axes.set_yticks(range(len(cells)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(left=0)
    axes.text(1.0, 1.02, "x Erlang A", transform=axes.transAxes, ha="right", va="bottom", color=QUIET, size=10)
    quiet_grid(axes, "x")


def save_all(held: HeldAgainst, folder: Path) -> list[Path]:
    """The figure of each track, as picture and drawing."""
    tracks = [track for track in TRACKS if track in set(held.scores["track"])]
    return [path for track in tracks for path in save_both(track_figure(held, track), folder, f"history_{track}")]
