"""The half-hour interval report, as a contact centre's own system prints it: all traffic, by time of arrival.

The system cannot see who has stopped caring, so a late reply counts as answered, as does a bystander's post put aside;
and everything that lands on a channel is offered: ordinary traffic, the disruption's requests, bystanders' posts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.analysis import duty
from caresim.analysis.clock import minutes_past, wall_clock
from caresim.analysis.incidence import Floats
from caresim.analysis.sample import Mask, Sample
from caresim.model.codes import Medium, Outcome, names

if TYPE_CHECKING:
    from caresim.scenario.run import Run

WIDTH = 30.0
"""Minutes: the interval that contact centres report and forecast by."""
MINUTE_S = 60.0


def report(run: Run) -> pd.DataFrame:
    """One row an interval, operator, desk and channel (web self-service has none), over the whole run.

    Of a replay only the channels of its file.

    `offered` = `answered` + `abandoned` + `blocked` + `dropped` + `unanswered`, all by the interval of arrival.
    `within_target`: answered within the target, on the phone the study's, elsewhere the reply time customers expect of
    the channel. `service_level`: within_target / (answered + abandoned, short abandonments left out). `asa_s`,
    `aht_s`: mean wait and handling of the answered, seconds. `staff`: mean number rostered on duty at the desk;
    `occupancy`: its people's handling / duty minutes, above 1 in overtime. A desk that serves several channels shows
    the same `staff` and `occupancy` on each row. Undefined is NaN.
    """
    sample = Sample(run)
    edges = _edges(run, sample)
    channels = _listed(run, sample)
    cell, rows = _cells(sample, edges, channels)
    size = (len(edges) - 1) * len(channels)
    outcome, wait = sample.column("outcome")[rows], sample.wait[rows]
    triaged = (sample.column("passenger")[rows] < 0) & (outcome == Outcome.ANSWERED)
    replied = sample.replied[rows] | triaged
    done = np.where(sample.replied[rows], sample.column("reply")[rows], sample.column("closed")[rows])
    response = done - sample.column("arrival")[rows]
    target = _targets(sample)[sample.column("channel")[rows]]

    def count(mask: Mask) -> NDArray[np.int64]:
        return np.bincount(cell[mask], minlength=size)

    def mean(values: Floats, mask: Mask) -> Floats:
        total = np.bincount(cell[mask], weights=values[mask], minlength=size)
        return _ratio(total, count(mask))

    lost = {
        name: (outcome == code) & ~replied
        for name, code in (("abandoned", Outcome.ABANDONED), ("blocked", Outcome.BLOCKED), ("dropped", Outcome.DROPPED))
    }
    patient = lost["abandoned"] & (wait > run.experiment.study.short_abandonment.value)
    offered, answered, within = (
        count(np.ones(len(rows), dtype=bool)),
        count(replied),
        count(replied & (response <= target)),
    )
    counts = {"offered": offered, "answered": answered} | {name: count(mask) for name, mask in lost.items()}
    staff, occupancy = _staffing(sample, edges, channels)
    measures = {
        "unanswered": offered - sum(counts[name] for name in ("answered", *lost)),
        "within_target": within,
        "service_level": _ratio(within, answered + count(patient)),
        "asa_s": mean(response, replied) * MINUTE_S,
        "aht_s": mean(sample.column("handle")[rows], replied) * MINUTE_S,
        "staff": staff.ravel(),
        "occupancy": occupancy.ravel(),
    }
    return pd.DataFrame(_keys(run, sample, edges, channels) | counts | measures)


def _listed(run: Run, sample: Sample) -> NDArray[np.int64]:
    """Channels of the report: all but the web, of a replay those of its file (the others stand for none)."""
    staffed = sample.channels["medium"] != Medium.WEB
    if run.experiment.replay is not None:
        given = {row.channel for row in run.experiment.replay.traffic.rows}
        staffed &= np.array([name in given for name in run.names.channels], dtype=bool)
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
    rows = np.flatnonzero(sample.landed & (sample.column("medium") != Medium.WEB))
    interval = np.floor((sample.column("arrival")[rows] - edges[0]) / WIDTH).astype(np.int64)
    inside = (interval >= 0) & (interval < len(edges) - 1)
    return (interval * len(channels) + place[sample.column("channel")[rows]])[inside], rows[inside]


def _targets(sample: Sample) -> Floats:
    """Target of each channel, minutes."""
    phone = sample.run.experiment.study.service_level_within.value
    return np.where(sample.channels["medium"] == Medium.PHONE, phone, sample.channels["expected"])


def _staffing(sample: Sample, edges: Floats, channels: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean staff on duty and occupancy by interval and channel; NaN where there is no desk, or no duty."""
    roster, handling = duty.on_duty(sample), duty.in_use(sample)
    staff = np.full((len(edges) - 1, len(channels)), np.nan)
    occupancy = staff.copy()
    desk_of = sample.channels["desk"][channels]
    for desk in np.unique(desk_of[desk_of >= 0]):
        here = np.flatnonzero(desk_of == desk)
        minutes = np.maximum(roster.between(edges, desk), 0.0)
        staff[:, here] = (minutes / WIDTH)[:, None]
        occupancy[:, here] = _ratio(handling.between(edges, desk), minutes)[:, None]
    return staff, occupancy


def _keys(run: Run, sample: Sample, edges: Floats, channels: NDArray[np.int64]) -> dict[str, Any]:
    """The columns that name a row."""
    record = sample.channels[channels]
    starts = wall_clock(run.experiment, edges[:-1])
    length = len(edges) - 1

    def each(values: NDArray[Any], words: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(np.tile(values.astype(np.int64), length), pd.Index(list(words), dtype=object))

    return {
        "staffing": run.staffing,
        "replication": run.replication,
        "interval_start": starts.repeat(len(channels)),
        "operator": each(record["operator"], run.names.operators),
        "desk": each(record["desk"], run.names.desks),
        "channel": each(channels, run.names.channels),
        "medium": each(record["medium"], names(Medium)),
    }


def _ratio(part: NDArray[Any], whole: NDArray[Any]) -> Floats:
    """part / whole, NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=np.asarray(whole) > 1e-9)
