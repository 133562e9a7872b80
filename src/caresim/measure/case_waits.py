"""When each case was answered, by whom, or ended: from its requests, one entry a case."""

from __future__ import annotations

import numpy as np

from caresim.measure.incidence import Floats, Spells
from caresim.measure.sample import Sample
from caresim.model.codes import NOBODY


class CaseWaits:
    """When each case was answered or ended, from its requests; one entry a case of the passengers yet to be counted."""

    COLUMNS = {"response": np.inf, "ended": -np.inf, "waiting": False, "by_person": np.inf, "person": np.int32(NOBODY)}
    """What is kept of each case, and what it is before anything has happened."""

    def __init__(self, sample: Sample) -> None:
        self.first_passenger = sample.first_passenger
        """Number of the passenger whose cases are the first."""
        self.response, self.ended, self.by_person = np.empty(0), np.empty(0), np.empty(0)
        self.waiting = np.empty(0, dtype=bool)
        self.person = np.empty(0, dtype=np.int32)
        """Row of staff of the person who answered first, or had that contact last; NOBODY: no person has."""
        self._make_room(sample)

    def _make_room(self, sample: Sample) -> None:
        """For the cases of everybody who has been reached."""
        people = sample.first_passenger + len(sample.passengers) - self.first_passenger
        more = people * sample.operators - len(self.response)
        if more > 0:
            for name, nothing in self.COLUMNS.items():
                before = getattr(self, name)
                setattr(self, name, np.concatenate((before, np.full(more, nothing, dtype=before.dtype))))

    def add(self, part: Sample) -> None:
        from caresim.model import tally

        self._make_room(part)
        columns = self.response, self.ended, self.waiting, self.by_person, self.person
        tally.follow_cases(part.contacts, *part.judged, part.operators, self.first_passenger, *columns)

    def forget(self, passengers: int, operators: int) -> None:
        """The first passengers have been counted, and nothing comes to their cases any more."""
        self.first_passenger += passengers
        for name in self.COLUMNS:
            setattr(self, name, getattr(self, name)[passengers * operators :].copy())

    def of(self, sample: Sample) -> slice:
        """Where the cases of a sample's passengers lie."""
        first = (sample.first_passenger - self.first_passenger) * sample.operators
        return slice(first, first + len(sample.cases))

    def by_persons(self, sample: Sample) -> Floats:
        """When a person of any operator first answered each passenger of a sample; inf: never."""
        return self.by_person[self.of(sample)].reshape(-1, sample.operators).min(axis=1)

    def spells(self, sample: Sample) -> Spells:
        """Of the cases of a sample that count, in their order."""
        from caresim.model import standing

        facts, opened, stretch = sample.standing.case_facts, sample.standing.opened, self.of(sample)
        tallied = self.response[stretch], self.ended[stretch], self.waiting[stretch]
        wait, fate = np.empty(len(facts)), np.empty(len(facts), np.int8)
        count = standing.first_answers(facts, opened, *tallied, sample.end, wait, fate)
        return Spells(wait[:count], fate[:count])
