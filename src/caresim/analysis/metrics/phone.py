"""The telephone as contact centres report it: service level, speed of answer, abandonment, busy tones, redials."""

from __future__ import annotations

import numpy as np

from caresim.analysis.metrics.metric import SECONDS, SHARE, Metric, mean_of, quotient
from caresim.analysis.sample import Sample
from caresim.model.codes import Medium, Outcome

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


def measure(sample: Sample) -> dict[str, float]:
    calls = np.flatnonzero(sample.medium(Medium.PHONE))
    study = sample.run.experiment.study
    outcome, wait = sample.column("outcome")[calls], sample.wait[calls]
    answered, blocked = sample.answered[calls], outcome == Outcome.BLOCKED
    abandoned = (outcome == Outcome.ABANDONED) & ~answered
    patient = abandoned & (wait > study.short_abandonment.value)
    offered = len(calls)
    return {
        "phone_offered": float(offered),
        "phone_answered": quotient(np.count_nonzero(answered), offered),
        "phone_service_level": quotient(
            np.count_nonzero(answered & (wait <= study.service_level_within.value)),
            np.count_nonzero(answered) + np.count_nonzero(patient),
        ),
        "phone_asa": mean_of(wait[answered]) * MINUTE_S,
        "phone_aht": mean_of(sample.column("handle")[calls][answered]) * MINUTE_S,
        "phone_abandonment": quotient(np.count_nonzero(abandoned), offered - np.count_nonzero(blocked)),
        "phone_blocked": float(np.count_nonzero(blocked)),
        "phone_blocked_share": quotient(np.count_nonzero(blocked), offered),
        "phone_redials": float(redials(sample)),
    }


def redials(sample: Sample) -> int:
    """Calls within the window that follow a blocked or abandoned call of the same case."""
    calls = np.flatnonzero(sample.of_disruption & (sample.column("medium") == Medium.PHONE))
    case = sample.column("case")[calls]
    order = np.lexsort((sample.column("arrival")[calls], case))
    calls, case = calls[order], case[order]
    outcome = sample.column("outcome")[calls]
    failed = ((outcome == Outcome.BLOCKED) | (outcome == Outcome.ABANDONED)) & ~sample.answered[calls]
    return int(np.count_nonzero((case[1:] == case[:-1]) & failed[:-1] & sample.in_window[calls][1:]))
