"""What is counted of passengers and of their cases with operators, over many of them."""

from __future__ import annotations

import numpy as np

from caresim.measure.incidence import Spells, Waits
from caresim.measure.sample import Sample, once
from caresim.model.codes import LAWS, MARKS, Status

PART = 1 << 16
"""Passengers that are looked at in one go, with their cases: 14 MB, where there is one operator."""
QUARTER, HOUR, DAY = 15.0, 60.0, 1440.0
"""Minutes."""


class CaseWaits:
    """When each case was answered or ended, from its requests; one entry a case of the passengers yet to be counted."""

    def __init__(self, sample: Sample) -> None:
        self.first_passenger = sample.first_passenger
        """Number of the passenger whose cases are the first."""
        self.response, self.ended = np.empty(0), np.empty(0)
        self.waiting = np.empty(0, dtype=bool)
        self._make_room(sample)

    def _make_room(self, sample: Sample) -> None:
        """For the cases of everybody who has been reached."""
        people = sample.first_passenger + len(sample.passengers) - self.first_passenger
        more = people * sample.operators - len(self.response)
        if more > 0:
            self.response = np.concatenate((self.response, np.full(more, np.inf)))
            self.ended = np.concatenate((self.ended, np.full(more, -np.inf)))
            self.waiting = np.concatenate((self.waiting, np.zeros(more, dtype=bool)))

    def add(self, part: Sample) -> None:
        from caresim.model import tally

        self._make_room(part)
        cases = part.operators, self.first_passenger, self.response, self.ended, self.waiting
        tally.follow_cases(part.contacts, *part.judged, *cases)

    def forget(self, passengers: int, operators: int) -> None:
        """The first passengers have been counted, and nothing comes to their cases any more."""
        self.first_passenger += passengers
        for name in ("response", "ended", "waiting"):
            setattr(self, name, getattr(self, name)[passengers * operators :].copy())

    def spells(self, sample: Sample) -> Spells:
        """Of the cases of a sample that count, in their order."""
        from caresim.model import standing

        facts, opened = sample.standing.case_facts, sample.standing.opened
        first = (sample.first_passenger - self.first_passenger) * sample.operators
        stretch = slice(first, first + len(facts))
        tallied = self.response[stretch], self.ended[stretch], self.waiting[stretch]
        wait, fate = np.empty(len(facts)), np.empty(len(facts), np.int8)
        count = standing.first_answers(facts, opened, *tallied, sample.end, wait, fate)
        return Spells(wait[:count], fate[:count])


class Scores:
    """Satisfaction of some cases: how many rated, and the sum of the expected marks by each law."""

    def __init__(self) -> None:
        self.number = 0
        self.sums = dict.fromkeys(LAWS, 0.0)

    def add(self, cases: np.ndarray) -> None:
        """Cases that were rated."""
        self.number += len(cases)
        for law in LAWS:
            self.sums[law] += float(cases[law].sum())


