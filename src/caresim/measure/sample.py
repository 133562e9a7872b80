"""The rows of one run that its results are taken from: requests, cases and passengers of the disruption, within the
window.

Ordinary traffic is kept out, bystanders' posts are no requests, web self-service has no staff and no response latency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from caresim.measure.incidence import Fate, Floats, Spells, Waits
from caresim.model.codes import USEFUL, Kind, Outcome, Status
from caresim.model.media import SELF_SERVICE, Medium

if TYPE_CHECKING:
    from caresim.scenario.run import Run

Mask = NDArray[np.bool_]
T = TypeVar("T")
PART = 1 << 20
"""Contacts that a tally looks at in one go."""
OF_CONTACTS = (
    *(
        "of_disruption",
        "self_service",
        "landed",
        "in_window",
        "requests",
        "by_assistant",
        "useful",
        "replied",
        "answered",
    ),
    *("fate", "given_up", "wait"),
)
"""What a sample remembers contact by contact."""

UNANSWERED_ENDS = (Outcome.ABANDONED, Outcome.BLOCKED, Outcome.DROPPED, Outcome.NEVER_ANSWERED, Outcome.TOO_LATE)


def is_in(codes: NDArray[Any], wanted: tuple[int, ...]) -> Mask:
    """Which of the `codes` are among `wanted`, of which there is one at least (np.isin is slower)."""
    among = codes == wanted[0]
    for code in wanted[1:]:
        among |= codes == code
    return among


def once(compute: Callable[[Sample], T]) -> Callable[[Sample], T]:
    """Let the sample keep what a function makes of it, for all metrics that share it."""

    @wraps(compute)
    def kept(sample: Sample) -> T:
        if compute not in sample.kept:
            sample.kept[compute] = compute(sample)
        return cast(T, sample.kept[compute])

    return kept


def persons(world: Any) -> NDArray[np.uint64]:
    """Who each passenger is: the key of the first matter of this human being, shape (passengers,)."""
    passengers = np.asarray(world.passengers)
    person = passengers["key"].copy()
    later = np.flatnonzero(passengers["leader"] >= 0)
    person[later] = person[passengers["leader"][later]]
    return person


def settled(passengers: NDArray[Any], cases: NDArray[Any], operators: int) -> Floats:
    """When the matter of each passenger was settled, by whichever operator; NaN: it was not, or too late.

    `cases`: those of these passengers, one after the other, one an operator.
    """
    times = cases["resolved"].reshape(-1, operators)
    earliest = times[:, 0].copy()
    for operator in range(1, operators):
        np.fmin(earliest, times[:, operator], out=earliest)
    earliest[passengers["status"] != Status.RESOLVED] = np.nan  # a promise may be kept when all is lost
    return earliest


def settled_at(world: Any, i: int) -> float:
    """`settled` of one passenger."""
    operators = len(world.operators)
    (when,) = settled(world.passengers[i:][:1], world.cases[i * operators :][:operators], operators)
    return float(when)


class Sample:
    """A run's rows with the masks that every metric shares; arrays have one entry a contact unless said otherwise."""

    def __init__(self, run: Run) -> None:
        world: Any = run.world  # its tables are record arrays
        experiment = run.experiment
        self.run = run
        self.world = world
        self.window = float(experiment.window.value)
        self.bin = float(experiment.bin.value)
        clock = world.clock[0]
        self.begin, self.end = float(clock.origin), float(clock.end)
        self._contacts_table = "past_contacts" if getattr(world, "reuses_rows", False) else "contacts"
        self.first = int(clock.first_past)
        """Number of the first contact."""
        self.contacts = np.asarray(getattr(world, self._contacts_table))[: int(clock.contacts) - self.first]
        self.ticks = np.asarray(world.ticks)[: int(clock.ticks)]
        self.passengers = np.asarray(world.passengers)
        self.cases = np.asarray(world.cases)
        self.staff = np.asarray(world.staff)
        self.channels = np.asarray(world.channels)
        self._begun: dict[type[Any], Any] = getattr(run, "tallies", {})
        """Tallies that have seen the contacts before `first`."""
        self._columns: dict[str, NDArray[Any]] = {}
        self._tallies: dict[type[Any], Any] = {}
        self.kept: dict[Callable[[Sample], Any], Any] = {}
        """What functions with `@once` made of it."""

    def column(self, name: str) -> NDArray[Any]:
        """A column of the contacts, contiguous (fields of wide records are slow to walk twice)."""
        if self._begun:
            raise TypeError(f"{name}: the first {self.first} contacts are gone; what looks at contacts is a tally")
        if name not in self._columns:
            self._columns[name] = np.ascontiguousarray(self.contacts[name])
        return self._columns[name]

    # --- who counts ---

    @cached_property
    def ordinary(self) -> Mask:
        """One entry a passenger: belongs to ordinary traffic."""
        return self.passengers["ordinary"].astype(bool)

    @cached_property
    def counted(self) -> Mask:
        """One entry a passenger: of the disruption, and affected within the window."""
        affected = self.passengers["affected"]
        reached = self.passengers["status"] != Status.UNAWARE
        return ~self.ordinary & (affected >= 0) & (affected < self.window) & reached

    @cached_property
    def of_disruption(self) -> Mask:
        """Contacts of passengers of the disruption, at any time."""
        passenger = self.column("passenger")
        if not len(self.passengers):
            return np.zeros(len(passenger), dtype=bool)
        return (passenger >= 0) & ~self.ordinary[passenger]

    @cached_property
    def self_service(self) -> Mask:
        """Contacts on a medium where nobody of the staff answers."""
        return is_in(self.column("medium"), SELF_SERVICE)

    @cached_property
    def landed(self) -> Mask:
        """Contacts that reached a channel (unlike a bystander's post never written, or with no account to go to)."""
        return (self.column("passenger") >= 0) | (self.column("posts") > 0)

    @cached_property
    def in_window(self) -> Mask:
        arrival = self.column("arrival")
        return (arrival >= 0) & (arrival < self.window)

    @cached_property
    def requests(self) -> Mask:
        """Contacts to be answered by staff: of the disruption, within the window, on any medium but self-service."""
        return self.of_disruption & self.in_window & ~self.self_service

    def medium(self, *media: Medium) -> Mask:
        """Requests on these media."""
        return self.requests & is_in(self.column("medium"), media)

    # --- what became of them ---

    @cached_property
    def by_assistant(self) -> Mask:
        """Contacts last held by an automated assistant."""
        staff = self.column("staff")
        if not len(self.staff):
            return np.zeros(len(staff), dtype=bool)
        return (staff >= 0) & (self.staff["kind"] == Kind.ASSISTANT)[staff]

    @cached_property
    def useful(self) -> Mask:
        """Contacts whose last reply informed or acted."""
        return is_in(self.column("result"), USEFUL)

    @cached_property
    def replied(self) -> Mask:
        """Contacts with any reply: the desk's own system counts these."""
        return np.isfinite(self.column("reply"))

    @cached_property
    def answered(self) -> Mask:
        """Contacts answered for the customer: a reply in time, and from an assistant only if it informed or acted."""
        in_time = self.column("outcome") != Outcome.TOO_LATE
        return self.replied & in_time & (~self.by_assistant | self.useful)

    @cached_property
    def fate(self) -> NDArray[np.int8]:
        """A `Fate` for each contact."""
        fate = np.full(len(self.contacts), Fate.WAITING, dtype=np.int8)
        ended = is_in(self.column("outcome"), UNANSWERED_ENDS)
        fate[ended | (self.by_assistant & ~self.useful & self.replied)] = Fate.GAVE_UP
        fate[self.answered] = Fate.ANSWERED
        return fate

    @cached_property
    def given_up(self) -> Floats:
        """When the customer gave up: at the contact's end, or when the author of a text stopped waiting; else NaN."""
        closed = self.column("closed")
        return np.fmin(closed, self.column("abandoned_silently_at"))

    @cached_property
    def wait(self) -> Floats:
        """Minutes from arrival to the contact's fate, or to the end of the run."""
        finish = np.where(self.fate == Fate.ANSWERED, self.column("reply"), self.given_up)
        finish[(self.fate == Fate.WAITING) | np.isnan(finish)] = self.end
        return np.maximum(finish - self.column("arrival"), 0.0)

    def spells(self, mask: Mask) -> Spells:
        """The waits of some contacts."""
        return Spells(self.wait[mask], self.fate[mask])

    @cached_property
    def case_waits(self) -> Waits:
        """One wait a case opened within the window: from when a person was first turned to until the first answer.

        The clock starts at a closed door too, and a redial or a second channel joins the case. A case without an
        answer is waiting while one of its requests is, or while its passenger has met nothing but closed doors; it has
        otherwise given up when the last of its requests ended.
        """
        return self.tally(CaseWaits).waits(self)

    # --- part by part ---

    def parts(self) -> Iterator[Sample]:
        """The same run with a stretch of its contacts each; the whole, where they are not many."""
        if len(self.contacts) <= PART:
            yield self.stretch(0, PART) if self._begun else self
            return
        _ = self.ordinary  # once for all parts
        spilled = getattr(self.world, "spilled", {}).get(self._contacts_table)
        for first in range(0, len(self.contacts), PART):
            yield self.stretch(first, first + PART)
            if spilled is not None:
                spilled.evict(first, first + PART)

    def stretch(self, first: int, last: int) -> Sample:
        """The same run with the contacts from `first` to `last` - 1 of these alone."""
        part = copy(self)
        for name in OF_CONTACTS:
            part.__dict__.pop(name, None)
        part.contacts, part._columns, part.kept = self.contacts[first:last], {}, {}
        part.first, part._begun = self.first + first, {}
        return part

    def emptied(self) -> Sample:
        """The same run as if without contacts: for tables without rows, which have the columns of whole records."""
        part = self.stretch(0, 0)
        part.contacts = np.asarray(self.world.contacts)[:0]
        return part

    def take(self, *kinds: type[Any]) -> None:
        """Let tallies of these kinds see every part, all in one go."""
        wanted = [kind for kind in kinds if kind not in self._tallies]
        if self._begun and not set(wanted) <= set(self._begun):
            raise TypeError(f"the first {self.first} contacts are gone: not all of {wanted} have counted them")
        new = {kind: self._begun[kind] if self._begun else kind(self) for kind in wanted}
        for part in self.parts() if new else ():
            for tally in new.values():
                tally.add(part)
        self._tallies |= new

    def tally(self, kind: type[T]) -> T:
        """What a kind of tally has counted and summed up over all contacts."""
        self.take(kind)
        return self._tallies[kind]

    # --- cases of passengers with operators ---

    @cached_property
    def person(self) -> NDArray[np.uint64]:
        """One entry a passenger: the key of the human being, who may have several matters."""
        return persons(self.world)

    @cached_property
    def resolved(self) -> Floats:
        """One entry a passenger: when the matter was settled, by whichever operator; NaN: it was not, or too late."""
        return settled(self.passengers, self.cases, self.operators)

    @property
    def after_gestures(self) -> Floats:
        """One entry a case: satisfaction once letters, vouchers and the like have come."""
        amends = np.asarray(self.world.amends)["satisfaction"]
        return amends if len(amends) else self.cases["satisfaction"]

    def first_contact(self, rows: NDArray[np.int64]) -> Floats:
        """When the passenger of each of these cases first made contact; NaN: never."""
        contact = self.cases["first_contact"][rows]
        first = np.full(len(rows), np.nan)
        there = contact >= 0
        first[there] = np.asarray(self.world.contacts)["arrival"][contact[there]]
        return first

    @property
    def operators(self) -> int:
        return len(np.asarray(self.world.operators))

    @cached_property
    def case_passenger(self) -> NDArray[np.int32]:
        """One entry a case: its passenger's row."""
        return np.arange(len(self.passengers), dtype=np.int32).repeat(self.operators)

    @cached_property
    def case_real(self) -> Mask:
        """One entry a case: with the first operator of the journey, or one the passenger turned to."""
        first = np.asarray(self.world.cohorts)["first_operator"][self.passengers["cohort"]]
        mine = first[:, None] == np.arange(self.operators)
        return mine.ravel() | (self.cases["contacts"] > 0)

    @cached_property
    def case_counted(self) -> Mask:
        """One entry a case: real, and of a counted passenger."""
        return self.counted[self.case_passenger] & self.case_real


