"""Persons, not contacts: who was helped in time, who was only answered, and what becomes of ordinary customers.

Every clock starts when the person is affected, or, of ordinary traffic, makes contact: no staffing model can move that
moment, and nobody leaves a denominator by giving up, by being helped otherwise or by missing the deadline.
"""

from __future__ import annotations

import math

from caresim.measure.metrics.metric import MINUTE_S, SECONDS, SHARE, Metric, quotient
from caresim.measure.people import DAY, people_of
from caresim.measure.sample import Sample

USEFUL = (
    "told something new, settled, or put on the waitlist, by a reply, a notice, the website, the assistant or a seat"
)
NEEDY = "affected passengers with a need"
ORDINARY = "ordinary customers who come within the window"


def _of_needy(sample: Sample, count: int) -> float:
    return quotient(count, people_of(sample).needy)


def resolved_24h(sample: Sample) -> float:
    """NaN where the run ends less than a day after its window: not everybody could be observed for so long."""
    if sample.end - sample.window < DAY:
        return math.nan
    return _of_needy(sample, people_of(sample).resolved_24h)


def ordinary_wait(sample: Sample) -> float:
    """Seconds."""
    people = people_of(sample)
    return quotient(MINUTE_S * people.ordinary_wait, people.ordinary_answered)


METRICS = (
    Metric(
        "useful_15",
        "Helped within 15 min",
        SHARE,
        "higher",
        f"Share of {NEEDY} to whom the first useful thing came within 15 minutes of being affected: {USEFUL}",
        value=lambda sample: _of_needy(sample, people_of(sample).helped_15),
    ),
    Metric(
        "useful_60",
        "Helped within 60 min",
        SHARE,
        "higher",
        f"Share of {NEEDY} to whom the first useful thing came within 60 minutes of being affected: {USEFUL}",
        value=lambda sample: _of_needy(sample, people_of(sample).helped_60),
    ),
    Metric(
        "acknowledged_60",
        "Only a reply within 60 min",
        SHARE,
        "neither",
        f"Share of {NEEDY} who had a reply, and nothing useful, within 60 minutes of being affected",
        value=lambda sample: _of_needy(sample, people_of(sample).acknowledged_60),
    ),
    Metric(
        "informed_30",
        "Informed within 30 min",
        SHARE,
        "higher",
        "Share of affected passengers, with a need or not, to whom a notice or a reply told true news within 30 "
        "minutes of being affected",
        value=lambda sample: quotient(people_of(sample).informed_30, people_of(sample).affected),
    ),
    Metric(
        "resolved_24h",
        "Resolved within 24 h",
        SHARE,
        "higher",
        f"Share of {NEEDY} whose need was met within 24 hours of being affected; missing where the run ends less than "
        "a day after its window",
        value=resolved_24h,
    ),
    Metric(
        "ordinary_answered",
        "Ordinary customers: answered",
        SHARE,
        "higher",
        f"Share of {ORDINARY} whom somebody answered, on any channel; a closed door or a busy tone that is not "
        "overcome is none",
        value=lambda sample: quotient(people_of(sample).ordinary_answered, people_of(sample).ordinary),
    ),
    Metric(
        "ordinary_wait",
        "Ordinary customers: wait",
        SECONDS,
        "lower",
        f"Seconds from the first attempt to the answer, mean over the answered of {ORDINARY}",
        compare="ratio",
        value=ordinary_wait,
    ),
)
TALLIES = ()
