"""How soon a request is answered: one bar a staffing model, from at once to never."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from caresim.model.media import GROUPS
from caresim.report.evidence import replications_in_words
from caresim.report.labels import row_names
from caresim.report.style import GAVE_UP, INK, SOON, colours, drawn, page, panels
from caresim.run.long_table import rows_of
from caresim.tasks.compare.figure import comparison_figure
from caresim.tasks.compare.figures.latency import COLUMNS, anybody_asked, groups_shown

WITHIN = {15.0: "within 15 min", 60.0: "within 1 h", 360.0: "within 6 h", np.inf: "later"}
"""Minutes until the first answer, and what a part of a bar is called."""
NEVER = "not at all"
LEGIBLE = 6.0
"""Percent: a narrower part has no number in it."""
PALE_FROM = 2
"""The parts from here on have dark numbers."""
ROW_INCHES, LEAST_INCHES = 0.54, 1.2


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


@comparison_figure(place=80, applies=anybody_asked, about=("latency", "phone"))
@drawn
def waits(results: Any) -> Figure:
    """How soon requests are answered, groups of media apart: shares within 15 min, 1 h, 6 h, later, not at all."""
    groups, staffings = groups_shown(results.curves), list(results.staffings)
    palette = colours(staffings)
    high = max(ROW_INCHES * len(staffings), LEAST_INCHES)
    figure = page(
        "How soon is a request answered?",
        replications_in_words(results, "mean over replications")
        + ".\nOf all requests: a caller who tries again is there again, and a busy tone is no answer.",
        height=high + 3.0,
    )
    row = panels(figure, 1, len(groups), left=2.35, right=0.4, top=2.15, bottom=0.85, across=0.5)[0]
    tables: dict[str, list[np.ndarray]] = {group: [] for group in groups}
    for staffing in staffings:  # a staffing model at a time: there may be too many curves to hold at once
        curves = rows_of(results.curves, staffing, COLUMNS)
        for group in groups:
            tables[group].append(parts(curves[curves["group"] == group]))
    for axes, group in zip(row, groups, strict=True):
        bars(axes, np.array(tables[group]))
        axes.set_title(GROUPS[group])
        axes.set_yticks([])
        axes.set_ylim(len(staffings) - 0.5, -0.5)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
    row_names(row[0], staffings, palette)
    keys = [
        Patch(color=colour, label=word)
        for colour, word in zip((*SOON, GAVE_UP), (*WITHIN.values(), NEVER), strict=True)
    ]
    figure.legend(
        handles=keys, loc="upper left", bbox_to_anchor=(0.35 / 13.33, 1 - 1.28 / (high + 3.0)), ncols=len(keys),
        frameon=False, borderpad=0, handlelength=1.1, columnspacing=1.4, handletextpad=0.5, borderaxespad=0,
    )  # fmt: skip
    return figure
