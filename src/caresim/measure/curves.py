"""Curves over time: cumulative incidence of the first response, and the course of a run in half hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.measure import tables
from caresim.measure.metrics.latency import Requests
from caresim.measure.people import people_of
from caresim.measure.sample import Sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run

SHORTEST, LONGEST, POINTS = 0.1, 14_400.0, 120
MARKS = (1.0, 5.0, 15.0, 60.0, 360.0, 1440.0, 7200.0)
"""Minutes that tables and figures name; the grid holds them exactly."""
HALF_HOUR = 30.0


def grid() -> NDArray[np.float64]:
    """Minutes at which the curves are taken: a logarithmic grid with the named marks in it."""
    return np.union1d(np.round(np.geomspace(SHORTEST, LONGEST, POINTS), 3), MARKS)


def latency(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """Shares answered, given up and still waiting by minutes since the request, a row a group and minute.

    `all` takes every case once (as `answered_60` does); `social`, `phone` and `counter` take every request on those
    channels, blocked calls and redials included. A group without requests has NaN. The three shares add up to 1.
    """
    sample = sample or Sample(run)
    groups = {"all": people_of(sample).case_waits} | sample.tally(Requests).waits
    minutes = grid()
    incidences = [waits.incidence for waits in groups.values()]
    answered = np.concatenate([incidence.answered_by(minutes) for incidence in incidences])
    gave_up = np.concatenate([incidence.gave_up_by(minutes) for incidence in incidences])
    return pd.DataFrame(
        {
            "staffing": run.staffing,
            "replication": run.replication,
            "group": np.repeat(list(groups), len(minutes)),
            "minutes": np.tile(minutes, len(groups)),
            "answered": answered,
            "gave_up": gave_up,
            "waiting": np.maximum(1.0 - answered - gave_up, 0.0),
        }
    )


def course(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """The timeline in half hours: counts added up, levels at the end of each (longer bins stay as they are)."""
    table = tables.timeline(run, sample)
    width = float(run.experiment.bin.value)
    if width >= HALF_HOUR or table.empty:
        return table
    slot = np.ceil(table["time_min"].to_numpy() / HALF_HOUR - 1e-9)
    last = np.flatnonzero(np.append(slot[1:] != slot[:-1], True))
    first = np.concatenate(([0], last[:-1] + 1))
    halves = table.iloc[last].reset_index(drop=True)
    for name in tables.counts_of(tables.media_of(run)):
        halves[name] = np.add.reduceat(table[name].to_numpy(), first)
    return halves
