"""The figures of a sweep, written to its folder."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from caresim.report.style import save
from caresim.tasks.compare.sweep.boundary import boundary, signs
from caresim.tasks.compare.sweep.figure import sweep


def save_sweep(table: pd.DataFrame, folder: str | Path, confidence: float | None = None) -> list[Path]:
    """Draw the figures of a sweep to `folder` as PNG and SVG; returns the paths.

    `sweep` always; of two keys a `map` as well, with its cells in map.csv (see boundary.py).
    """

    figures = {"sweep": sweep(table, confidence)}
    cells = signs(table)
    if len(cells):
        figures["map"] = boundary(table, confidence)
        cells.to_csv(Path(folder) / "map.csv", index=False, float_format="%.10g", lineterminator="\n", encoding="utf-8")
    return [
        save(figure, Path(folder) / f"{name}.{kind}") for name, figure in figures.items() for kind in ("png", "svg")
    ]
