"""The paired differences of a sweep: what a staffing model gains at each value, with intervals and verdicts."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from caresim.report.difference_axis import (
    difference_scale,
    difference_ticks,
    difference_unit,
    draw_margin,
    no_difference,
    ratio_axis,
)
from caresim.report.interval import draw_interval
from caresim.report.labels import label_ends
from caresim.report.on_axes import on_axes
from caresim.report.style import (
    DETAIL_COLOURS,
    INK,
    MARGIN,
    NO_DIFFERENCE,
    QUIET,
    SAME,
    TITLE_LINE,
    colours,
    drawn,
    page,
    panels,
    quiet_grid,
)
from caresim.report.verdicts import DETAILED
from caresim.report.wording import level, readable
from caresim.tasks.compare.figures.differences import drawable
from caresim.tasks.compare.sweep.choice import (
    as_shown,
    compared_with_first,
    few_draws,
    metric_of,
    of_models,
    reference_of,
    rivals_of,
    shown_metrics,
    staffings_of,
)
from caresim.tasks.compare.sweep.keys import (
    key_words,
    many_in_words,
    points_of,
    positions,
    swept_keys,
    tick,
)
from caresim.tasks.compare.sweep.room import beside
from caresim.tasks.compare.sweep.sweep import COMPARED

TITLE_LETTERS = 74
"""In a line of a title."""
MOST_ROWS = 40
"""Points of a panel with a row each; sweep.csv has all."""
NOTHING_COMPARED = "nothing is compared: the table of a sweep needs two staffing models, or two points"
SIDES = {
    ("higher", False): "right is better →",
    ("lower", False): "← left is better",
    ("higher", True): "higher is better",
    ("lower", True): "lower is better",
}


def has_differences(table: pd.DataFrame) -> bool:
    """Is anything compared with anything?"""
    return "against" in table and bool(table["difference"].notna().any())


def as_compared(row: dict[str, Any], ratio: bool) -> pd.Series:
    """A row of the sweep's table with the columns of comparison.csv, as it is drawn."""
    values = {name: row[column] for name, column in COMPARED.items()}
    return drawable(pd.Series({**values, "unit": "ratio" if ratio else row["unit"]}), ratio)


def is_along(table: pd.DataFrame) -> bool:
    """Do the points stand along a number, more than two of them?"""
    keys = swept_keys(table)
    return len(keys) == 1 and positions(table[keys[0]])[1] and table[keys[0]].nunique() > 2


@on_axes
def on_one_axes(
    axes: Axes, table: pd.DataFrame, confidence: float | None, metric: str, models: Sequence[str] | None = None
) -> None:
    """The paired differences in one metric: along the swept number, otherwise a row a point."""
    if not has_differences(table):
        raise ValueError(NOTHING_COMPARED)
    palette = _palette(table)
    table = of_models(as_shown(table), models, compared=True)
    one = metric_of(metric)
    part = table[(table["metric"] == metric) & table["difference"].notna()]
    if is_along(table):
        (key,) = swept_keys(table)
        _lines_of(axes, part, one, key, palette)
        axes.set_xlabel(key_words(key))
    else:
        points, rivals = points_of(table), rivals_of(table)
        jobs = [str(job) for job in table.loc[table["difference"].notna(), "job"].unique()][:MOST_ROWS]
        _rows_of(axes, part, one, jobs, rivals, palette)
        _name_rows(axes, [points[job] for job in jobs])
        axes.set_xlabel(_unit(one))
        if len(rivals) > 1:
            keys = [Line2D([], [], color=palette[name], marker="o", label=readable(name)) for name in rivals]
            axes.legend(handles=keys, frameon=False, fontsize=10)
    axes.set_title(one.label)


@drawn
def differences(
    table: pd.DataFrame,
    confidence: float | None = None,
    metrics: Sequence[str] = (),
    models: Sequence[str] | None = None,
) -> Figure:
    """Differences from the baseline of the same run (one staffing model alone: from the first point).

    `table` is that of a sweep (see `sweep.gather`); `metrics`: which (none: the headline metrics). Along a number the
    points stand where it says, otherwise each has a row. `models`: which are shown (None: all). ValueError where
    nothing is compared.
    """
    if not has_differences(table):
        raise ValueError(NOTHING_COMPARED)
    palette = _palette(table)
    warning, table = few_draws(table), of_models(as_shown(table), models, compared=True)
    names = [name for name in shown_metrics(table, metrics) if table.loc[table["metric"] == name, "difference"].any()]
    names = names or shown_metrics(table, metrics)[:1]
    keys = swept_keys(table)
    first = compared_with_first(table)
    reference = points_of(table)[reference_of(table)] if first else readable(reference_of(table))
    together = "hold for all points at once" if first else "hold for all of a run at once"
    shown = f"Thick: {level(confidence) + ' ' if confidence else ''}interval, luck; thin: luck and assumptions."
    subtitle = (
        f"{many_in_words(table)} paired replications (same passengers, seats, luck)"
        f"{': too few for intervals.' if warning else f'. {shown}'}\n"
        f"Grey: too small to matter. {'Verdicts' if warning else 'Intervals'} of headline metrics {together}."
    )
    what = " and ".join(map(key_words, keys))
    title = "\n".join(textwrap.wrap(f"What changes against {reference}, by {what}?", TITLE_LETTERS))
    return (_along if is_along(table) else _in_rows)(table, names, title, subtitle, palette)


