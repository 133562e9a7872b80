"""How many people, by day and hour: a heat map for each desk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.config.display_names import desk_name, readable
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, MARGIN, QUIET, drawn, page, panels, save_both
from caresim.tasks.require.terminal import target_text

if TYPE_CHECKING:
    from caresim.tasks.require.requirement import Needs, StaffNeeded

SHADES = "cividis_r"
"""From few people to many: the same order in grey, and for colour-blind readers (Nunez, Anderton, Renslow 2018)."""
ROW_INCHES, MOST_ROWS = 0.27, 62
DAY = 1440.0
FEWEST_HOURS = 6
"""Of the axis: cells of a desk that is hardly ever open are no wider."""
FEW_COLUMNS = 30
"""Cells of a day up to which their numbers are in larger letters."""
ROWS_OF_A_SCALE = 5
"""Days from which on there is a scale of colours beside the numbers: a shorter one has no room for its label."""


def desks_shown(needed: StaffNeeded, desk: str | Sequence[str] | None) -> list[Needs]:
    """The desks that are ever open, or those of them that are asked for."""
    there = {needs.desk: needs for needs in needed.desks if needs.open.any()}
    return [there[name] for name in names_of("desk", desk, there, "desk that is open")]


@on_axes
def needed_on_axes(axes: Axes, needed: StaffNeeded, desk: str | None = None) -> None:
    """The days and hours of one desk, the first unless it is named."""
    there = [needs.desk for needs in desks_shown(needed, None)]
    (needs,) = desks_shown(needed, one_name("desk", desk, there, "desk that is open"))
    draw(axes, f"{desk_name(needs.desk)} (by {needs.method}): people on duty", *by_day(needed, needs))


@drawn
def staff_needed(needed: StaffNeeded, desk: str | Sequence[str] | None = None) -> Figure:
    """A panel for each desk: days downwards, the hours of the day across, people on duty as colour and number."""
    desks = desks_shown(needed, desk)
    tables = [by_day(needed, needs) for needs in desks]
    heights = [0.3 + ROW_INCHES * len(table[0]) for table in tables]
    subtitle = f"People on duty in {readable(needed.staffing)}, local time ({needed.experiment.timezone}).\n"
    subtitle += f"Target: {target_text(needed)}."
    figure = page("How many people does it take?", subtitle, height=2.2 + sum(heights) + 0.85 * (len(desks) - 1))
    grid = panels(
        figure, len(desks), 1, left=1.25, right=1.15, top=1.75, bottom=0.45, down=0.85, heights=heights
    )  # fmt: skip
    for (axes,), needs, (days, people) in zip(grid, desks, tables, strict=True):
        mesh = draw(axes, f"{desk_name(needs.desk)} (by {needs.method})", days, people)
        if len(days) >= ROWS_OF_A_SCALE:
            add_scale(figure, axes, mesh)
    return figure


def by_day(needed: StaffNeeded, needs: Needs) -> tuple[list[str], Any]:
    """The days on which a desk is open, and its people by day and interval of the day; NaN where it is closed."""
    from caresim.measure.clock import wall_clock

    stamps = wall_clock(needed.experiment, needed.grid.edges[:-1])
    a_day = round(DAY / needed.grid.width)
    rows: dict[Any, Any] = {}
    for place in np.flatnonzero(needs.open).tolist():
        stamp = stamps[place]
        row = rows.setdefault(stamp.date(), np.full(a_day, np.nan))
        column = int((stamp.hour * 60 + stamp.minute) // needed.grid.width)
        row[column] = np.fmax(row[column], needs.people[place])
    days = sorted(rows)[:MOST_ROWS]
    return [f"{day:%a} {day.day} {day:%b}" for day in days], np.array([rows[day] for day in days])


def draw(axes: Axes, title: str, days: list[str], people: Any) -> Any:
    """One desk; what its shades mean can be told from the result."""
    shades = matplotlib.colormaps[SHADES].with_extremes(bad=MARGIN)
    most = max(float(np.nanmax(people)), 1.0)
    mesh = axes.pcolormesh(
        np.linspace(0.0, 24.0, people.shape[1] + 1), np.arange(len(days) + 1), np.ma.masked_invalid(people),
        cmap=shades, vmin=0.0, vmax=most, edgecolors="white", linewidth=0.4,
    )  # fmt: skip
    axes.set_ylim(len(days), 0)
    axes.set_yticks(np.arange(len(days)) + 0.5, days, fontsize=9)
    axes.set_xticks(range(0, 25, 2), [f"{hour:02d}:00" for hour in range(0, 25, 2)], fontsize=9)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title)
    width = 24.0 / people.shape[1]
    # Whole hours in which the desk is ever open, and no less than a few: a closed night is no news.
    ever = np.flatnonzero(np.isfinite(people).any(axis=0)) * width
    first, last = float(np.floor(ever.min())), float(np.ceil(ever.max() + width))
    axes.set_xlim(first, max(last, first + FEWEST_HOURS))
    shown = (axes.get_xlim()[1] - axes.get_xlim()[0]) / width
    size = (9.0 if most < 100 else 7.0) if shown <= FEW_COLUMNS else (6.5 if most < 100 else 5.5)
    if people.shape[1] <= 48 and most < 1000:
        for row, numbers in enumerate(people):
            for column, number in enumerate(numbers):
                if np.isfinite(number):
                    dark = number > 0.55 * most
                    axes.text(
                        (column + 0.5) * width, row + 0.53, f"{number:.0f}", ha="center", va="center",
                        size=size, color="white" if dark else INK,
                    )  # fmt: skip
    return mesh


def add_scale(figure: Figure, axes: Axes, mesh: Any) -> None:
    """A scale of the shades at the right of a desk."""
    box = axes.get_position()
    bar = figure.add_axes((box.x1 + 0.012, box.y0, 0.011, box.height))
    scale = figure.colorbar(mesh, cax=bar)
    scale.outline.set_visible(False)  # type: ignore[operator]
    scale.ax.tick_params(length=0, labelsize=9)
    scale.ax.yaxis.set_major_locator(matplotlib.ticker.MaxNLocator(5, integer=True))
    scale.set_label("people on duty", size=9, color=QUIET)


def save(needed: StaffNeeded, folder: str | Path) -> list[Path]:
    """Draw the figure of a requirement to people_needed.png and .svg; returns the paths."""
    return save_both(staff_needed(needed), folder, "people_needed")
