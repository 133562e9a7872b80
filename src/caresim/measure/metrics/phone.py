"""The telephone as contact centres report it: service level, speed of answer, abandonment, busy tones, redials."""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import SECONDS, SHARE, Metric, quotient
from caresim.measure.sample import Previous, Sample
from caresim.model.codes import Outcome
from caresim.model.media import Medium

INDUSTRY = "industry convention (80/20; short abandonments left out)"

MINUTE_S = 60.0

METRICS = (
    Metric(
        "phone_offered",
        "Phone: calls",
        "calls",
        "neither",
        "Call attempts, blocked ones and redials included",
        compare="ratio",
    ),
    Metric(
        "phone_answered",
        "Phone: answered",
        SHARE,
        "higher",
        "Share of call attempts answered by a person or usefully by an assistant",
    ),
    Metric(
        "phone_service_level",
        "Phone: service level",
        SHARE,
        "higher",
        "Calls answered within the study's target (20 s) / (calls answered + calls abandoned, short ones left out); "
        "blocked attempts are in neither",
        INDUSTRY,
    ),
    Metric(
        "phone_asa",
        "Phone: average speed of answer",
        SECONDS,
        "lower",
        "Mean wait of answered calls, blocked attempts left out",
        INDUSTRY,
        "ratio",
    ),
    Metric(
        "phone_aht",
        "Phone: average handling time",
        SECONDS,
        "neither",
        "Mean handling time of answered calls",
        INDUSTRY,
        "ratio",
    ),
    Metric(
        "phone_abandonment",
        "Phone: abandonment",
        SHARE,
        "lower",
        "Calls abandoned / calls that got a line (attempts less blocked ones)",
        INDUSTRY,
    ),
    Metric(
        "phone_blocked",
        "Phone: blocked attempts",
        "calls",
        "lower",
        "Call attempts that met a busy tone, each redial counted",
        INDUSTRY,
        "ratio",
    ),
    Metric(
        "phone_blocked_share",
        "Phone: blocked share",
        SHARE,
        "lower",
        "Call attempts that met a busy tone / all call attempts",
        INDUSTRY,
    ),
    Metric(
        "phone_redials",
        "Phone: redials",
        "calls",
        "lower",
        "Call attempts whose case's previous call attempt was blocked or abandoned",
        "Aguir, Karaesmen, Aksin & Chauvet 2004 (retrials)",
        "ratio",
    ),
)


class Calls:
    """Counts and sums over calls; the redials need to know how each case's call before went."""

    def __init__(self, sample: Sample) -> None:
        self._before = Previous(len(sample.contacts))
        study = sample.run.experiment.study
        self._short, self._target = study.short_abandonment.value, study.service_level_within.value
        self.offered = self.answered = self.within = self.blocked = self.abandoned = self.patient = self.redials = 0
        self.wait = self.handle = 0.0

    def add(self, part: Sample) -> None:
        calls = np.flatnonzero(part.medium(Medium.PHONE))
        outcome, wait = part.column("outcome")[calls], part.wait[calls]
        answered = part.answered[calls]
        abandoned = (outcome == Outcome.ABANDONED) & ~answered
        self.offered += len(calls)
        self.answered += int(np.count_nonzero(answered))
        self.within += int(np.count_nonzero(answered & (wait <= self._target)))
        self.blocked += int(np.count_nonzero(outcome == Outcome.BLOCKED))
        self.abandoned += int(np.count_nonzero(abandoned))
        self.patient += int(np.count_nonzero(abandoned & (wait > self._short)))
        self.wait += float(wait[answered].sum())
        self.handle += float(part.column("handle")[calls][answered].sum())
        self.redials += redials(part, self._before)


def measure(sample: Sample) -> dict[str, float]:
    calls = sample.tally(Calls)
    return {
        "phone_offered": float(calls.offered),
        "phone_answered": quotient(calls.answered, calls.offered),
        "phone_service_level": quotient(calls.within, calls.answered + calls.patient),
        "phone_asa": quotient(calls.wait, calls.answered) * MINUTE_S,
        "phone_aht": quotient(calls.handle, calls.answered) * MINUTE_S,
        "phone_abandonment": quotient(calls.abandoned, calls.offered - calls.blocked),
        "phone_blocked": float(calls.blocked),
        "phone_blocked_share": quotient(calls.blocked, calls.offered),
        "phone_redials": float(calls.redials),
    }


def redials(part: Sample, before: Previous) -> int:
    """Calls within the window that follow a blocked or abandoned call of the same case.

    Rows are in order of arrival.
    """
    calls = np.flatnonzero(part.of_disruption & (part.column("medium") == Medium.PHONE))
    outcome = part.column("outcome")[calls]
    failed = ((outcome == Outcome.BLOCKED) | (outcome == Outcome.ABANDONED)) & ~part.answered[calls]
    again = before.next(part.column("first_contact")[calls].astype(np.int64), failed)
    return int(np.count_nonzero(again & part.in_window[calls]))
