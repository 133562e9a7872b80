"""What the staffing costs."""

from __future__ import annotations

from caresim.measure.metrics.metric import HOUR, HOURS, MONEY, Metric, quotient
from caresim.measure.people import people_of
from caresim.measure.sample import Sample
from caresim.model.codes import Status

TALLIES = ()


def resolved(sample: Sample) -> int:
    """How many counted passengers were resolved."""
    return people_of(sample).with_status(Status.RESOLVED)


METRICS = (
    Metric(
        "paid_hours",
        "Paid hours",
        HOURS,
        "neither",
        "Hours paid within the window to the people on the roster of all desks, absence and breaks included, and to "
        "people on call while they are at work; overtime comes on top",
        compare="ratio",
        value=lambda sample: float(sample.staff["paid_minutes"].sum()) / HOUR,
    ),
    Metric(
        "cost",
        "Cost",
        MONEY,
        "lower",
        "Paid hours and overtime at their loaded cost an hour, premiums of nights and Sundays, being on call, and "
        "automated contacts, all within the window",
        compare="ratio",
        value=lambda sample: float(sample.run.cost),
    ),
    Metric(
        "cost_per_resolved",
        "Cost per resolved passenger",
        MONEY,
        "lower",
        "Cost / affected passengers with a need who were resolved",
        compare="ratio",
        value=lambda sample: quotient(sample.run.cost, resolved(sample)),
    ),
)
