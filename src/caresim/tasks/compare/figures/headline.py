"""What each staffing model changes in the headline metrics: one picture for a slide."""

from __future__ import annotations

import textwrap
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from caresim.report.difference_axis import BETTER_SIDES, difference_scale, difference_ticks, draw_margin
from caresim.report.evidence import replications_in_words
from caresim.report.interval import draw_interval
from caresim.report.labels import row_names
from caresim.report.number_format import vague
from caresim.report.style import SAME, VERDICT_COLOURS, WIDTH, colours, drawn, page, panels, quiet_grid
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import level, readable, signed
from caresim.tasks.compare.figure import comparison_figure
from caresim.tasks.compare.figures.differences import ENDS, has_rivals

MOST = 4
"""Metrics beside each other."""
ROW_INCHES, LEAST_INCHES = 0.55, 1.0
FEW_TICKS = 3
OF_LUCK = ("luck_low", "luck_high")
"""One interval is enough for a slide: that of luck and assumptions."""
WORDS_INCHES = 1.2
"""Beside each panel, for a difference and the sign of its verdict."""


def column(axes: Axes, rows: pd.DataFrame, staffings: list[str], palette: dict[str, str], metric: Any) -> None:
    """One metric: a row a staffing model, its difference and the sign of its verdict written beside the interval."""
    ratio, by_name = metric.compare == "ratio", rows.set_index("staffing")
    scale, margin = difference_scale(metric.unit, ratio), float(rows["margin"].iloc[0])
    draw_margin(axes, *((1 / margin, margin) if ratio else (-margin * scale, margin * scale)), ratio)
    for place, staffing in enumerate(staffings):
        if staffing not in by_name.index:
            continue
        row = by_name.loc[staffing]
        if vague(row["ci_low"], row["ci_high"], row["unit"]):
            row = row.mask(row.index.isin(ENDS))
        row = row.mask(row.index.isin(OF_LUCK))
        draw_interval(axes, row, place, palette[staffing], label=staffing, scale=scale, estimate="difference")
        look = VERDICTS.get(row["verdict"])
        value = np.log(row["difference"]) if ratio and row["difference"] > 0 else row["difference"]
        words = f"{signed(float(value), metric.unit, ratio)} {look.mark if look else ''}"
        axes.text(
            1.04, place, words, transform=axes.get_yaxis_transform(), va="center", size=11,
            color=VERDICT_COLOURS.get(row["verdict"], SAME),
            weight="bold" if row["verdict"] in ("better", "worse") else "normal",
        )  # fmt: skip
    difference_ticks(axes, ratio)
    if not ratio:
        axes.xaxis.set_major_locator(MaxNLocator(FEW_TICKS))
    axes.set_yticks([])
    axes.set_ylim(len(staffings) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.tick_params(labelsize=9.5)
    unit = "ratio" if ratio else {"share": "percentage points"}.get(metric.unit, "scale 1 to 5")
    axes.set_xlabel(f"{unit}\n{BETTER_SIDES[metric.better]}", size=10)
    quiet_grid(axes, "x")


@comparison_figure(place=110, applies=has_rivals)
@drawn
def headline(results: Any) -> Figure:
    """Differences from the baseline in the headline metrics, beside each other, with the signs of their verdicts."""
    from caresim.measure.metrics import REGISTRY

    table, baseline = results.comparison(), str(results.baseline)
    others = [name for name in results.staffings if name != baseline]
    names = [name for name in results.experiment.study.headline if name in set(table["metric"])][:MOST]
    confidence = level(results.experiment.study.confidence.value)
    high = max(ROW_INCHES * len(others), LEAST_INCHES)
    figure = page(
        f"What changes against {readable(baseline)}?",
        replications_in_words(results, f"line: {confidence} interval, luck and assumptions, of all rows together")
        + ".\n✔ better, ✘ worse, = no difference that matters, ? undecided. Grey band: too small to matter.",
        height=high + 2.95,
    )
    if not others or not names:
        return figure
    grid = panels(
        figure, 1, len(names), left=2.35, right=WORDS_INCHES + 0.2, top=2.0, bottom=0.9, across=WORDS_INCHES + 0.15
    )[0]
    palette = colours(results.staffings)
    for axes, name in zip(grid, names, strict=True):
        column(axes, table[table["metric"] == name], others, palette, REGISTRY[name])
        wide = axes.get_position().width * WIDTH + WORDS_INCHES
        axes.set_title(folded(REGISTRY[name].label, wide), size=11)
    row_names(grid[0], others, palette)
    return figure


def folded(label: str, wide: float) -> str:
    """A metric's name on as many lines as it takes above a panel so wide (inches)."""
    return "\n".join(textwrap.wrap(label, max(int(wide / 0.098), 12)))
