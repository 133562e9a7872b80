"""A map of two swept keys: where which staffing model does better, and where nobody can tell."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from caresim.view.plots.sweep import many_in_words, positions, swept_keys, tail
from caresim.view.style import INK, QUIET, WIDTH, drawn, page, panels
from caresim.view.terminal import WORDS
from caresim.view.wording import axis_unit, level, readable

PALE = 2.2
"""Colours reach so much further than the values, so that dark letters can be read on all of them."""
COLUMNS = ("staffing", "metric", "difference", "difference_ci_low", "difference_ci_high", "verdict", "sign")


def signs(table: pd.DataFrame) -> pd.DataFrame:
    """A row a cell of the map: the swept keys, staffing model, first headline metric, difference, interval, sign.

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
    nought = 1.0 if ratio(cells["metric"].iloc[0]) else 0.0
    above, below = cells["difference_ci_low"] > nought, cells["difference_ci_high"] < nought
    return cells.assign(sign=above.astype(int) - below.astype(int))[[*keys, *COLUMNS]].reset_index(drop=True)


def brief(key: str) -> str:
    """The last two words of a key or of a group of files."""
    *_, before, last = ["", *key.partition("@")[0].replace("/", ".").split(".")]
    return f"{tail(before)} {tail(last)}".strip()


def ratio(metric: str) -> bool:
    from caresim.analysis.metrics import REGISTRY

    return REGISTRY[metric].compare == "ratio"


def in_order(values: pd.Series) -> list[Any]:
    """The values of a swept key, numbers by size, words as they came."""
    places, _ = positions(values)
    return sorted(places, key=lambda value: places[value])


def tick(value: Any) -> str:
    """A swept value without quotes and underscores."""
    return str(value).strip("'\"").replace("_", " ")


def cell_words(cell: Any) -> str:
    """The difference, and the verdict of the comparison on it."""
    return f"{cell.difference:+.2f}\n{WORDS.get(cell.verdict, '')}"


def panel(axes: Axes, cells: pd.DataFrame, keys: list[str], norm: TwoSlopeNorm, better: str) -> Any:
    """One staffing model against the baseline: colour and number are the difference, bold where its sign is certain."""
    across, down = (in_order(cells[key]) for key in keys)
    grid = np.full((len(down), len(across)), np.nan)
    for cell in cells.itertuples(index=False):
        x, y = across.index(cell[0]), down.index(cell[1])
        grid[y, x] = cell.difference
        weight = "bold" if cell.sign else "normal"
        axes.text(x, y, cell_words(cell), ha="center", va="center", size=10.5, weight=weight, color=INK)
    image = axes.imshow(grid, cmap="PuOr" if better == "lower" else "PuOr_r", norm=norm, origin="lower", aspect="auto")
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
    found = cells.loc[(cells[keys[0]] == first) & (cells[keys[1]] == second), "difference"]
    nought = 1.0 if ratio(cells["metric"].iloc[0]) else 0.0
    return float(found.iloc[0]) - nought if len(found) else 0.0


@drawn
def boundary(table: pd.DataFrame, confidence: float | None = None) -> Figure:
    """The first headline metric over two swept keys: a panel a staffing model, the difference from the baseline.

    `table` is that of a sweep over exactly two keys (see `sweep.gather`). ValueError when it is not.
    """
    from caresim.analysis.metrics import REGISTRY

    cells = signs(table)
    if cells.empty:
        raise ValueError("a map needs the table of a sweep over two keys, with a baseline to compare with")
    keys = list(cells.columns[:2])
    metric = REGISTRY[cells["metric"].iloc[0]]
    models = list(dict.fromkeys(cells["staffing"]))
    nought = 1.0 if ratio(metric.name) else 0.0
    reach = PALE * float(np.nanmax(np.abs(cells["difference"] - nought))) or 1.0
    norm = TwoSlopeNorm(nought, nought - reach, nought + reach)
    told = table[table["metric"] == metric.name]
    baseline = next(name for name in dict.fromkeys(table["staffing"]) if name not in models)
    figure = page(
        f"Where does it pay? {metric.label}",
        f"Difference from {readable(baseline)}; {many_in_words(told)} paired replications a cell. "
        f"Bold: the {level(confidence) + ' ' if confidence else ''}interval of luck and assumptions leaves no doubt\n"
        "about the sign. Better, worse: that, and a difference that matters. Thick line: the estimate changes sign.",
        height=2.6 + 0.75 * cells[keys[1]].nunique(),
        width=max(WIDTH, 5.2 * len(models) + 2.4),
    )
    grid = panels(figure, 1, len(models), left=1.6, right=1.6, top=1.75, bottom=0.85, across=1.6)
    for axes, name in zip(grid[0], models, strict=True):
        image = panel(axes, cells[cells["staffing"] == name], keys, norm, metric.better)
        axes.set_title(readable(name))
        axes.set_xlabel(brief(keys[0]))
        axes.set_ylabel(brief(keys[1]))
    bar = figure.colorbar(image, ax=list(grid[0]), fraction=0.05, pad=0.02)
    bar.set_label(f"difference ({axis_unit(metric.unit)}); orange: in favour", color=QUIET)
    return figure
