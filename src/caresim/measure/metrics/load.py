"""Work against staff: occupancy, overload, overtime."""

from __future__ import annotations

import numpy as np

from caresim.measure import workload
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import HOUR, HOURS, SHARE, Metric, quotient
from caresim.measure.sample import Mask, Sample, is_in, once
from caresim.model.media import SOCIAL

OFFERED = (
    "work minutes offered by all traffic in the window, in staffed hours or not, each request at the mean handling "
    "time of its desk, medium "
    "and need, a retry after an unanswered attempt at the same desk not counted anew / minutes on duty"
)


class Work:
    """Handling by people, and the work offered to each desk, by type of work."""

    def __init__(self, sample: Sample) -> None:
        from caresim.model import tally  # late: it loads Numba

        self._desks = len(np.asarray(sample.world.desks))
        self._types = tally.TYPES_OF_WORK
        """Medium by need, and bystanders' posts as one type more."""
        self._unanswered = np.zeros(len(sample.contacts) * self._desks, dtype=bool)
        """How the last contact of each case at each desk went, by the case's first contact."""
        size = self._desks * self._types
        self.before = self.within = 0.0
        self.offered, self.handled = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        self.minutes = np.zeros(size)

    def add(self, part: Sample) -> None:
        from caresim.model import tally

        handling = workload.in_use(part)
        self.before += handling.minutes(part.begin, 0.0)
        self.within += handling.minutes(0.0, part.window)
        desk = part.channels["desk"].astype(np.int64)
        minutes = np.zeros(len(self.minutes))
        self._unanswered = part.flags(self._unanswered, self._desks)
        tally.count_work(part.contacts, part.judged[0], desk, self._unanswered, self.offered, self.handled, minutes)
        self.minutes += minutes

    def offered_minutes(self, sample: Sample) -> Floats:
        """Work minutes offered to each desk within the window (shape (desks,)); the definition is in OFFERED."""
        desks = np.asarray(sample.world.desks)
        triage = np.repeat(np.asarray(sample.world.behaviour)["triage"], self._desks)
        configured = np.hstack((desks["handle"], triage[:, None])).ravel()
        mean = np.where(self.handled > 0, self.minutes / np.maximum(self.handled, 1), configured)
        return (self.offered * mean).reshape(self._desks, self._types).sum(axis=1)


def social_desks(sample: Sample) -> Mask:
    """One entry a desk: serves a channel for public posts or private messages."""
    serves = np.zeros(len(np.asarray(sample.world.desks)), dtype=np.bool_)
    channels = sample.channels[is_in(sample.channels["medium"], SOCIAL)]
    serves[channels["desk"][channels["desk"] >= 0]] = True
    return serves


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
