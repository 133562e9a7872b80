"""A run's folder: everything a run leaves behind, written beside its place and put there in one move when complete."""

from __future__ import annotations

import json
import platform
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.config.pace import FIRST_S, announce, paced
from caresim.run import arrow_form, draw_table
from caresim.run.block import code_hash, content_hash, package_version
from caresim.run.long_table import LongTable, digest
from caresim.run.output_dir import final_path, unfinished
from caresim.run.results import FRAMES, Results

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

Draw = Callable[[Results, Path], Any]
"""Puts the figures of some results into a folder."""
STRETCH = 50_000
"""Rows of a CSV file that are written at a time."""
DIGITS = "%.10g"
"""Numbers in CSV files: ten significant digits, so that the text is the same on every machine."""
FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""How a cell begins that a spreadsheet computes; the last four are the first four as East Asian keyboards have them."""
LIBRARIES = ("numpy", "numba", "pandas", "pyarrow", "scipy", "hydra-core", "pydantic")


def write(
    results: Results,
    output_dir: str | Path,
    draw: Draw | None = None,
    job: Mapping[str, Any] | None = None,
    tell: Draw | None = None,
) -> Path:
    """Write the run's folder into `output_dir` and return its path.

    Files: summary.csv, comparison.csv, intervals.csv, ranking.csv and pairs.csv of three staffing models or more,
    observations.csv where there are any, replay.csv and beside_file.csv of a replay, one Parquet file a table,
    draws.parquet (the drawn values of each world), manifest.json and, when `draw` is given, figures/. `tell` puts into
    the folder what people read, once all else is there. `job` is what the manifest says of a run that is part of a
    sweep: its number and the keys it was given. OSError when the disk refuses.
    """
    started = time.perf_counter()
    with unfinished(Path(output_dir), results.experiment.name, _short_hash(results)) as place:
        for name in FRAMES:
            write_parquet(getattr(results, name), place / f"{name}.parquet")
        draw_table.write(results.draws, results.experiment, place / draw_table.FILE)
        write_csv(results.summary(), place / "summary.csv")
        write_csv(results.comparison(), place / "comparison.csv")
        write_csv(results.intervals, place / "intervals.csv")
        if len(ranking := results.ranking()):
            write_csv(ranking, place / "ranking.csv")
            write_csv(results.pairs(), place / "pairs.csv")
        if results.experiment.observations:
            write_csv(results.observations(), place / "observations.csv")
        if results.experiment.replay is not None:
            write_csv(results.replayed(), place / "replay.csv")
            write_csv(results.beside_file(), place / "beside_file.csv")
        written = time.perf_counter()
        if draw is not None:
            if written - started > FIRST_S:
                announce("the tables are written; drawing the figures")
            (place / "figures").mkdir()
            draw(results, place / "figures")
        durations = {"write_s": written - started, "draw_s": time.perf_counter() - written}
        if tell is not None:
            tell(results, place)
            durations["tell_s"] = time.perf_counter() - started - sum(durations.values())
        write_manifest(manifest(results, durations, job), place)
        return final_path(place)


def manifest(results: Results, durations: Mapping[str, float], job: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the run was: resolved configuration, seed, versions, hashes, durations in seconds."""
    return {
        **origin(results.experiment, {**results.durations, **durations}),
        "replications": int(results.replications["replication"].nunique()),
        "staffing": results.staffings,
        "baseline": results.baseline,
        "job": job,
        "looks": results.looks,
        "digests": {name: digest(getattr(results, name)) for name in FRAMES},
        "effort": {name: round(value, 3) for name, value in results.effort.items()},
    }


def origin(experiment: Experiment, durations: Mapping[str, float] | None = None) -> dict[str, Any]:
    """What every manifest says of an experiment, whatever was done with it: all that results depend on, when, how long.

    `durations` in seconds.
    """
    return {
        "experiment": experiment.name,
        "question": experiment.question,
        "seed": experiment.seed,
        "content_hash": content_hash(experiment),
        **made(durations or {}),
        "configuration": experiment.as_text(),
    }


def made(durations: Mapping[str, float]) -> dict[str, Any]:
    """With what, when, and how long (seconds): what does not depend on what was asked for."""
    from caresim.model import own_rules  # late: it loads Numba

    return {
        "finished": datetime.now().astimezone().isoformat(timespec="seconds"),
        "code_hash": code_hash(),
        "plugins": {"modules": own_rules.modules(), "digest": own_rules.digest()},
        "versions": {"caresim": package_version(), "python": platform.python_version(), **installed()},
        "durations": {name: round(seconds, 3) for name, seconds in durations.items()},
    }


@lru_cache(maxsize=1)
def installed() -> dict[str, str]:
    """Version by name of each library."""
    return {name: version(name) for name in LIBRARIES}


def write_manifest(manifest: Mapping[str, Any], place: Path) -> None:
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (place / "manifest.json").write_text(text + "\n", encoding="utf-8")


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """Write a CSV file; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    words = frame.select_dtypes(exclude=["number", "bool", "datetime", "datetimetz"]).columns
    safe = frame.assign(**{name: _without_formulas(frame[name]) for name in words})
    safe.columns = pd.Index([_as_text(name) for name in frame.columns])
    with path.open("w", encoding="utf-8", newline="") as file:
        for first in paced(f"writing {path.name}", max(len(safe), 1), STRETCH):
            stretch = safe.iloc[first : first + STRETCH]
            stretch.to_csv(file, index=False, header=not first, float_format=DIGITS, lineterminator="\n")


def _without_formulas(column: pd.Series) -> pd.Series:
    changed = {cell: text for cell in column.dropna().unique() if (text := _as_text(cell)) != cell}
    return column.astype(object).map(lambda cell: changed.get(cell, cell)) if changed else column


def _as_text(cell: Any) -> Any:
    """The cell; with an apostrophe before it where a spreadsheet would compute it. A number in words is left alone.

    Carriage returns become line feeds: the former are not quoted by every Python, and would begin a row.
    """
    if not isinstance(cell, str):
        return cell
    text = cell.replace("\r\n", "\n").replace("\r", "\n") if "\r" in cell else cell
    if not text.startswith(FORMULA):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text


def write_parquet(frame: pd.DataFrame | LongTable, path: Path) -> None:
    if isinstance(frame, LongTable):
        frame.write(path)
    else:
        arrow_form.write(arrow_form.as_table(frame), path)


def _short_hash(results: Results) -> str:
    return content_hash(results.experiment)[:6]
