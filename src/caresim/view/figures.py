"""Every figure of one comparison, written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def save_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw the figures of `results` and write them to `folder` as PNG (150 dots an inch) and SVG; returns the paths.

    Those that have nothing to show of this run are left out (see `telling`).
    The bytes of an SVG depend on the results and the version of matplotlib alone.
    """
    from caresim.view.plots import FIGURES
    from caresim.view.style import save
    from caresim.view.telling import telling

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, draw in FIGURES.items():
        if not telling(name, results):
            continue
        figure = draw(results)
        paths += [save(figure, target / f"{name}.png"), save(figure, target / f"{name}.svg")]
    return paths


def save_sweep(table: pd.DataFrame, folder: str | Path, confidence: float | None = None) -> list[Path]:
    """Draw the figures of a sweep to `folder` as PNG and SVG; returns the paths.

    `sweep` always (see `plots.sweep`); of two keys a `map` as well, with its cells in map.csv (see `plots.boundary`).
    """
    from caresim.view.plots import boundary, sweep
    from caresim.view.plots.boundary import signs
    from caresim.view.style import save

    figures = {"sweep": sweep(table, confidence)}
    cells = signs(table)
    if len(cells):
        figures["map"] = boundary(table, confidence)
        cells.to_csv(Path(folder) / "map.csv", index=False, float_format="%.10g", lineterminator="\n", encoding="utf-8")
    return [
        save(figure, Path(folder) / f"{name}.{kind}") for name, figure in figures.items() for kind in ("png", "svg")
    ]


def save_story(story: Any, folder: str | Path) -> list[Path]:
    """Draw the figure of a story (see `plots.story`), write story.png and story.svg to `folder`; returns the paths."""
    from caresim.view.plots.story import story as draw
    from caresim.view.style import save

    figure = draw(story)
    return [save(figure, Path(folder) / f"story.{kind}") for kind in ("png", "svg")]


def save_backtest(tested: Any, folder: str | Path) -> list[Path]:
    """Draw the figure of a backtest (see `plots.backtest`) to backtest.png and .svg; returns the paths.

    Facts that one slide has no room for go on in backtest_2, backtest_3, ...
    """
    from caresim.view.plots.backtest import backtest, slides
    from caresim.view.style import save

    paths = []
    for slide in range(1, len(slides(tested)) + 1):
        figure, stem = backtest(tested, slide), "backtest" if slide == 1 else f"backtest_{slide}"
        paths += [save(figure, Path(folder) / f"{stem}.{kind}") for kind in ("png", "svg")]
    return paths
