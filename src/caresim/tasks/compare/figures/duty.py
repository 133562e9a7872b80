"""Who is on duty, hour by hour and day by day: a small calendar a staffing model."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedFormatter, FixedLocator

from caresim.report.clock import local_time, zone
from caresim.report.evidence import replications_in_words
from caresim.report.on_axes import on_axes
from caresim.report.style import WIDTH, drawn, page
from caresim.report.wording import readable, wrapped
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure
from caresim.tasks.compare.figures.waiting import SHADES, by_hour, draw_key

COLUMNS = 4
"""Staffing models beside each other."""
MOST_NAMED = 14
"""Days beside a calendar; of more, every second, third, ... has its date."""
HOURS = 24
ABOVE_INCHES = 0.85
"""Between calendars, for the hours of one and the name of the next."""


def anybody_on_duty(results: Any) -> bool:
    """Is anybody on duty, in any staffing model?"""
    return bool((results.courses["staff_on_duty"] > 0).any())


def calendar(results: Any, staffing: str) -> tuple[list[date], np.ndarray]:
    """Local days, and people on duty of shape (days, 24); NaN for an hour outside the run."""
    experiment = results.experiment
    ends, people = by_hour(results, staffing, "staff_on_duty")
    local = zone(experiment)
    moments = [(experiment.start + timedelta(minutes=float(end) - 30.0)).astimezone(local) for end in ends]
    days = sorted({moment.date() for moment in moments})
    table = np.full((len(days), HOURS), np.nan)
    for moment, count in zip(moments, people, strict=True):
        table[days.index(moment.date()), moment.hour] = count
    return days, table


def draw_calendar(axes: Axes, days: list[date], table: np.ndarray, most: float, named: bool) -> Any:
    """One staffing model: days downwards, hours to the right."""
    drawing = axes.imshow(table, cmap=SHADES, vmin=0, vmax=most, aspect="auto", interpolation="nearest")
    axes.xaxis.set_major_locator(FixedLocator([-0.5, 5.5, 11.5, 17.5, 23.5]))
    axes.xaxis.set_major_formatter(FixedFormatter(["0", "6", "12", "18", "24 h"]))
    every = -(-len(days) // MOST_NAMED)
    axes.yaxis.set_major_locator(FixedLocator(list(range(0, len(days), every))))
    axes.yaxis.set_major_formatter(FixedFormatter([f"{day:%a} {day.day}" for day in days[::every]]))
    axes.tick_params(labelsize=9.5, labelleft=named, length=2)
    axes.tick_params(axis="y", length=0)
    return drawing


@on_axes
def of_one_model(axes: Axes, results: Any) -> None:
    """The calendar of one staffing model, the baseline unless it is named: the darker, the more people."""
    (staffing,) = results.staffings
    days, table = calendar(results, staffing)
    most = float(np.nan_to_num(table).max())
    draw_calendar(axes, days, table, max(most, 1.0), named=True)
    axes.set_xlabel(local_time(results.experiment))
    axes.set_title(f"{readable(staffing)}: people on duty, at most {most:.0f}", color=palette_of(results)[staffing])


@comparison_figure(place=100, applies=anybody_on_duty, about=("load",), over_time=True, panel=of_one_model, of_one=True)
@drawn
def duty(results: Any) -> Figure:
    """People on duty at all desks together by hour and day (median over replications), on one scale of shades."""
    staffings = list(results.staffings)
    calendars = {staffing: calendar(results, staffing) for staffing in staffings}
    most = max(float(np.nan_to_num(table).max()) for _, table in calendars.values())
    columns = min(len(staffings), COLUMNS)
    rows = -(-len(staffings) // columns)
    tall = min(max(0.165 * len(next(iter(calendars.values()))[0]), 1.0), 2.1)
    height = 1.55 + rows * (tall + ABOVE_INCHES)
    figure = page(
        "Who is on duty, by hour and day",
        replications_in_words(results, "median over replications")
        + ".\nPeople at all desks together, without those on a break or absent; the darker, the more.",
        height=height,
    )
    palette, wide = palette_of(results), (WIDTH - 0.95 - 0.4 - 0.35 * (columns - 1)) / columns
    drawing: Any = None
    for number, (staffing, (days, table)) in enumerate(calendars.items()):
        row, column = divmod(number, columns)
        left, top = 0.95 + column * (wide + 0.35), height - 1.25 - ABOVE_INCHES / 2 - row * (tall + ABOVE_INCHES)
        axes = figure.add_axes((left / WIDTH, (top - tall) / height, wide / WIDTH, tall / height))
        drawing = draw_calendar(axes, days, table, max(most, 1.0), column == 0)
        if row == rows - 1:
            axes.set_xlabel(local_time(results.experiment), size=10)
        axes.set_title(wrapped(staffing, 24), color=palette[staffing], size=11.5)
    draw_key(figure, drawing, "people on duty")
    return figure
