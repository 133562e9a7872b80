"""Paired differences against the baseline: what a change of staffing does, with the margins that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import one_name
from caresim.inference import verdict
from caresim.report.difference_axis import (
    better_side,
    difference_scale,
    difference_ticks,
    difference_unit,
    draw_margin,
)
from caresim.report.evidence import ENDS, intervals_in_words, replications_in_words, with_intervals
from caresim.report.interval import draw_interval
from caresim.report.labels import row_names
from caresim.report.number_format import TOO_FEW, pairs_text, vague
from caresim.report.on_axes import on_axes
from caresim.report.style import DETAIL_COLOURS, SAME, drawn, page, panels, quiet_grid
from caresim.report.verdicts import DETAILED, by_either_law
from caresim.report.wording import readable
from caresim.tasks.compare.chosen import METRIC, asked_metrics, palette_of, rivals
from caresim.tasks.compare.figure import comparison_figure

ALWAYS = "ordinary_answered"
"""Shown wherever there are ordinary customers, so that a model that starves them does not look like a pure win."""
SATISFACTION = "csat"
OF_ONE, OF_LAWS = 0.55, 0.7
"""Inches for a staffing model: for a verdict of two lines, and for one that says what both laws of satisfaction say."""
WORDS = {
    verdict.SAME: "no difference\nthat matters",
    verdict.SURELY_BETTER: "surely better,\nperhaps too little",
    verdict.SURELY_WORSE: "surely worse,\nperhaps too little",
    verdict.DEPENDS: "depends on\nthe assumptions",
}
"""Verdicts on two lines."""


def verdict_text(row: pd.Series, laws: str = "") -> str:
    """The finer verdict in words; for an undecided one the replications it would take, for others what both `laws`
    say.
    """
    word = row["verdict_detail"]
    if word not in DETAILED:
        return "neither way\nis better"
    text = f"{DETAILED[word].mark} {WORDS.get(word, word)}"
    if vague(row["ci_low"], row["ci_high"], row["unit"]):
        return f"{text}\n{TOO_FEW}"
    if word == verdict.UNDECIDED:
        needed = row["pairs_needed"]
        return text + ("\n" + pairs_text(needed, "pairs needed").replace(" at ", "\nat ") if needed > 0 else "")
    return f"{text}{laws}"


def drawable(row: pd.Series, ratio: bool) -> pd.Series:
    """The row as it is drawn: an interval that says nothing is not, because it would stretch the axis, and luck alone
    would look certain; a ratio to zero is beyond the axis.
    """
    if vague(row["ci_low"], row["ci_high"], row["unit"]):
        row = row.mask(row.index.isin(ENDS))
    if not ratio:
        return row
    beyond = row.index.isin((*ENDS, "difference")) & (row == 0)
    return row.mask(beyond, -np.inf)


def forest(axes: Axes, table: pd.DataFrame, staffings: Sequence[str], palette: dict[str, str], metric: Any) -> None:
    """One metric of a table of them: a row per staffing model, the margin as a grey band, the verdict at the right."""
    rows = table[table["metric"] == metric.name]
    ratio = metric.compare == "ratio"
    scale = difference_scale(metric.unit, ratio)
    margin = float(rows["margin"].iloc[0])
    low, high = (1 / margin, margin) if ratio else (-margin * scale, margin * scale)
    draw_margin(axes, low, high, ratio)
    by_name = rows.set_index("staffing")
    for place, staffing in enumerate(staffings):
        if staffing not in by_name.index:
            continue
        row = by_name.loc[staffing]
        draw_interval(
            axes, drawable(row, ratio), place, palette[staffing], label=staffing, scale=scale, estimate="difference"
        )
        verdicts = table[table["staffing"] == staffing].set_index("metric")["verdict_detail"].to_dict()
        text = verdict_text(row, by_either_law(metric.name, row["verdict_detail"], verdicts))
        axes.text(
            1.02, place, text, transform=axes.get_yaxis_transform(), va="center", size=10.5,
            color=DETAIL_COLOURS.get(row["verdict_detail"], SAME),
            weight="bold" if row["verdict_detail"] in (verdict.BETTER, verdict.WORSE) else "normal",
        )  # fmt: skip
    difference_ticks(axes, ratio)
    row_names(axes, staffings, palette)
    unit = "ratio to baseline" if ratio else difference_unit(metric.unit)
    axes.set_xlabel(f"{unit}   ({better_side(metric.better)})")
    quiet_grid(axes, "x")


def shown_metrics(table: pd.DataFrame, headline: Sequence[str]) -> list[str]:
    """The headline metrics in their order, and what becomes of ordinary customers where there are any."""
    if not len(table):
        return []
    there = set(table["metric"][table["headline"].astype(bool)])
    those = [ALWAYS] if table.loc[table["metric"] == ALWAYS, "difference"].notna().any() else []
    return list(dict.fromkeys([*(name for name in headline if name in there), *those]))


def has_rivals(results: Any) -> bool:
    """Was anything run besides the baseline?"""
    return len(results.staffings) > 1


def title_of(metric: Any, table: pd.DataFrame) -> str:
    """The metric's label; with ° where its intervals hold by themselves, and not with those of the headline metrics."""
    is_headline = table.loc[table["metric"] == metric.name, "headline"].any()
    return str(metric.label) + ("" if is_headline else " °")


