"""How soon people are answered, and whether at all: shares and medians of all who asked, answered or not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.measure.case_waits import CaseWaits
from caresim.measure.incidence import Waits
from caresim.measure.metrics.metric import HOUR, MINUTES, SHARE, Metric, quotient
from caresim.measure.people import people_of
from caresim.measure.sample import Sample
from caresim.model.codes import Fate
from caresim.model.media import GROUPS, PUBLIC, of_group

QUARTER = 15.0
"""Minutes: the target Southwest published in 2016 (ThePointsGuy). KLM's of 2014 was an HOUR (econsultancy 64779), which
42 % of customers expect (Edison 2012).
"""
Value = Callable[[Sample], float]

RESPONSE = "Edison/Social Habit 2012 (expected reply times); Aalen & Johansen 1978 (estimator)"
CASE = (
    "a case is a passenger's episode with an operator: it counts once however often the passenger redials, "
    "from when the passenger first turned to a person, be it at a closed door, "
    "to the first answer on any channel; an automatic reply counts only if it informed or acted; cases never "
    "answered count as not answered"
)
PAIRS = "all pairs of a passenger and an operator the passenger sent a request to (web visits are none)"
NOT_REACHED = "inf (not reached) when fewer than half are ever answered"


class Requests:
    """Waits of requests by group of media, and how many were answered; `posts` are those of public requests."""

    def __init__(self, sample: Sample) -> None:
        self.waits = {name: Waits() for name in GROUPS}
        self.requests = self.answered = self.posts = self.replied_posts = 0

    def add(self, part: Sample) -> None:
        for group, waits in self.waits.items():
            waits.add(part.spells(part.medium(*of_group(group))))
        public = part.medium(*PUBLIC)
        self.requests += int(np.count_nonzero(part.requests))
        self.answered += int(np.count_nonzero(part.answered & part.requests))
        self.posts += int(part.column("posts")[public].sum())
        self.replied_posts += int(np.count_nonzero(part.replied & public))


def useful_waits(sample: Sample) -> Waits:
    """Waits of PAIRS from first request to first useful reply, against the matter's end without one.

    A matter ends when it is settled in another way, when its deadline passes or when the passenger gives up. Of those
    still seeking, the wait is cut off by the end of the run.
    """
    return people_of(sample).useful


def requests(sample: Sample) -> Requests:
    """The requests of a run."""
    return sample.tally(Requests)


def social_gave_up(sample: Sample) -> float:
    """Share of the requests on social media whose author gave up."""
    waits = requests(sample).waits["social"]
    return quotient(waits.count(Fate.GAVE_UP), len(waits))


def _share(name: str, label: str, formula: str, source: str = RESPONSE, *, value: Value) -> Metric:
    return Metric(name, label, SHARE, "higher", formula, source, value=value)


def _median(name: str, label: str, formula: str, *, value: Value) -> Metric:
    return Metric(name, label, MINUTES, "lower", f"{formula}; {NOT_REACHED}", RESPONSE, "ratio", "median", value=value)


TALLIES = (CaseWaits, Requests)
METRICS = (
    _share(
        "answered_60",
        "Answered within 60 min",
        f"Share of all cases first answered within 60 minutes: {CASE}",
        value=lambda sample: people_of(sample).case_waits.incidence.within(HOUR),
    ),
    _share(
        "answered_15",
        "Answered within 15 min",
        f"Share of all cases first answered within 15 minutes: {CASE}",
        value=lambda sample: people_of(sample).case_waits.incidence.within(QUARTER),
    ),
    _median(
        "median_first_response",
        "Median first response",
        "Minutes from a case's first request to its first answer, median over all cases",
        value=lambda sample: people_of(sample).case_waits.incidence.median(),
    ),
    _share(
        "answered_useful_60",
        "Useful answer within 60 min",
        f"Share of {PAIRS} that got a reply which informed or acted within 60 minutes of the first request",
        value=lambda sample: useful_waits(sample).incidence.within(HOUR),
    ),
    _median(
        "median_first_useful",
        "Median first useful response",
        f"Minutes from the first request to the first reply that informed or acted, median over {PAIRS}",
        value=lambda sample: useful_waits(sample).incidence.median(),
    ),
    _share(
        "response_rate_case",
        "Response rate, cases",
        f"Share of all cases answered by the end of the run: {CASE}",
        value=lambda sample: quotient(
            people_of(sample).case_waits.count(Fate.ANSWERED), len(people_of(sample).case_waits)
        ),
    ),
    _share(
        "response_rate_contact",
        "Response rate, contacts",
        "Share of all requests (every attempt on every staffed channel) answered before the customer gave up",
        value=lambda sample: quotient(requests(sample).answered, requests(sample).requests),
    ),
    _share(
        "response_rate_post",
        "Response rate, public posts",
        "Passengers' public requests with any reply, even a late one, per public post of theirs, reminders included",
        "as measured on public data: computed from TU/e airline posts 2019",
        value=lambda sample: quotient(requests(sample).replied_posts, requests(sample).posts),
    ),
    _share(
        "social_answered_15",
        "Social: answered within 15 min",
        "Share of all requests by public post or private message answered within 15 minutes",
        value=lambda sample: requests(sample).waits["social"].incidence.within(QUARTER),
    ),
    _share(
        "social_answered_60",
        "Social: answered within 60 min",
        "Share of all requests by public post or private message answered within 60 minutes",
        value=lambda sample: requests(sample).waits["social"].incidence.within(HOUR),
    ),
    _median(
        "social_median",
        "Social: median first response",
        "Minutes to the first answer, median over all requests by public post or private message",
        value=lambda sample: requests(sample).waits["social"].incidence.median(),
    ),
    Metric(
        "social_gave_up",
        "Social: gave up unanswered",
        SHARE,
        "lower",
        "Share of all requests by public post or private message whose author stopped caring before an answer",
        value=social_gave_up,
    ),
    Metric(
        "social_requests",
        "Social: requests",
        "requests",
        "neither",
        "Requests by public post or private message",
        compare="ratio",
        value=lambda sample: float(len(requests(sample).waits["social"])),
    ),
    _share(
        "phone_answered_60",
        "Phone: answered within 60 min",
        "Share of all calls, blocked attempts included, answered within 60 minutes",
        value=lambda sample: requests(sample).waits["phone"].incidence.within(HOUR),
    ),
    _share(
        "counter_answered_60",
        "Counter: answered within 60 min",
        "Share of all visits to a counter that are served within 60 minutes",
        value=lambda sample: requests(sample).waits["counter"].incidence.within(HOUR),
    ),
)
