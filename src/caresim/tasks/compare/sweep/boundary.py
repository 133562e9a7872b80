"""A map of two swept keys: which staffing model does better where, and where the runs cannot tell."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from caresim.config.arguments import one_name
from caresim.config.paths import conf, question
from caresim.report.difference_axis import difference_scale, difference_unit
from caresim.report.on_axes import on_axes
from caresim.report.style import INK, QUIET, WIDTH, drawn, page, panels
from caresim.report.wording import level, readable
from caresim.tasks.compare.sweep import map_words, room
from caresim.tasks.compare.sweep.cells import is_ratio, signs
from caresim.tasks.compare.sweep.choice import (
    as_shown,
    compared_with_first,
    few_draws,
    metric_of,
    of_models,
    reference_of,
    rivals_of,
    staffings_of,
)
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, points_of, positions, tick

MOST_WRITTEN = 10
"""Columns up to which cells have their differences."""
TITLE_LETTER = 0.108
"""Inches that a letter of a panel's title takes."""
PALE = 2.2
"""Colours reach this many times further than the values, so that dark letters can be read on all of them."""


def in_order(values: pd.Series) -> list[Any]:
    """The values of a swept key, numbers by size, words as they came."""
    places, _ = positions(values)
    return sorted(places, key=lambda value: places[value])


def row_name(value: Any) -> str:
    """A value at the left of a row of the map, which has room for three lines."""
    return "\n".join(textwrap.wrap(tick(value), 24, max_lines=3, placeholder=" …"))


