"""A sweep: runs with a key at one value after the other, gathered from their folders into one table and one figure."""

from __future__ import annotations

import csv
import json
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from caresim.config.errors import BadInput
from caresim.run.attempt import ClusterLostError
from caresim.run.block import content_hash
from caresim.run.folder import write_csv
from caresim.run.output_dir import moved_into, reserved_for_sweep
from caresim.run.precision import level_at
from caresim.run.refusal import RefusedError, is_full
from caresim.tasks.compare.sweep import between, going_on
from caresim.tasks.compare.sweep.choice import DRAWS, FIRST_POINT
from caresim.tasks.placement import SWEEP

if TYPE_CHECKING:
    from caresim.config.study import Study
    from caresim.tasks.job import Job

TABLE, FAILURES = "sweep.csv", "failed.csv"
COMPARED = {"difference": "difference"} | {
    name: f"difference_{name}" for name in ("ci_low", "ci_high", "luck_low", "luck_high")
}
"""Columns of comparison.csv as they are called beside those of summary.csv."""
JUDGED = ("margin", "verdict", "verdict_detail", "pairs_needed")
WORDS = ("verdict", "verdict_detail")
SWEPT = "swept_"
"""Before a swept key that is called like a column of summary.csv: `swept_replications`."""


@contextmanager
def begun(jobs: Sequence[Job], output_dir: str | Path, asked: str) -> Iterator[tuple[Path, frozenset[int]]]:
    """The folder for the sweep's runs, and the numbers of those that an earlier attempt at what is `asked` for has
    finished there. What ends before the first of them leaves none behind.

    BadInput where another sweep is in the folder that the user has named.
    """
    first = jobs[0].experiment
    Path(output_dir).mkdir(parents=True, exist_ok=True)
    if (earlier := going_on.earlier(jobs, Path(output_dir), asked)) is not None:
        folder, claim, done = earlier
        (folder / FAILURES).unlink(missing_ok=True)  # they are tried again
    else:
        folder, own = reserved_for_sweep(Path(output_dir), f"{first.name}_{content_hash(first)[:6]}")
        if own is None:
            allowed = "has another sweep at work in it; wait until that has ended, or name another folder"
            raise BadInput(SWEEP, str(folder), allowed)
        claim, done = own, frozenset()
    try:
        if earlier is None:
            _made(folder)
        yield folder, done
    except BaseException:
        # Not empty: the runs that were finished are worth keeping.
        with suppress(OSError):
            folder.rmdir()
        raise
    finally:
        claim.release()


def _made(folder: Path) -> None:
    """Make the folder of a sweep. BadInput where another sweep, which was not completed, is in it."""
    try:
        folder.mkdir(exist_ok=not any(folder.iterdir()) if folder.is_dir() else False)
    except FileExistsError:
        allowed = "holds another sweep that was not completed; name another folder, or remove it"
        raise BadInput(SWEEP, str(folder), allowed) from None


def run_all(
    jobs: Sequence[Job],
    run: Callable[[Job], None],
    failed: Callable[[Job, Exception, str], None],
    refused: Callable[[Job, BadInput], None],
) -> tuple[list[Job], list[Job]]:
    """`run` every job; one that fails is reported with its trace, one whose values do not fit each other is refused,
    and neither stops the others. Returns both lists.

    OSError, ClusterLostError, BadInput about the cluster: the disk or the cluster refuses, for the others as well.
    """
    losers, misfits = [], []
    for number in range(len(jobs)):
        job = jobs[number]
        try:
            run(job)
        except BadInput as problem:
            if problem.key == "cluster":
                raise
            refused(job, problem)
            misfits.append(job)
        except Exception as problem:
            if isinstance(problem, ClusterLostError | RefusedError) or (
                isinstance(problem, OSError) and is_full(problem)
            ):
                raise
            failed(job, problem, traceback.format_exc())
            losers.append(job)
    return losers, misfits


def gather(folder: str | Path, chosen: Sequence[str] = ()) -> pd.DataFrame:
    """One tidy table of all runs found in a sweep's folder: a row per job, staffing model and metric.

    Columns: job (the run's folder), the swept keys (`swept_replications` for one that is called like a column of
    summary.csv), those of summary.csv, then headline, against, difference with its intervals (`difference_...`),
    margin, verdict, verdict_detail, pairs_needed and draws (of the assumptions). Differences are from the baseline of
    the same run; where one staffing model alone is run, from the first run, for the headline metrics, cost, and those
    `chosen`. They are missing for what is compared with. A sweep whose jobs all failed gives a table without rows.
    """
    from caresim.run.long_table import read

    runs = [Found.of(file) for file in Path(folder).glob("*/manifest.json")]
    found = sorted(runs, key=lambda run: run.number)
    points = [run.point() for run in found]
    if found and all(len(run.manifest["staffing"]) == 1 for run in found):
        study = found[0].study
        narrow = [between.narrowed(read(run.place / "replications.parquet", False), study, chosen) for run in found]
        alone = list(zip([run.place.name for run in found], narrow, strict=True))
        return joined(points, alone, study, chosen, max(run.level for run in found))
    return joined(points)


