"""The rows of one run that its results are taken from: requests, cases and passengers of the disruption, within the
window.

Ordinary traffic is kept out, bystanders' posts are no requests, web self-service has no staff and no response latency.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from caresim.config.pace import paced
from caresim.measure.incidence import Floats, Spells
from caresim.model.codes import Kind, Status
from caresim.model.media import Medium

if TYPE_CHECKING:
    from caresim.scenario.run import Run

Mask = NDArray[np.bool_]
T = TypeVar("T")
PART = 1 << 17
"""Contacts that a tally looks at in one go: 17 MB."""
OF_CONTACTS = (
    *("judged", "of_disruption", "self_service", "landed", "in_window", "requests"),
    *("by_assistant", "replied", "answered", "given_up"),
)
"""What a sample remembers contact by contact."""


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


def settled_at(world: Any, i: int) -> float:
    """When the matter of a passenger was settled, by whichever operator; NaN: it was not, or too late."""
    if world.passengers["status"][i] != Status.RESOLVED:
        return float("nan")  # a promise may be kept when all is lost
    operators = len(world.operators)
    return float(np.fmin.reduce(world.cases["resolved"][i * operators : (i + 1) * operators]))


class Standing(NamedTuple):
    """Where passengers and cases stand: what `model.standing.judge` makes of them, one entry each."""

    facts: NDArray[np.int8]
    status: NDArray[np.int8]
    contacts: NDArray[np.int16]
    over: Floats
    """When the matter was resolved, missed or given up; NaN while it is open."""
    case_facts: NDArray[np.int16]
    opened: Floats
    """When the passenger first turned to a person; NaN: never."""
    matters: Spells
    """Waits of the needy until their matter was resolved, against missing it or giving up."""
    useful: Spells
    """Waits of cases until the first useful reply, against the end of the matter without one."""


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
        forgets = getattr(world, "reuses_passengers", False)
        people, cases = (world.past_passengers, world.past_cases) if forgets else (world.passengers, world.cases)
        self.first_passenger = int(clock.first_past_passenger)
        """Number of the first passenger."""
        there = int(clock.next_affected) - self.first_passenger if forgets else len(people)
        self.passengers = np.asarray(people)[:there]
        self.cases = np.asarray(cases)[: there * len(world.operators)]
        self.staff = np.asarray(world.staff)
        self.channels = np.asarray(world.channels)
        self._begun: dict[type[Any], Any] = getattr(run, "tallies", {})
        """Tallies that have seen the contacts before `first`, and the passengers before `first_passenger`."""
        self._columns: dict[str, NDArray[Any]] = {}
        self._tallies: dict[type[Any], Any] = {}
        self.kept: dict[Callable[[Sample], Any], Any] = {}
        """What functions with `@once` made of it."""

    def column(self, name: str) -> NDArray[Any]:
        """A column of the contacts, contiguous (fields of wide records are slow to walk twice)."""
        self._refuse_a_rest()
        if name not in self._columns:
            self._columns[name] = np.ascontiguousarray(self.contacts[name])
        return self._columns[name]

    def _refuse_a_rest(self) -> None:
        """TypeError where the first contacts are gone, so that the others are not taken for all."""
        if self._begun:
            raise TypeError(f"the first {self.first} contacts are gone: only a tally has seen them all")

    # --- who counts ---

    @cached_property
    def ordinary(self) -> Mask:
        """One entry a passenger: belongs to ordinary traffic."""
        return self.passengers["ordinary"].astype(bool)

    @cached_property
    def standing(self) -> Standing:
        """Where the passengers and their cases stand."""
        from caresim.model import standing  # late: it loads Numba

        if self._begun and self.first_passenger:
            raise TypeError(f"the first {self.first_passenger} passengers are gone: only `People` has counted them all")
        people, cases = len(self.passengers), len(self.cases)
        bytes_of = [np.empty(count, np.int8) for count in (people, people, people, cases)]
        minutes_of = [np.empty(count) for count in (people, people, cases, cases)]
        contacts, case_facts = np.empty(people, np.int16), np.empty(cases, np.int16)
        facts, status, matter_fates, useful_fates = bytes_of
        over, matter_waits, opened, useful_waits = minutes_of
        matters, useful = standing.judge(
            self.passengers, self.cases, np.asarray(self.world.cohorts)["first_operator"].astype(np.int64),
            self.window, self.end, facts, status, contacts, over, case_facts, opened,
            matter_waits, matter_fates, useful_waits, useful_fates,
        )  # fmt: skip
        return Standing(
            *(facts, status, contacts, over, case_facts, opened),
            matters=Spells(matter_waits[:matters], matter_fates[:matters]),
            useful=Spells(useful_waits[:useful], useful_fates[:useful]),
        )

    def people(self, name: str) -> Mask:
        """Passengers of whom a fact is true: the name of a bit of model/standing.py."""
        from caresim.model import standing

        return (self.standing.facts & getattr(standing, name)) != 0

    def those(self, name: str) -> Mask:
        """Cases of which a fact is true: the name of a bit of model/standing.py."""
        from caresim.model import standing

        return (self.standing.case_facts & getattr(standing, name)) != 0

    @cached_property
    def counted(self) -> Mask:
        """One entry a passenger: of the disruption, and affected within the window."""
        return self.people("COUNTED")

    @cached_property
    def judged(self) -> tuple[NDArray[np.int32], NDArray[np.int8], Floats]:
        """The facts about each contact (bits of model/tally.py), its fate and its wait."""
        from caresim.model import tally  # late: it loads Numba

        self._refuse_a_rest()
        count = len(self.contacts)
        facts, fate, wait = np.empty(count, np.int32), np.empty(count, np.int8), np.empty(count)
        people = self.ordinary, self.first_passenger
        tally.judge(self.contacts, *people, self.is_assistant, self.window, self.end, facts, fate, wait)
        return facts, fate, wait

    def having(self, name: str) -> Mask:
        """Contacts of which a fact is true: the name of one or several bits of model/tally.py."""
        from caresim.model import tally

        return (self.judged[0] & getattr(tally, name)) != 0

    @cached_property
    def of_disruption(self) -> Mask:
        """Contacts of passengers of the disruption, at any time."""
        return self.having("OF_DISRUPTION")

    @cached_property
    def self_service(self) -> Mask:
        """Contacts on a medium where nobody of the staff answers."""
        return self.having("SELF_SERVICE")

    @cached_property
    def landed(self) -> Mask:
        """Contacts that reached a channel (unlike a bystander's post never written, or with no account to go to)."""
        return self.having("LANDED")

    @cached_property
    def in_window(self) -> Mask:
        return self.having("IN_WINDOW")

    @cached_property
    def requests(self) -> Mask:
        """Contacts to be answered by staff: of the disruption, within the window, on any medium but self-service."""
        return self.having("REQUEST")

    def medium(self, *media: Medium) -> Mask:
        """Requests on these media."""
        from caresim.model import tally

        return self.requests & ((self.judged[0] & tally.on(media)) != 0)

    # --- what became of them ---

    @cached_property
    def is_assistant(self) -> Mask:
        """One entry a row of staff: an automated assistant."""
        return self.staff["kind"] == Kind.ASSISTANT

    @cached_property
    def by_assistant(self) -> Mask:
        """Contacts last held by an automated assistant."""
        return self.having("BY_ASSISTANT")

    @cached_property
    def replied(self) -> Mask:
        """Contacts with any reply: the desk's own system counts these."""
        return self.having("REPLIED")

    @cached_property
    def answered(self) -> Mask:
        """Contacts answered for the customer: a reply in time, and from an assistant only if it informed or acted."""
        return self.having("ANSWERED")

    @property
    def fate(self) -> NDArray[np.int8]:
        """A `Fate` for each contact."""
        return self.judged[1]

    @property
    def wait(self) -> Floats:
        """Minutes from arrival to the contact's fate, or to the end of the run."""
        return self.judged[2]

    @cached_property
    def given_up(self) -> Floats:
        """When the customer gave up: at the contact's end, or when the author of a text stopped waiting; else NaN."""
        closed = self.column("closed")
        return np.fmin(closed, self.column("abandoned_silently_at"))

    def spells(self, mask: Mask) -> Spells:
        """The waits of some contacts."""
        return Spells(self.wait[mask], self.fate[mask])

    # --- part by part ---

    def parts(self) -> Iterator[Sample]:
        """The same run with a stretch of its contacts each; the whole, where they are not many."""
        if len(self.contacts) <= PART:
            yield self.stretch(0, PART) if self._begun else self
            return
        _ = self.ordinary, self.is_assistant  # once for all parts
        spilled = getattr(self.world, "spilled", {}).get(self._contacts_table)
        for first in paced("going through the contacts", len(self.contacts), PART):
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
        """The same run as if without contacts and passengers: for tables without rows."""
        return self.stretch(0, 0).stretch_of_people(0, 0)

    def stretch_of_people(self, first: int, last: int) -> Sample:
        """The same run with the passengers from `first` to `last` - 1 of these alone, and their cases."""
        part = copy(self)
        for name, value in vars(Sample).items():
            if isinstance(value, cached_property):
                part.__dict__.pop(name, None)
        part.passengers = self.passengers[first:last]
        part.cases = self.cases[first * self.operators : last * self.operators]
        part.first_passenger, part.kept, part._begun = self.first_passenger + first, {}, {}
        return part

    def flags(self, before: Mask, each: int = 1) -> Mask:
        """What a tally remembers of contacts by their number, `each` times: with room for those of this part.

        And for half as many again, so that many parts do not copy all that there was each time.
        """
        more = (self.first + len(self.contacts)) * each - len(before)
        return np.concatenate((before, np.zeros(more + len(before) // 2, dtype=bool))) if more > 0 else before

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

    def begun(self, kind: type[T]) -> T | None:
        """What has counted the passengers before `first_passenger`; None: they are all here."""
        return cast(T | None, self._begun.get(kind))

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
        return np.where(self.standing.status == Status.RESOLVED, self.standing.over, np.nan)

    @property
    def law(self) -> str:
        """The law of satisfaction that the experiment names: the field of a case with its mark."""
        return self.run.experiment.satisfaction

    @property
    def marks(self) -> Floats:
        """One entry a case: the expected mark, 1 to 5, by that law; NaN: nobody rates."""
        return self.cases[self.law]

    @property
    def after_gestures(self) -> Floats:
        """One entry a case: the same once letters, vouchers and the like have come."""
        amends = np.asarray(self.world.amends)
        return amends[self.law] if len(amends) else self.marks

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
        return self.those("REAL")

    @cached_property
    def case_counted(self) -> Mask:
        """One entry a case: real, and of a counted passenger."""
        return self.those("COUNTS")
