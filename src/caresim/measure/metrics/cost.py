"""What the staffing costs."""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import HOURS, MONEY, Metric, quotient
from caresim.measure.sample import Sample
from caresim.model.codes import Status

MINUTES_AN_HOUR = 60.0

METRICS = (
    Metric(
        "paid_hours",
        "Paid hours",
        HOURS,
        "neither",
        "Hours paid within the window to the people on the roster of all desks, absence and breaks included; overtime "
        "comes on top",
        compare="ratio",
    ),
    Metric(
        "cost",
        "Cost",
        MONEY,
        "lower",
        "Paid hours and overtime at their loaded cost an hour, plus automated contacts, all within the window",
        compare="ratio",
    ),
    Metric(
        "cost_per_resolved",
        "Cost per resolved passenger",
        MONEY,
        "lower",
        "Cost / affected passengers with a need who were resolved",
        compare="ratio",
    ),
)


def measure(sample: Sample) -> dict[str, float]:
    run = sample.run
    resolved = np.count_nonzero(sample.counted & (sample.passengers["status"] == Status.RESOLVED))
    return {
        "paid_hours": float(sample.staff["paid_minutes"].sum()) / MINUTES_AN_HOUR,
        "cost": float(run.cost),
        "cost_per_resolved": quotient(run.cost, resolved),
    }
