"""Whether the passenger's matter was settled, how soon, with how many contacts, and what became of the seats."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from caresim.measure.metrics.metric import MINUTES, SHARE, Metric, quotient
from caresim.measure.people import DAY, People, Resolved, people_of
from caresim.measure.sample import Sample, once
from caresim.model.codes import Status

TALLIES = ()
Kinds = Callable[[People], tuple[Resolved, ...]]
"""Which of the passengers with a need: those whose need depends on a seat, the others, or both."""


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


def within_24h(sample: Sample, kinds: Kinds) -> float:
    """NaN where the run ends less than a day after its window: not everybody could be observed for so long."""
    if sample.end - sample.window < DAY:
        return math.nan
    people = kinds(people_of(sample))
    return quotient(sum(kind.within_24h for kind in people), sum(kind.people for kind in people))


def in_time(sample: Sample, kinds: Kinds) -> float:
    """Share resolved before the deadline and the end of the run."""
    people = kinds(people_of(sample))
    return quotient(sum(kind.in_time for kind in people), sum(kind.people for kind in people))


def _share(name: str, label: str, formula: str, kinds: Kinds, value: Callable[[Sample, Kinds], float]) -> Metric:
    return Metric(name, label, SHARE, "higher", f"Share of {formula}", value=lambda sample: value(sample, kinds))


def all_kinds(people: People) -> tuple[Resolved, ...]:
    return people.seats, people.other


def on_seats(people: People) -> tuple[Resolved, ...]:
    return (people.seats,)


def others(people: People) -> tuple[Resolved, ...]:
    return (people.other,)


NEEDY = "affected passengers with a need"
ON_SEATS = "affected passengers who need another seat"
OTHERS = "affected passengers whose need does not depend on a seat"
IN_TIME = "whose need was met before their deadline, or by the end of the run where there is none"
IN_A_DAY = (
    "whose need was met within 24 hours of being affected; missing where the run ends less than a day after its window"
)

METRICS = (
    _share("resolved_in_time", "Resolved in time", f"{NEEDY} {IN_TIME}: the same as `resolved`", all_kinds, in_time),
    _share("resolved_in_time_seats", "Resolved in time: seats", f"{ON_SEATS} {IN_TIME}", on_seats, in_time),
    _share("resolved_in_time_other", "Resolved in time: the rest", f"{OTHERS} {IN_TIME}", others, in_time),
    _share("resolved_24h", "Resolved within 24 h", f"{NEEDY} {IN_A_DAY}", all_kinds, within_24h),
    _share("resolved_24h_seats", "Resolved within 24 h: seats", f"{ON_SEATS} {IN_A_DAY}", on_seats, within_24h),
    _share("resolved_24h_other", "Resolved within 24 h: the rest", f"{OTHERS} {IN_A_DAY}", others, within_24h),
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
        "Seats that left empty on flights that departed within the window, those of passengers who did not come "
        "included",
        compare="ratio",
        value=lambda sample: seats(sample)[1],
    ),
)
