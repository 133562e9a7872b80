"""A run as one person lives it: every event that concerns them is looked at before and after it happens.

Watching changes nothing: the run is the same, bit for bit, as one that nobody watches.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from caresim.config.experiment import Experiment
from caresim.measure.sample import persons, settled_at
from caresim.model.anger import anger_now
from caresim.model.choice import choose
from caresim.model.codes import NOBODY, Callback, State, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.names import Names
from caresim.tasks.story.happening import IN_HAND, WAITING, Course, Ending, Happening, Span
from caresim.tasks.story.notes import NOTES


def bits(*kinds: Event) -> int:
    """The mask of these kinds of events."""
    return sum(1 << int(kind) for kind in set(kinds))


OF_PASSENGERS = frozenset({Event.AFFECT, Event.SEEK, Event.DEADLINE, Event.KEPT, Event.PROMISED, Event.SETTLE})
OF_CONTACTS = frozenset(
    {Event.ABANDON, Event.REMIND, Event.CUSTOMER_REPLY, Event.SERVE, Event.REPLY, Event.RECEIVE, Event.LEFT}
)
TAKING = frozenset({Event.DISPATCH, Event.START_DUTY, Event.REPLY, Event.CUSTOMER_REPLY})
"""Events of others, many of them, in which somebody may take up what the person is waiting with."""
ENDING = frozenset({Event.STOP, Event.CLOSE, Event.DISMISS, Event.OFFER})
"""Events of others in which it may be let go of, or a seat may come."""
OVER = bits(Event.SETTLE)
"""Enough while nothing is sought."""
TO_COME = bits(Event.AFFECT)
"""Besides, while a matter has not begun."""
SEEKING = bits(*OF_PASSENGERS, Event.ADMIT, Event.READ, Event.OFFER)
"""Enough while nothing of theirs is open."""
UNCARED = bits(Event.RECEIVE)
"""Besides, while something is open that the author has forgotten."""
OPEN = bits(*OF_CONTACTS, *ENDING)
"""Besides, while something is in hand, or it is the person's turn."""
QUEUED = bits(*TAKING)
"""Besides, while they wait for somebody."""
PHASES = {int(State.WAITING): WAITING, int(State.IN_HAND): IN_HAND}
POINTS, COARSE = 12, 5.0
"""Points of the curve of anger between two events: at most so many, so many minutes apart where there are fewer."""


@dataclass(frozen=True)
class Look:
    """The person's records at one moment: rows of passengers, of contacts, and of cases by (matter, operator)."""

    matters: dict[int, Any]
    contacts: dict[int, Any]
    cases: dict[tuple[int, int], Any]
    anger: float
    """The greatest over the matters that have begun."""


