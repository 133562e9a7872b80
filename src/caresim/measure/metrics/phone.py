"""The telephone as contact centres report it: service level, speed of answer, abandonment, busy tones, redials.

A call is a contact on a medium with trunks: lines that can all be taken, so that callers meet a busy tone.
"""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import MINUTE_S, SECONDS, SHARE, Metric, quotient
from caresim.measure.sample import Sample

INDUSTRY = "industry convention (80/20; short abandonments left out)"


class Calls:
    """Counts and sums over the calls within the window.

    `within`: answered within the study's target; `patient`: abandoned, short abandonments left out. `wait` and `handle`
    are minutes of the answered. `redials` follow a blocked or abandoned call of the same case; rows are in order of
    arrival.
    """

    def __init__(self, sample: Sample) -> None:
        study = sample.run.experiment.study
        self._limits = float(study.short_abandonment.value), float(study.service_level_within.value)
        self._failed = np.zeros(len(sample.contacts), dtype=bool)
        """How the last call of each case went, by the case's first contact."""
        self.offered = self.answered = self.within = self.blocked = self.abandoned = self.patient = self.redials = 0
        self.wait = self.handle = 0.0

    def add(self, part: Sample) -> None:
        from caresim.model import tally

        facts, _, waits = part.judged
        counts, wait, handle = np.zeros(tally.COUNTS, dtype=np.int64), np.empty(len(waits)), np.empty(len(waits))
        self._failed = part.flags(self._failed)
        answered = tally.count_calls(part.contacts, facts, waits, *self._limits, self._failed, counts, wait, handle)
        self.offered += int(counts[tally.OFFERED])
        self.answered += answered
        self.within += int(counts[tally.WITHIN])
        self.blocked += int(counts[tally.BLOCKED])
        self.abandoned += int(counts[tally.ABANDONED])
        self.patient += int(counts[tally.PATIENT])
        self.redials += int(counts[tally.REDIALS])
        self.wait += float(wait[:answered].sum())
        self.handle += float(handle[:answered].sum())

    @property
    def connected(self) -> int:
        """Calls that got a line."""
        return self.offered - self.blocked


def calls(sample: Sample) -> Calls:
    """The calls of a run."""
    return sample.tally(Calls)


def service_level(sample: Sample) -> float:
    """Calls answered within the target, of those answered and those abandoned late."""
    counts = calls(sample)
    return quotient(counts.within, counts.answered + counts.patient)


TALLIES = (Calls,)
METRICS = (
    Metric(
        "phone_offered",
        "Phone: calls",
        "calls",
        "neither",
        "Call attempts, blocked ones and redials included",
        compare="ratio",
        value=lambda sample: float(calls(sample).offered),
    ),
    Metric(
        "phone_answered",
        "Phone: answered",
        SHARE,
        "higher",
        "Share of call attempts answered by a person or usefully by an assistant",
        value=lambda sample: quotient(calls(sample).answered, calls(sample).offered),
    ),
    Metric(
        "phone_service_level",
        "Phone: service level",
        SHARE,
        "higher",
        "Calls answered within the study's target (20 s) / (calls answered + calls abandoned, short ones left out); "
        "blocked attempts are in neither",
        INDUSTRY,
        value=service_level,
    ),
    Metric(
        "phone_asa",
        "Phone: average speed of answer",
        SECONDS,
        "lower",
        "Mean wait of answered calls, blocked attempts left out",
        INDUSTRY,
        "ratio",
        value=lambda sample: quotient(calls(sample).wait, calls(sample).answered) * MINUTE_S,
    ),
    Metric(
        "phone_aht",
        "Phone: average handling time",
        SECONDS,
        "neither",
        "Mean handling time of answered calls",
        INDUSTRY,
        "ratio",
        value=lambda sample: quotient(calls(sample).handle, calls(sample).answered) * MINUTE_S,
    ),
    Metric(
        "phone_abandonment",
        "Phone: abandonment",
        SHARE,
        "lower",
        "Calls abandoned / calls that got a line (attempts less blocked ones); the caller hangs up, so that a call "
        "which an assistant or a recording ends is not among the abandoned, nor among the answered",
        INDUSTRY,
        value=lambda sample: quotient(calls(sample).abandoned, calls(sample).connected),
    ),
    Metric(
        "phone_blocked",
        "Phone: blocked attempts",
        "calls",
        "lower",
        "Call attempts that met a busy tone, each redial counted",
        INDUSTRY,
        "ratio",
        value=lambda sample: float(calls(sample).blocked),
    ),
    Metric(
        "phone_blocked_share",
        "Phone: blocked share",
        SHARE,
        "lower",
        "Call attempts that met a busy tone / all call attempts",
        INDUSTRY,
        value=lambda sample: quotient(calls(sample).blocked, calls(sample).offered),
    ),
    Metric(
        "phone_redials",
        "Phone: redials",
        "calls",
        "lower",
        "Call attempts whose case's previous call attempt was blocked or abandoned",
        "Aguir, Karaesmen, Aksin & Chauvet 2004 (retrials)",
        "ratio",
        value=lambda sample: float(calls(sample).redials),
    ),
)
