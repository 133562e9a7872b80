"""The half-hour interval report, as a contact centre's own system prints it: all traffic, by time of arrival.

The system cannot see who no longer waits. A late reply counts as answered, and so does a bystander's post that staff
read and put aside. Everything that lands on a channel is offered: ordinary traffic, requests, bystanders' posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.measure import workload
from caresim.measure.clock import minutes_past, wall_clock
from caresim.measure.incidence import Floats
from caresim.measure.sample import Sample, is_in
from caresim.model.codes import Outcome, names
from caresim.model.media import SELF_SERVICE, TRUNKS, Medium

if TYPE_CHECKING:
    from caresim.scenario.run import Run

WIDTH = 30.0
"""Minutes: the interval that contact centres report and forecast by."""
MINUTE_S = 60.0


def report(run: Run, sample: Sample | None = None) -> pd.DataFrame:
    """One row an interval, operator, desk and channel (self-service has none), over the whole run.

    Of a replay only the channels of its file.

    `offered` = `answered` + `abandoned` + `blocked` + `dropped` + `unanswered`, all by the interval of arrival.
    `within_target`: answered within the target, of calls the study's, elsewhere the reply time customers expect of
    the channel. `service_level`: within_target / (answered + abandoned, short abandonments left out). `asa_s`,
    `aht_s`: mean wait and handling of the answered, seconds. `staff`: mean number rostered on duty at the desk;
    `occupancy`: its people's handling / duty minutes, above 1 in overtime. A desk that serves several channels shows
    the same `staff` and `occupancy` on each row. Undefined is NaN.
    """
    sample = sample or Sample(run)
    cells = sample.tally(Cells)
    count, sums = cells.count, cells.sums
    staff, occupancy = _staffing(sample, cells)
    lost = ("abandoned", "blocked", "dropped")
    measures = {
        **{name: count[name] for name in ("offered", "answered", *lost)},
        "unanswered": count["offered"] - count["answered"] - sum(count[name] for name in lost),
        "within_target": count["within_target"],
        "service_level": _ratio(count["within_target"], count["answered"] + count["patient"]),
        "asa_s": _ratio(sums["response"], count["answered"]) * MINUTE_S,
        "aht_s": _ratio(sums["handle"], count["answered"]) * MINUTE_S,
        "staff": staff.ravel(),
        "occupancy": occupancy.ravel(),
    }
    return pd.DataFrame(_keys(run, sample, cells.edges, cells.channels) | measures)


class Cells:
    """Counts and sums by interval and channel, and the handling at each desk by interval."""

    def __init__(self, sample: Sample) -> None:
        self.edges = _edges(sample.run, sample)
        self.channels = _listed(sample)
        self._target, self._short = _targets(sample), sample.run.experiment.study.short_abandonment.value
        size = (len(self.edges) - 1) * len(self.channels)
        names = ("offered", "answered", "abandoned", "blocked", "dropped", "patient", "within_target")
        self.count = {name: np.zeros(size, dtype=np.int64) for name in names}
        self.sums = {name: np.zeros(size) for name in ("response", "handle")}
        self.busy = np.zeros((len(np.asarray(sample.world.desks)), len(self.edges) - 1))
        """Minutes of handling by desk and interval."""

    def add(self, part: Sample) -> None:
        cell, rows = _cells(part, self.edges, self.channels)
        outcome = part.column("outcome")[rows]
        triaged = (part.column("passenger")[rows] < 0) & (outcome == Outcome.ANSWERED)
        replied = part.replied[rows] | triaged
        done = np.where(part.replied[rows], part.column("reply")[rows], part.column("closed")[rows])
        response = done - part.column("arrival")[rows]
        abandoned = (outcome == Outcome.ABANDONED) & ~replied
        masks = {
            "offered": np.ones(len(rows), dtype=bool),
            "answered": replied,
            "abandoned": abandoned,
            "blocked": (outcome == Outcome.BLOCKED) & ~replied,
            "dropped": (outcome == Outcome.DROPPED) & ~replied,
            "patient": abandoned & (part.wait[rows] > self._short),
            "within_target": replied & (response <= self._target[part.column("channel")[rows]]),
        }
        for name, mask in masks.items():
            self.count[name] += np.bincount(cell[mask], minlength=len(self.count[name]))
        values = {"response": response, "handle": part.column("handle")[rows]}
        for name, minutes in values.items():
            self.sums[name] += np.bincount(cell[replied], weights=minutes[replied], minlength=len(self.sums[name]))
        handling = workload.in_use(part)
        for desk, busy in enumerate(self.busy):
            busy += handling.between(self.edges, desk)


def _listed(sample: Sample) -> NDArray[np.int64]:
    """Channels of the report: all that people answer; of a replay those of its file (the others stand for none)."""
    staffed = ~is_in(sample.channels["medium"], SELF_SERVICE)
    replay = sample.run.experiment.replay
    if replay is not None:
        replayed = replay.traffic.contacts.channels
        staffed &= np.array([name in replayed for name in sample.run.names.channels], dtype=bool)
    return np.flatnonzero(staffed)


def _edges(run: Run, sample: Sample) -> Floats:
    """Minutes of the wall-clock half hours that cover the run."""
    past = minutes_past(run.experiment, WIDTH)
    first = np.floor((sample.begin + past) / WIDTH)
    last = np.ceil((sample.end + past) / WIDTH)
    return np.arange(first, last + 1) * WIDTH - past


def _cells(sample: Sample, edges: Floats, channels: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The cell (interval by channel) of each contact that landed on one of the channels, and the contacts' rows."""
    place = np.full(len(sample.channels), -1)
    place[channels] = np.arange(len(channels))
    rows = np.flatnonzero(sample.landed & ~sample.self_service)
    interval = np.floor((sample.column("arrival")[rows] - edges[0]) / WIDTH).astype(np.int64)
    inside = (interval >= 0) & (interval < len(edges) - 1)
    return (interval * len(channels) + place[sample.column("channel")[rows]])[inside], rows[inside]


