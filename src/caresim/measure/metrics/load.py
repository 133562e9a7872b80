"""Work against staff: occupancy, overload, overtime."""

from __future__ import annotations

import math
from functools import reduce

import numpy as np

from caresim.measure import workload
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import HOUR, HOURS, SHARE, Metric, quotient
from caresim.measure.sample import Mask, Sample, is_in, once
from caresim.measure.waiting import Waiting
from caresim.model.media import SOCIAL

OFFERED = (
    "work minutes offered by all traffic in the window, in staffed hours or not, each request at the mean handling "
    "time of its desk, medium "
    "and need, a retry after an unanswered attempt at the same desk not counted anew / minutes on duty"
)

IN_A_ROW = 4
"""Hours: the worst that a shift goes through without a way out."""
STAFFED = 1.0
"""Minutes on duty from which on an hour counts as staffed."""
WORST = (
    "work minutes offered, as in the average, / minutes on duty in the worst four consecutive hours of the window in "
    "each of which somebody was on duty there"
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
        self._hours = math.ceil(sample.window / HOUR)
        self.before = self.within = 0.0
        self.requests = self.closed = 0
        """Requests, and those that came when nobody was at work at the desk."""
        self.offered, self.handled = np.zeros(self._hours * size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        """The first by hour of the window, too."""
        self.minutes = np.zeros(size)

    def add(self, part: Sample) -> None:
        from caresim.model import tally

        handling = workload.in_use(part)
        self.before += handling.minutes(part.begin, 0.0)
        self.within += handling.minutes(0.0, part.window)
        self.requests += int(np.count_nonzero(part.requests))
        self.closed += int(np.count_nonzero(part.requests & (part.column("in_hours") == 0)))
        desk = part.channels["desk"].astype(np.int64)
        minutes = np.zeros(len(self.minutes))
        self._unanswered = part.flags(self._unanswered, self._desks)
        tally.count_work(part.contacts, part.judged[0], desk, self._unanswered, self.offered, self.handled, minutes)
        self.minutes += minutes

    def offered_minutes(self, sample: Sample) -> Floats:
        """Work minutes offered to each desk within the window (shape (desks,)); the definition is in OFFERED."""
        offered = self.offered.reshape(self._hours, -1).sum(axis=0)
        minutes = (offered * self._mean_minutes(sample)).reshape(self._desks, self._types)
        return np.array([math.fsum(of_desk) for of_desk in minutes])  # to the bit, however many needs there are

    def offered_by_hour(self, sample: Sample) -> Floats:
        """The same by hour of the window, shape (hours, desks)."""
        minutes = self.offered.reshape(self._hours, -1) * self._mean_minutes(sample)
        by_type = np.moveaxis(minutes.reshape(self._hours, self._desks, self._types), 2, 0)
        return reduce(np.add, by_type)  # one after the other: a type of no work moves no bit

    def _mean_minutes(self, sample: Sample) -> Floats:
        """Mean handling time by desk and type of work: as seen, else as configured."""
        desks = np.asarray(sample.world.desks)
        triage = np.repeat(np.asarray(sample.world.behaviour)["triage"], self._desks)
        configured = np.hstack((desks["handle"], triage[:, None])).ravel()
        return np.where(self.handled > 0, self.minutes / np.maximum(self.handled, 1), configured)


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


def worst_hours(sample: Sample, desks: Mask) -> float:
    """Work offered over duty in the worst four hours in a row that are all staffed; NaN where there are none."""
    work = sample.tally(Work).offered_by_hour(sample)[:, desks].sum(axis=1)
    edges = np.arange(len(work) + 1) * HOUR
    whole = int(sample.window // HOUR)
    if whole < IN_A_ROW:
        return math.nan
    duty = roster(sample)
    minutes = sum((duty.between(edges, desk) for desk in np.flatnonzero(desks)), np.zeros(len(work)))
    offers, there = (np.lib.stride_tricks.sliding_window_view(each[:whole], IN_A_ROW) for each in (work, minutes))
    staffed = (there >= STAFFED).all(axis=1)
    if not staffed.any():
        return math.nan
    return float((offers[staffed].sum(axis=1) / there[staffed].sum(axis=1)).max())


TALLIES = (Work, Waiting)
"""The second for the timeline of a run whose contacts are gone."""
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
        "overload_peak",
        "Overload at its worst, all desks",
        "times",
        "lower",
        f"All desks: {WORST}",
        compare="ratio",
        value=lambda sample: worst_hours(sample, np.ones(len(np.asarray(sample.world.desks)), dtype=np.bool_)),
    ),
    Metric(
        "overload_social_peak",
        "Overload at its worst, desks that answer social media",
        "times",
        "lower",
        f"Desks that answer public posts or private messages: {WORST}",
        compare="ratio",
        value=lambda sample: worst_hours(sample, social_desks(sample)),
    ),
    Metric(
        "closed_share",
        "Requests when nobody is there",
        SHARE,
        "lower",
        "Share of requests (every attempt on a staffed channel) that come when nobody is rostered at the desk, or to "
        "an account that nobody answers; overload at its worst leaves them out",
        value=lambda sample: quotient(sample.tally(Work).closed, sample.tally(Work).requests),
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
