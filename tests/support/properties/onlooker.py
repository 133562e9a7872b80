"""Every event of a run is shown to an onlooker before and after it happens, who keeps books of their own.

The books follow from the kinds of events and from fixed traits (medium, lines, desk served, languages). Of the world's
changing columns the onlooker reads who holds which contact, a reply's result, and the outcome of a draw (did the
assistant pass it on?); never the counters, outcomes and times that the books are then compared with.
"""

from __future__ import annotations

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.codes import NOBODY, Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.model.media import Medium
from caresim.scenario.build import build
from caresim.scenario.run import Run, cost_of
from tests.support.properties.contact_book import ContactBook
from tests.support.properties.diary import Diary, Duty, Grant, Happening, Level, Touch
from tests.support.properties.duty_book import DutyBook

EVERYTHING = (1 << len(Event)) - 1 & ~(1 << Event.GROW)


def watch(experiment: Experiment, staffing: str, replication: int = 0) -> Diary:
    """`run`, event by event under the eyes of an onlooker: their diary."""
    world, names = build(experiment, staffing, replication)
    onlooker = Onlooker(world)
    head, tail = onlooker.clock["head"], onlooker.clock["tail"]
    while True:
        at_once = bool(head[0] < tail[0])
        kind, subject = advance(world, experiment.ends, EVERYTHING)
        if kind == Event.NOTHING:
            break
        onlooker.before(kind, subject, at_once)
        happen(world, kind, subject)
        onlooker.after(kind, subject)
    run = Run(experiment, staffing, replication, world, names, cost_of(world), int(world.clock[0].events))
    return onlooker.finish(run)


def columns(table):
    """The columns of a table of records, as plain arrays on the same memory."""
    plain = table.view(np.ndarray)
    return {name: plain[name] for name in plain.dtype.names}


