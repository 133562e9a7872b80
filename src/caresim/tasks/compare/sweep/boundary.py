"""A map of two swept keys: which staffing model does better where, and where the runs cannot tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from caresim.config.paths import conf, question
from caresim.report.difference_axis import difference_unit, no_difference
from caresim.report.style import INK, QUIET, WIDTH, drawn, page, panels
from caresim.report.verdicts import VERDICTS
from caresim.report.wording import level, readable
from caresim.tasks.compare.sweep.keys import key_words, many_in_words, positions, swept_keys, tick

PALE = 2.2
"""Colours reach this many times further than the values, so that dark letters can be read on all of them."""
COLUMNS = ("staffing", "metric", "difference", "difference_ci_low", "difference_ci_high", "verdict", "sign")


def signs(table: pd.DataFrame) -> pd.DataFrame:
    """A row per cell of the map: the swept keys, staffing model, first headline metric, difference, interval, sign.

    `sign` is 1 where the interval lies above no difference, -1 below, 0 where it holds it. No rows where not exactly
    two keys were swept, or nothing is compared.
    """
    keys = [key for key in swept_keys(table) if table[key].astype(str).nunique() > 1]
    if len(keys) != 2 or not {"difference", "headline"} <= set(table):
        return pd.DataFrame(columns=[*keys, *COLUMNS])
    compared = table[table["difference"].notna() & table["headline"].astype(bool)]
    if compared.empty:
        return pd.DataFrame(columns=[*keys, *COLUMNS])
    cells = compared[compared["metric"] == compared["metric"].iloc[0]].copy()
    same = no_difference(is_ratio(cells["metric"].iloc[0]))
    above, below = cells["difference_ci_low"] > same, cells["difference_ci_high"] < same
    return cells.assign(sign=above.astype(int) - below.astype(int))[[*keys, *COLUMNS]].reset_index(drop=True)


def is_ratio(metric: str) -> bool:
    """Are two staffing models compared by their ratio in this metric?"""
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[metric].compare == "ratio"


def in_order(values: pd.Series) -> list[Any]:
    """The values of a swept key, numbers by size, words as they came."""
    places, _ = positions(values)
    return sorted(places, key=lambda value: places[value])


def cell_words(cell: Any) -> str:
    """The difference, and the verdict of the comparison on it."""
    verdict = VERDICTS[cell.verdict].words if cell.verdict in VERDICTS else ""
    return f"{cell.difference:+.2f}\n{verdict}"


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
        grid[y, x] = cell.difference
    image = axes.imshow(grid, cmap="PuOr" if better == "lower" else "PuOr_r", norm=norm, origin="lower", aspect="auto")
    for cell in cells.itertuples(index=False):
        x, y = across.index(cell[0]), down.index(cell[1])
        weight, ink = "bold" if cell.sign else "normal", readable_on(image.cmap(norm(cell.difference)))
        axes.text(x, y, cell_words(cell), ha="center", va="center", size=11.5, weight=weight, color=ink)
    axes.set_xticks(range(len(across)), [tick(value) for value in across])
    axes.set_yticks(range(len(down)), [tick(value) for value in down])
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


def estimate(cells: pd.DataFrame, keys: list[str], first: Any, second: Any) -> float:
    """The difference in one cell, from no difference; 0 where there is none."""
    values = cells.loc[(cells[keys[0]] == first) & (cells[keys[1]] == second), "difference"]
    return float(values.iloc[0]) - no_difference(is_ratio(cells["metric"].iloc[0])) if len(values) else 0.0


@drawn
def boundary(table: pd.DataFrame, confidence: float | None = None) -> Figure:
    """The first headline metric over two swept keys: a panel per staffing model, the difference from the baseline.

    `table` is that of a sweep over exactly two keys (see `sweep.gather`). ValueError when it is not.
    """
    from caresim.measure.metrics import REGISTRY

    cells = signs(table)
    if cells.empty:
        raise ValueError("a map needs the table of a sweep over two keys, with a baseline to compare with")
    keys = list(cells.columns[:2])
    metric = REGISTRY[cells["metric"].iloc[0]]
    models = list(dict.fromkeys(cells["staffing"]))
    same = no_difference(is_ratio(metric.name))
    reach = PALE * float(np.nanmax(np.abs(cells["difference"] - same))) or 1.0
    norm = TwoSlopeNorm(same, same - reach, same + reach)
    rows = table[table["metric"] == metric.name]
    baseline = next(name for name in dict.fromkeys(table["staffing"]) if name not in models)
    words = list(filter(None, (steps_in_words(key, in_order(cells[key])) for key in keys)))
    foot = 0.95 + sum(0.3 + 0.22 * (text.count("\n") + 1) for text in words)
    other = readable(models[0]).lower() if len(models) == 1 else "the staffing model of the panel"
    figure = page(
        f"Where does it pay? {metric.label}",
        f"Orange: {other} does better than {readable(baseline).lower()}; purple: worse."
        f" {many_in_words(rows)} paired replications a cell.\n"
        f"Bold: the {level(confidence) + ' ' if confidence else ''}interval of luck and assumptions leaves no doubt"
        " about the sign.\nBetter, worse: that, and a difference that matters. Thick line: the estimate changes sign.",
        height=2.2 + foot + 0.75 * cells[keys[1]].nunique(),
        width=max(WIDTH, 5.2 * len(models) + 2.4),
    )
    grid = panels(figure, 1, len(models), left=1.8, right=2.2, top=2.05, bottom=foot, across=1.6)
    for axes, name in zip(grid[0], models, strict=True):
        image = panel(axes, cells[cells["staffing"] == name], keys, norm, metric.better)
        axes.set_title(f"{readable(name)} against {readable(baseline).lower()}")
        axes.set_xlabel(key_words(keys[0]))
        axes.set_ylabel(key_words(keys[1]))
    bar = figure.colorbar(image, ax=list(grid[0]), fraction=0.05, pad=0.02)
    unit = "ratio" if is_ratio(metric.name) else difference_unit(metric.unit)
    bar.set_label(unit.replace(" (", "\n("), color=QUIET)
    height = float(figure.get_size_inches()[1])
    figure.text(
        0.35 / figure.get_size_inches()[0], 0.2 / height, "\n\n".join(words), size=10.5, color=QUIET, linespacing=1.4
    )
    return figure
