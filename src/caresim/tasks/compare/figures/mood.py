"""The public timeline: mood, all posts, and those that ask for something."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.report.bands import draw_band, hourly, matrix_of, percentiles
from caresim.report.clock import clock_axis
from caresim.report.evidence import replications_in_words
from caresim.report.on_axes import on_axes
from caresim.report.style import QUIET, drawn, page, panels, quiet_grid
from caresim.report.wording import readable
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import ASKED, comparison_figure

ROWS = (
    ("mood", "Public mood: anger in view", "visible anger\n(posts × anger, 0–1)"),
    ("posts", "All public posts", "posts per hour"),
    ("requests", "Requests among them: posts of the disruption's passengers", "requests per hour"),
)

LONGEST = 27
"""Letters of a name that the margin has room for, beside four digits."""
DIGIT = 0.103
"""Inches that a digit is wide."""


def anybody_is_angry(results: Any) -> bool:
    """Is there any anger in public?"""
    return bool((results.courses["mood"] > 0).any())


def known_series(courses: Any) -> list[str]:
    """The columns of the courses that have values."""
    return [name for name, *_ in ROWS if name in courses and courses[name].notna().any()]


def draw_series(axes: Axes, results: Any, name: str, label: bool) -> None:
    """One series of the courses: a line a staffing model, their peaks at the right; `label` the time axis?"""
    title, unit = next(words for column, *words in ROWS if column == name)
    courses, palette = results.courses, palette_of(results)
    times: pd.Series = courses["time_min"]
    peaks: list[tuple[float, str, str]] = []
    for staffing in results.staffings:
        x, values = matrix_of(courses, staffing, name)
        if name != "mood":
            x, values = hourly(x, values)
        shade = 0.2 if staffing == results.baseline else 0
        draw_band(axes, x, values, palette[staffing], staffing, width=1.7, shade=shade)
        peak = float(np.nanmax(percentiles(values)[1])) if not np.isnan(values).all() else np.nan
        peaks.append((peak, readable(staffing), palette[staffing]))
    clock_axis(axes, results.experiment, max(float(times.min()), -720.0), float(times.max()), label)
    axes.set_ylim(bottom=0)
    axes.set_ylabel(unit)
    axes.set_title(title)
    quiet_grid(axes)
    label_peaks(axes, peaks)


@on_axes
def one_series(axes: Axes, results: Any, series: str | None = None) -> None:
    """One of the three series over the clock, the mood unless it is named."""
    draw_series(axes, results, one_name("series", series, known_series(results.courses), "series"), label=True)


@comparison_figure(place=50, applies=anybody_is_angry, about=("mood",), over_time=True, kind=ASKED, panel=one_series)
@drawn
def mood(results: Any, series: str | Sequence[str] | None = None) -> Figure:
    """Public mood, all public posts and those that are requests, per hour, over the clock; all staffing models.

    `series`: of "mood", "posts" and "requests", one or several; None: all.
    """
    shown = names_of("series", series, known_series(results.courses), "series")
    figure = page(
        "What the public sees",
        replications_in_words(results, "lines: median; grey band: 90 % of the baseline's replications")
        + ".\nThe other posts are bystanders' (jokes, amplification) and ordinary traffic."
        + " Nights (22:00–06:00 local) shaded.",
        height=2.7 + 2.25 * len(shown) - 0.05 if len(shown) < len(ROWS) else 9.4,
    )
    grid = panels(figure, len(shown), 1, left=1.25, right=3.2, top=1.75, bottom=0.95, down=0.5, sharex=True)
    for place, name in enumerate(shown):
        draw_series(grid[place, 0], results, name, label=place == len(shown) - 1)
    return figure


def label_peaks(axes: Axes, peaks: list[tuple[float, str, str]]) -> None:
    """Names at the right, highest peak first, with the height of the median's peak."""
    axes.text(1.015, 1.0, "highest median", transform=axes.transAxes, size=10, va="bottom", color=QUIET)
    step = min(0.13, 1 / len(peaks))
    figure = axes.get_figure(root=True)
    assert figure is not None
    wide = axes.get_position().width * figure.get_size_inches()[0]
    digits = max(len(f"{peak:.0f}") for peak, *_ in peaks)
    beside = max(1.06, 1.015 + (DIGIT * digits + 0.12) / wide)
    for place, (peak, name, colour) in enumerate(sorted(peaks, key=lambda row: -np.nan_to_num(row[0]))):
        height = 0.94 - place * step
        axes.text(
            1.015, height, f"{peak:.0f}", transform=axes.transAxes, color=colour, size=10.5, weight="bold", va="center"
        )
        name = textwrap.shorten(name, LONGEST - max(digits - 4, 0), placeholder=" …")
        axes.text(beside, height, name, transform=axes.transAxes, color=colour, size=10.5, weight="bold", va="center")
