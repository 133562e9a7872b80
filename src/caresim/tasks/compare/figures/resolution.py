"""Who gets home: passengers whose case is resolved, over time, against the seats there were."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.report.bands import draw_band, matrix_of, percentiles
from caresim.report.clock import clock_axis
from caresim.report.evidence import replications_in_words
from caresim.report.labels import label_ends, row_names
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, LEFT_EMPTY, TAKEN, drawn, page, panels, quiet_grid
from caresim.report.wording import large, readable
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure, is_rated


def resolved(axes: Axes, results: Any, palette: dict[str, str]) -> None:
    """Passengers whose case is resolved so far, by staffing model."""
    ends = []
    for staffing in results.staffings:
        x, values = matrix_of(results.courses, staffing, "resolved")
        total = np.nancumsum(values, axis=1)
        draw_band(axes, x, total, palette[staffing], staffing, shade=0.2 if staffing == results.baseline else 0)
        last = float(percentiles(total)[1, -1])
        ends.append((x[-1], last, f"{readable(staffing)}  {large(last)}", palette[staffing]))
    axes.set_ylim(bottom=0)
    axes.set_ylabel("resolved so far (passengers)")
    axes.set_title("Passengers whose case is resolved, by any means")
    label_ends(axes, ends, size=11)


def seats_over_time(axes: Axes, results: Any, palette: dict[str, str]) -> None:
    """Seats that could be given at each moment."""
    for staffing in results.staffings:
        x, values = matrix_of(results.courses, staffing, "seats_free")
        shade = 0.2 if staffing == results.baseline else 0
        draw_band(axes, x, values, palette[staffing], staffing, width=1.5, shade=shade, step="post")
    axes.set_ylim(bottom=0)
    axes.set_ylabel("free (seats)")
    axes.set_title("Seats still free on flights to come")


def seats_in_the_end(axes: Axes, replications: pd.DataFrame, staffings: list[str], palette: dict[str, str]) -> None:
    """Shares of the free seats that were taken or left empty: one bar per staffing model, mean over replications."""
    means = replications.groupby("staffing")[["seats_used", "seats_perished"]].mean().reindex(staffings)
    rows = np.arange(len(means))
    taken, left_empty = 100 * means["seats_used"].to_numpy(), means["seats_perished"].to_numpy()
    axes.barh(rows, taken, color=TAKEN, height=0.62, label="taken")
    axes.barh(rows, 100 - taken, left=taken, color=LEFT_EMPTY, height=0.62, label="left empty")
    for row in rows[np.isfinite(taken)]:
        if taken[row] > 12:
            axes.text(taken[row] / 2, row, f"{taken[row]:.0f} %", ha="center", va="center", size=11, color="white")
        axes.text(101.5, row, f"{large(left_empty[row])} seats left empty", va="center", size=11, color=INK)
    row_names(axes, staffings, palette)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of the free seats on flights that left within the window (blue: taken, grey: left empty)")
    axes.set_title("What became of the free seats")


def seats_left(replications: pd.DataFrame) -> bool:
    """Did any flight leave within the window, so that something became of its free seats?"""
    columns = ["seats_used", "seats_perished"]
    return set(columns) <= set(replications) and bool(replications[columns].notna().all(axis=1).any())


def somebody_can_be_helped(results: Any) -> bool:
    """Are there free seats, or passengers who are better off for being helped?"""
    return is_rated(results) or bool((results.courses["seats_free"] > 0).any())


def shown_span(courses: Any) -> tuple[float, float]:
    """Minutes: from the start to the end of the run."""
    times = courses["time_min"]
    return max(float(times.min()), 0.0), float(times.max())


def time_panel(axes: Axes, results: Any, label: bool) -> None:
    """The axis of time and that of large counts; `label` the former?"""
    clock_axis(axes, results.experiment, *shown_span(results.courses), label)
    quiet_grid(axes)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: large(value)))


@on_axes
def resolved_over_time(axes: Axes, results: Any) -> None:
    """Passengers whose case is resolved so far."""
    time_panel(axes, results, label=True)
    resolved(axes, results, palette_of(results))


@comparison_figure(
    place=60, applies=somebody_can_be_helped, about=("resolution",), over_time=True, panel=resolved_over_time
)
@drawn
def resolution(results: Any) -> Figure:
    """Passengers whose case is resolved over time, the seats free at each moment, and what became of all seats."""
    palette = palette_of(results)
    courses = results.courses
    has_seats = courses["seats_free"].max() > 0
    seats_gone = has_seats and seats_left(results.replications)
    below = max(0.42 * len(results.staffings), 1.6) if seats_gone else 0
    height = 5.0 + (2.3 if has_seats else 0) + (below + 1.2 if seats_gone else 0)
    figure = page(
        "Who is helped, and what the seats allow" if has_seats else "Who is helped, and when",
        replications_in_words(results, "lines: median; grey band: 90 % of the baseline's replications")
        + ".\n"
        + (
            "Staff cannot conjure up aircraft: nobody gets a seat that does not exist or has left. "
            if has_seats
            else ""
        )
        + "Nights (22:00–06:00 local) shaded.",
        height=height,
    )
    rows = 2 if has_seats else 1
    grid = panels(
        figure, rows, 1, left=1.15, right=3.1, top=1.75, bottom=(below + 1.95 if seats_gone else 0.9), down=0.5,
        sharex=True, heights=[1.7, 1][:rows],
    )  # fmt: skip
    for place, axes in enumerate(grid[:, 0]):
        time_panel(axes, results, label=place == rows - 1)
    resolved(grid[0, 0], results, palette)
    if has_seats:
        seats_over_time(grid[1, 0], results, palette)
    if seats_gone:
        bars = panels(figure, 1, 1, left=2.6, right=3.1, top=height - below - 0.75, bottom=0.7)[0, 0]
        seats_in_the_end(bars, results.replications, list(results.staffings), palette)
    return figure
