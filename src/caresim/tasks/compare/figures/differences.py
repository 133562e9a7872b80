"""Paired differences against the baseline: what a change of staffing does, with the margins that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from caresim.report.interval import draw_interval
from caresim.report.labels import row_names
from caresim.report.number_format import TOO_FEW, pairs_text, vague
from caresim.report.series import intervals_in_words, replications_in_words
from caresim.report.style import BETTER, OPEN, SAME, WORSE, colours, drawn, page, panels, quiet_grid
from caresim.report.wording import SCORE, axis_scale, readable, verdict_mark

RATIOS = (
    0.01,
    0.02,
    0.05,
    0.1,
    0.2,
    0.3,
    0.5,
    0.6,
    0.7,
    0.8,
    0.9,
    0.95,
    1,
    1.05,
    1.1,
    1.2,
    1.3,
    1.5,
    1.7,
    2,
    3,
    5,
    10,
    20,
    50,
    100,
)
ENDS = ("ci_low", "ci_high", "luck_low", "luck_high")
"""Not drawn where they say nothing: no axis is stretched for them, and luck alone would look certain."""
VERDICTS = {"better": BETTER, "worse": WORSE, "no difference that matters": SAME, "undecided": OPEN}


def verdict_text(row: pd.Series) -> str:
    """The verdict in words; for an undecided one the replications it would take."""
    if row["verdict"] not in VERDICTS:
        return "neither way\nis better"
    text = "no difference\nthat matters" if row["verdict"].startswith("no") else row["verdict"]
    if vague(row["ci_low"], row["ci_high"], row["unit"]):
        text += "\n" + TOO_FEW
    elif row["verdict"] == "undecided" and np.isfinite(row["pairs_needed"]):
        text += "\n" + pairs_text(row["pairs_needed"], "pairs needed").replace(" at ", "\nat ")
    return f"{verdict_mark(row['verdict'])} {text}"


def forest(axes: Axes, rows: pd.DataFrame, staffings: Sequence[str], palette: dict[str, str], metric: Any) -> None:
    """One metric: a row a staffing model, the margin as a grey band, the verdict at the right."""
    ratio = metric.compare == "ratio"
    scale = 1.0 if ratio else axis_scale(metric.unit)
    same = 1.0 if ratio else 0.0
    margin = float(rows["margin"].iloc[0])
    if np.isfinite(margin):
        low, high = (1 / margin, margin) if ratio else (-margin * scale, margin * scale)
        axes.axvspan(low, high, color="#EDEDED", linewidth=0, zorder=0, label="_margin")
    axes.axvline(same, color="#808080", linewidth=1.0, zorder=1)
    by_name = rows.set_index("staffing")
    for place, staffing in enumerate(staffings):
        if staffing not in by_name.index:
            continue
        row = by_name.loc[staffing]
        told = row.mask(row.index.isin(ENDS)) if vague(row["ci_low"], row["ci_high"], row["unit"]) else row
        draw_interval(axes, told, place, palette[staffing], label=staffing, scale=scale, estimate="difference")
        axes.text(
            1.02, place, verdict_text(row), transform=axes.get_yaxis_transform(), va="center", size=10.5,
            color=VERDICTS.get(row["verdict"], SAME),
            weight="bold" if row["verdict"] in ("better", "worse") else "normal",
        )  # fmt: skip
    if ratio:
        ratio_axis(axes)
    else:
        axes.xaxis.set_major_locator(MaxNLocator(6))
    row_names(axes, staffings, palette)
    unit = "ratio to baseline" if ratio else difference_unit(metric.unit)
    axes.set_xlabel(f"{unit}   ({better_side(metric.better)})")
    axes.set_title(metric.label)
    quiet_grid(axes, "x")


def ratio_axis(axes: Axes) -> None:
    """Logarithmic: half and double are equally far from no difference. As many round ratios as fit."""
    axes.set_xscale("log")
    low, high = axes.get_xlim()
    inside = [tick for tick in RATIOS if low <= tick <= high]
    apart = np.log(high / low) / 5
    shown = [1.0] if low <= 1 <= high else inside[:1]
    for tick in inside:
        if all(abs(np.log(tick / other)) >= apart for other in shown):
            shown.append(tick)
    axes.xaxis.set_major_locator(FixedLocator(sorted(shown)))
    axes.xaxis.set_minor_locator(FixedLocator([]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"×{value:g}"))


def difference_unit(unit: str) -> str:
    return {"share": "difference in percentage points", SCORE: "difference in points (scale 1 to 5)"}.get(
        unit, f"difference ({unit})"
    )


def better_side(better: str) -> str:
    return {"higher": "right is better →", "lower": "← left is better"}.get(better, "neither side is better")


@drawn
def differences(results: Any) -> Figure:
    """Forest plot of the paired differences in the headline metrics: intervals, margins shaded, verdicts written."""
    from caresim.measure.metrics import REGISTRY

    table = results.comparison()
    table = table[table["headline"].astype(bool)] if len(table) else table
    baseline = str(results.baseline)
    others = [name for name in results.staffings if name != baseline]
    metrics = list(dict.fromkeys(table["metric"])) if len(table) else []
    subtitle = replications_in_words(results, f"{intervals_in_words(results)}, simultaneous over all rows shown")
    if not others or not metrics:
        return page(
            "Differences against the baseline",
            subtitle + f".\nOnly {readable(baseline)} was run: nothing to compare.",
            height=2.2,
        )
    columns = min(2, len(metrics))
    rows = -(-len(metrics) // columns)
    height = 1.75 + rows * (1.15 + max(0.55 * len(others), 0.9))
    figure = page(
        f"What changes against the baseline, {readable(baseline)}?",
        subtitle
        + ".\nDifferences within pairs (same passengers, seats, luck). Grey band: too small to matter;"
        + " verdicts use the thin interval.",
        height=height,
    )
    grid = panels(figure, rows, columns, left=2.35, right=1.7, top=1.75, bottom=0.75, across=3.75, down=1.1)
    palette = colours(results.staffings)
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(metrics):
            axes.set_visible(False)
            continue
        forest(axes, table[table["metric"] == metrics[place]], others, palette, REGISTRY[metrics[place]])
    return figure