def _in_rows(table: pd.DataFrame, names: Sequence[str], title: str, subtitle: str, palette: dict[str, str]) -> Figure:
    """A row for each point, within it one for each staffing model."""
    points, rivals = points_of(table), rivals_of(table)
    jobs = [str(job) for job in table.loc[table["difference"].notna(), "job"].unique()]
    shown, more = jobs[:MOST_ROWS], len(jobs) - MOST_ROWS
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    each = max(0.34 * len(rivals), 0.5)
    lower = TITLE_LINE * title.count("\n")
    top = lower + (2.0 if len(rivals) > 1 else 1.7)
    right = 2.2 if len(rivals) == 1 else 0.8
    longest = max(len(line) for job in shown for line in _wrapped(points[job]).split("\n"))
    left = 0.6 + max(0.1 * longest, 0.8)
    height = top + 0.75 + rows * each * len(shown) + (rows - 1) * 1.15
    note = f" The first {MOST_ROWS} of {len(jobs)} points; sweep.csv has all." if more > 0 else ""
    width = max(columns * (4.6 + left + right), 12.5)
    figure = page(title, subtitle + note, width=width, height=height)
    across = left + right
    if len(rivals) > 1:
        _legend(figure, rivals, palette, 1.28 + lower)
    grid = panels(figure, rows, columns, left=left, right=right, top=top, bottom=0.75, across=across, down=1.15)
    for axes, metric, part in _in_panels(grid, table, names):
        _rows_of(axes, part, metric, shown, rivals, palette)
        _name_rows(axes, [points[job] for job in shown])
        axes.set_xlabel(_unit(metric))
        axes.set_title(metric.label)
    return figure


def _unit(metric: Any) -> str:
    """What is read off along a row, and which side is better."""
    unit = "ratio" if metric.compare == "ratio" else difference_unit(metric.unit)
    return "   ".join(filter(None, (unit, SIDES.get((metric.better, False), ""))))


def _in_panels(grid: Any, table: pd.DataFrame, names: Sequence[str]) -> Iterator[tuple[Axes, Any, pd.DataFrame]]:
    """A panel of the grid for each metric, with it and its differences; the panels left over are hidden."""
    for axes, name in itertools.zip_longest(grid.flat, names):
        if name is None:
            axes.set_visible(False)
            continue
        metric = metric_of(name)
        yield axes, metric, table[(table["metric"] == metric.name) & table["difference"].notna()]


def _rows_of(
    axes: Axes, part: pd.DataFrame, metric: Any, jobs: Sequence[str], rivals: Sequence[str], palette: dict[str, str]
) -> None:
    ratio = metric.compare == "ratio"
    scale = difference_scale(metric.unit, ratio)
    draw_margin(axes, *_margin(part, ratio, scale), ratio)
    by_place = {(str(row["job"]), row["staffing"]): row for row in part.to_dict("records")}
    step = 0.8 / len(rivals)
    for place, job in enumerate(jobs):
        for number, rival in enumerate(rivals):
            if (row := by_place.get((job, rival))) is None:
                continue
            at = place + step * (number - (len(rivals) - 1) / 2)
            draw_interval(
                axes, as_compared(row, ratio), at, palette[rival], label=rival, scale=scale, estimate="difference"
            )
            _verdict(axes, row["verdict_detail"], at, len(rivals) == 1)
    axes.set_ylim(len(jobs) - 0.5, -0.5)
    difference_ticks(axes, ratio)
    quiet_grid(axes, "x")
    for edge in range(1, len(jobs)):
        axes.axhline(edge - 0.5, color=MARGIN, linewidth=0.8, zorder=0)


def _verdict(axes: Axes, word: Any, at: float, in_words: bool) -> None:
    """The verdict at the right of a row: in words where there is room, else its sign."""
    if word not in DETAILED:
        return
    text = DETAILED[word].text.replace(", perhaps too little", ",\nperhaps too little") if in_words else ""
    axes.text(
        1.02, at, text or DETAILED[word].mark, transform=axes.get_yaxis_transform(), va="center",
        size=10.5 if in_words else 9.5, color=DETAIL_COLOURS.get(word, SAME),
    )  # fmt: skip


