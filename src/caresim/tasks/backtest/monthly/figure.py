"""Figures of `backtest=monthly`: the months with what was predicted, and the miss from every origin."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from caresim.report.style import (
    BLUE,
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


@drawn
def months_figure(months: pd.DataFrame, share: np.ndarray, table: pd.DataFrame, last: int) -> Figure:
    """P(abandon) of every month, the predicted ones with their bands; below, the calls offered."""
    figure = page(
        "P(abandon) by month: seen, and predicted from the calls offered",
        "Black: observed. Blue: predicted median, half and nine in ten of the draws. Dashed: end of the fitted months.",
    )
    above, below = panels(figure, 2, 1, left=1.0, top=1.5, bottom=0.8, down=0.35, heights=(3, 1), sharex=True)[:, 0]
    at = np.arange(len(months))
    later = at[last : last + len(table)]
    above.fill_between(later, 100 * table["q05"], 100 * table["q95"], color=TOLERATED, linewidth=0)
    above.fill_between(later, 100 * table["q25"], 100 * table["q75"], color=PALE_BLUE, linewidth=0)
    above.plot(later, 100 * table["q50"], color=BLUE, marker="o", markersize=4)
    above.plot(at, 100 * share, color=INK, linewidth=1.4, marker="o", markersize=4)
    above.set_ylabel("P(abandon), %")
    above.set_ylim(0, None)
    below.bar(at, months["offered"] / 1000.0, color=QUIET, width=0.8)
    below.set_ylabel("calls offered\n(thousands)")
    for axes in (above, below):
        axes.axvline(last - 0.5, color=INK, linewidth=1, linestyle="--")
        quiet_grid(axes)
    starts = [place for place, name in enumerate(months["month"]) if name.endswith("-01")] or [0]
    above.set_xlim(-1, len(months))
    below.set_ylim(0, 1.1 * float(months["offered"].max()) / 1000.0)
    below.set_xlabel("month")
    below.set_xticks(starts, [months["month"].iloc[place] for place in starts])
    return figure


@drawn
def origins_figure(table: pd.DataFrame) -> Figure:
    """A row per earlier origin: mean miss of the model and of two simple forecasts."""
    figure = page(
        "Mean miss over the months ahead, from earlier origins",
        "Percentage points of P(abandon). Blue: the model. Grey: mean of the last months. Orange: a line on the calls.",
        height=2.2 + 0.36 * len(table),
    )
    axes = panels(figure, 1, 1, left=1.5, top=1.3, bottom=0.8)[0][0]
    looks = (("line", ORANGE, "s"), ("last_months", QUIET, "D"), ("model", BLUE, "o"))
    for place, row in enumerate(table.to_dict("records")):
        values = [row[name] for name, _, _ in looks]
        axes.plot([min(values), max(values)], [place, place], color=TOLERATED, linewidth=3, zorder=1)
        for name, colour, marker in looks:
            axes.plot(row[name], place, marker, color=colour, markersize=8, zorder=3)
    axes.set_yticks(range(len(table)), table["last_month"])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, None)
    axes.set_ylabel("last month fitted")
    axes.set_xlabel("mean miss, percentage points")
    quiet_grid(axes, "x")
    return figure
