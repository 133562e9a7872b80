"""The figures of a comparison: every file of this folder is one, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from caresim.report.style import KINDS, save_both
from caresim.report.two_hands import share_out
from caresim.tasks.compare.chosen import plotting
from caresim.tasks.compare.figure import SLIDE, ComparisonFigure, few, has_intervals, in_order, slides
from caresim.tasks.compare.settings import ALL, FEW, NONE

FIGURES: dict[str, ComparisonFigure] = in_order(
    {file.name: importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)}
)
"""Every figure of one comparison, the most telling first."""


def plots(results: Any) -> dict[str, Callable[..., Any]]:
    """What `results.plot` has, by name: functions that draw a page, or a panel on axes (see chosen.plotting)."""
    return {name: plotting(figure, results) for name, figure in FIGURES.items()}


def save_all(results: Any, folder: str | Path, word: str | None = None) -> list[Path]:
    """Draw the figures that apply to `results` and write them to `folder`, each as PNG and SVG; returns the paths.

    `word` says which (None: the experiment's `figures`): none, few, those for slides or all of them.

    The bytes of an SVG depend on the results and the version of matplotlib alone.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    wanted = {figure.name: figure for figure in chosen(results, word)}
    if left_out := too_short_for(results, word):
        names, bin_ = ", ".join(left_out), results.experiment.bin.text
        why = f"the run is shorter than an interval of its timeline (bin = {bin_})"
        print(f"caresim: not drawn: {names}; {why}", file=sys.stderr)

    def draw(name: str) -> None:
        save_both(wanted[name].draw(results), target, name)

    share_out([partial(draw, name) for name in wanted], alone=results.experiment.workers == 1)
    return [target / f"{name}.{kind}" for name in wanted for kind in KINDS]


def chosen(results: Any, word: str | None = None) -> list[ComparisonFigure]:
    """The figures of these results that are wanted (None: what their experiment says)."""
    wanted = word or results.experiment.setting("figures")
    if wanted == NONE:
        return []
    lasts = has_intervals(results)
    figures = [figure for figure in FIGURES.values() if (lasts or not figure.over_time) and figure.applies(results)]
    headline = results.experiment.study.headline
    return figures if wanted == ALL else (few if wanted == FEW else slides)(figures, headline)


def too_short_for(results: Any, word: str | None = None) -> list[str]:
    """The figures over time, where the run is too short for them and figures are wanted at all."""
    wanted = word or results.experiment.setting("figures")
    if has_intervals(results) or wanted == NONE:
        return []
    return [each.name for each in FIGURES.values() if each.over_time and (wanted == ALL or each.kind == SLIDE)]