def _targets(sample: Sample) -> Floats:
    """Target of each channel, minutes."""
    calls = sample.run.experiment.study.service_level_within.value
    return np.where(is_in(sample.channels["medium"], TRUNKS), calls, sample.channels["expected_wait"])


def _staffing(sample: Sample, cells: Cells) -> tuple[Floats, Floats]:
    """Mean staff on duty and occupancy by interval and channel; NaN where there is no desk, or no duty."""
    roster = workload.on_duty(sample)
    staff = np.full((len(cells.edges) - 1, len(cells.channels)), np.nan)
    occupancy = staff.copy()
    desk_of = sample.channels["desk"][cells.channels]
    for desk in np.unique(desk_of[desk_of >= 0]):
        here = np.flatnonzero(desk_of == desk)
        minutes = np.maximum(roster.between(cells.edges, desk), 0.0)
        staff[:, here] = (minutes / WIDTH)[:, None]
        occupancy[:, here] = _ratio(cells.busy[desk], minutes)[:, None]
    return staff, occupancy


def _keys(run: Run, sample: Sample, edges: Floats, channels: NDArray[np.int64]) -> dict[str, Any]:
    """The columns that name a row."""
    record = sample.channels[channels]
    starts = wall_clock(run.experiment, edges[:-1])
    length = len(edges) - 1

    def repeated(values: NDArray[Any], words: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(np.tile(values.astype(np.int64), length), pd.Index(list(words), dtype=object))

    return {
        "staffing": run.staffing,
        "replication": run.replication,
        "interval_start": starts.repeat(len(channels)),
        "operator": repeated(record["operator"], run.names.operators),
        "desk": repeated(record["desk"], run.names.desks),
        "channel": repeated(channels, run.names.channels),
        "medium": repeated(record["medium"], names(Medium)),
    }


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """part / whole, NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=np.asarray(whole) > 1e-9)
