"""What becomes of ordinary customers: a staffing model that starves them is no pure win."""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import MINUTE_S, SECONDS, SHARE, Metric, quotient
from caresim.measure.people import people_of
from caresim.measure.sample import Sample

ORDINARY = "ordinary customers who come within the window"


class OrdinaryCalls:
    """Calls of ordinary customers within the window, redials included."""

    def __init__(self, sample: Sample) -> None:
        self.offered = self.blocked = self.abandoned = 0

    def add(self, part: Sample) -> None:
        from caresim.model import tally  # late: it loads Numba

        counts = np.zeros(tally.COUNTS, dtype=np.int64)
        tally.count_ordinary_calls(part.contacts, part.judged[0], counts)
        self.offered += int(counts[tally.OFFERED])
        self.blocked += int(counts[tally.BLOCKED])
        self.abandoned += int(counts[tally.ABANDONED])


def ordinary_wait(sample: Sample) -> float:
    """Seconds."""
    people = people_of(sample)
    return quotient(MINUTE_S * people.ordinary_wait, people.ordinary_answered)


def ordinary_abandonment(sample: Sample) -> float:
    """Of the calls that got a line."""
    calls = sample.tally(OrdinaryCalls)
    return quotient(calls.abandoned, calls.offered - calls.blocked)


TALLIES = (OrdinaryCalls,)
METRICS = (
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
    Metric(
        "ordinary_abandonment",
        "Ordinary customers: hung up",
        SHARE,
        "lower",
        "Calls of ordinary customers abandoned / their calls that got a line, those made within the window; a call "
        "that an assistant or a recording ends is not among the abandoned",
        value=ordinary_abandonment,
    ),
)