def readable_on(colour: tuple[float, float, float, float]) -> str:
    """White letters on a dark ground, dark ones on a pale one (relative luminance as in WCAG 2.1)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
    return "white" if 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] < 0.18 else INK


def steps_in_words(key: str, values: list[Any]) -> str:
    """What the files of a swept group say of themselves, for the foot of the map; empty for a number."""
    folder = conf() / key.partition("@")[0]
    files = {value: folder / f"{value!s}.yaml" for value in values}
    if "@" not in key or not all(file.is_file() for file in files.values()):
        return ""
    return "\n".join(f"{tick(value)}: {question(file)}" for value, file in files.items())


def panel(axes: Axes, cells: pd.DataFrame, keys: list[str], norm: TwoSlopeNorm, better: str) -> Any:
    """One staffing model against the baseline: colour and number are the difference, bold where its sign is certain."""
    across, down = (in_order(cells[key]) for key in keys)
    grid = np.full((len(down), len(across)), np.nan)
    for cell in cells.itertuples(index=False):
        x, y = across.index(cell[0]), down.index(cell[1])
        grid[y, x] = cell.effect
    image = axes.imshow(grid, cmap="PuOr" if better == "lower" else "PuOr_r", norm=norm, origin="lower", aspect="auto")
    wide, tall = room.size_of(axes)
    texts, size = map_words.written(cells, wide / len(across), tall / len(down))
    for cell, words in zip(cells.itertuples(index=False), texts, strict=True):
        x, y = across.index(cell[0]), down.index(cell[1])
        weight, ink = "bold" if cell.sign else "normal", readable_on(image.cmap(norm(cell.effect)))
        if len(across) <= MOST_WRITTEN:
            axes.text(x, y, words, ha="center", va="center", size=size, weight=weight, color=ink, linespacing=1.1)
    room.name_ticks(axes, range(len(across)), room.ticks(list(map(tick, across)), 0.9 * wide / len(across)))
    axes.set_yticks(range(len(down)), [row_name(value) for value in down])
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    for y, x in np.ndindex(*grid.shape):
        draw_border(axes, cells, keys, across, down, x, y)
    return image


def draw_border(
    axes: Axes, cells: pd.DataFrame, keys: list[str], across: list[Any], down: list[Any], x: int, y: int
) -> None:
    """A thick line between neighbours whose estimates have different signs: the boundary, as far as it is known."""
    value = estimate(cells, keys, across[x], down[y])
    if x + 1 < len(across) and value * estimate(cells, keys, across[x + 1], down[y]) < 0:
        axes.plot([x + 0.5, x + 0.5], [y - 0.5, y + 0.5], color=INK, linewidth=3)
    if y + 1 < len(down) and value * estimate(cells, keys, across[x], down[y + 1]) < 0:
        axes.plot([x - 0.5, x + 0.5], [y + 0.5, y + 0.5], color=INK, linewidth=3)


def write_reference(axes: Axes, table: pd.DataFrame, cells: pd.DataFrame, keys: list[str]) -> None:
    """The cell of the first point, which the others are compared with, has a word and no colour."""
    point = table[table["job"] == reference_of(table)].iloc[0]
    spot = [values.index(point[key]) for key in keys if point[key] in (values := in_order(cells[key]))]
    if len(spot) == len(keys):
        across, down = spot
        axes.text(across, down, "reference", ha="center", va="center", size=11.5, color=INK)


def estimate(cells: pd.DataFrame, keys: list[str], first: Any, second: Any) -> float:
    """The effect in one cell; 0 where there is none."""
    values = cells.loc[(cells[keys[0]] == first) & (cells[keys[1]] == second), "effect"]
    return float(values.iloc[0]) if len(values) else 0.0


def effects(cells: pd.DataFrame, ratio: bool) -> pd.Series:
    """Differences as colours show them: of ratios the logarithm, so that half and double are equally strong; a ratio
    to zero, or from it, is as strong as the strongest other one.
    """
    if not ratio:
        return cells["difference"].astype(float)
    with np.errstate(divide="ignore"):
        logs = pd.Series(np.log(cells["difference"].to_numpy(dtype=float)), index=cells.index)
    finite = logs[np.isfinite(logs)]
    return logs.clip(finite.min(), finite.max()) if len(finite) else logs * 0.0


def norm_of(cells: pd.DataFrame) -> TwoSlopeNorm:
    """How strong a colour is, by the effect."""
    furthest = float(np.nanmax(np.abs(cells["effect"]))) or 1.0
    return TwoSlopeNorm(0.0, -PALE * furthest, PALE * furthest)


def cells_of(table: pd.DataFrame, metrics: Sequence[str]) -> pd.DataFrame:
    """The cells of a map with their `effect`. ValueError where there is none."""
    cells = signs(table, metrics)
    if cells.empty:
        raise ValueError("a map needs the table of a sweep over two keys, with a baseline to compare with")
    return cells.assign(effect=effects(cells, is_ratio(cells["metric"].iloc[0])))


def name_axes(axes: Axes, keys: list[str], title: str) -> None:
    """The keys of both axes, and the title."""
    wide, tall = room.size_of(axes)
    axes.set_title(title)
    axes.set_xlabel(room.fitted(key_words(keys[0]), wide))
    axes.set_ylabel(room.fitted(key_words(keys[1]), tall))


@on_axes
def on_one_axes(
    axes: Axes, table: pd.DataFrame, confidence: float | None, metric: str, models: Sequence[str] | None = None
) -> None:
    """The map of one metric and staffing model, the first unless it is named."""
    first = compared_with_first(table)
    rivals = staffings_of(table) if first else rivals_of(table)
    name = one_name("models", models, rivals, "staffing model with a difference")
    table = as_shown(table)
    cells = cells_of(table, [metric])
    cells = cells[cells["staffing"] == name]
    keys = list(cells.columns[:2])
    panel(axes, cells, keys, norm_of(cells), metric_of(metric).better)
    if first:
        write_reference(axes, table, cells, keys)
    reference = points_of(table)[reference_of(table)] if first else readable(reference_of(table))
    what = f"against {reference}" if first else f"{readable(name)} against {reference}"
    wide = room.size_of(axes)[0]
    titles = (f"{metric_of(metric).label}:", what)
    name_axes(axes, keys, "\n".join(room.fitted(line, wide * room.LETTER / TITLE_LETTER) for line in titles))
    written = [text.get_text() for text in axes.texts]
    key = map_words.key(cells, written, metric_of(metric).better, with_line=bool(axes.lines))
    axes.set_xlabel(f"{axes.get_xlabel()}\n{room.fitted(key, wide)}")


@drawn
def boundary(
    table: pd.DataFrame,
    confidence: float | None = None,
    metrics: Sequence[str] = (),
    models: Sequence[str] | None = None,
) -> Figure:
    """A metric over two swept keys: a panel per staffing model, the difference from what it is compared with.

    The metric is the first of `metrics` (none: of the headline metrics). `table` is that of a sweep over exactly two
    keys (see `sweep.gather`); `models`: which are shown (None: all). ValueError when it is not.
    """
    from caresim.measure.metrics import REGISTRY

    warning, table = few_draws(table), of_models(as_shown(table), models, compared=True)
    cells = cells_of(table, metrics)
    keys = list(cells.columns[:2])
    metric = REGISTRY[cells["metric"].iloc[0]]
    models, first = list(dict.fromkeys(cells["staffing"])), compared_with_first(table)
    ratio = is_ratio(metric.name)
    norm = norm_of(cells)
    rows = table[table["metric"] == metric.name]
    reference = points_of(table)[reference_of(table)] if first else readable(reference_of(table))
    words = list(filter(None, (steps_in_words(key, in_order(cells[key])) for key in keys)))
    foot = 0.95 + sum(0.3 + 0.22 * (text.count("\n") + 1) for text in words)
    other = readable(models[0]) if len(models) == 1 else "the staffing model of the panel"
    certain = (
        f"Bold: the {level(confidence) + ' ' if confidence else ''}interval of luck and assumptions leaves no doubt"
        " about the sign."
    )
    legend = "\n".join(
        (
            f"Orange: {'it does better' if first else f'{other} does better'} than {reference}; purple: worse."
            f" {many_in_words(rows)} paired replications a cell.",
            "They are too few for intervals; verdicts allow for it." if warning else certain,
            "Thick line: the estimate changes sign.",
            *(map_words.meanings(cells) if cells[keys[0]].nunique() <= MOST_WRITTEN else ()),
        )
    )
    titles = [f"Against {reference}" if first else f"{readable(name)} against {reference}" for name in models]
    across, down = (in_order(cells[key]) for key in keys)
    tall = 0.75 * len(down)
    left = 0.7 + room.LETTER * max(len(line) for value in down for line in row_name(value).split("\n"))
    left = max(1.8, left + room.LINE * (room.fitted(key_words(keys[1]), tall).count("\n") + 1))
    between = max(1.6, left)
    width = max(WIDTH, left + 3.6 * len(models) + between * (len(models) - 1) + 2.2)
    wide = (width - left - 2.2 - between * (len(models) - 1)) / len(models)
    letters = int((wide + min(between, 2.2) - 0.4) / TITLE_LETTER)
    titles = ["\n".join(textwrap.wrap(title, letters)) for title in titles]
    top = 1.15 + 0.25 * (legend.count("\n") + 1) + 0.22 * max(title.count("\n") for title in titles)
    foot += room.ticks(list(map(tick, across)), 0.85 * wide / len(across)).below
    foot += room.LINE * room.fitted(key_words(keys[0]), wide).count("\n")
    figure = page(str(metric.label), legend, height=0.15 + top + foot + tall, width=width)
    grid = panels(figure, 1, len(models), left=left, right=2.2, top=top, bottom=foot, across=between)
    for axes, name, title in zip(grid[0], models, titles, strict=True):
        image = panel(axes, cells[cells["staffing"] == name], keys, norm, metric.better)
        if first:
            write_reference(axes, table, cells, keys)
        name_axes(axes, keys, title)
    bar = figure.colorbar(image, ax=list(grid[0]), fraction=0.05, pad=0.02)
    bar.ax.set_ylim(min(float(cells["effect"].min()), 0.0), max(float(cells["effect"].max()), 0.0))
    scale = difference_scale(metric.unit, ratio)
    bar.ax.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: f"×{np.exp(value):.2g}" if ratio else f"{scale * value:g}")
    )
    unit = "ratio" if ratio else difference_unit(metric.unit)
    bar.set_label(unit.replace(" (", "\n("), color=QUIET)
    height = float(figure.get_size_inches()[1])
    figure.text(
        0.35 / figure.get_size_inches()[0], 0.2 / height, "\n\n".join(words), size=10.5, color=QUIET, linespacing=1.4
    )
    return figure
