"""Unevenness as the customer feels it: the share of bad answers, and how far people differ beyond chance."""

from __future__ import annotations

import numpy as np

from caresim.measure.metrics.metric import SHARE, Metric, quotient
from caresim.measure.people import people_of
from caresim.measure.sample import Sample

BAD_QUALITY = 0.3
"""Fit and tone of a reply, 0 to 1, below which it is bad whatever it says."""


class BadReplies:
    """Replies to passengers who still cared, and how many of them were bad."""

    def __init__(self, sample: Sample) -> None:
        self.replies = self.bad = 0
        self._replied = np.zeros(len(sample.contacts), dtype=bool)
        """Had each case a reply before, by the case's first contact?"""

    def add(self, part: Sample) -> None:
        from caresim.model import tally  # late: it loads Numba

        self._replied = part.flags(self._replied)
        quality = np.ascontiguousarray(part.staff["quality"])
        replies, bad = tally.count_bad_replies(part.contacts, part.judged[0], quality, BAD_QUALITY, self._replied)
        self.replies += replies
        self.bad += bad


TALLIES = (BadReplies,)
METRICS = (
    Metric(
        "bad_answers",
        "Bad answers",
        SHARE,
        "lower",
        "Share of requests with a reply to a passenger who still cared whose last reply was bad: wrong; empty, and not "
        "the first reply of the case; a refusal by somebody who has misunderstood that the desk may; or of somebody "
        "whose fit and tone are below 0.3",
        value=lambda sample: quotient(sample.tally(BadReplies).bad, sample.tally(BadReplies).replies),
    ),
    Metric(
        "agent_sd",
        "Spread between people",
        "points",
        "lower",
        "Standard deviation, between the people who answer, of the satisfaction that each can expect of a case: what "
        "analysis of variance leaves of the spread of their means when chance is taken off; a case is of who answered "
        "it first",
        "Searle, Casella & McCulloch 1992 (analysis of variance, unequal numbers)",
        "ratio",
        value=lambda sample: people_of(sample).between.deviation(),
    ),
)
