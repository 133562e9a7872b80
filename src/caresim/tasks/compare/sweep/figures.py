"""The figures of a sweep: what happens to the headline metrics when a key is changed."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.report.labels import label_ends
from caresim.report.on_axes import on_axes
from caresim.report.style import colours, drawn, page, panels, quiet_grid, save_both
from caresim.report.wording import axis_scale, axis_unit, clock_span, level, readable
from caresim.tasks.compare.sweep import cells, room
from caresim.tasks.compare.sweep.boundary import boundary
from caresim.tasks.compare.sweep.choice import (
    as_shown,
    few_draws,
    metric_of,
    of_models,
    shown_metrics,
    staffings_of,
)
from caresim.tasks.compare.sweep.differences import differences, has_differences
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, positions, setting_words, swept_keys, tick

MOST_COLUMNS = 4
"""Up to this many values of a second key get panels of their own beside each other."""
PANEL, PART, GAP = 3.5, 2.65, 0.45
"""Inches across of a panel with one swept key, of one with two, and between the latter."""
DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)))


def panel(
    axes: Axes,
    rows: pd.DataFrame,
    key: str,
    others: list[str],
    palette: dict[str, str],
    metric: Any,
    named: bool = True,
) -> None:
    """One metric against the swept key: a line per staffing model (dashed by the other keys), bands of the interval."""
    place, numeric = positions(rows[key])
    scale = axis_scale(metric.unit)
    ends: list[tuple[float, float, str, str]] = []
    settings = [tuple(values) for values in rows[others].drop_duplicates().to_numpy()] if others else [()]
    for (staffing, colour), (number, setting) in itertools.product(palette.items(), enumerate(settings)):
        part = rows[rows["staffing"] == staffing]
        for other, value in zip(others, setting, strict=True):
            part = part[part[other] == value]
        if part.empty:
            continue
        part = part.assign(x=part[key].map(place)).sort_values("x")
        x, mean = part["x"].to_numpy(), part["mean"].to_numpy(dtype=float) * scale
        low, high = part["ci_low"].to_numpy(dtype=float) * scale, part["ci_high"].to_numpy(dtype=float) * scale
        if len(settings) == 1:
            axes.fill_between(x, low, high, color=colour, alpha=0.12, linewidth=0)
        axes.plot(
            x, mean, color=colour, marker="o", markersize=5, linestyle=DASHES[number % len(DASHES)], label=staffing
        )
        words = ", ".join(setting_words(other, value) for other, value in zip(others, setting, strict=True))
        defined = np.flatnonzero(np.isfinite(mean))
        if len(defined):
            name = readable(staffing) + (f" ({words})" if words else "")
            ends.append((x[defined[-1]], mean[defined[-1]], name, colour))
    spots = sorted(set(place.values()))
    if numeric and min(spots) > 0 and max(spots) / min(spots) > 12:
        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    if len(spots) <= 9 or not numeric:
        texts = {spot: tick(value) for value, spot in place.items()}
        if numeric:
            axes.set_xticks(spots, [texts[spot] for spot in spots], rotation=0 if len(spots) < 7 else 20)
        else:
            spacing = room.size_of(axes)[0] / len(spots)
            room.name_ticks(axes, spots, room.ticks([texts[spot] for spot in spots], spacing))
        axes.minorticks_off()
    if metric.unit == "min":
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: clock_span(value)))
    axes.set_ylabel(axis_unit(metric.unit))
    axes.set_title(metric.label)
    quiet_grid(axes)
    axes.margins(x=0.03)
    if not numeric:
        axes.set_xlim(-0.5, len(spots) - 0.5)
    if named:
        label_ends(axes, ends, size=10.5)


@on_axes
def on_one_axes(
    axes: Axes, table: pd.DataFrame, confidence: float | None, metric: str, models: Sequence[str] | None = None
) -> None:
    """One metric against the swept key; further keys are told by the style of the lines."""
    palette = colours(staffings_of(table))
    table = of_models(as_shown(table), models)
    key, *others = swept_keys(table)
    panel(axes, table[table["metric"] == metric], key, others, palette, metric_of(metric))
    axes.set_xlabel(key_words(key))


@drawn
def sweep(
    table: pd.DataFrame,
    confidence: float | None = None,
    metrics: Sequence[str] = (),
    models: Sequence[str] | None = None,
) -> Figure:
    """Headline metrics against the swept key: a line per staffing model, the interval of luck and assumptions as band.

    `table` holds the rows of every job's summary.csv (staffing, metric, unit, mean, ci_low, ci_high, ...), before them
    a column for each swept key, and `headline` true for the metrics to be drawn where `metrics` names none.
    `confidence` is the intervals' (0.95), when it is the same for all; `models`: which are shown (None: all).
    ValueError when there is no swept key.
    """
    from caresim.measure.metrics import REGISTRY

    palette = colours(staffings_of(table))
    warning, table = few_draws(table), of_models(as_shown(table), models)
    keys = swept_keys(table)
    key, others = keys[0], keys[1:]
    bands = "too few for intervals" if warning else bands_in_words(confidence)
    metrics = shown_metrics(table, metrics)
    shown = table[table["metric"].isin(metrics)]
    beside = list(dict.fromkeys(table[others[0]])) if others else []
    if 1 < len(beside) <= MOST_COLUMNS:
        return by_second_key(shown, metrics, key, others, beside, bands, palette)
    columns = min(2, len(metrics))
    rows = -(-len(metrics) // columns)
    wide = room.beside(shown, others, least=2.75)
    drawn_bands = "" if others else f"; {bands}"
    note = f"; line styles: {', '.join(map(key_words, others))}, without intervals (see sweep.csv)" if others else ""
    lower = below(table[key], PANEL)
    figure = page(
        f"What changes with {key_words(key)}?",
        f"{many_in_words(shown)} paired replications of every staffing model and value{drawn_bands}{note}",
        width=2 * PANEL + 2.25 + 2 * wide,
        height=1.8 + (3.5 + lower) * rows,
    )
    grid = panels(
        figure,
        rows,
        columns,
        left=1.1,
        right=wide,
        top=1.6,
        bottom=0.75 + lower,
        across=wide + 1.15,
        down=1.1 + lower,
    )
    for place in range(rows * columns):
        axes = grid[divmod(place, columns)]
        if place >= len(metrics):
            axes.set_visible(False)
            continue
        panel(axes, shown[shown["metric"] == metrics[place]], key, others, palette, REGISTRY[metrics[place]])
        axes.set_xlabel(key_words(key))
    return figure


def below(values: pd.Series, wide: float) -> float:
    """Inches that the values of a swept key take below a panel so wide, beyond those of a line."""
    place, numeric = positions(values)
    return 0.0 if numeric else room.ticks([tick(value) for value in place], wide / len(place)).below


def bands_in_words(confidence: float | None) -> str:
    return f"bands: {level(confidence) + ' ' if confidence else ''}interval, luck and assumptions"


def by_second_key(
    shown: pd.DataFrame,
    metrics: list[str],
    key: str,
    others: list[str],
    beside: list[Any],
    bands: str,
    palette: dict[str, str],
) -> Figure:
    """Small multiples: a row per metric, a column per value of the second key; `bands` says what they are."""
    from caresim.measure.metrics import REGISTRY

    second, rest = others[0], others[1:]
    numbers, numeric = positions(pd.Series(beside))
    beside = sorted(beside, key=lambda value: numbers[value]) if numeric else beside
    note = f"; line styles: {', '.join(map(key_words, rest))}" if rest else f"; {bands}"
    right, lower = room.beside(shown, rest, least=2.4), below(shown[key], PART)
    heads = [room.fitted(setting_words(second, value), PART) for value in beside]
    upper = room.LINE * max(head.count("\n") for head in heads)
    figure = page(
        f"What changes with {key_words(key)}?",
        f"{many_in_words(shown)} paired replications of every staffing model and value{note}.\n"
        f"Columns: {key_words(second)}",
        width=1.25 + (PART + GAP) * len(beside) - GAP + right,
        height=2.4 + 2.5 * len(metrics) + upper + lower,
    )
    grid = panels(
        figure, len(metrics), len(beside), left=1.25, right=right, top=1.75 + upper, bottom=0.95 + lower, across=GAP,
        down=0.45, sharey="row", sharex=True,
    )  # fmt: skip
    for row, name in enumerate(metrics):
        for column, value in enumerate(beside):
            axes, part = grid[row, column], shown[(shown["metric"] == name) & (shown[second] == value)]
            panel(axes, part, key, rest, palette, REGISTRY[name], named=column == len(beside) - 1)
            axes.set_title("", loc="left")
            axes.set_title(heads[column] if row == 0 else "", loc="center")
            if column:
                axes.set_ylabel("")
            else:
                label = "\n".join(textwrap.wrap(REGISTRY[name].label, 20))
                axes.set_ylabel(f"{label}\n({axis_unit(REGISTRY[name].unit)})", size=10.5)
            if row == len(metrics) - 1:
                axes.set_xlabel(key_words(key))
    return figure


def save_sweep(
    table: pd.DataFrame, folder: str | Path, confidence: float | None = None, metrics: Sequence[str] = ()
) -> list[Path]:
    """Draw the figures of a sweep to `folder` as PNG and SVG; returns the paths.

    `differences` wherever something is compared, `sweep` always; of two keys a `map` as well, with its cells in
    map.csv.
    """
    paths = save_both(sweep(table, confidence, metrics), folder, "sweep")
    if has_differences(table):
        paths += save_both(differences(table, confidence, metrics), folder, "differences")
    if len(cells.signs(table, metrics)):
        paths += save_both(boundary(table, confidence, metrics), folder, "map")
        cells.save(table, folder, metrics)
    return paths
