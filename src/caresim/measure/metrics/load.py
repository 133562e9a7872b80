"""Work against hands: occupancy, overload, overtime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.measure import workload
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import HOURS, SHARE, Metric, quotient
from caresim.measure.sample import SOCIAL, Mask, Previous, Sample, is_in
from caresim.model.codes import Outcome
from caresim.model.media import Medium
from caresim.model.records import NEEDS

MINUTES_AN_HOUR = 60.0

OFFERED = (
    "work minutes offered by all traffic in the window, in staffed hours or not, each request at the mean handling "
    "time of its desk, medium "
    "and need, a retry after an unanswered attempt at the same desk not counted anew / minutes on duty"
)

METRICS = (
    Metric(
        "occupancy",
        "Occupancy",
        SHARE,
        "neither",
        "Minutes of handling / rostered minutes on duty, people only, within the window",
    ),
    Metric(
        "warm_up_occupancy",
        "Occupancy before the disruption",
        SHARE,
        "neither",
        "Minutes of handling / rostered minutes on duty, people only, before the disruption",
    ),
    Metric("overload", "Overload, all desks", "times", "lower", f"All desks: {OFFERED}", compare="ratio"),
    Metric(
        "overload_social",
        "Overload, desks that answer social media",
        "times",
        "lower",
        f"Desks that answer public posts or private messages, all their traffic: {OFFERED}",
        compare="ratio",
    ),
    Metric(
        "overtime_hours",
        "Overtime",
        HOURS,
        "lower",
        "Hours worked after the end of duty, within the window",
        compare="ratio",
    ),
)


class Work:
    """Handling by people, and the work offered to each desk, by sort of work."""

    def __init__(self, sample: Sample) -> None:
        self._desks = len(np.asarray(sample.world.desks))
        self._before = Previous(len(sample.contacts) * self._desks)
        self._size = self._desks * sorts_of_work()
        self.before = self.within = 0.0
        self.offered, self.handled = np.zeros(self._size, dtype=np.int64), np.zeros(self._size, dtype=np.int64)
        self.minutes = np.zeros(self._size)

    def add(self, part: Sample) -> None:
        handling = workload.in_use(part)
        self.before += handling.minutes(part.begin, 0.0)
        self.within += handling.minutes(0.0, part.window)
        desk = part.channels["desk"][part.column("channel")].astype(np.int64)
        by_people = part.landed & (desk >= 0) & ~part.by_assistant & (part.column("medium") != Medium.WEB)
        self._offer(part, desk, np.flatnonzero(part.in_window & by_people))
        finished = ~np.isnan(part.column("closed")) & (part.column("handle") > 0)
        seen = np.flatnonzero(finished & by_people)
        group = desk[seen] * sorts_of_work() + work(part, seen)
        self.handled += np.bincount(group, minlength=self._size)
        self.minutes += np.bincount(group, weights=part.column("handle")[seen], minlength=self._size)

    def _offer(self, part: Sample, desk: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        """Count what is no retry: a contact whose case's previous one at the same desk ended without any reply."""
        mine = rows[part.column("passenger")[rows] >= 0]
        number = part.column("first_contact")[mine].astype(np.int64) * self._desks + desk[mine]
        unanswered = ~part.replied[mine] & (part.column("outcome")[mine] != Outcome.WAITING)
        anew = np.ones(len(part.contacts), dtype=bool)
        anew[mine] = ~self._before.next(number, unanswered)
        rows = rows[anew[rows]]
        self.offered += np.bincount(desk[rows] * sorts_of_work() + work(part, rows), minlength=self._size)

    def offered_minutes(self, sample: Sample) -> Floats:
        """Work minutes offered to each desk within the window (shape (desks,)); the definition is in OFFERED."""
        desks = np.asarray(sample.world.desks)
        triage = np.repeat(np.asarray(sample.world.behaviour)["triage"], self._desks)
        configured = np.hstack((desks["handle"], triage[:, None])).ravel()
        mean = np.where(self.handled > 0, self.minutes / np.maximum(self.handled, 1), configured)
        return (self.offered * mean).reshape(self._desks, sorts_of_work()).sum(axis=1)


def measure(sample: Sample) -> dict[str, float]:
    roster, done = workload.on_duty(sample), sample.tally(Work)
    start, window = sample.begin, sample.window
    offered = done.offered_minutes(sample)
    social = social_desks(sample)
    return {
        "occupancy": quotient(done.within, roster.minutes(0.0, window)),
        "warm_up_occupancy": quotient(done.before, roster.minutes(start, 0.0)),
        "overload": quotient(float(offered.sum()), roster.minutes(0.0, window)),
        "overload_social": quotient(float(offered[social].sum()), roster.at(social).minutes(0.0, window)),
        "overtime_hours": float(sample.staff["overtime_minutes"].sum()) / MINUTES_AN_HOUR,
    }


def social_desks(sample: Sample) -> Mask:
    """One entry a desk: serves a channel for public posts or private messages."""
    serves = np.zeros(len(np.asarray(sample.world.desks)), dtype=np.bool_)
    channels = sample.channels[is_in(sample.channels["medium"], tuple(SOCIAL))]
    serves[channels["desk"][channels["desk"] >= 0]] = True
    return serves


def sorts_of_work() -> int:
    """Medium by need, and bystanders' posts as one sort more."""
    return len(Medium) * NEEDS + 1


def work(sample: Sample, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sort of work that contacts are."""
    sort = sample.column("medium")[rows].astype(np.int64) * NEEDS + sample.column("need")[rows]
    return np.where(sample.column("passenger")[rows] < 0, len(Medium) * NEEDS, sort)
