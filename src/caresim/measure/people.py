"""What is counted of passengers and of their cases with operators, over many of them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.measure.between_people import BetweenPeople
from caresim.measure.case_waits import CaseWaits
from caresim.measure.incidence import Waits
from caresim.measure.sample import Sample, once
from caresim.model.codes import LAWS, MARKS, NOBODY, Status
from caresim.model.media import GROUPS, Medium

DAY = 1440.0
"""Minutes."""
PART = 1 << 16
"""Passengers that are looked at in one go, with their cases: 14 MB, where there is one operator."""
GROUP_OF = np.array(
    [*(list(GROUPS).index(medium.row.group) if medium.row.group else -1 for medium in Medium), -1], "i1"
)
"""The place of each medium in `GROUPS`; -1: in none, as the last entry, which stands for no medium."""
NEUTRAL, REACH = 3.0, 2.0
"""Midpoint of the scale of 1-5 and the distance of its ends from it."""


class Scores:
    """Satisfaction of some cases: how many rated, and the sum of the expected marks by each law."""

    def __init__(self) -> None:
        self.number = 0
        self.sums = dict.fromkeys(LAWS, 0.0)

    def add(self, marks: dict[str, np.ndarray], those: np.ndarray) -> None:
        """Cases that were rated: which of those with these marks, by law."""
        self.number += int(np.count_nonzero(those))
        for law, each in marks.items():
            self.sums[law] += float(each[those].sum())


class FirstChoice(NamedTuple):
    """Passengers with a need who would first turn to one group of media, and how soon a person answered them."""

    people: int
    answered_15: int
    answered_60: int
    """Answered by a person within so many minutes of being affected."""
    settled_60: int
    """Settled within the hour without that."""


class Resolved(NamedTuple):
    """Passengers with a need of one kind: all, resolved in time, resolved within 24 hours."""

    people: int
    in_time: int
    within_24h: int


class People:
    """Counts and sums over the passengers with a need and over their cases; each part is seen once."""

    def __init__(self, staff: int) -> None:
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
        self._hour = np.zeros(4, np.int64)
        self._resolved = np.zeros((2, len(Resolved._fields)), np.int64)
        self._first = np.zeros((len(GROUPS), len(FirstChoice._fields)), np.int64)
        """As model/persons.py counts them, by the clock that starts when a person is affected."""
        self.between = BetweenPeople(staff, NEUTRAL)
        """Satisfaction of cases that a person answered, by that person."""
        self.affected = 0
        """Passengers of the disruption."""
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
        self._by_person(part, case_waits)
        self.matters.add(standing.matters)
        self.useful.add(standing.useful)
        self.case_waits.add(case_waits.spells(part))
        groups = {"RATED": self.rated, "NEEDED": self.needed, "SILENT": self.silent, "CONTACTED": self.contacted}
        marks = {law: np.ascontiguousarray(part.cases[law]) for law in LAWS}
        for fact, scores in groups.items():
            scores.add(marks, part.those(fact))
        self._count_stars(part, marks[part.law])
        person = case_waits.person[case_waits.of(part)]
        answered = part.those("NEEDED") & (person != NOBODY)
        self.between.add(person[answered], marks[part.law][answered])

    def _by_person(self, part: Sample, case_waits: CaseWaits) -> None:
        """By the clock that starts when a person is affected, which no staffing model can move."""
        from caresim.model import persons, standing

        helped, news, replied = (np.empty(len(part.passengers)) for _ in range(3))
        standing.since_affected(part.passengers, part.cases, helped, news, replied)
        where = part.standing
        persons.count(
            part.passengers, where.facts, where.status, where.over, helped, news, replied,
            case_waits.by_person[case_waits.of(part)], GROUP_OF[first_choices(part)], part.operators,
            self._hour, self._resolved, self._first,
        )  # fmt: skip
        self.affected += int(np.count_nonzero(part.people("COUNTED")))
        waits = replied[part.people("ORDINARY")]
        answered = waits[np.isfinite(waits)]
        self.ordinary += len(waits)
        self.ordinary_answered += len(answered)
        self.ordinary_wait += float(answered.sum())

    def _count_stars(self, part: Sample, marks: np.ndarray) -> None:
        """Marks as people give them: whole stars, scattered about the expected one."""
        from caresim.model import stars

        for fact, counted in (("NEEDED", self.stars), ("SURVEYED", self.surveyed_stars)):
            stars.count(part.world.behaviour, marks[part.those(fact)], LAWS.index(part.law), counted)

    @property
    def helped_15(self) -> int:
        """Passengers with a need to whom a first useful thing came within 15 minutes of being affected."""
        return int(self._hour[0])

    @property
    def helped_60(self) -> int:
        """The same within the hour."""
        return int(self._hour[1])

    @property
    def acknowledged_60(self) -> int:
        """Passengers with a need who had a reply, and nothing useful, within the hour."""
        return int(self._hour[2])

    @property
    def informed_30(self) -> int:
        """Passengers of the disruption with true news within half an hour of being affected."""
        return int(self._hour[3])

    @property
    def seats(self) -> Resolved:
        """Those whose need depends on a seat."""
        return Resolved(*map(int, self._resolved[0]))

    @property
    def other(self) -> Resolved:
        """All others with a need."""
        return Resolved(*map(int, self._resolved[1]))

    @property
    def first_choice(self) -> dict[str, FirstChoice]:
        """Those who would first turn to each group of media."""
        return {group: FirstChoice(*map(int, row)) for group, row in zip(GROUPS, self._first, strict=True)}

    def with_status(self, status: Status) -> int:
        """Passengers with a need who ended with this status."""
        return int(self.by_status[status])


def first_choices(sample: Sample) -> np.ndarray:
    """The medium that each passenger would turn to first, by preference and luck alone; NOBODY: there is none."""
    from caresim.model import choice  # late: it loads Numba

    media = np.empty(len(sample.passengers), np.int8)
    world = sample.world
    choice.first_choices(sample.passengers, world.cohorts, world.channels, world.clock[0].luck, media)
    return media


@once
def people_of(sample: Sample) -> People:
    """What is counted of all passengers of a run and their cases, part by part."""
    people = sample.begun(People) or People(len(sample.staff))
    case_waits = sample.tally(CaseWaits)
    for first in range(0, len(sample.passengers), PART):
        people.add(sample.stretch_of_people(first, first + PART), case_waits)
    return people