def pieces(folder: str | Path) -> Iterator[pd.DataFrame]:
    """The rows of sweep.csv, one run after the other in their order: no more than one run is held at a time.

    Where one staffing model alone is run, `difference` and what follows from it are missing: they are of all runs at
    once.
    """
    numbered = sorted((Found.of(file).number, file) for file in Path(folder).glob("*/manifest.json"))
    for _, file in numbered:
        yield Found.of(file).point()


@dataclass(frozen=True)
class Found:
    """A finished run in a sweep's folder."""

    place: Path
    manifest: dict[str, Any]

    @classmethod
    def of(cls, file: Path) -> Found:
        """BadInput where the manifest is not that of a run of a sweep."""
        manifest = json.loads(file.read_text(encoding="utf-8"))
        if not isinstance(manifest.get("job"), dict):
            raise BadInput("folder", str(file.parent), "is no run of a sweep; allowed: the folder of a sweep (-m)")
        return cls(file.parent, manifest)

    @property
    def number(self) -> int:
        """Its place in the sweep."""
        return int(self.manifest["job"]["number"])

    @cached_property
    def study(self) -> Study:
        """How its results are judged."""
        from caresim.config.study import Study

        return Study.model_validate(self.manifest["configuration"]["study"])

    @property
    def level(self) -> float:
        """The level of its intervals, which allows for looks at them."""
        return level_at(float(self.study.confidence.value), self.manifest.get("looks"))

    def point(self) -> pd.DataFrame:
        """Its rows of the sweep's table."""
        summary, comparison = (pd.read_csv(self.place / f"{name}.csv") for name in ("summary", "comparison"))
        draws = pd.read_parquet(self.place / "replications.parquet", columns=["draw"])["draw"].nunique()
        job = self.manifest["job"]
        return point_rows(summary, comparison, self.study.headline, self.place.name, job["overrides"], draws)


def point_rows(
    summary: pd.DataFrame,
    comparison: pd.DataFrame | None,
    headline: Sequence[str],
    job: str,
    overrides: Mapping[str, str],
    draws: int,
) -> pd.DataFrame:
    """The rows of one run in the sweep's table; `comparison` is None where nothing is compared in it."""
    columns = [*COMPARED.values(), *JUDGED]
    against = ""
    if comparison is not None and len(comparison):
        against = str(comparison["baseline"].iloc[0])
        beside = comparison.rename(columns=COMPARED)[["staffing", "metric", *columns]]
        rows = summary.merge(beside, on=["staffing", "metric"], how="left", validate="one_to_one")
    else:
        rows = summary.assign(**{name: None if name in WORDS else float("nan") for name in columns})
    rows.insert(summary.shape[1], "headline", rows["metric"].isin(headline))
    rows.insert(summary.shape[1] + 1, "against", against)
    rows[DRAWS] = draws
    for place, (key, value) in enumerate(overrides.items()):
        rows.insert(place, f"{SWEPT}{key}" if key in rows else key, _typed(value))
    rows.insert(0, "job", job)
    return rows


def joined(
    points: Sequence[pd.DataFrame],
    alone: Sequence[tuple[str, pd.DataFrame]] = (),
    study: Study | None = None,
    chosen: Sequence[str] = (),
    level: float = 0.0,
) -> pd.DataFrame:
    """The sweep's table of the rows of its points; `alone`: jobs and replications where one model is run, which are
    compared with intervals of `level`.
    """
    if not points:
        return pd.DataFrame(columns=["job"])
    table = pd.concat(points, ignore_index=True)
    if study is None or len(alone) < 2:
        return table
    compared = between.against_first(alone, study, chosen, level).rename(columns={**COMPARED, "staffing": "job"})
    columns = [*COMPARED.values(), *JUDGED]
    beside = compared[["job", "metric", *columns]]
    order = list(table.columns)
    table = table.drop(columns=columns).merge(beside, on=["job", "metric"], how="left", validate="one_to_one")
    return table.assign(against=FIRST_POINT)[order]


def _typed(value: str) -> float | str:
    """A swept value as a number where it is one."""
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def finish(folder: Path, chosen: Sequence[str] = ()) -> pd.DataFrame:
    """Gather the sweep's runs and write its table; returns the table."""
    table = gather(folder, chosen)
    with moved_into(folder, "sweep_table") as beside:
        write_csv(table, beside / TABLE)
    return table


class Failure(NamedTuple):
    """A point of a sweep without results: its values in words, and why there are none."""

    point: str
    kind: str
    """`failed`: an error; `refused`: its values do not fit each other; `missing`: the sweep was ended before it."""
    error: str


FAILED, REFUSED, MISSING = "failed", "refused", "missing"


def note(folder: Path, failure: Failure) -> None:
    """Add a line to the sweep's list of points without results, so that it is there whatever comes."""
    path = folder / FAILURES
    new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([Failure._fields, failure] if new else [failure])


def failures(folder: Path) -> list[Failure]:
    """The points without results that the folder lists."""
    path = folder / FAILURES
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [Failure(*row) for row in list(csv.reader(file))[1:]]
