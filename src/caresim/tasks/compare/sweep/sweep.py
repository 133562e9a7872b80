"""A sweep: runs with a key at one value after the other, gathered from their folders into one table and one figure."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from caresim.config.errors import BadInput
from caresim.run.block import content_hash
from caresim.run.folder import write_csv
from caresim.run.output_dir import final_path, moved_into, reserved
from caresim.run.refusal import RefusedError, is_full

if TYPE_CHECKING:
    from caresim.tasks.request import Job

TABLE = "sweep.csv"
COMPARED = {"difference": "difference"} | {
    name: f"difference_{name}" for name in ("ci_low", "ci_high", "luck_low", "luck_high")
}
"""Columns of comparison.csv as they are called beside those of summary.csv."""
JUDGED = ("margin", "verdict", "verdict_detail", "pairs_needed")
SWEPT = "swept_"
"""Before a swept key that is called like a column of summary.csv: `swept_replications`."""


@contextmanager
def begun(jobs: Sequence[Job], output_dir: str | Path) -> Iterator[Path]:
    """The folder for the sweep's runs. What ends before the first of them leaves none behind."""
    first = jobs[0].experiment
    Path(output_dir).mkdir(parents=True, exist_ok=True)
    place, claim = reserved(Path(output_dir), f"sweep_{first.name}_{content_hash(first)[:6]}")
    folder = final_path(place)
    try:
        folder.mkdir()
        yield folder
    except BaseException:
        # Not empty: the runs that were finished are worth keeping.
        with suppress(OSError):
            folder.rmdir()
        raise
    finally:
        claim.release()


def run_all(
    jobs: Sequence[Job],
    run: Callable[[Job], None],
    failed: Callable[[Job, str], None],
    refused: Callable[[Job, BadInput], None],
) -> tuple[list[Job], list[Job]]:
    """`run` every job; one that fails is reported with its trace, one whose values do not fit each other is refused,
    and neither stops the others. Returns both lists.

    OSError: the disk is full, or refuses, for the others as well.
    """
    losers, misfits = [], []
    for number in range(len(jobs)):
        job = jobs[number]
        try:
            run(job)
        except BadInput as problem:
            refused(job, problem)
            misfits.append(job)
        except Exception as problem:
            if isinstance(problem, RefusedError) or (isinstance(problem, OSError) and is_full(problem)):
                raise
            failed(job, traceback.format_exc())
            losers.append(job)
    return losers, misfits


def gather(folder: str | Path) -> pd.DataFrame:
    """One tidy table of all runs found in a sweep's folder: a row per job, staffing model and metric.

    Columns: job (the run's folder), the swept keys (`swept_replications` for one that is called like a column of
    summary.csv), those of summary.csv, then headline, difference from the baseline with its intervals
    (`difference_...`), margin, verdict, verdict_detail and pairs_needed, missing for the baseline itself. A sweep whose
    jobs all failed gives a table without rows.
    """
    runs = [
        (json.loads(file.read_text(encoding="utf-8")), file.parent) for file in Path(folder).glob("*/manifest.json")
    ]
    parts = [_rows(manifest, run) for manifest, run in sorted(runs, key=lambda pair: pair[0]["job"]["number"])]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["job"])


def _rows(manifest: dict[str, Any], run: Path) -> pd.DataFrame:
    summary = pd.read_csv(run / "summary.csv")
    comparison = pd.read_csv(run / "comparison.csv").rename(columns=COMPARED)
    beside = comparison[["staffing", "metric", *COMPARED.values(), *JUDGED]]
    rows = summary.merge(beside, on=["staffing", "metric"], how="left", validate="one_to_one")
    headline = manifest["configuration"]["study"]["headline"]
    rows.insert(summary.shape[1], "headline", rows["metric"].isin(headline))
    for place, (key, value) in enumerate(manifest["job"]["overrides"].items()):
        rows.insert(place, f"{SWEPT}{key}" if key in rows else key, _typed(value))
    rows.insert(0, "job", run.name)
    return rows


def _typed(value: str) -> float | str:
    """A swept value as a number where it is one."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def finish(folder: Path) -> pd.DataFrame:
    """Gather the sweep's runs and write its table; returns the table."""
    table = gather(folder)
    with moved_into(folder, "sweep_table") as beside:
        write_csv(table, beside / TABLE)
    return table
