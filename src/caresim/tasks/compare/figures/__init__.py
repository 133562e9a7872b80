"""The figures of a comparison: every file of this folder is one, found by its name."""

from __future__ import annotations

import importlib
import pkgutil
from functools import partial
from pathlib import Path
from typing import Any

from caresim.report.style import KINDS, save_both
from caresim.report.two_hands import share_out
from caresim.tasks.compare.figure import ComparisonFigure, in_order

FIGURES: dict[str, ComparisonFigure] = in_order(
    {file.name: importlib.import_module(f"{__name__}.{file.name}") for file in pkgutil.iter_modules(__path__)}
)
"""Every figure of one comparison, the most telling first."""


def save_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw the figures that apply to `results` and write them to `folder`, each as PNG and SVG; returns the paths.

    The bytes of an SVG depend on the results and the version of matplotlib alone.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    drawn = {name: figure for name, figure in FIGURES.items() if figure.applies(results)}

    def draw(name: str) -> None:
        save_both(drawn[name].draw(results), target, name)

    share_out([partial(draw, name) for name in drawn], alone=results.experiment.workers == 1)
    return [target / f"{name}.{kind}" for name in drawn for kind in KINDS]
