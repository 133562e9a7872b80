"""The folder that a backtest leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from caresim.run.folder import digest, made, write_csv, write_manifest
from caresim.run.output_dir import final_path, unfinished
from caresim.tasks.backtest.backtest import Backtested

Draw = Callable[[Backtested, Path], Any]
"""Puts the figure of a backtest into a folder."""
SHORT = 6


def write(tested: Backtested, draw: Draw | None = None, tell: Draw | None = None) -> Path:
    """Write facts.csv (a row per fact), values.csv (a row per fact and replication), manifest.json and, when `draw` is
    given, figures/; `tell` puts into the folder what people read. Returns the folder's path.
    """
    settings = tested.backtest
    name = digest(tested.values)
    with unfinished(Path(settings.output_dir), settings.name, name[:SHORT]) as place:
        write_csv(tested.table, place / "facts.csv")
        write_csv(tested.values, place / "values.csv")
        if draw is not None:
            (place / "figures").mkdir()
            draw(tested, place / "figures")
        if tell is not None:
            tell(tested, place)
        manifest = {
            "backtest": settings.name,
            "question": settings.question,
            "seed": settings.seed,
            "replications": settings.replications,
            "digest": name,
            **made(tested.durations),
            "configuration": settings.model_dump(mode="json", exclude_defaults=True),
        }
        write_manifest(manifest, place)
        return final_path(place)
