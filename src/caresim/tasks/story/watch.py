"""A run as one person lives it: the watcher looks at their records before and after every event that concerns them.

Watching changes nothing: the run is the same, bit for bit, as one that nobody watches.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from caresim.config.experiment import Experiment
from caresim.measure.sample import persons, settled_at
from caresim.model.anger import anger_now
from caresim.model.choice import choose
from caresim.model.codes import NOBODY, State, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.names import Names
from caresim.scenario.run import rules_of_users
from caresim.tasks.story.happening import IN_HAND, WAITING, Course, Ending, Span
from caresim.tasks.story.notebook import Change, Look, Notebook
from caresim.tasks.story.notes import ENDING, NOTES, TAKING, endings, handovers


def bits(*kinds: Event) -> int:
    """The mask of these kinds of events."""
    return sum(1 << int(kind) for kind in set(kinds))


def told_of(subject: str) -> frozenset[Event]:
    """The kinds of events that are told and are about a row of this table."""
    return frozenset(kind for kind in NOTES if kind.row.subject == subject)


OF_PASSENGERS, OF_READERS = told_of("passengers"), told_of("readers")
OF_CONTACTS = told_of("contacts") - {Event.ADMIT}
"""Events of contacts that have arrived: ADMIT is the arrival."""
OVER = bits(Event.SETTLE)
"""The events to look at while the person seeks nothing."""
TO_COME = bits(Event.AFFECT)
"""Also, while a matter has not begun."""
SEEKING = bits(*OF_PASSENGERS, *OF_READERS, Event.ADMIT, Event.OFFER)
"""The events to look at while the person seeks something."""
ABANDONED = bits(Event.RECEIVE)
"""Also, while a contact is open whose author no longer waits."""
OPEN = bits(*OF_CONTACTS, *ENDING)
"""Also, while a contact is open whose author waits."""
QUEUED = bits(*TAKING)
"""Also, while a contact waits for somebody to take it up."""
PHASES = {int(State.WAITING): WAITING, int(State.IN_HAND): IN_HAND}
POINTS, COARSE = 12, 5.0
"""The curve of anger has a point every COARSE minutes between two events, and at most POINTS of them."""


class Watcher:
    """Follows the matters of one person (rows of passengers) through a world."""

    def __init__(self, world: World, person: int, law: str) -> None:
        self.world = world
        self.book = Notebook(world, law)
        self.matters = np.flatnonzero(persons(world) == np.uint64(person)).tolist()
        self.contacts: list[int] = []
        self.phases: dict[int, tuple[str, float]] = {}
        self.plain: dict[str, tuple[Any, np.ndarray]] = {}
        self.clock = self.columns("clock")
        self.moment = -np.inf
        self.seen = self.look()
        self.mask = self.wanted()

    @property
    def now(self) -> float:
        return self.book.now

    def begins(self) -> float:
        return min((float(self.world.passengers["affected"][i]) for i in self.matters), default=np.inf)

    def follow(self, kind: int, subject: int) -> None:
        """Let one event happen, and note what it did to the person."""
        if self.of_mine(kind, subject) or kind in ENDING:
            self.follow_closely(kind, subject)
            return
        if self.now - self.book.drawn_until >= COARSE:
            self.draw_anger()
        states = self.states()
        happen(self.world, kind, subject)
        if self.states() != states:
            after = self.look()
            self.write_down(Event(kind), Change(replace(self.seen, anger=after.anger), after))
        elif self.now > self.moment:
            self.mask, self.moment = self.wanted(), np.inf

    def follow_closely(self, kind: int, subject: int) -> None:
        """Let an event happen that may change anything about the person, and note what it did."""
        mine = self.of_mine(kind, subject)
        if mine or self.now - self.book.drawn_until >= COARSE:
            self.draw_anger()
        before = self.look()
        aim = self.aim(subject) if kind == Event.SEEK and mine else NOBODY
        ring = int(self.world.clock["tail"][0])
        happen(self.world, kind, subject)
        if kind == Event.ADMIT:
            self.contacts.append(subject)
            self.book.waits_since[subject] = self.now
        change = Change(before, self.look(), aim, prompts=int(self.world.clock["tail"][0]) > ring)
        if mine:
            NOTES[Event(kind)](self.book, subject, change)
        self.write_down(Event(kind), change)

    def write_down(self, kind: Event, change: Change) -> None:
        """Write down what an event changed, whoever it was about."""
        handovers(self.book, kind, change)
        self.note_phases(change.after)
        endings(self.book, kind, change)
        self.seen, self.moment = change.after, self.now
        self.mask = self.wanted()

    def of_mine(self, kind: int, subject: int) -> bool:
        if kind in OF_PASSENGERS:
            return subject in self.matters
        if kind in OF_READERS:
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
                mask |= ABANDONED
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
        """The person's anger now: the greatest of the matters that have begun.

        A matter that follows another one takes over its anger.
        """
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
        """Draw the course of anger since the last event: set the clock to moments in between, and then back."""
        now, since = self.now, self.book.drawn_until
        if now <= since:
            return
        points = min(POINTS, 1 + int((now - since) / COARSE))
        for time in np.linspace(since, now, points + 1)[1:]:
            self.world.clock["now"][0] = time
            self.book.course.angers.append((float(time), self.anger()))
        self.world.clock["now"][0] = now

    def note_phases(self, after: Look) -> None:
        """The stretches of waiting and of being worked on, contact by contact."""
        for c, contact in after.contacts.items():
            phase = PHASES.get(int(contact.state)) if contact.author_waiting else None
            was, since = self.phases.get(c, (None, self.now))
            if phase == was:
                continue
            if was is not None:
                self.book.course.spans.append(Span(c, int(contact.channel), was, since, self.now))
                del self.phases[c]
            if phase is not None:
                self.phases[c] = (phase, self.now)

    def finish(self, now: float) -> Course:
        """Close what is still open at the end of the run."""
        for c, (phase, since) in self.phases.items():
            self.book.course.spans.append(Span(c, int(self.world.contacts["channel"][c]), phase, since, now))
        for i in self.matters:
            passenger = self.world.passengers[i]
            if passenger.status != Status.UNAWARE:
                self.book.course.endings.append(
                    Ending(
                        i, int(passenger.need), int(passenger.status), settled_at(self.world, i), int(passenger.seat)
                    )
                )
        return self.book.course


def watch(
    experiment: Experiment, staffing: str, replication: int, person: int, until: float | None = None
) -> tuple[Course, World, Names]:
    """Run `staffing` under the eyes of one person (key of a human being): what they met, the world, names.

    `until` minutes after the start; None: to the end of the run.
    """
    world, names = build(experiment, staffing, replication)
    watcher = Watcher(world, person, experiment.satisfaction)
    last = experiment.ends if until is None else min(until, experiment.ends)
    quiet = watcher.begins() - 1.0
    with rules_of_users(world, experiment, staffing):
        if quiet > experiment.begins:
            advance(world, min(quiet, last))
        while True:
            kind, subject = advance(world, last, watcher.mask)
            if kind == Event.NOTHING:
                return watcher.finish(last), world, names
            watcher.follow(kind, subject)