class Watcher:
    """Follows the matters of one person (rows of passengers) through a world."""

    def __init__(self, world: World, person: int) -> None:
        self.world = world
        self.matters = np.flatnonzero(persons(world) == np.uint64(person)).tolist()
        self.contacts: list[int] = []
        self.course = Course()
        self.phases: dict[int, tuple[str, float]] = {}
        self.asked: dict[int, float] = {}
        """When the turn of a conversation began, by contact: what a wait is counted from."""
        self.told: dict[int, int] = {}
        """What the last reply told that was new, as bits, by contact."""
        self.desk: dict[int, int] = {}
        """The desk that replied last, by contact."""
        self.wrong: set[tuple[int, float]] = set()
        """Wrong answers of an assistant, by matter and when they show."""
        self.plain: dict[str, tuple[Any, np.ndarray]] = {}
        self.clock = self.columns("clock")
        self.last = np.inf
        self.moment = -np.inf
        self.seen = self.look()
        self.mask = self.wanted()

    @property
    def now(self) -> float:
        return float(self.clock["now"][0])

    def begins(self) -> float:
        return min((float(self.world.passengers["affected"][i]) for i in self.matters), default=np.inf)

    def follow(self, kind: int, subject: int) -> None:
        """Let one event happen, and note what it did to the person."""
        if self.of_mine(kind, subject) or kind in ENDING:
            self.follow_closely(kind, subject)
            return
        if self.now - self.last >= COARSE:
            self.draw_anger()
        states = self.states()
        happen(self.world, kind, subject)
        if self.states() != states:
            after = self.look()
            self.write_down(kind, replace(self.seen, anger=after.anger), after)
        elif self.now > self.moment:
            self.mask, self.moment = self.wanted(), np.inf

    def follow_closely(self, kind: int, subject: int) -> None:
        """The same for an event that may change anything about the person."""
        mine = self.of_mine(kind, subject)
        if mine or self.now - self.last >= COARSE:
            self.draw_anger()
        before = self.look()
        aim = self.aim(subject) if kind == Event.SEEK and mine else NOBODY
        ring = int(self.world.clock["tail"][0])
        happen(self.world, kind, subject)
        if kind == Event.ADMIT:
            self.contacts.append(subject)
            self.asked[subject] = self.now
        after = self.look()
        if mine:
            rings = int(self.world.clock["tail"][0]) > ring
            NOTES[Event(kind)](self, subject, before, after, aim if kind == Event.SEEK else int(rings))
        self.write_down(kind, before, after)

    def write_down(self, kind: int, before: Look, after: Look) -> None:
        """What an event changed, whosever it was."""
        self.note_hands(kind, before, after)
        self.note_phases(after)
        self.note_end(kind, before, after)
        self.seen, self.moment = after, self.now
        self.mask = self.wanted()

    def of_mine(self, kind: int, subject: int) -> bool:
        if kind in OF_PASSENGERS:
            return subject in self.matters
        if kind == Event.READ:
            return subject // len(self.world.notices) in self.matters
        if kind == Event.ADMIT:
            return int(self.columns("contacts")["passenger"][subject]) in self.matters
        return kind in OF_CONTACTS and subject in self.contacts

    def columns(self, table: str) -> np.ndarray:
        """A table as a plain array, or the longer one that has taken its place: records are slow to read one by one."""
        records = getattr(self.world, table)
        if self.plain.get(table, (None, None))[0] is not records:
            self.plain[table] = (records, records.view(np.ndarray))
        return self.plain[table][1]

    def states(self) -> list[int]:
        state = self.columns("contacts")["state"]
        return [state[c] for c in self.phases]

    def wanted(self) -> int:
        """The kinds of events that have to be looked at from here on, as a mask."""
        passengers, contacts = self.columns("passengers"), self.columns("contacts")
        mask = OVER
        for i in self.matters:
            status = passengers["status"][i]
            mask |= SEEKING if status == Status.SEEKING else TO_COME if status == Status.UNAWARE else 0
        for c in self.contacts:
            contact = contacts[c]
            just_now = contact["state"] == State.CLOSED and contact["closed"] >= self.now  # they may hear of it yet
            if contact["state"] != State.CLOSED and not contact["author_waiting"]:
                mask |= UNCARED
            elif contact["state"] != State.CLOSED or just_now:
                mask |= OPEN | (QUEUED if contact["state"] == State.WAITING else 0)
        return mask

    def look(self) -> Look:
        world = self.world
        operators = range(len(world.operators))
        return Look(
            {i: world.passengers[i].copy() for i in self.matters},
            {c: world.contacts[c].copy() for c in self.contacts},
            {(i, o): world.cases[i * len(operators) + o].copy() for i in self.matters for o in operators},
            self.anger(),
        )

    def anger(self) -> float:
        """Of the person now: the greatest over the matters that have begun (one that follows takes it over)."""
        status = self.columns("passengers")["status"]
        begun = [i for i in self.matters if status[i] != Status.UNAWARE]
        return max((float(anger_now(self.world, i)) for i in begun), default=0.0)

    def aim(self, i: int) -> int:
        """The channel that the passenger is about to turn to. The look ahead leaves no trace."""
        passenger = self.world.passengers[i]
        if passenger.status != Status.SEEKING or passenger.open != NOBODY:
            return NOBODY
        kept = passenger.copy()
        channel = int(choose(self.world, i))
        self.world.passengers[i] = kept
        return channel

    def draw_anger(self) -> None:
        """The course of anger since the last event: the clock is put to moments in between, and back."""
        now = self.now
        if now <= self.last:
            return
        points = min(POINTS, 1 + int((now - self.last) / COARSE))
        for time in np.linspace(self.last, now, points + 1)[1:]:
            self.world.clock["now"][0] = time
            self.course.angers.append((float(time), self.anger()))
        self.world.clock["now"][0] = now
        self.last = now

    def has_asked(self, i: int, operator: int) -> bool:
        """Has the operator been asked about this matter before, other than on its website?"""
        return any(
            (told.matter, told.operator) == (i, operator) and "ahead" in told.facts and told.event != "looked_up"
            for told in self.course.happenings
        )

    def note(self, event: str, i: int, before: Look, after: Look, c: int = NOBODY, **facts: Any) -> None:
        """Write down that something happened; the place is that of contact `c`, unless `facts` give another."""
        contact = after.contacts.get(c)
        place = {
            name: int(facts.pop(name, contact[name] if contact is not None else NOBODY))
            for name in ("operator", "channel", "desk")
        }
        self.course.happenings.append(
            Happening(self.now, event, i, before.anger, after.anger, **place, contact=c, facts=facts)
        )
        self.course.angers.append((self.now, after.anger))
        self.last = self.now

    def note_hands(self, kind: int, before: Look, after: Look) -> None:
        """Somebody takes up a contact, or hands it on at the end of their day."""
        for c, now in after.contacts.items():
            was = before.contacts.get(c, now)
            i = int(now.passenger)
            machine = now.staff == NOBODY or now.staff == self.world.channels["assistant"][now.channel]
            if was.state != State.IN_HAND and now.state == State.IN_HAND and not machine:
                self.note_taken(c, before, after)
            elif was.state == State.IN_HAND and now.state == State.WAITING and kind == Event.STOP:
                self.note("handed_on", i, before, after, c)

    def note_taken(self, c: int, before: Look, after: Look) -> None:
        """A caller or visitor notices it; whoever has written does not. From here on the talk is timed."""
        contact = after.contacts[c]
        if contact.synchronous and contact.callback != Callback.NOT_REACHED:
            rung = bool(contact.callback == Callback.RETURNED)
            self.note("taken", int(contact.passenger), before, after, c, wait=self.now - self.asked[c], rung=rung)
            self.asked[c] = self.now

    def note_phases(self, after: Look) -> None:
        """The stretches of waiting and of being worked on, contact by contact."""
        for c, contact in after.contacts.items():
            phase = PHASES.get(int(contact.state)) if contact.author_waiting else None
            was, since = self.phases.get(c, (None, self.now))
            if phase == was:
                continue
            if was is not None:
                self.course.spans.append(Span(c, int(contact.channel), was, since, self.now))
                del self.phases[c]
            if phase is not None:
                self.phases[c] = (phase, self.now)

    def note_end(self, kind: int, before: Look, after: Look) -> None:
        for i in self.matters:
            was, now = before.matters[i], after.matters[i]
            if was.status == Status.SEEKING and now.status == Status.GAVE_UP:
                self.note("gave_up", i, before, after)
            elif kind == Event.OFFER and now.seat != was.seat:
                self.note("seat_came", i, before, after, operator=now.operator, flight=int(now.seat))

    def after_gestures(self, row: int) -> float:
        """Satisfaction of a case once the gestures have come."""
        table = self.world.amends if len(self.world.amends) else self.world.cases
        return float(table["satisfaction"][row])

    def finish(self, now: float) -> Course:
        """Close what is still open at the end of the run."""
        for c, (phase, since) in self.phases.items():
            self.course.spans.append(Span(c, int(self.world.contacts["channel"][c]), phase, since, now))
        for i in self.matters:
            passenger = self.world.passengers[i]
            if passenger.status != Status.UNAWARE:
                self.course.endings.append(
                    Ending(
                        i, int(passenger.need), int(passenger.status), settled_at(self.world, i), int(passenger.seat)
                    )
                )
        return self.course


def watch(
    experiment: Experiment, staffing: str, replication: int, person: int, until: float | None = None
) -> tuple[Course, World, Names]:
    """Run `staffing` under the eyes of one person (key of a human being): what they met, the world, names.

    `until` minutes after the start; None: to the end of the run.
    """
    world, names = build(experiment, staffing, replication)
    watcher = Watcher(world, person)
    last = experiment.ends if until is None else min(until, experiment.ends)
    quiet = watcher.begins() - 1.0
    if quiet > experiment.begins:
        advance(world, min(quiet, last))
    while True:
        kind, subject = advance(world, last, watcher.mask)
        if kind == Event.NOTHING:
            return watcher.finish(last), world, names
        watcher.follow(kind, subject)