@on_axes
def in_one_metric(axes: Axes, results: Any, metric: str | None = None) -> None:
    """The paired differences in one metric, the first headline metric unless it is named."""
    from caresim.measure.metrics import REGISTRY

    table = with_intervals(results.comparison(), results)
    there = table["metric"].unique()
    shown = [*shown_metrics(table, results.experiment.study.headline), *there]
    wanted = REGISTRY[one_name(METRIC, metric, shown, METRIC)]
    forest(axes, table, rivals(results), palette_of(results), wanted)
    axes.set_title(title_of(wanted, table))


@comparison_figure(place=10, applies=has_rivals, panel=in_one_metric)
@drawn
def differences(results: Any, metric: str | Sequence[str] | None = None) -> Figure:
    """Forest plot of the paired differences, with intervals, margins shaded and verdicts written.

    `metric`: one metric or several, by name; None: the headline metrics, and ordinary customers wherever there are any.
    """
    from caresim.measure.metrics import REGISTRY

    table = with_intervals(results.comparison(), results)
    baseline = str(results.baseline)
    others = rivals(results)
    metrics = asked_metrics(metric, table["metric"].unique(), shown_metrics(table, results.experiment.study.headline))
    alone = [metric for metric in metrics if not table.loc[table["metric"] == metric, "headline"].any()]
    over = "simultaneous over all headline rows (° by itself)" if alone else "simultaneous over all rows shown"
    subtitle = replications_in_words(results, f"{intervals_in_words(results)}, {over}")
    if not others or not metrics:
        return page(
            "Differences against the baseline",
            subtitle + f".\nOnly {readable(baseline)} was run: nothing to compare.",
            height=2.2,
        )
    columns = min(2, len(metrics))
    rows = -(-len(metrics) // columns)
    each = OF_LAWS if any(name.startswith(SATISFACTION) for name in metrics) else OF_ONE
    height = 1.75 + rows * (1.15 + max(each * len(others), 0.9))
    figure = page(
        f"What changes against the baseline, {readable(baseline)}?",
        subtitle
        + ".\nDifferences within pairs (same passengers, seats, luck). Grey band: too small to matter;"
        + " verdicts use the thin interval.",
        height=height,
    )
    grid = panels(figure, rows, columns, left=2.35, right=1.7, top=1.75, bottom=0.75, across=3.75, down=1.1)
    palette = palette_of(results)
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(metrics):
            axes.set_visible(False)
            continue
        name = metrics[place]
        forest(axes, table, others, palette, REGISTRY[name])
        axes.set_title(title_of(REGISTRY[name], table))
    return figure
