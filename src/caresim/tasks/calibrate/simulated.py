"""Replications of a calibrated replay: how long each contact waits, and whether the customer hangs up."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.compose import compose
from caresim.config.replay import STAFFING
from caresim.run.progress import Watch
from caresim.run.resume import prepare
from caresim.run.uncertain import drawn
from caresim.run.workers import each

if TYPE_CHECKING:
    pass

MINUTE_S = 60.0


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
    found: dict[int, tuple[NDArray[np.float64], ...]] = {}
    with closing(
        each(_run, [experiment, staffing], range(replications), workers, name=lambda n: f"{name}, {n}")
    ) as finished:
        for replication, columns in finished:
            found[replication] = columns
            watch.done(1, resumed=False)
    return _aligned([found[number] for number in range(replications)])


def _run(shared: Sequence[Any], replication: int) -> tuple[NDArray[np.float64], ...]:
    """Row of the file, arrival, wait (seconds) and whether they hung up, of each contact of a replication."""
    from caresim.measure.tables import contacts
    from caresim.scenario.run import run

    experiment = drawn(shared[0], replication)
    table = contacts(run(experiment, shared[1], replication))
    table = table[table["row"].notna()].sort_values(["row", "arrival_min"], kind="stable")
    wait = table["wait_min"].fillna(experiment.ends - table["arrival_min"]).to_numpy(np.float64) * MINUTE_S
    return (
        table["row"].to_numpy(np.float64), table["arrival_min"].to_numpy(np.float64), wait,
        np.array(table["outcome"] == "abandoned", np.float64),
    )  # fmt: skip


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
