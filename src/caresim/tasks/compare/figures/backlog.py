"""What waits, and who is there to work on it, over the clock."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

from caresim.model.media import STAFFED, Medium
from caresim.report.bands import draw_band, matrix
from caresim.report.clock import clock_axis, local_time
from caresim.report.evidence import replications_in_words
from caresim.report.style import INK, QUIET, WIDTH, drawn, page, quiet_grid
from caresim.report.wording import large, readable
from caresim.tasks.compare.figure import always, comparison_figure

FEW = 20
"""A backlog below this is read off an even scale."""


def count_axis(axes: Axes, highest: float) -> None:
    """Zero and powers of ten: a backlog of 5 and one of 5,000 in one picture; an even scale where it is short."""
    if highest < FEW:
        axes.set_ylim(0, max(highest * 1.3, 1.5))
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        return
    axes.set_yscale("symlog", linthresh=1, linscale=0.35)
    ticks = [0, 1, 10, 100, 1000, 10_000, 100_000, 1_000_000]
    axes.set_ylim(0, max(highest * 1.3, 1.5))
    axes.yaxis.set_major_locator(FixedLocator([tick for tick in ticks if tick <= max(highest * 1.3, 1)]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: large(value)))
    axes.yaxis.set_minor_locator(FixedLocator([]))
    axes.yaxis.set_minor_formatter(NullFormatter())


def column_of(medium: Medium) -> str:
    """Where the table of courses keeps how many wait on a medium."""
    return f"backlog_{medium.word}"


def shown_until(courses: pd.DataFrame, media: list[Medium], window: float) -> float:
    """Minutes: the end of the window, or of the last wait after it; an empty drain is not drawn."""
    times = courses["time_min"]
    waits = times[(courses[[column_of(medium) for medium in media]] > 0).any(axis=1)]
    ends = times[times >= max(window, float(waits.max()) if len(waits) else window)]
    return float(ends.min() if len(ends) else times.max())


@comparison_figure(place=40, applies=always)
@drawn
def backlog(results: Any) -> Figure:
    """Backlog by medium (median and 90 % band over replications) and staff on duty, two panels a staffing model."""
    courses, experiment = results.courses, results.experiment
    first = max(float(courses["time_min"].min()), -720.0)
    media = [medium for medium in STAFFED if column_of(medium) in courses and courses[column_of(medium)].max() > 0]
    last = max(shown_until(courses, media, float(experiment.window.value)), first + float(experiment.bin.value))
    highest = max([courses[column_of(medium)].quantile(0.999) for medium in media], default=1.0)
    crew = float(courses["staff_on_duty"].max())
    many = len(results.staffings)
    columns = min(many, 3)
    rows = -(-many // columns)
    height = 1.9 + 3.25 * rows
    figure = page(
        "What waits, and who is on duty",
        replications_in_words(results, "lines: median, bands: 90 % of replications")
        + ". Nights (22:00–06:00 local) shaded.",
        WIDTH,
        height,
    )
    x = 0.35
    for medium in media:
        label, colour = medium.row.label, medium.row.colour
        figure.text(x / WIDTH, 1 - 1.15 / height, f"● {label}", color=colour, size=12, weight="bold", va="center")
        x += 0.35 + 0.105 * len(label) + 0.15
    figure.text(x / WIDTH, 1 - 1.15 / height, "▬ staff on duty", color=QUIET, size=12, weight="bold", va="center")
    wide = (WIDTH - 1.15 - 0.3 - 0.35 * (columns - 1)) / columns
    for place, staffing in enumerate(results.staffings):
        row, column = divmod(place, columns)
        left = 1.15 + column * (wide + 0.35)
        foot = height - 1.85 - 3.25 * row
        part = courses[courses["staffing"] == staffing]
        axes = figure.add_axes((left / WIDTH, (foot - 1.75) / height, wide / WIDTH, 1.75 / height))
        duty = figure.add_axes((left / WIDTH, (foot - 2.45) / height, wide / WIDTH, 0.6 / height), sharex=axes)
        for medium in media:
            x_values, waiting = matrix(part, column_of(medium))
            draw_band(axes, x_values, waiting, medium.row.colour, medium.word, width=1.6, step="post")
        times, on_duty = matrix(part, "staff_on_duty")
        draw_band(duty, times, on_duty, QUIET, staffing, width=1.3, shade=0.3, step="post")
        clock_axis(axes, experiment, first, last, label=False)
        clock_axis(duty, experiment, first, last, label=False)
        count_axis(axes, highest)
        duty.set_ylim(0, crew * 1.05 + 0.1)
        duty.yaxis.set_major_locator(MaxNLocator(2, integer=True))
        axes.tick_params(labelbottom=False)
        duty.tick_params(axis="x", labelsize=9.5)
        axes.set_title(readable(staffing))
        quiet_grid(axes)
        if column == 0:
            axes.set_ylabel("waiting (contacts)", color=INK)
            duty.set_ylabel("on duty\n(people)", size=10)
        else:
            axes.tick_params(labelleft=False)
            duty.tick_params(labelleft=False)
    figure.text(0.5, 0.1 / height, local_time(experiment), ha="center", size=12)
    return figure