class CaseWaits:
    """When each case was answered or ended, from its requests; one entry a case."""

    def __init__(self, sample: Sample) -> None:
        count = len(sample.cases)
        self.response, self.ended = np.full(count, np.inf), np.full(count, -np.inf)
        self.waiting = np.zeros(count, dtype=bool)

    def add(self, part: Sample) -> None:
        mine = np.flatnonzero(part.of_disruption & ~part.self_service)
        case = part.column("passenger")[mine].astype(np.int64) * part.operators + part.column("operator")[mine]
        end, fate = part.column("arrival")[mine] + part.wait[mine], part.fate[mine]
        answered = fate == Fate.ANSWERED
        np.minimum.at(self.response, case[answered], end[answered])
        np.maximum.at(self.ended, case, end)
        self.waiting[case[fate == Fate.WAITING]] = True

    def waits(self, sample: Sample) -> Waits:
        """Of the cases that count."""
        waits = Waits()
        for first in range(0, len(sample.cases), PART):
            waits.add(self.spells(sample, slice(first, first + PART)))
        return waits

    def spells(self, sample: Sample, stretch: slice = slice(None)) -> Spells:
        """Of the cases that count in a stretch of the cases (by default all), in their order."""
        passenger, opened = sample.case_passenger[stretch], sample.cases["first_request"][stretch]
        mine = sample.counted[passenger] & (opened >= 0) & (opened < sample.window)
        seeking = sample.passengers["status"][passenger[mine]] == Status.SEEKING
        response, ended = self.response[stretch][mine], self.ended[stretch][mine]
        waiting = self.waiting[stretch][mine] | (np.isneginf(ended) & seeking)
        begun, met = opened[mine], np.isfinite(response)
        fate = np.where(met, Fate.ANSWERED, np.where(waiting, Fate.WAITING, Fate.GAVE_UP)).astype(np.int8)
        never = np.where(waiting, sample.end, np.maximum(ended, begun))
        return Spells(np.where(met, response, never) - begun, fate)


class Previous:
    """Remembers, from one part to the next, what was true of the last item with each number."""

    def __init__(self, numbers: int) -> None:
        """`numbers`: how many there are; more may turn up."""
        self._last = np.zeros(numbers, dtype=bool)

    def next(self, number: NDArray[np.int64], true: Mask) -> Mask:
        """Whether it was true of the item before, for each item in order; False for the first."""
        if not len(number):
            return np.zeros(0, dtype=bool)
        if (more := int(number.max()) + 1 - len(self._last)) > 0:
            self._last = np.concatenate((self._last, np.zeros(more, dtype=bool)))
        order = np.argsort(number, kind="stable")
        ranked, value = number[order], true[order]
        begins = np.concatenate(([True], ranked[1:] != ranked[:-1]))
        before = np.concatenate(([False], value[:-1]))
        before[begins] = self._last[ranked[begins]]
        ends = np.concatenate((begins[1:], [True]))
        self._last[ranked[ends]] = value[ends]
        in_their_order = np.empty(len(number), dtype=bool)
        in_their_order[order] = before
        return in_their_order
