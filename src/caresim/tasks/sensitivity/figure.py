"""The tornado that a manager reads, and the indices that an analyst reads."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from caresim.config.arguments import names_of, one_name
from caresim.config.errors import BadInput, choice
from caresim.report.difference_axis import difference_scale, difference_ticks, difference_unit, draw_margin
from caresim.report.on_axes import on_axes
from caresim.report.style import BLUE, INK, ORANGE, QUIET, VERMILLION, drawn, page, panels, quiet_grid, save_both
from caresim.report.wording import level, readable
from caresim.tasks.sensitivity.answer import difference, metric_of
from caresim.tasks.sensitivity.assumptions import LUCK, OTHERS, label
from caresim.tasks.sensitivity.outputs import DIFFERENCE, LEVEL, Output

LOW, HIGH = BLUE, VERMILLION
"""The ends of a range."""
FIRST, TOTAL = BLUE, ORANGE
"""The indices."""
ROW, AROUND = 0.42, 1.35
"""Inches."""
HALF = 0.31
"""Of a bar's height: the low end lies above, the high end below."""
SHOWN = (-0.3, 1.3)
"""Shares of the variance; what an interval has beyond is cut off."""
LETTERS, LINES = 44, 2
"""Of a label: letters a line, and lines."""


def pairs_shown(told: Any, models: str | Sequence[str] | None = None) -> list[tuple[str, str]]:
    """The pairs that have bars; of `models` those in which every one of them is. BadInput where none is."""
    pairs = [pair for pair in told.pairs if len(of_pair(told.tornado(), pair))]
    wanted = [] if models is None else names_of("models", models, told.models, "staffing model")
    shown = [pair for pair in pairs if set(wanted) <= set(pair)]
    if wanted and not shown:
        raise BadInput("models", wanted, choice(f"{one} with {other}" for one, other in pairs))
    return shown


def draw_pair(axes: Axes, told: Any, pair: tuple[str, str]) -> None:
    """The bars of two staffing models."""
    rows = of_pair(told.tornado(), pair)
    bars(axes, rows, told, metric_of(told))
    mean = difference(told, float(rows["mean"].iloc[0]))
    axes.set_title(f"{readable(pair[0])} against {readable(pair[1])}: {mean} on average")


@on_axes
def tornado_on_axes(axes: Axes, told: Any, models: str | Sequence[str] | None = None) -> None:
    """The bars of one pair of staffing models, the first of those with `models`."""
    pairs = pairs_shown(told, models)
    if not pairs:
        raise BadInput("sensitivity.rows", told.settings.rows, "leaves too few rows that have a value of every model")
    draw_pair(axes, told, pairs[0])


@drawn
def tornado(told: Any, models: str | Sequence[str] | None = None) -> Figure:
    """Differences near both ends of each assumption's range, a panel a pair of staffing models (`models`: of these)."""
    metric, pairs = metric_of(told), pairs_shown(told, models)
    title = f"Which assumption decides? {metric.label}"
    confidence = level(told.confidence)
    subtitle = (
        "What two staffing models differ by where an assumption is near the low or the high end of its range (5 %,"
        " 95 %) and all others are as they may be.\nUpper half of a bar: the low end; lower half: the high end; each"
        f" with its {confidence} interval. A dot: no change. Grey band: too small to matter.\n"
        "A bar that crosses the line of no difference changes which of the two is better."
    )
    if not pairs:
        return page(title, f"{subtitle}\nToo few rows have a value of every model.", height=2.4)
    rows = len(told.named)
    top = 2.0
    height = top + len(pairs) * (ROW * rows + AROUND)
    figure = page(title, subtitle, height=height)
    grid = panels(figure, len(pairs), 1, left=4.6, right=0.6, top=top, bottom=0.8, down=1.15)
    for axes, pair in zip(grid[:, 0], pairs, strict=True):
        draw_pair(axes, told, pair)
    return figure


