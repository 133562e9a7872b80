"""Work against staff: occupancy, overload, overtime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.measure import workload
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import HOUR, HOURS, SHARE, Metric, quotient
from caresim.measure.sample import Mask, Previous, Sample, is_in, once
from caresim.model.codes import Outcome
from caresim.model.media import SOCIAL, Medium
from caresim.model.needs import Need

BYSTANDERS = len(Medium) * len(Need)
"""The type of work that a bystander's post is, behind those of medium and need."""

OFFERED = (
    "work minutes offered by all traffic in the window, in staffed hours or not, each request at the mean handling "
    "time of its desk, medium "
    "and need, a retry after an unanswered attempt at the same desk not counted anew / minutes on duty"
)


class Work:
    """Handling by people, and the work offered to each desk, by type of work."""

    def __init__(self, sample: Sample) -> None:
        self._desks = len(np.asarray(sample.world.desks))
        self._before = Previous(len(sample.contacts) * self._desks)
        self._size = self._desks * types_of_work()
        self.before = self.within = 0.0
        self.offered, self.handled = np.zeros(self._size, dtype=np.int64), np.zeros(self._size, dtype=np.int64)
        self.minutes = np.zeros(self._size)

    def add(self, part: Sample) -> None:
        handling = workload.in_use(part)
        self.before += handling.minutes(part.begin, 0.0)
        self.within += handling.minutes(0.0, part.window)
        desk = part.channels["desk"][part.column("channel")].astype(np.int64)
        by_people = part.landed & (desk >= 0) & ~part.by_assistant & ~part.self_service
        self._offer(part, desk, np.flatnonzero(part.in_window & by_people))
        finished = ~np.isnan(part.column("closed")) & (part.column("handle") > 0)
        handled = np.flatnonzero(finished & by_people)
        group = desk[handled] * types_of_work() + work(part, handled)
        self.handled += np.bincount(group, minlength=self._size)
        self.minutes += np.bincount(group, weights=part.column("handle")[handled], minlength=self._size)

    def _offer(self, part: Sample, desk: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        """Count what is no retry: a contact whose case's previous one at the same desk ended without any reply."""
        mine = rows[part.column("passenger")[rows] >= 0]
        number = part.column("first_contact")[mine].astype(np.int64) * self._desks + desk[mine]
        unanswered = ~part.replied[mine] & (part.column("outcome")[mine] != Outcome.WAITING)
        anew = np.ones(len(part.contacts), dtype=bool)
        anew[mine] = ~self._before.next(number, unanswered)
        rows = rows[anew[rows]]
        self.offered += np.bincount(desk[rows] * types_of_work() + work(part, rows), minlength=self._size)

    def offered_minutes(self, sample: Sample) -> Floats:
        """Work minutes offered to each desk within the window (shape (desks,)); the definition is in OFFERED."""
        desks = np.asarray(sample.world.desks)
        triage = np.repeat(np.asarray(sample.world.behaviour)["triage"], self._desks)
        configured = np.hstack((desks["handle"], triage[:, None])).ravel()
        mean = np.where(self.handled > 0, self.minutes / np.maximum(self.handled, 1), configured)
        return (self.offered * mean).reshape(self._desks, types_of_work()).sum(axis=1)


def social_desks(sample: Sample) -> Mask:
    """One entry a desk: serves a channel for public posts or private messages."""
    serves = np.zeros(len(np.asarray(sample.world.desks)), dtype=np.bool_)
    channels = sample.channels[is_in(sample.channels["medium"], SOCIAL)]
    serves[channels["desk"][channels["desk"] >= 0]] = True
    return serves


def types_of_work() -> int:
    """Medium by need, and bystanders' posts as one type more."""
    return BYSTANDERS + 1


def work(sample: Sample, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The type of work that contacts are."""
    kind = sample.column("medium")[rows].astype(np.int64) * len(Need) + sample.column("need")[rows]
    return np.where(sample.column("passenger")[rows] < 0, BYSTANDERS, kind)


@once
def roster(sample: Sample) -> workload.Stretches:
    """Rostered duty of people."""
    return workload.on_duty(sample)


@once
def offered(sample: Sample) -> Floats:
    """Work minutes offered to each desk."""
    return sample.tally(Work).offered_minutes(sample)


def occupancy(sample: Sample) -> float:
    """Handling over duty within the window."""
    return quotient(sample.tally(Work).within, roster(sample).minutes(0.0, sample.window))


def warm_up_occupancy(sample: Sample) -> float:
    """Handling over duty before the disruption."""
    return quotient(sample.tally(Work).before, roster(sample).minutes(sample.begin, 0.0))


def overload(sample: Sample) -> float:
    """Work offered over duty within the window, at all desks."""
    return quotient(float(offered(sample).sum()), roster(sample).minutes(0.0, sample.window))


def overload_social(sample: Sample) -> float:
    """The same of the desks that answer social media."""
    desks = social_desks(sample)
    return quotient(float(offered(sample)[desks].sum()), roster(sample).at(desks).minutes(0.0, sample.window))


TALLIES = (Work,)
METRICS = (
    Metric(
        "occupancy",
        "Occupancy",
        SHARE,
        "neither",
        "Minutes of handling / rostered minutes on duty, people only, within the window",
        value=occupancy,
    ),
    Metric(
        "warm_up_occupancy",
        "Occupancy before the disruption",
        SHARE,
        "neither",
        "Minutes of handling / rostered minutes on duty, people only, before the disruption",
        value=warm_up_occupancy,
    ),
    Metric(
        "overload", "Overload, all desks", "times", "lower", f"All desks: {OFFERED}", compare="ratio", value=overload
    ),
    Metric(
        "overload_social",
        "Overload, desks that answer social media",
        "times",
        "lower",
        f"Desks that answer public posts or private messages, all their traffic: {OFFERED}",
        compare="ratio",
        value=overload_social,
    ),
    Metric(
        "overtime_hours",
        "Overtime",
        HOURS,
        "lower",
        "Hours worked after the end of duty, within the window",
        compare="ratio",
        value=lambda sample: float(sample.staff["overtime_minutes"].sum()) / HOUR,
    ),
)
