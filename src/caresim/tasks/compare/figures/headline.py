"""What each staffing model changes in the headline metrics: one picture for a slide."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from caresim.config.errors import BadInput
from caresim.inference.verdict import BETTER, WORSE
from caresim.report.difference_axis import BETTER_SIDES, difference_scale, difference_ticks, draw_margin
from caresim.report.evidence import replications_in_words, with_intervals
from caresim.report.interval import draw_interval
from caresim.report.labels import row_names
from caresim.report.number_format import effect_text
from caresim.report.style import DETAIL_COLOURS, QUIET, SAME, WIDTH, drawn, page, panels, quiet_grid
from caresim.report.verdicts import DETAILED, counted_worlds
from caresim.report.wording import SCORE, axis_unit, level, readable
from caresim.tasks.compare.chosen import METRIC, asked_metrics, palette_of, rivals
from caresim.tasks.compare.figure import comparison_figure
from caresim.tasks.compare.figures.differences import drawable, has_rivals

MOST = 4
"""Metrics beside each other."""
ROW_INCHES, LEAST_INCHES = 0.55, 1.0
FEW_TICKS = 3
OF_LUCK = ("luck_low", "luck_high")
"""One interval is enough for a slide: that of luck and assumptions."""
WORDS_INCHES = 1.2
"""Beside each panel, for a difference, the sign of its verdict, and in how many worlds it is better."""
WORLDS_BELOW = 0.19
"""Of a row: how far the difference stands above its middle, and the worlds below it."""
KEY = (
    "✔ better, ✘ worse, in brackets: perhaps too little to matter; = no difference that matters, "
    "± depends on the assumptions, ? undecided."
)


def column(axes: Axes, rows: pd.DataFrame, staffings: list[str], palette: dict[str, str], metric: Any) -> None:
    """One metric: a row a staffing model, its difference, the sign of its verdict and the worlds in which it is better
    written beside the interval.
    """
    ratio, by_name = metric.compare == "ratio", rows.set_index("staffing")
    scale, margin = difference_scale(metric.unit, ratio), float(rows["margin"].iloc[0])
    draw_margin(axes, *((1 / margin, margin) if ratio else (-margin * scale, margin * scale)), ratio)
    for place, staffing in enumerate(staffings):
        if staffing not in by_name.index:
            continue
        row = by_name.loc[staffing]
        interval = drawable(row, ratio)
        interval = interval.mask(interval.index.isin(OF_LUCK))
        draw_interval(axes, interval, place, palette[staffing], label=staffing, scale=scale, estimate="difference")
        write_words(axes, place, row, metric)
    difference_ticks(axes, ratio)
    if not ratio:
        axes.xaxis.set_major_locator(MaxNLocator(FEW_TICKS))
    axes.set_yticks([])
    axes.set_ylim(len(staffings) - 0.5, -0.5)
    axes.spines["left"].set_visible(False)
    axes.tick_params(labelsize=9.5)
    unit = (
        "ratio"
        if ratio
        else {"share": "percentage points", SCORE: "scale 1 to 5"}.get(metric.unit, axis_unit(metric.unit))
    )
    axes.set_xlabel(f"{unit}\n{BETTER_SIDES[metric.better]}", size=10)
    quiet_grid(axes, "x")


def write_words(axes: Axes, place: int, row: pd.Series, metric: Any) -> None:
    """At the right of a row: the difference and the sign of its verdict, and below them the worlds."""
    word = row["verdict_detail"]
    mark = DETAILED[word].mark if word in DETAILED else ""
    counted = counted_worlds(row)
    axes.text(
        1.04, place - (WORLDS_BELOW if counted else 0.0),
        f"{effect_text(row['difference'], metric.unit, metric.compare == 'ratio')} {mark}",
        transform=axes.get_yaxis_transform(), va="center", size=11, color=DETAIL_COLOURS.get(word, SAME),
        weight="bold" if word in (BETTER, WORSE) else "normal",
    )  # fmt: skip
    if counted:
        axes.text(
            1.04, place + WORLDS_BELOW, f"{counted[0]} of {counted[1]} worlds",
            transform=axes.get_yaxis_transform(), va="center", size=9.5, color=QUIET,
        )  # fmt: skip


@comparison_figure(place=110, applies=has_rivals)
@drawn
def headline(results: Any, metric: str | Sequence[str] | None = None) -> Figure:
    """Differences from the baseline, metrics beside each other, with the signs of their verdicts.

    `metric`: one metric, or up to four, by name; None: the headline metrics.
    """
    from caresim.measure.metrics import REGISTRY

    table, baseline = with_intervals(results.comparison(), results), str(results.baseline)
    others = rivals(results)
    usual = [name for name in results.experiment.study.headline if name in set(table["metric"])][:MOST]
    names = asked_metrics(metric, table["metric"].unique(), usual)
    if len(names) > MOST:
        raise BadInput(METRIC, names, f"must name at most {MOST} metrics here; differences takes any number of them")
    confidence = level(results.experiment.study.confidence.value)
    high = max(ROW_INCHES * len(others), LEAST_INCHES)
    line = f"line: {confidence} interval, luck and assumptions, of all rows together"
    worlds = any(counted_worlds(row) for _, row in table[table["metric"].isin(names)].iterrows())
    figure = page(
        f"What changes against {readable(baseline)}?",
        replications_in_words(results, line if table["ci_low"].notna().any() else "too few for intervals")
        + f".\n{KEY}\nGrey band: too small to matter."
        + (" Below a difference: in how many of the possible worlds it is better, luck taken out." if worlds else ""),
        height=high + 3.2,
    )
    if not others or not names:
        return figure
    grid = panels(
        figure, 1, len(names), left=2.35, right=WORDS_INCHES + 0.2, top=2.25, bottom=0.9, across=WORDS_INCHES + 0.15
    )[0]
    palette = palette_of(results)
    for axes, name in zip(grid, names, strict=True):
        column(axes, table[table["metric"] == name], others, palette, REGISTRY[name])
        wide = axes.get_position().width * WIDTH + WORDS_INCHES
        axes.set_title(folded(REGISTRY[name].label, wide), size=11)
    row_names(grid[0], others, palette)
    return figure


def folded(label: str, wide: float) -> str:
    """A metric's name on as many lines as it takes above a panel so wide (inches)."""
    return "\n".join(textwrap.wrap(label, max(int(wide / 0.098), 12)))
