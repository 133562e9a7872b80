"""Every figure of one comparison, written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


def save_all(results: Any, folder: str | Path) -> list[Path]:
    """Draw every figure of `results` and write it to `folder` as PNG (150 dots an inch) and SVG; returns the paths.

    The bytes of an SVG depend on the results and the version of matplotlib alone.
    """
    from caresim.view.plots import FIGURES
    from caresim.view.style import save

    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    paths: list[Path] = []
    for name, draw in FIGURES.items():
        figure = draw(results)
        paths += [save(figure, target / f"{name}.png"), save(figure, target / f"{name}.svg")]
    return paths


def save_sweep(table: pd.DataFrame, folder: str | Path, confidence: float | None = None) -> list[Path]:
    """Draw the figure of a sweep (see `plots.sweep`), write sweep.png and sweep.svg to `folder`; returns the paths."""
    from caresim.view.plots import sweep
    from caresim.view.style import save

    figure = sweep(table, confidence)
    return [save(figure, Path(folder) / f"sweep.{kind}") for kind in ("png", "svg")]


def save_backtest(tested: Any, folder: str | Path) -> list[Path]:
    """Draw the figure of a backtest (see `plots.backtest`), write backtest.png and backtest.svg; returns the paths."""
    from caresim.view.plots.backtest import backtest
    from caresim.view.style import save

    figure = backtest(tested)
    return [save(figure, Path(folder) / f"backtest.{kind}") for kind in ("png", "svg")]