def of_pair(table: pd.DataFrame, pair: tuple[str, str]) -> pd.DataFrame:
    """The rows of two staffing models."""
    return table[(table["staffing"] == pair[0]) & (table["against"] == pair[1])]


def bars(axes: Axes, rows: pd.DataFrame, told: Any, metric: Any) -> None:
    """A bar an assumption from its low end to its high end, about the mean."""
    ratio = metric.compare == "ratio"
    scale = difference_scale(metric.unit, ratio)
    margin = told.estimands[told.metric].effect_margin
    low, high = (scale * shown(end, ratio) for end in (-margin, margin))
    draw_margin(axes, low, high, ratio)
    mean = scale * shown(float(rows["mean"].iloc[0]), ratio)
    axes.axvline(mean, color=INK, linewidth=1.2, zorder=2)
    for place, row in enumerate(rows.to_dict("records")):
        ends = []
        for end, colour, aside in (("at_from", LOW, -HALF / 2), ("at_to", HIGH, HALF / 2)):
            value, low, high = (scale * shown(row[end + key], ratio) for key in ("", "_low", "_high"))
            at = place + aside
            axes.barh(at, value - mean, left=mean, height=HALF, color=colour, alpha=0.75, linewidth=0, zorder=3)
            if np.isclose(value, mean, atol=1e-9):
                axes.plot(value, at, "o", color=colour, markersize=5, zorder=5)
            axes.hlines(at, low, high, color=INK, linewidth=1.0, zorder=4)
            ends.append((value, row["from_value" if end == "at_from" else "to_value"]))
        left, right = sorted(ends)
        for (value, words), shift, side in ((left, -6, "right"), (right, 6, "left")):
            edge = reach(row, scale, ratio, side)
            axes.annotate(
                words, (min(edge, value) if side == "right" else max(edge, value), place), xytext=(shift, 0),
                textcoords="offset points", va="center", ha=side, size=10, color=QUIET,
            )  # fmt: skip
    axes.set_yticks(range(len(rows)), [short(label(str(name))) for name in rows["assumption"]], size=11)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.12)
    difference_ticks(axes, ratio)
    axes.set_xlabel("ratio" if ratio else difference_unit(metric.unit))
    quiet_grid(axes, "x")


def reach(row: dict[str, Any], scale: float, ratio: bool, side: str) -> float:
    """How far the whiskers of a bar go to a side."""
    ends = [scale * shown(row[key], ratio) for key in ("at_from_low", "at_from_high", "at_to_low", "at_to_high")]
    return min(ends) if side == "right" else max(ends)


def shown(value: float, ratio: bool) -> float:
    """As it is drawn: a ratio, or a difference."""
    return float(np.exp(value)) if ratio else value


def short(text: str) -> str:
    """A label that fits the margin, on as many lines as it takes; what is beyond the last line is cut off."""
    return textwrap.fill(text, LETTERS, max_lines=LINES, placeholder=" …")


def parts_of(told: Any, models: str | Sequence[str] | None = None) -> list[tuple[Output, pd.DataFrame]]:
    """The rows of each difference, that of the best two first, then of each level (of `models`: None: of all).

    A difference from the baseline is that of the other model, and is not shown where the baseline alone is asked for.
    """
    table, shown = told.table(), names_of("models", models, told.models, "staffing model")
    table = table[(table["metric"] == told.metric) & table["first"].notna()]
    asked = set(shown) - {told.experiment.baseline}
    wanted = [Output(told.metric, DIFFERENCE, *pair) for pair in told.differences if asked & set(pair)]
    wanted += [Output(told.metric, LEVEL, name) for name in shown]
    by_output = dict(tuple(table.groupby(["of", "staffing", "against"], sort=False)))
    found = ((one, by_output.get((one.of, one.staffing, one.against))) for one in wanted)
    return [(one, part) for one, part in found if part is not None]


