"""What waits, and who is there to work on it, over the clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter

from caresim.model.media import STAFFED, Medium
from caresim.report.bands import BAND_POINTS, draw_band, matrix
from caresim.report.clock import clock_axis, local_time
from caresim.report.evidence import replications_in_words
from caresim.report.on_axes import on_axes
from caresim.report.style import QUIET, WIDTH, drawn, page, quiet_grid
from caresim.report.wording import large, readable
from caresim.run.long_table import LongTable, pieces_of, rows_of
from caresim.tasks.compare.figure import DENSE, always, comparison_figure

COLUMNS, ROW_INCHES = 3, 3.25
"""Staffing models beside each other, and the height of a row of them."""
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


OTHERS = {
    "waiting_ordinary": ("ordinary customers", "--"),
    "waiting_bystanders": ("bystanders", ":"),
    "expired": ("expired", "-."),
}
"""What does not wait as a passenger does: columns, their names, and how their lines are drawn."""


def column_of(medium: Medium, courses: pd.DataFrame | LongTable) -> str:
    """Where the table of courses keeps how many passengers wait on a medium.

    Results of a release that did not count them apart have the length of the queues.
    """
    waiting = f"waiting_{medium.word}"
    return waiting if waiting in courses else f"backlog_{medium.word}"


def those_seen(courses: pd.DataFrame | LongTable, columns: Iterable[str]) -> list[str]:
    """The columns that there are, and in which there is anything."""
    return [column for column in columns if column in courses and courses[column].max() > 0]


def shown_until(courses: pd.DataFrame | LongTable, media: list[Medium], window: float) -> float:
    """Minutes: the end of the window, or of the last wait after it; an empty drain is not drawn."""
    times, last = courses["time_min"], window
    columns = [column_of(medium, courses) for medium in media]
    for piece in pieces_of(courses, ["time_min", *columns]):
        waits = piece["time_min"][(piece[columns] > 0).any(axis=1)]
        last = max(last, float(waits.max()) if len(waits) else last)
    ends = times[times >= last]
    return float(ends.min() if len(ends) else times.max())


def draw_key(figure: Figure, media: list[Medium], others: list[str], height: float) -> None:
    """What colours and lines mean, in a line below the subtitle."""
    style = {"size": 12, "weight": "bold", "va": "center"}
    x, y = 0.35, 1 - 1.15 / height
    for medium in media:
        figure.text(x / WIDTH, y, f"● {medium.row.label}", color=medium.row.colour, **style)
        x += 0.35 + 0.105 * len(medium.row.label) + 0.15
    style = style | {"weight": "normal", "size": 11}
    for column in others:
        name, line = OTHERS[column]
        figure.add_artist(Line2D([x / WIDTH, (x + 0.3) / WIDTH], [y, y], color=QUIET, linestyle=line, linewidth=1.6))
        figure.text((x + 0.38) / WIDTH, y, name, color=QUIET, **style)
        x += 0.6 + 0.085 * len(name)


def draw_waiting(axes: Axes, courses: pd.DataFrame, media: list[Medium], others: list[str], highest: float) -> None:
    """What waits under one staffing model: a band a medium of passengers, and a line for each of the others."""
    for column in others:
        times, waiting = matrix(courses, column)
        few = slice(None, None, max(1, -(-len(times) // BAND_POINTS)))
        line = OTHERS[column][1]
        draw_band(axes, times[few], waiting[:, few], QUIET, column, width=1.1, shade=0, linestyle=line)
    for medium in media:
        times, waiting = matrix(courses, column_of(medium, courses))
        draw_band(axes, times, waiting, medium.row.colour, medium.word, width=1.6, step="post")
    count_axis(axes, highest)
    axes.tick_params(labelbottom=False)
    quiet_grid(axes)


def draw_duty(axes: Axes, courses: pd.DataFrame, staffing: str, most: float) -> None:
    """Who is on duty under one staffing model."""
    times, on_duty = matrix(courses, "staff_on_duty")
    draw_band(axes, times, on_duty, QUIET, staffing, width=1.3, shade=0.3, step="post")
    axes.set_ylim(0, most * 1.05 + 0.1)
    axes.yaxis.set_major_locator(MaxNLocator(2, integer=True))
    axes.tick_params(axis="x", labelsize=9.5)


def places(figure: Figure, count: int, height: float) -> Iterator[tuple[Axes, Axes, bool]]:
    """For each staffing model the axes of what waits, those of who is on duty, and whether they stand at the left."""
    columns = min(count, COLUMNS)
    wide = (WIDTH - 1.15 - 0.3 - 0.35 * (columns - 1)) / columns
    for place in range(count):
        row, column = divmod(place, columns)
        left, top = 1.15 + column * (wide + 0.35), height - 1.85 - ROW_INCHES * row
        above = figure.add_axes((left / WIDTH, (top - 1.75) / height, wide / WIDTH, 1.75 / height))
        below = figure.add_axes((left / WIDTH, (top - 2.45) / height, wide / WIDTH, 0.6 / height), sharex=above)
        yield above, below, column == 0


def shown_lines(courses: pd.DataFrame | LongTable) -> tuple[list[Medium], list[str]]:
    """The media on which passengers wait, and the columns of those who wait beside them."""
    media = [medium for medium in STAFFED if those_seen(courses, [column_of(medium, courses)])]
    return media, those_seen(courses, OTHERS)


def shown_span(results: Any, media: list[Medium]) -> tuple[float, float]:
    """Minutes: half a day before the start, or less, to the last wait."""
    courses, experiment = results.courses, results.experiment
    first = max(float(courses["time_min"].min()), -720.0)
    return first, max(shown_until(courses, media, float(experiment.window.value)), first + float(experiment.bin.value))


@on_axes
def of_one_model(axes: Axes, results: Any) -> None:
    """What waits under one staffing model, the baseline unless it is named."""
    (staffing,) = results.staffings
    media, others = shown_lines(results.courses)
    columns = [*(column_of(medium, results.courses) for medium in media), *others]
    part = rows_of(results.courses, staffing, ["replication", "time_min", *columns])
    highest = max([part[column].quantile(0.999) for column in columns], default=1.0)
    draw_waiting(axes, part, media, others, highest)
    clock_axis(axes, results.experiment, *shown_span(results, media))
    axes.tick_params(labelbottom=True)
    axes.set_ylabel("waiting (contacts)")
    axes.set_title(readable(staffing))
    keys = [Line2D([], [], color=medium.row.colour, label=medium.row.label) for medium in media]
    lines = (OTHERS[column] for column in others)
    keys += [Line2D([], [], color=QUIET, label=name, linestyle=line) for name, line in lines]
    axes.legend(handles=keys, frameon=False, fontsize=10)


@comparison_figure(
    place=40, applies=always, about=("load", "phone"), over_time=True, kind=DENSE, panel=of_one_model, of_one=True
)
@drawn
def backlog(results: Any) -> Figure:
    """Passengers who wait, by medium (median and 90 % band over replications), and staff on duty.

    Two panels a staffing model. Ordinary customers, bystanders' posts and what is too old are lines of their own.
    """
    courses, experiment = results.courses, results.experiment
    media, others = shown_lines(courses)
    columns = [*(column_of(medium, courses) for medium in media), *others]
    most_on_duty = float(courses["staff_on_duty"].max())
    first, last = shown_span(results, media)
    highest = max([courses[column].quantile(0.999) for column in columns], default=1.0)
    height = 1.9 + ROW_INCHES * -(-len(results.staffings) // COLUMNS)
    subtitle = replications_in_words(results, "lines: median, bands: 90 % of replications")
    title = "Who waits and can still be answered, and who is on duty"
    figure = page(title, f"{subtitle}. Nights (22:00–06:00 local) shaded.", WIDTH, height)
    draw_key(figure, media, others, height)
    axes_of_models = places(figure, len(results.staffings), height)
    for staffing, (axes, duty, at_left) in zip(results.staffings, axes_of_models, strict=True):
        part = rows_of(courses, staffing, ["replication", "time_min", "staff_on_duty", *columns])
        draw_waiting(axes, part, media, others, highest)
        draw_duty(duty, part, staffing, most_on_duty)
        axes.set_title(readable(staffing))
        for panel, label, size in ((axes, "waiting (contacts)", 12), (duty, "on duty\n(people)", 10)):
            clock_axis(panel, experiment, first, last, label=False)
            panel.set_ylabel(label if at_left else "", size=size)
            panel.tick_params(labelleft=at_left)
    figure.text(0.5, 0.1 / height, local_time(experiment), ha="center", size=12)
    return figure