def _name_rows(axes: Axes, words: Sequence[str]) -> None:
    """The points at the left, in words."""
    axes.set_yticks(range(len(words)), list(map(_wrapped, words)), size=10.5)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _wrapped(words: str) -> str:
    """A point on three lines at most."""
    return "\n".join(textwrap.wrap(words, 30, max_lines=3, placeholder=" …"))


def _along(table: pd.DataFrame, names: Sequence[str], title: str, subtitle: str, palette: dict[str, str]) -> Figure:
    """The points along a number, a line for each staffing model."""
    (key,) = swept_keys(table)
    columns = min(2, len(names))
    rows = -(-len(names) // columns)
    right = beside(table, least=2.75) if len(rivals_of(table)) > 1 else 0.6
    left, across = 1.5, right + 1.4
    width = max(left + columns * 4.8 + (columns - 1) * across + right, 12.5)
    lower = TITLE_LINE * title.count("\n")
    figure = page(title, subtitle, width=width, height=2.0 + lower + 3.6 * rows)
    grid = panels(figure, rows, columns, left=left, right=right, top=1.75 + lower, bottom=0.75, across=across, down=1.1)
    for axes, metric, part in _in_panels(grid, table, names):
        _lines_of(axes, part, metric, key, palette)
        axes.set_xlabel(key_words(key))
        axes.set_title(metric.label)
    return figure


def _lines_of(axes: Axes, part: pd.DataFrame, metric: Any, key: str, palette: dict[str, str]) -> None:
    ratio = metric.compare == "ratio"
    scale = difference_scale(metric.unit, ratio)
    low, high = _margin(part, ratio, scale)
    if np.isfinite([low, high]).all():
        axes.axhspan(low, high, color=MARGIN, linewidth=0, zorder=0)
    axes.axhline(no_difference(ratio), color=NO_DIFFERENCE, linewidth=1.0, zorder=1)
    place, _ = positions(part[key])
    spots = sorted(set(place.values()))
    gap = min((after - before for before, after in itertools.pairwise(spots)), default=1.0)
    rivals = rivals_of(part)
    ends: list[tuple[float, float, str, str]] = []
    for number, rival in enumerate(rivals):
        own = part[part["staffing"] == rival]
        shift = 0.5 * gap * (number - (len(rivals) - 1) / 2) / max(len(rivals), 2)
        rows = sorted(own.to_dict("records"), key=lambda row: place[row[key]])
        x = [place[row[key]] + shift for row in rows]
        y = [scale * row["difference"] for row in rows]
        axes.plot(x, y, color=palette[rival], linewidth=1.0, alpha=0.6, zorder=2, label="_way")
        for at, row in zip(x, rows, strict=True):
            draw_interval(
                axes, as_compared(row, ratio), at, palette[rival], label=rival, scale=scale, estimate="difference",
                upright=True,
            )  # fmt: skip
        ends.append((x[-1], y[-1], readable(rival), palette[rival]))
    if len(spots) <= 9:
        texts = {spot: tick(value) for value, spot in place.items()}
        axes.set_xticks(spots, [texts[spot] for spot in spots])
    axes.margins(x=0.06)
    unit = "ratio" if ratio else difference_unit(metric.unit).replace(" (", "\n(")
    axes.set_ylabel("\n".join(filter(None, (unit, SIDES.get((metric.better, True), "")))), size=10.5)
    quiet_grid(axes)
    if ratio:
        ratio_axis(axes, "y")
    if len(rivals) > 1:
        label_ends(axes, ends, size=10.5)


def _margin(part: pd.DataFrame, ratio: bool, scale: float) -> tuple[float, float]:
    margin = float(part["margin"].iloc[0]) if len(part) else float("nan")
    return (1 / margin, margin) if ratio else (-margin * scale, margin * scale)


def _palette(table: pd.DataFrame) -> dict[str, str]:
    return colours(staffings_of(table))


def _legend(figure: Figure, rivals: Sequence[str], palette: dict[str, str], below: float) -> None:
    """The staffing models by their colours, in the order of the rows of a point, so many inches below the top."""
    width, height = figure.get_size_inches()
    at = 0.35
    for rival in ("Each point, from above:", *rivals):
        colour = palette.get(rival, QUIET)
        text = readable(rival) if rival in palette else rival
        figure.text(at / width, 1 - below / height, text, size=11, va="top", color=colour or INK,
                    weight="bold" if rival in palette else "normal")  # fmt: skip
        at += 0.105 * len(text) + 0.3
