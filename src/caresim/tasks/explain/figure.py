"""Who gets the credit: the difference between two staffing models, divided among the factors in which they differ."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.config.errors import BadInput
from caresim.report.difference_axis import (
    better_side,
    difference_scale,
    difference_ticks,
    difference_unit,
    draw_margin,
    no_difference,
)
from caresim.report.interval import draw_interval
from caresim.report.on_axes import on_axes
from caresim.report.style import QUIET, SAME, VERDICT_COLOURS, drawn, page, panels, quiet_grid
from caresim.report.wording import level, readable, signed

UNDEFINED = "has no metric that is defined in every combination of the factors"
ENDS = ("value", "ci_low", "ci_high", "luck_low", "luck_high")


def sums(explanation: Any) -> pd.DataFrame:
    """Shares and total of the headline metrics in the game of all factors, seats included where they are one."""
    table = explanation.table()
    game = table["game"].iloc[-1] if len(table) else ""
    wanted = table["headline"].astype(bool) & table["kind"].isin(["share", "total"]) & (table["game"] == game)
    return table[wanted]


@on_axes
def explain_on_axes(axes: Axes, explanation: Any, metric: str | None = None) -> None:
    """The bars of one headline metric, the first unless it is named."""
    from caresim.measure.metrics import REGISTRY

    table = sums(explanation)
    if table.empty:
        raise BadInput("study.headline", list(explanation.experiment.study.headline), UNDEFINED)
    name = one_name("metric", metric, table["metric"].unique(), "headline metric")
    bars(axes, table[table["metric"] == name].set_index("factor"), list(explanation.factors), REGISTRY[name])


@drawn
def explain(explanation: Any, metric: str | Sequence[str] | None = None) -> Figure:
    """Bars for the share that each factor has in the difference, with both intervals; a panel per headline metric."""
    from caresim.measure.metrics import REGISTRY

    table = sums(explanation)
    metrics = names_of("metric", metric, table["metric"].unique(), "headline metric")
    title = f"Who gets the credit? From {readable(explanation.one)} to {readable(explanation.other)}"
    subtitle = words(explanation)
    if not metrics:
        return page(title, subtitle + "\nNo headline metric is defined in every combination.", height=2.2)
    factors = list(explanation.factors)
    columns = min(2, len(metrics))
    rows = -(-len(metrics) // columns)
    top = 1.95 + 0.25 * bool(explanation.unmatched)
    figure = page(title, subtitle, height=top + rows * (1.25 + 0.44 * (len(factors) + 1)))
    grid = panels(figure, rows, columns, left=1.75, right=1.35, top=top, bottom=0.75, across=3.0, down=1.1)
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(metrics):
            axes.set_visible(False)
            continue
        part = table[table["metric"] == metrics[place]].set_index("factor")
        bars(axes, part, factors, REGISTRY[metrics[place]])
    return figure


def words(explanation: Any) -> str:
    """What stands behind the figure, and what the total is."""
    count = explanation.combinations["replication"].nunique()
    confidence = level(explanation.experiment.study.confidence.value)
    seats = explanation.design.seats
    whole = ", ".join(map(readable, explanation.unmatched))
    beside = f"; seats: as they are, or {seats:g} times the free ones" if seats is not None else ""
    return (
        f"All {2 ** len(explanation.factors)} combinations of the factors (as in the one model or as in the other"
        f"{beside}) in the same {count} replications.\nBars: Shapley shares, which sum to the total. Thick:"
        f" {confidence} interval, luck; thin: luck and assumptions, simultaneous over all bars.\n"
        "Green: better, red: worse, black: undecided, grey: no difference that matters (all within the grey band)."
        + (f"\nOrganisation takes in the whole desk: {whole}." if whole else "")
    )


def bars(axes: Axes, part: pd.DataFrame, factors: list[str], metric: Any) -> None:
    """One metric: a bar per factor, the total below a line, values at the right."""
    ratio = metric.compare == "ratio"
    scale, same = difference_scale(metric.unit, ratio), no_difference(ratio)
    names = [*factors, "all"]
    low, high = shown_margin(float(part["margin"].iloc[0]), ratio)
    draw_margin(axes, low * scale, high * scale, ratio)
    for place, name in enumerate(names):
        row = shown(part.loc[name], ratio)
        colour = VERDICT_COLOURS.get(part.loc[name, "verdict"], SAME)
        start, end = same, scale * row["value"]
        axes.barh(place, end - start, left=start, height=0.62, color=colour, alpha=0.35, linewidth=0, zorder=2)
        draw_interval(axes, row, place, colour, label=name, scale=scale, estimate="value")
        axes.text(
            1.02, place, signed(float(part.loc[name]["value"]), metric.unit, ratio), va="center", size=11,
            transform=axes.get_yaxis_transform(), weight="bold" if name == "all" else "normal",
        )  # fmt: skip
    axes.axhline(len(factors) - 0.5, color=QUIET, linewidth=0.8)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [readable(name) if name != "all" else "Total" for name in names], size=12)
    axes.tick_params(axis="y", length=0)
    difference_ticks(axes, ratio)
    unit = "ratio, shares multiply" if ratio else difference_unit(metric.unit)
    axes.set_xlabel(f"{unit}   ({better_side(metric.better)})")
    axes.set_title(metric.label)
    quiet_grid(axes, "x")


def shown(row: pd.Series, ratio: bool) -> dict[str, float]:
    """Estimate and ends as they are drawn: ratios, or differences."""
    return {name: float(np.exp(row[name]) if ratio else row[name]) for name in ENDS}


def shown_margin(margin: float, ratio: bool) -> tuple[float, float]:
    """Where a difference is too small to matter, as it is drawn."""
    return (float(np.exp(-margin)), float(np.exp(margin))) if ratio else (-margin, margin)
