"""Satisfaction: the mean by four definitions, and the whole scale behind one of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.report.evidence import intervals_in_words, replications_in_words, with_intervals
from caresim.report.interval import draw_interval
from caresim.report.labels import row_names, spread
from caresim.report.on_axes import on_axes
from caresim.report.style import BETWEEN_ROWS, INK, QUIET, SCORES, drawn, page, panels, quiet_grid
from caresim.tasks.compare.chosen import palette_of
from caresim.tasks.compare.figure import comparison_figure, has_satisfaction

DEFINITIONS = {
    "csat_all": ("everybody affected", "^"),
    "csat": ("all with a need", "o"),
    "csat_contacted": ("all who contacted", "s"),
    "csat_survey": ("survey, as a centre would see it", "D"),
}


def means(axes: Axes, results: Any, seaborn: Any) -> None:
    """One row per staffing model, one mark per definition; behind the first the replications themselves."""
    summary = with_intervals(results.summary(), results).set_index(["staffing", "metric"])
    palette = palette_of(results)
    shown = [name for name in DEFINITIONS if name in summary.index.get_level_values("metric")]
    offsets = np.linspace(-0.26, 0.26, len(shown)) if len(shown) > 1 else np.zeros(1)
    rows = {staffing: place for place, staffing in enumerate(results.staffings)}
    for offset, name in zip(offsets, shown, strict=True):
        dots = pd.DataFrame(
            {
                "value": results.replications[name],
                "row": results.replications["staffing"].map(rows).astype(float) + offset,
            }
        ).dropna()
        seaborn.scatterplot(
            data=dots, x="value", y="row", color=QUIET, alpha=0.25, s=12, linewidth=0, ax=axes, zorder=1, legend=False
        )
        for staffing, place in rows.items():
            if (staffing, name) in summary.index:
                draw_interval(
                    axes,
                    summary.loc[(staffing, name)],
                    place + offset,
                    palette[staffing],
                    DEFINITIONS[name][1],
                    staffing,
                )
    row_names(axes, list(rows), palette)
    axes.set_xlabel("mean satisfaction (1 to 5)")
    axes.set_ylabel("")
    axes.set_title("Mean, by definition")
    quiet_grid(axes, "x")
    for place in range(1, len(rows)):
        axes.axhline(place - 0.5, color=BETWEEN_ROWS, linewidth=0.8)


def shares(results: Any) -> pd.DataFrame | None:
    """Expected share (%) of each number of stars of each staffing model; None where nobody needed anything."""
    means = results.replications.groupby("staffing", sort=False, observed=True)[[f"stars_{score}" for score in SCORES]]
    table = means.mean().mul(100).set_axis(list(SCORES), axis="columns").reindex(results.staffings)
    return None if table.isna().any(axis=None) else table


def distribution(axes: Axes, table: pd.DataFrame) -> None:
    """The scale as one bar per staffing model."""
    start, middles = np.zeros(len(table)), []
    for score, colour in SCORES.items():
        width = table[score].to_numpy()
        axes.barh(np.arange(len(table)), width, left=start, color=colour, height=0.62, label=str(score))
        for row in np.flatnonzero(width >= 5):
            ink = "white" if score in (1, 5) else INK
            axes.text(
                start[row] + width[row] / 2, row, f"{width[row]:.0f}", ha="center", va="center", size=11, color=ink
            )
        middles.append(float(start[0] + width[0] / 2))
        start = start + width
    for place, score in zip(spread(middles, 4, 1, 99), SCORES, strict=True):
        axes.text(place, -0.42, f"{score}", ha="center", va="bottom", size=12, weight="bold", color=INK)
    axes.set_xlim(0, 100)
    axes.set_xlabel("% of passengers, by expected stars (1 worst, 5 best)")
    axes.set_title("All with a need, whole scale", pad=18)
    axes.tick_params(left=False, labelleft=False)
    axes.spines["left"].set_visible(False)


def marks(between: str) -> str:
    """The marks of `means`, and what they stand for."""
    return between.join(f"{sign} {words}" for sign, (words, _) in zip("▲●■◆", DEFINITIONS.values(), strict=True))


@on_axes
def mean_marks(axes: Axes, results: Any) -> None:
    """The mean mark by four definitions."""
    import seaborn  # takes over a second to import

    means(axes, results, seaborn)
    axes.set_title(f"Mean satisfaction by the {results.experiment.satisfaction} law")
    axes.set_xlabel(f"mean (1 to 5)\n{marks('  ')}", size=10)


@comparison_figure(place=30, applies=has_satisfaction, about=("satisfaction", "evenness"), panel=mean_marks)
@drawn
def satisfaction(results: Any) -> Figure:
    """Mean satisfaction per staffing model with both intervals, and the stars that passengers are expected to give."""
    import seaborn  # takes over a second to import

    table = shares(results)
    many = len(results.staffings)
    height = 3.3 + max(0.85 * many, 2.2)
    law = f"told by the {results.experiment.satisfaction} law"
    figure = page(
        "How satisfied are the passengers?",
        replications_in_words(results, f"grey dots: replications; {intervals_in_words(results)}")
        + f".\nMarks: {marks('   ')}; {law}.",
        height=height,
    )
    grid = panels(
        figure, 1, 1 if table is None else 2, left=2.5, right=0.5, top=1.95, bottom=0.85, across=0.45, sharey=True
    )
    means(grid[0, 0], results, seaborn)
    if table is not None:
        distribution(grid[0, 1], table)
    return figure
