"""Work against hands: occupancy, overload, overtime."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.analysis import duty
from caresim.analysis.incidence import Floats
from caresim.analysis.metrics.metric import HOURS, SHARE, Metric, quotient
from caresim.analysis.sample import SOCIAL, Mask, Sample, is_in
from caresim.model.codes import Medium, Outcome
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


def measure(sample: Sample) -> dict[str, float]:
    roster, handling = duty.on_duty(sample), duty.in_use(sample)
    start, window = sample.begin, sample.window
    offered = offered_minutes(sample)
    social = social_desks(sample)
    return {
        "occupancy": quotient(handling.minutes(0.0, window), roster.minutes(0.0, window)),
        "warm_up_occupancy": quotient(handling.minutes(start, 0.0), roster.minutes(start, 0.0)),
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


def offered_minutes(sample: Sample) -> Floats:
    """Work minutes offered to each desk within the window (shape (desks,)); the definition is in OFFERED."""
    desks = np.asarray(sample.world.desks)
    desk = sample.channels["desk"][sample.column("channel")].astype(np.int64)
    mine = np.flatnonzero(
        sample.in_window & sample.landed & (desk >= 0) & ~sample.by_assistant & (sample.column("medium") != Medium.WEB)
    )
    mine = mine[~retries(sample, mine, desk[mine])]
    group = desk[mine] * sorts_of_work() + work(sample, mine)
    count = np.bincount(group, minlength=len(desks) * sorts_of_work())
    mean = mean_handling(sample, desk)
    return (count * mean).reshape(len(desks), sorts_of_work()).sum(axis=1)


def sorts_of_work() -> int:
    """Medium by need, and bystanders' posts as one sort more."""
    return len(Medium) * NEEDS + 1


def work(sample: Sample, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The sort of work that contacts are."""
    sort = sample.column("medium")[rows].astype(np.int64) * NEEDS + sample.column("need")[rows]
    return np.where(sample.column("passenger")[rows] < 0, len(Medium) * NEEDS, sort)


def mean_handling(sample: Sample, desk: NDArray[np.int64]) -> Floats:
    """Mean handling minutes by desk and sort of work: observed, else configured (shape (desks * sorts,))."""
    desks = np.asarray(sample.world.desks)
    triage = np.repeat(np.asarray(sample.world.rules)["triage"], len(desks))
    configured = np.hstack((desks["handle"], triage[:, None])).ravel()
    finished = ~np.isnan(sample.column("closed")) & (sample.column("handle") > 0)
    seen = np.flatnonzero(
        finished & sample.landed & (desk >= 0) & ~sample.by_assistant & (sample.column("medium") != Medium.WEB)
    )
    group = desk[seen] * sorts_of_work() + work(sample, seen)
    count = np.bincount(group, minlength=len(configured))
    total = np.bincount(group, weights=sample.column("handle")[seen], minlength=len(configured))
    return np.where(count > 0, total / np.maximum(count, 1), configured)


def retries(sample: Sample, rows: NDArray[np.int64], desk: NDArray[np.int64]) -> Mask:
    """Contacts whose case's previous contact at the same desk ended without any reply.

    Rows of passengers' contacts are in order of arrival.
    """
    passengers = np.flatnonzero(sample.column("passenger")[rows] >= 0)
    mine = rows[passengers]
    key = sample.column("case")[mine].astype(np.int64) * len(np.asarray(sample.world.desks)) + desk[passengers]
    order = np.argsort(key, kind="stable")
    unanswered = ~sample.replied[mine] & (sample.column("outcome")[mine] != Outcome.WAITING)
    again = np.zeros(len(rows), dtype=bool)
    again[passengers[order[1:]]] = (key[order][1:] == key[order][:-1]) & unanswered[order][:-1]
    return again
