"""Whether the passenger's matter was settled, how soon, with how many contacts, and what became of the seats."""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import MINUTES, SHARE, Metric, quotient
from caresim.measure.people import people_of
from caresim.measure.sample import Sample, once
from caresim.model.codes import Status

TALLIES = ()


def share_with(sample: Sample, status: Status) -> float:
    """Share of those with a need who ended with this status."""
    people = people_of(sample)
    return quotient(people.with_status(status), people.needy)


def first_contact_resolution(sample: Sample) -> float:
    """Share of those with a contact who were resolved after exactly one."""
    return quotient(people_of(sample).resolved_at_once, people_of(sample).in_touch)


@once
def seats(sample: Sample) -> tuple[float, float]:
    """Seats given to passengers and seats that left empty, on flights departed within the window."""
    flights = np.asarray(sample.world.flights)
    departed = flights[(flights["departure"] >= 0) & (flights["departure"] < sample.window)]
    return float(departed["taken"].sum()), float(departed["free"].sum())


METRICS = (
    Metric(
        "resolved",
        "Resolved",
        SHARE,
        "higher",
        "Share of affected passengers with a need whose need was met by the end of the run, before their deadline",
        value=lambda sample: share_with(sample, Status.RESOLVED),
    ),
    Metric(
        "time_to_resolution",
        "Median time to resolution",
        MINUTES,
        "lower",
        "Minutes from being affected to resolution, median over affected passengers with a need; inf (not "
        "reached) when fewer than half are ever resolved",
        "Aalen & Johansen 1978 (estimator)",
        "ratio",
        "median",
        value=lambda sample: people_of(sample).matters.incidence.median(),
    ),
    Metric(
        "first_contact_resolution",
        "First-contact resolution",
        SHARE,
        "higher",
        "Share of passengers with a contact who were resolved after exactly one",
        "industry convention, every attempt counted as a contact",
        value=first_contact_resolution,
    ),
    Metric(
        "missed_deadline",
        "Missed their deadline",
        SHARE,
        "lower",
        "Share of affected passengers with a need whose deadline passed before it was met",
        value=lambda sample: share_with(sample, Status.MISSED),
    ),
    Metric(
        "gave_up",
        "Gave up",
        SHARE,
        "lower",
        "Share of affected passengers with a need who gave up unresolved before their deadline",
        value=lambda sample: share_with(sample, Status.GAVE_UP),
    ),
    Metric(
        "contacts_per_passenger",
        "Contacts per passenger",
        "contacts",
        "lower",
        "Mean number of contacts (every attempt, web visits included) of affected passengers with a need",
        compare="ratio",
        value=lambda sample: quotient(people_of(sample).contacts, people_of(sample).needy),
    ),
    Metric(
        "seats_used",
        "Seats used",
        SHARE,
        "higher",
        "Seats given to passengers / (seats given + seats that left empty), flights departing within the window",
        value=lambda sample: quotient(seats(sample)[0], sum(seats(sample))),
    ),
    Metric(
        "seats_perished",
        "Seats perished",
        "seats",
        "lower",
        "Free seats on flights that departed within the window",
        compare="ratio",
        value=lambda sample: seats(sample)[1],
    ),
)
