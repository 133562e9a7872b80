"""How soon a request is answered: one bar a staffing model, from at once to never."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from caresim.config.arguments import one_name
from caresim.model.media import GROUPS
from caresim.report.evidence import replications_in_words
from caresim.report.labels import row_names
from caresim.report.on_axes import on_axes
from caresim.report.style import GAVE_UP, INK, SOON, drawn, page, panels
from caresim.run.long_table import rows_of
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure
from caresim.tasks.compare.figures.latency import COLUMNS, GROUP, anybody_asked, groups_shown, groups_there

WITHIN = {15.0: "within 15 min", 60.0: "within 1 h", 360.0: "within 6 h", np.inf: "later"}
"""Minutes until the first answer, and what a part of a bar is called."""
NEVER = "not at all"
LEGIBLE = 6.0
"""Percent: a narrower part has no number in it."""
PALE_FROM = 2
"""The parts from here on have dark numbers."""
ROW_INCHES, LEAST_INCHES = 0.54, 1.2
BELOW = -0.22
"""Of the height of axes: where the key stands below them."""


def parts(curves: pd.DataFrame) -> np.ndarray:
    """Percent of the requests answered within each time of WITHIN and no sooner, mean over replications; the last is of
    those never answered. NaN where nobody asked.
    """
    means = curves.groupby("minutes")["answered"].mean()
    minutes, shares = means.index.to_numpy(dtype=float), means.to_numpy(dtype=float)
    ends = [shares[max(int(np.searchsorted(minutes, end, side="right")) - 1, 0)] for end in WITHIN]
    return 100 * np.diff([0.0, *ends, 1.0])


def bars(axes: Axes, table: np.ndarray) -> None:
    """A bar for each row of the table, its parts beside each other."""
    for place, row in enumerate(table):
        start = 0.0
        for part, (width, colour) in enumerate(zip(row, (*SOON, GAVE_UP), strict=True)):
            if not np.isfinite(width):
                continue
            axes.barh(place, width, left=start, color=colour, height=0.66, linewidth=0)
            if width >= LEGIBLE:
                ink = INK if part >= PALE_FROM else "white"
                axes.text(start + width / 2, place, f"{width:.0f}", ha="center", va="center", size=11, color=ink)
            start += width
        if not np.isfinite(row).any():
            axes.text(50, place, "no requests", ha="center", va="center", size=11, color=INK)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of requests")


def tables_of(results: Any, groups: Iterable[str]) -> dict[str, np.ndarray]:
    """For each group the parts of the bars, a row a staffing model."""
    tables: dict[str, list[np.ndarray]] = {group: [] for group in groups}
    for staffing in results.staffings:  # a staffing model at a time: there may be too many curves to hold at once
        curves = rows_of(results.curves, staffing, COLUMNS)
        for group, rows in tables.items():
            rows.append(parts(curves[curves["group"] == group]))
    return {group: np.array(rows) for group, rows in tables.items()}


def draw_group(axes: Axes, table: np.ndarray, group: str) -> None:
    """The bars of one group, below its name."""
    bars(axes, table)
    axes.set_title(GROUPS[group])
    axes.set_yticks([])
    axes.set_ylim(len(table) - 0.5, -0.5)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(False)


def keys() -> list[Patch]:
    """What the shades mean."""
    words = (*WITHIN.values(), NEVER)
    return [Patch(color=colour, label=word) for colour, word in zip((*SOON, GAVE_UP), words, strict=True)]


@on_axes
def of_one_group(axes: Axes, results: Any, group: str | None = None) -> None:
    """The bars of one group of media, the first with requests unless it is named."""
    shown = one_name("group", group, groups_there(results.curves), GROUP)
    draw_group(axes, tables_of(results, [shown])[shown], shown)
    row_names(axes, list(results.staffings), palette_of(results))
    axes.legend(
        handles=keys(), loc="upper left", bbox_to_anchor=(0, BELOW), ncols=3, frameon=False, fontsize=10,
        borderaxespad=0,
    )  # fmt: skip


@comparison_figure(place=80, applies=anybody_asked, about=("latency", "phone"), panel=of_one_group)
@drawn
def waits(results: Any, group: str | Sequence[str] | None = None) -> Figure:
    """How soon requests are answered, groups of media apart: shares within 15 min, 1 h, 6 h, later, not at all.

    `group`: of "social", "phone" and the like, one or two; None: the first two in which somebody asked for something.
    """
    groups, staffings = groups_shown(results.curves, group), list(results.staffings)
    high = max(ROW_INCHES * len(staffings), LEAST_INCHES)
    figure = page(
        "How soon is a request answered?",
        replications_in_words(results, "mean over replications")
        + ".\nOf all requests: a caller who tries again is there again, and a busy tone is no answer.",
        height=high + 3.0,
    )
    row = panels(figure, 1, len(groups), left=2.35, right=0.4, top=2.15, bottom=0.85, across=0.5)[0]
    for axes, (name, table) in zip(row, tables_of(results, groups).items(), strict=True):
        draw_group(axes, table, name)
    row_names(row[0], staffings, palette_of(results))
    handles = keys()
    figure.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(0.35 / 13.33, 1 - 1.28 / (high + 3.0)), ncols=len(handles),
        frameon=False, borderpad=0, handlelength=1.1, columnspacing=1.4, handletextpad=0.5, borderaxespad=0,
    )  # fmt: skip
    return figure
