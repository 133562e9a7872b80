"""What is counted of passengers and of their cases with operators, over many of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from caresim.measure.incidence import Waits
from caresim.model.codes import Status

if TYPE_CHECKING:
    from caresim.measure.sample import CaseWaits, Sample

NEUTRAL, REACH = 3.0, 2.0
"""Midpoint of the scale of 1-5 and the distance of its ends from it."""


class Scores:
    """Satisfaction of some cases: how many have one, their sum, and how many are low."""

    def __init__(self) -> None:
        self.number = self.low = 0
        self.sum = 0.0

    def add(self, scores: np.ndarray) -> None:
        self.number += len(scores)
        self.sum += float(scores.sum())
        self.low += int(np.count_nonzero(scores <= NEUTRAL - REACH / 2))


class People:
    """Counts and sums over the passengers with a need and over their cases; each part is seen once."""

    def __init__(self) -> None:
        self.needy = self.contacts = self.in_touch = self.resolved_at_once = 0
        """Passengers with a need, their contacts, those with a contact, and those resolved after exactly one."""
        self.by_status = np.zeros(len(Status), dtype=np.int64)
        """Passengers with a need, by the status they ended with."""
        self.matters, self.useful, self.case_waits = Waits(), Waits(), Waits()
        """What `Standing` says of the first two, and `Sample.case_waits` of the last."""
        self.rated, self.contacted = Scores(), Scores()
        self.returned = self.returned_score = 0.0
        """Expected number of questionnaires that come back, and the sum of their scores."""

    def add(self, part: Sample, case_waits: CaseWaits) -> None:
        """A part of the passengers, whose contacts `case_waits` has seen."""
        standing, needy = part.standing, part.people("NEEDY")
        contacts, status = standing.contacts[needy], standing.status[needy]
        self.needy += len(status)
        self.by_status += np.bincount(status, minlength=len(Status))
        self.contacts += int(contacts.sum(dtype=np.int64))
        self.in_touch += int(np.count_nonzero(contacts))
        self.resolved_at_once += int(np.count_nonzero((status == Status.RESOLVED) & (contacts == 1)))
        self.matters.add(standing.matters)
        self.useful.add(standing.useful)
        self.case_waits.add(case_waits.spells(part))
        self.rated.add(standing.satisfaction[part.those("RATED")])
        self.contacted.add(standing.satisfaction[part.those("CONTACTED")])
        self._survey(part, standing.satisfaction[part.those("SURVEYED")])

    def _survey(self, part: Sample, scores: np.ndarray) -> None:
        """Extremes answer more: base + extreme |S - 3| / 2, at most 1."""
        study = part.run.experiment.study
        strength = np.abs(scores - NEUTRAL) / REACH
        response = np.clip(study.survey_base.value + study.survey_extreme.value * strength, 0.0, 1.0)
        self.returned += float(response.sum())
        self.returned_score += float((response * scores).sum())

    def with_status(self, status: Status) -> int:
        """Passengers with a need who ended with this status."""
        return int(self.by_status[status])
