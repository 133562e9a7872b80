"""Replications of a calibrated replay: how long each contact waits, and whether the customer hangs up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.compose import compose
from caresim.config.replay import STAFFING
from caresim.model import own_rules
from caresim.run.block import Finished, code_hash, library_versions
from caresim.run.progress import Watch
from caresim.run.resume import each_given, prepare
from caresim.run.uncertain import drawn

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

MINUTE_S = 60.0
COLUMNS = ("row", "arrival", "wait_s", "hung_up")
"""Of a replication: the row of the file, minutes, seconds, 1 or 0."""
READ = (".csv", ".yaml")
"""Files that an experiment is made of."""


class Replicated(NamedTuple):
    """A column a replication, a row a contact; of counts to come, contacts that do not come in it are NaN."""

    wait_s: NDArray[np.float64]
    hung_up: NDArray[np.float64]
    """1 or 0; NaN where the contact does not come."""
    arrival: NDArray[np.float64]
    """Minutes."""
    row: NDArray[np.int64]
    """Of the file."""


def replicated(
    config_dir: Path, name: str, seed: int, replications: int, workers: int | None, watch: Watch,
    staffing: str = STAFFING,
) -> Replicated:  # fmt: skip
    """Run an experiment that was written into a folder so often, each pair of replications in a world of its own."""
    experiment = compose([f"experiment={name}", f"seed={seed}"], config_dir)
    prepare(experiment, watch)
    shared = (experiment, staffing)
    base = _kept_as(config_dir, experiment, name, seed, staffing)
    names = {number: hashlib.sha256(f"{base} {number}".encode()).hexdigest()[:32] for number in range(replications)}
    found: dict[int, tuple[NDArray[np.float64], ...]] = {}
    with closing(each_given(_run, shared, names, workers, lambda number: f"{name}, {number}")) as each:
        for replication, (finished, resumed) in each:
            (columns,) = finished.pieces("curves")
            found[replication] = tuple(columns[column].to_numpy(np.float64) for column in COLUMNS)
            watch.done(1, resumed)
    return _aligned([found[number] for number in range(replications)])


def _kept_as(config_dir: Path, experiment: Experiment, *asked: Any) -> str:
    """What replications are kept under: all that they are computed from and by, the packaged configuration too; the
    folder itself may lie anywhere.
    """
    files = sorted(path for path in config_dir.rglob("*") if path.suffix in READ)
    composed = json.dumps(experiment.effective(), sort_keys=True).replace(str(config_dir), "")
    code = Path(__file__).read_bytes().hex()
    parts = [code_hash(), library_versions(), own_rules.digest(), code, composed, repr(asked)]
    for path in files:
        content = path.read_text(encoding="utf-8").replace(str(config_dir), "")
        parts += [path.relative_to(config_dir).as_posix(), content]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _run(shared: tuple[Experiment, str], replication: int) -> Finished:
    """COLUMNS of each contact of a replication."""
    from caresim.measure.tables import contacts
    from caresim.scenario.run import run

    experiment = drawn(shared[0], replication)
    table = contacts(run(experiment, shared[1], replication))
    table = table[table["row"].notna()].sort_values(["row", "arrival_min"], kind="stable")
    wait = table["wait_min"].fillna(experiment.ends - table["arrival_min"]).to_numpy(np.float64) * MINUTE_S
    columns = (
        table["row"].to_numpy(np.float64), table["arrival_min"].to_numpy(np.float64), wait,
        np.array(table["outcome"] == "abandoned", np.float64),
    )  # fmt: skip
    return Finished(curves=[pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))])


def _aligned(runs: Sequence[tuple[NDArray[np.float64], ...]]) -> Replicated:
    """All replications side by side: contact n of a row of the file stands in the same place in each."""
    most: dict[int, int] = {}
    for rows, *_ in runs:
        for row, count in zip(*np.unique(rows, return_counts=True), strict=True):
            most[int(row)] = max(most.get(int(row), 0), int(count))
    first, total = {}, 0
    for row in sorted(most):
        first[row], total = total, total + most[row]
    shape = (total, len(runs))
    wait, gone, arrival = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    for column, (rows, came, waited, hung_up) in enumerate(runs):
        number = np.arange(len(rows)) - np.searchsorted(rows, rows, side="left")
        place = np.array([first[int(row)] for row in rows], np.int64) + number
        wait[place, column], gone[place, column], arrival[place, column] = waited, hung_up, came
    return Replicated(wait, gone, arrival, np.repeat(np.array(sorted(most), np.int64), [most[r] for r in sorted(most)]))