def names_shown(told: Any) -> list[str]:
    """The inputs that have rows."""
    return [name for name in told.inputs if name in told.named or name in (OTHERS, LUCK)]


def draw_part(axes: Axes, told: Any, output: Output, part: pd.DataFrame, first: bool) -> None:
    """The indices of one level or difference."""
    model = readable(output.staffing)
    points(axes, part.set_index("assumption").reindex(names_shown(told)), first)
    axes.set_title(model if output.of == LEVEL else f"{model}\nless {readable(output.against)}", size=11)


@on_axes
def indices_on_axes(axes: Axes, told: Any, of: str | None = None, models: str | None = None) -> None:
    """The indices of one level or difference, with their key."""
    parts = parts_of(told, models)
    kinds = list(dict.fromkeys(output.of for output, _ in parts))
    if not parts:
        raise BadInput(
            "sensitivity.rows", told.settings.rows, "leaves nothing to show: nothing varies, or too few rows"
        )
    wanted = one_name("of", of, kinds, "kind of output")
    draw_part(axes, told, *next((output, part) for output, part in parts if output.of == wanted), first=True)
    axes.plot([], [], "o", color=FIRST, markersize=5, label="first order")
    axes.plot([], [], "s", color=TOTAL, markersize=5, label="total")
    axes.legend(frameon=False, fontsize=10)


@drawn
def indices(told: Any, models: str | Sequence[str] | None = None) -> Figure:
    """First-order and total indices in the metric that decides: a panel a difference, then a panel a level."""
    metric, parts = metric_of(told), parts_of(told, models)
    title = f"What makes it vary? {metric.label}"
    subtitle = (
        f"Share of the variance (Sobol' indices) with {level(told.confidence)} intervals. Blue: known alone, it would"
        " take away so much (first order).\nOrange: all others known, it would leave so much (total)."
        " Luck is an input like the others; intervals that reach beyond -0.3 or 1.3 are cut."
    )
    if not parts:
        return page(title, f"{subtitle}\nNothing varies, or too few rows have a value.", height=2.2)
    names = names_shown(told)
    columns = min(3, len(parts))
    rows = -(-len(parts) // columns)
    top = 1.75
    figure = page(title, subtitle, height=top + rows * (ROW * len(names) + AROUND))
    grid = panels(figure, rows, columns, left=4.0, right=0.4, top=top, bottom=0.75, across=0.35, down=1.15)
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(parts):
            axes.set_visible(False)
            continue
        draw_part(axes, told, *parts[place], first=place % columns == 0)
    return figure


def points(axes: Axes, part: pd.DataFrame, first: bool) -> None:
    """Two points an input, each with its interval."""
    for place, row in enumerate(part.to_dict("records")):
        for key, colour, aside, marker in (("first", FIRST, -0.15, "o"), ("total", TOTAL, 0.15, "s")):
            axes.hlines(place + aside, row[f"{key}_low"], row[f"{key}_high"], color=colour, linewidth=1.6, zorder=3)
            axes.plot(row[key], place + aside, marker=marker, color=colour, markersize=5, linestyle="none", zorder=4)
    axes.axvline(0.0, color=QUIET, linewidth=0.8)
    names = [short(label(str(name))) for name in part.index] if first else [""] * len(part)
    axes.set_yticks(range(len(part)), names, size=11)
    axes.set_ylim(len(part) - 0.5, -0.5)
    axes.tick_params(axis="y", length=0)
    low, high = axes.get_xlim()
    axes.set_xlim(max(low, SHOWN[0]), min(max(high, 1.0), SHOWN[1]))
    axes.set_xlabel("share of the variance")
    quiet_grid(axes, "x")


def save(told: Any, folder: str | Path) -> list[Path]:
    """Write both figures as pictures and drawings; returns the paths."""
    return save_both(tornado(told), folder, "tornado") + save_both(indices(told), folder, "indices")