class People:
    """Counts and sums over the passengers with a need and over their cases; each part is seen once."""

    def __init__(self) -> None:
        self.needy = self.contacts = self.in_touch = self.resolved_at_once = 0
        """Passengers with a need, their contacts, those with a contact, and those resolved after exactly one."""
        self.by_status = np.zeros(len(Status), dtype=np.int64)
        """Passengers with a need, by the status they ended with."""
        self.matters, self.useful, self.case_waits = Waits(), Waits(), Waits()
        """What `Standing` says of the first two.

        Of the last, one wait a case opened within the window: from when a person was first turned to until the first
        answer. The clock starts at a closed door too, and a redial or a second channel joins the case. A case without
        an answer is waiting while one of its requests is, or while its passenger has met nothing but closed doors; it
        has otherwise given up when the last of its requests ended.
        """
        self.helped_15 = self.helped_60 = self.acknowledged_60 = self.resolved_24h = 0
        """Passengers with a need: with a first useful thing within so many minutes of being affected; with a reply and
        nothing useful within the hour; resolved within 24 hours.
        """
        self.affected = self.informed_30 = 0
        """Passengers of the disruption, and those with true news within half an hour of being affected."""
        self.ordinary = self.ordinary_answered = 0
        self.ordinary_wait = 0.0
        """Passengers of ordinary traffic, those who were answered, and how long these waited in all (minutes)."""
        self.rated, self.needed, self.silent, self.contacted = Scores(), Scores(), Scores(), Scores()
        """Of all who rated, of those with a need and those without, and of those with a need who made contact."""
        self.stars, self.surveyed_stars = np.zeros(MARKS), np.zeros(MARKS)
        """How many of those with a need, and of those among them who had a reply, are expected to give 1 to 5 stars."""

    def add(self, part: Sample, case_waits: CaseWaits) -> None:
        """A part of the passengers, whose contacts `case_waits` has seen."""
        standing, needy = part.standing, part.people("NEEDY")
        contacts, status = standing.contacts[needy], standing.status[needy]
        self.needy += len(status)
        self.by_status += np.bincount(status, minlength=len(Status))
        self.contacts += int(contacts.sum(dtype=np.int64))
        self.in_touch += int(np.count_nonzero(contacts))
        self.resolved_at_once += int(np.count_nonzero((status == Status.RESOLVED) & (contacts == 1)))
        self._by_person(part, needy)
        self.matters.add(standing.matters)
        self.useful.add(standing.useful)
        self.case_waits.add(case_waits.spells(part))
        groups = {"RATED": self.rated, "NEEDED": self.needed, "SILENT": self.silent, "CONTACTED": self.contacted}
        for fact, scores in groups.items():
            scores.add(part.cases[part.those(fact)])
        self._count_stars(part)

    def _by_person(self, part: Sample, needy: np.ndarray) -> None:
        """By the clock that starts when a person is affected, which no staffing model can move."""
        from caresim.model import standing

        helped, news, replied = (np.empty(len(part.passengers)) for _ in range(3))
        standing.since_affected(part.passengers, part.cases, helped, news, replied)
        soon = helped[needy] <= HOUR
        self.helped_15 += int(np.count_nonzero(helped[needy] <= QUARTER))
        self.helped_60 += int(np.count_nonzero(soon))
        self.acknowledged_60 += int(np.count_nonzero(~soon & (replied[needy] <= HOUR)))
        taken = part.standing.over[needy] - part.passengers["affected"][needy]
        resolved = part.standing.status[needy] == Status.RESOLVED
        self.resolved_24h += int(np.count_nonzero(resolved & (taken <= DAY)))
        counted, ordinary = part.people("COUNTED"), part.people("ORDINARY")
        self.affected += int(np.count_nonzero(counted))
        self.informed_30 += int(np.count_nonzero(news[counted] <= HOUR / 2))
        waits = replied[ordinary]
        self.ordinary += len(waits)
        self.ordinary_answered += int(np.count_nonzero(np.isfinite(waits)))
        self.ordinary_wait += float(waits[np.isfinite(waits)].sum())

    def _count_stars(self, part: Sample) -> None:
        """Marks as people give them: whole stars, scattered about the expected one."""
        from caresim.model import stars

        for fact, counted in (("NEEDED", self.stars), ("SURVEYED", self.surveyed_stars)):
            marks = np.ascontiguousarray(part.marks[part.those(fact)])
            stars.count(part.world.behaviour, marks, LAWS.index(part.law), counted)

    def with_status(self, status: Status) -> int:
        """Passengers with a need who ended with this status."""
        return int(self.by_status[status])


@once
def people_of(sample: Sample) -> People:
    """What is counted of all passengers of a run and their cases, part by part."""
    people = sample.begun(People) or People()
    case_waits = sample.tally(CaseWaits)
    for first in range(0, len(sample.passengers), PART):
        people.add(sample.stretch_of_people(first, first + PART), case_waits)
    return people