class Onlooker(ContactBook, DutyBook):
    """All the books, and what each event changes in them."""

    def __init__(self, world):
        self.world = world
        self.known = self.agenda = None
        self.clock, self.staff, self.passengers, self.flights = (
            columns(table) for table in (world.clock, world.staff, world.passengers, world.flights)
        )
        self.desk, self.channel = columns(world.desks), columns(world.channels)
        self.diary = Diary(run=None)
        self.desks = range(len(world.desks))
        self.place: dict[int, str] = {}
        self.queue = {(d, live): {} for d in self.desks for live in (True, False)}
        self.inbox_of: dict[int, int] = {}
        self.hand: dict[int, Touch] = {}
        self.moves_at: dict[int, float] = {}
        self.is_open = [not Medium(int(medium)).row.synchronous for medium in self.channel["medium"]]
        self.in_use = [0] * len(world.channels)
        self.open_of: dict[int, int] = {}
        self.silent: set[int] = set()
        self.called_back: set[int] = set()
        self.named = [0] * len(world.operators)
        self.rung = [0] * len(world.desks)
        self.posted: dict[int, float] = {}
        self.duty: dict[int, Duty] = {}
        self.rostered: dict[int, bool] = {}
        self.overtime_end: dict[int, float] = {}
        self.rest: dict[int, list] = {}
        self.unresolved = 0
        self.now = float(self.clock["now"][0])
        self.diary.area = [0.0] * len(self.desks)
        self.seen_staff = self.staff["contact"].copy()
        self.seen_status = self.passengers["status"].copy()
        self.seen_seats = self.seats_now()
        self.seen_seat = self.passengers["seat"].copy()
        self.diary.seats.append((self.now, *self.seen_seats))
        self.handlers = {
            Event.ADMIT: self.admit, Event.ABANDON: self.abandon, Event.REMIND: self.remind,
            Event.OPEN: self.open_channel, Event.OVERFLOW: self.overflow,
            Event.CUSTOMER_REPLY: self.write_back,
            Event.SERVE: self.serve, Event.REPLY: self.reply, Event.RECEIVE: self.receive, Event.STOP: self.stop,
            Event.CLOSE: self.close_channel, Event.DISMISS: self.dismiss, Event.START_DUTY: self.start_duty,
            Event.END_DUTY: self.end_duty, Event.TICK: self.tick,
        }  # fmt: skip

    def before(self, kind, subject, at_once):
        now = float(self.clock["now"][0])
        self.pass_time(now)
        self.diary.happenings.append(Happening(now, kind, subject, at_once, self.first_left(at_once)))
        self.now = now

    def pass_time(self, now):
        if now > self.now:
            for d in self.desks:
                count = int(self.desk["waiting_synchronous"][d] + self.desk["waiting_deferred"][d])
                self.diary.area[d] += (now - self.now) * count

    def first_left(self, at_once):
        """The least (time, kind, subject) of what is still on the agenda at this moment, or None."""
        world, clock = self.world, self.clock
        if at_once:
            return None
        left = []
        pending = int(clock["pending"][0])
        if world.events is not self.agenda:
            self.agenda, self.events = world.events, columns(world.events)
        if pending:
            times = self.events["time"][:pending]
            time = times.min()
            for e in np.flatnonzero(times == time):
                left.append((float(time), int(self.events["kind"][e]), int(self.events["subject"][e])))
        i, k = int(clock["next_affected"][0]), int(clock["next_spontaneous"][0])
        if i < len(self.seen_status):
            left.append((float(self.passengers["affected"][i]), int(Event.AFFECT), i))
        if k < len(world.spontaneous_posts):
            left.append((float(world.spontaneous_posts["time"][k]), int(Event.SPONTANEOUS_POST), k))
        return min(left, default=None)

    def after(self, kind, subject):
        if (operator := self.named_in_public(kind, subject)) is not None:
            self.named[operator] += 1
        handler = self.handlers.get(kind)
        if handler:
            handler(subject)
        self.see_hands(kind)
        if kind == Event.DISPATCH:
            self.dispatched(subject)
        self.see_statuses()
        self.see_seats()

    def named_in_public(self, kind, subject):
        """The operator that a public post names, if the event is one."""
        if kind == Event.SPONTANEOUS_POST:
            return int(self.world.spontaneous_posts["operator"][subject])
        if kind == Event.POST_ABOUT:
            return int(self.passengers["operator"][subject])
        if kind == Event.FOLLOW_ON_POST:
            return int(self.column("operator", subject)) if self.column("arrival", subject) == self.now else None
        posted = kind in (Event.ADMIT, Event.REMIND) and self.column("passenger", subject) != NOBODY
        public = posted and self.column("medium", subject) == Medium.PUBLIC
        return int(self.column("operator", subject)) if public else None

    def column(self, name, c):
        """A column of a contact, or of the longer table that has taken the place of the one before."""
        if self.world.contacts is not self.known:
            self.known = self.world.contacts
            self.contacts = columns(self.known)
        return self.contacts[name][c]

    def stray(self, c, deed):
        where = self.place.get(c, "nowhere")
        self.diary.strays.append(f"{self.now:.3f}: contact {c} {deed}, yet it was {where}")

    def see_statuses(self):
        status = self.passengers["status"]
        for i in (int(i) for i in np.flatnonzero(status != self.seen_status)):
            before, after = int(self.seen_status[i]), int(status[i])
            self.diary.statuses.append((self.now, i, before, after))
            self.seen_status[i] = after
            if not self.passengers["ordinary"][i]:
                self.unresolved += (after == Status.SEEKING) - (before == Status.SEEKING)
            if before == Status.SEEKING and i in self.open_of:
                self.withdraw(self.open_of[i])

    def withdraw(self, c):
        """The passenger seeks no more: leaves the line, or stops looking for a reply."""
        if not self.is_live(c):
            self.stop_caring(c)
        elif self.place[c] == "queue" or self.place[c] == "unheard":
            self.end(c, "ABANDONED")

    def seats_now(self):
        return tuple(self.flights[name].tolist() for name in ("free", "booked", "taken"))

    def see_seats(self):
        seats = self.seats_now()
        if seats != self.seen_seats:
            self.diary.seats.append((self.now, *seats))
            self.seen_seats = seats
        seat = self.passengers["seat"]
        if (seat != self.seen_seat).any():
            for i in np.flatnonzero(seat != self.seen_seat):
                self.diary.grants.append(Grant(int(i), int(seat[i]), self.now))
            self.seen_seat = seat.copy()

    def tick(self, _):
        for d in self.desks:
            self.diary.signals[d].append((self.now, self.rung[d], *self.waits_at(d)))
        self.rung = [0] * len(self.rung)
        for operator, count in enumerate(self.named):
            self.diary.posts[operator].append((self.now, count))
        self.named = [0] * len(self.named)
        desk_of = self.staff["desk"]
        backlog = [0] * len(Medium)
        for waiting in self.queue.values():
            for c in waiting:
                backlog[int(self.column("medium", c))] += 1

        def at(people):
            return [sum(int(desk_of[s]) == d for s in people) for d in self.desks]

        live, text = ([len(self.queue[d, kind]) for d in self.desks] for kind in (True, False))
        self.diary.levels.append(Level(live, text, at(self.duty), at(self.hand), backlog, self.unresolved))
        anger = self.passengers["anger"]
        if len(anger):
            self.diary.angers.append((self.now, float(anger.min()), float(anger.max())))

    def waits_at(self, d):
        """How many wait at the desk that can still be answered, and the longest since an author last wrote."""
        waiting = [
            c
            for live in (True, False)
            for c in self.queue[d, live]
            if self.is_live(c) or self.now - self.posted[c] <= self.desk["expires"][d]
        ]
        return len(waiting), max((self.now - max(self.diary.arrivals[c], self.posted[c]) for c in waiting), default=0.0)

    def finish(self, run):
        diary = self.diary
        diary.run = run
        now = float(run.world.clock["now"][0])
        self.pass_time(now)
        self.now = now
        for waiting in self.queue.values():
            for c, stay in waiting.items():
                self.see_who_stays(c)
                stay.until, stay.left = now, "END"
        diary.left_over = {
            "waiting": sum(len(waiting) for waiting in self.queue.values()),
            "in hand": len(self.hand),
            "on the line": sum(self.in_use),
            "on duty": len(self.duty),
            "open": len(self.open_of),
        }
        return diary
