"""How soon people are answered, and whether at all: shares and medians of all who asked, answered or not."""

from __future__ import annotations

import numpy as np

from caresim.measure.incidence import Fate, Spells, Waits
from caresim.measure.metrics.metric import MINUTES, SHARE, Metric, quotient
from caresim.measure.metrics.resolution import matter_over
from caresim.measure.sample import SOCIAL, Sample
from caresim.model.media import Medium

QUARTER = 15.0
"""Minutes: the target Southwest published in 2016 (ThePointsGuy)."""
HOUR = 60.0
"""Minutes: the target KLM published in 2014 (econsultancy 64779); 42 % of customers expect it (Edison 2012)."""

GROUPS = {"social": SOCIAL, "phone": (Medium.PHONE,), "counter": (Medium.COUNTER,)}
"""Media whose requests are told of together."""

RESPONSE = "Edison/Social Habit 2012 (expected reply times); Aalen & Johansen 1978 (estimator)"
CASE = (
    "a case is a passenger's episode with an operator: it counts once however often the passenger redials, "
    "from when the passenger first turned to a person, be it at a closed door, "
    "to the first answer on any channel; an automatic reply counts only if it informed or acted; cases never "
    "answered count as not answered"
)
PAIRS = "all pairs of a passenger and an operator the passenger sent a request to (web visits are none)"
NOT_REACHED = "inf (not reached) when fewer than half are ever answered"


def _share(name: str, label: str, formula: str, source: str = RESPONSE) -> Metric:
    return Metric(name, label, SHARE, "higher", formula, source)


def _median(name: str, label: str, formula: str) -> Metric:
    return Metric(name, label, MINUTES, "lower", f"{formula}; {NOT_REACHED}", RESPONSE, "ratio", "median")


METRICS = (
    _share("answered_60", "Answered within 60 min", f"Share of all cases first answered within 60 minutes: {CASE}"),
    _share("answered_15", "Answered within 15 min", f"Share of all cases first answered within 15 minutes: {CASE}"),
    _median(
        "median_first_response",
        "Median first response",
        "Minutes from a case's first request to its first answer, median over all cases",
    ),
    _share(
        "answered_useful_60",
        "Useful answer within 60 min",
        f"Share of {PAIRS} that got a reply which informed or acted within 60 minutes of the first request",
    ),
    _median(
        "median_first_useful",
        "Median first useful response",
        f"Minutes from the first request to the first reply that informed or acted, median over {PAIRS}",
    ),
    _share("response_rate_case", "Response rate, cases", f"Share of all cases answered by the end of the run: {CASE}"),
    _share(
        "response_rate_contact",
        "Response rate, contacts",
        "Share of all requests (every attempt on every staffed channel) answered before the customer gave up",
    ),
    _share(
        "response_rate_post",
        "Response rate, public posts",
        "Passengers' public requests with any reply, even a late one, per public post of theirs, reminders included",
        "as measured on public data: computed from TU/e airline posts 2019",
    ),
    _share(
        "social_answered_15",
        "Social: answered within 15 min",
        "Share of all requests by public post or private message answered within 15 minutes",
    ),
    _share(
        "social_answered_60",
        "Social: answered within 60 min",
        "Share of all requests by public post or private message answered within 60 minutes",
    ),
    _median(
        "social_median",
        "Social: median first response",
        "Minutes to the first answer, median over all requests by public post or private message",
    ),
    Metric(
        "social_gave_up",
        "Social: gave up unanswered",
        SHARE,
        "lower",
        "Share of all requests by public post or private message whose author stopped caring before an answer",
    ),
    Metric(
        "social_requests",
        "Social: requests",
        "requests",
        "neither",
        "Requests by public post or private message",
        compare="ratio",
    ),
    _share(
        "phone_answered_60",
        "Phone: answered within 60 min",
        "Share of all calls, blocked attempts included, answered within 60 minutes",
    ),
    _share(
        "counter_answered_60",
        "Counter: answered within 60 min",
        "Share of all visits to a counter that are served within 60 minutes",
    ),
)


class Requests:
    """Waits of requests by group, and how many were answered."""

    def __init__(self, sample: Sample) -> None:
        self.waits = {name: Waits() for name in GROUPS}
        self.requests = self.answered = self.posts = self.replied_posts = 0

    def add(self, part: Sample) -> None:
        for name, media in GROUPS.items():
            self.waits[name].add(part.spells(part.medium(*media)))
        public = part.medium(Medium.PUBLIC)
        self.requests += int(np.count_nonzero(part.requests))
        self.answered += int(np.count_nonzero(part.answered & part.requests))
        self.posts += int(part.column("posts")[public].sum())
        self.replied_posts += int(np.count_nonzero(part.replied & public))


def measure(sample: Sample) -> dict[str, float]:
    cases, told = sample.case_waits, sample.tally(Requests)
    social, useful = told.waits["social"], useful_spells(sample)
    return {
        "answered_60": cases.incidence.within(HOUR),
        "answered_15": cases.incidence.within(QUARTER),
        "median_first_response": cases.incidence.median(),
        "answered_useful_60": useful.incidence.within(HOUR),
        "median_first_useful": useful.incidence.median(),
        "response_rate_case": quotient(cases.count(Fate.ANSWERED), len(cases)),
        "response_rate_contact": quotient(told.answered, told.requests),
        "response_rate_post": quotient(told.replied_posts, told.posts),
        "social_answered_15": social.incidence.within(QUARTER),
        "social_answered_60": social.incidence.within(HOUR),
        "social_median": social.incidence.median(),
        "social_gave_up": quotient(social.count(Fate.GAVE_UP), len(social)),
        "social_requests": float(len(social)),
        "phone_answered_60": told.waits["phone"].incidence.within(HOUR),
        "counter_answered_60": told.waits["counter"].incidence.within(HOUR),
    }


def useful_spells(sample: Sample) -> Waits:
    """Waits of PAIRS from first request to first useful reply, against the matter's end without one.

    A matter ends when it is settled in another way, when its deadline passes or when the passenger gives up. Of those
    still seeking, the wait is cut off by the end of the run.
    """
    first = sample.cases["first_request"]
    mine = np.flatnonzero(sample.case_counted & (first >= 0) & (first < sample.window))
    useful = sample.cases["first_useful"][mine]
    met = np.isfinite(useful)
    over = matter_over(sample)[sample.case_passenger[mine]]
    finish = np.where(met, useful, np.where(np.isnan(over), sample.end, over))
    fate = np.where(met, Fate.ANSWERED, np.where(np.isnan(over), Fate.WAITING, Fate.GAVE_UP)).astype(np.int8)
    waits = Waits()
    waits.add(Spells(np.maximum(finish - first[mine], 0.0), fate))
    return waits
