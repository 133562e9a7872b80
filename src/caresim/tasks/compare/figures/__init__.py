"""The figures of a comparison, one function each: takes Results, returns a matplotlib Figure that belongs to nobody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from caresim.report.applicability import telling
from caresim.report.style import save
from caresim.tasks.compare.figures.backlog import backlog
from caresim.tasks.compare.figures.cost import cost
from caresim.tasks.compare.figures.differences import differences
from caresim.tasks.compare.figures.latency import latency
from caresim.tasks.compare.figures.mood import mood
from caresim.tasks.compare.figures.resolution import resolution
from caresim.tasks.compare.figures.satisfaction import satisfaction

FIGURES = {draw.__name__: draw for draw in (differences, latency, satisfaction, backlog, mood, resolution, cost)}
"""Every figure of one comparison, the most telling first."""

__all__ = ["FIGURES", "backlog", "cost", "differences", "latency", "mood", "resolution", "satisfaction", "save_all"]


def save_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw the figures of `results` and write them to `folder` as PNG (150 dots an inch) and SVG; returns the paths.

    Those that have nothing to show of this run are left out (see `telling`).
    The bytes of an SVG depend on the results and the version of matplotlib alone.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, draw in FIGURES.items():
        if not telling(name, results):
            continue
        figure = draw(results)
        paths += [save(figure, target / f"{name}.png"), save(figure, target / f"{name}.svg")]
    return paths
