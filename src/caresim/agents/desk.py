"""Channels, which passengers turn to, and desks, which answer them, as Mesa agents."""

from __future__ import annotations

import numpy as np

from caresim.agents.call_in import call_in
from caresim.agents.contact import Contact
from caresim.agents.framework import When
from caresim.agents.overrides import event, transition
from caresim.agents.scheduling import one_time
from caresim.agents.staff import Staff
from caresim.agents.view import CareAgent, Code, Field, Flag, Named, Other
from caresim.config.errors import BadInput
from caresim.model.choice import announced_wait
from caresim.model.codes import NOBODY, EndOfDuty
from caresim.model.desk import first_for
from caresim.model.events import Event
from caresim.model.media import Medium
from caresim.model.own_rules import every_rule
from caresim.model.queue import join_queue, take_out
from caresim.model.staff import start_handling


class Channel(CareAgent):
    """A phone line, a counter, an account, a mailbox, a website; `only` of a subclass names channels."""

    table = "channels"
    medium = Code(Medium)
    operator = Named("operators")
    desk = Other("desks")
    assistant = Other("staff")
    is_open = Flag()
    lines = Field("trunks")
    """How many callers or visitors it takes at a time; one more gets a busy tone."""
    occupied = Field()
    waiting = Field()
    expected = Field("expected_wait")
    """Minutes to an answer that customers expect."""

    @property
    def announced_wait(self) -> float:
        """Minutes to an answer that a caller is told, from those who wait on the spot and the people on duty."""
        return self.model.ask(announced_wait, self.row)

    @transition(Event.OPEN)
    def open(self, opening: int) -> int:
        """The doors open, or the line is connected (a row of `openings`)."""
        return opening

    @transition(Event.CLOSE)
    def close(self, opening: int) -> int:
        """The doors shut: whoever still waits on the spot is sent away."""
        return opening

    @transition(Event.ADMIT)
    def admit(self, contact: Contact) -> int:
        """A contact arrives: a busy tone, a machine, or a place in the queue and a limit to patience."""
        return contact.row

    @transition(Event.SERVE)
    def serve(self, contact: Contact) -> int:
        """A visit to the website ends (an assistant's work is the assistant's)."""
        return contact.row


class Desk(CareAgent):
    """People who answer some channels, and the queue before them; `only` of a subclass names desks."""

    table = "desks"
    operator = Named("operators")
    routing = Field(decode=lambda number: list(every_rule())[number])
    """The name of the rule by which the next caller or visitor is chosen."""
    routing_in_writing = Field("routing_deferred", decode=lambda number: list(every_rule())[number])
    """The name of the rule by which what was written is chosen."""
    end_of_duty = Code(EndOfDuty)
    rostered = Field()
    on_duty = Field()
    busy = Field()
    waiting_live = Field("waiting_synchronous")
    """On the phone and at the counter."""
    waiting_text = Field("waiting_deferred")
    """Posts, messages, e-mail."""

    @property
    def backlog(self) -> int:
        """Contacts that wait."""
        return self.waiting_live + self.waiting_text

    @property
    def members(self) -> list[Staff]:
        """Everybody who is ever rostered here."""
        rows = np.flatnonzero(self.model.columns["staff"]["desk"] == self.row)
        return [self.model.view("staff", row) for row in rows.tolist()]

    def waiting(self, live: bool | None = None) -> list[Contact]:
        """The contacts in the queue, oldest first (True: only those on the spot, False: only what was written).

        The list leaves out what was written too long ago for this desk.
        """
        model, columns = self.model, self.model.columns["contacts"]
        used = model.contacts_made
        waits = (columns["queued"][:used] != 0) & (columns["desk"][:used] == self.row)
        if live is not None:
            waits &= (columns["synchronous"][:used] != 0) == live
        old = model.time - columns["posted"][:used] > model.columns["desks"]["expires"].item(self.row)
        waits &= (columns["synchronous"][:used] != 0) | ~old
        rows = np.flatnonzero(waits)
        rows = rows[np.argsort(columns["arrival"][rows], kind="stable")]
        return [model.view("contacts", row) for row in rows.tolist()]

    def call_in(self, people: int, *, after: float = 0.0, length: float, at: When | None = None) -> list[Staff]:
        """Bring in `people` more, `after` minutes (or `at` a time), for `length` minutes of paid duty.

        They are drawn like the desk's own people. The call returns them before they have come.
        """
        start = one_time(self.model, at, after if at is None else None)
        return [self.model.view("staff", row) for row in call_in(self.model, self.row, people, start, length)]

    @event(Event.DISPATCH)
    def dispatch(self) -> None:
        """Waiting contacts go to free people until there are no more of either: each person takes what they `pick`."""
        if self.row not in self.model.cast.picking:
            self.model.bring_about(Event.DISPATCH, self.row)
            return
        desks, staff = self.model.columns["desks"], self.model.columns["staff"]
        desks["woken"][self.row] = 0
        s = desks["free_head"].item(self.row)
        while s != NOBODY and self.backlog > 0:
            following = staff["next_free"].item(s)
            if self.model.ask(first_for, s) == NOBODY:  # nobody on their channels, or all written too long ago
                s = following
                continue
            contact = self.picked_by(self.model.view("staff", s))
            if contact is not None:
                self.model.grow_tables()
                self.model.ask(start_handling, s, contact.row)
            s = following

    def picked_by(self, person: Staff) -> Contact | None:
        """What somebody picks leaves the queue; what they looked at and left goes back into it."""
        cast = self.model.cast
        cast.called = []
        try:
            contact = person.pick()
            called = cast.called
        finally:
            cast.called = None
        for row in called:
            if contact is None or row != contact.row:
                self.model.ask(join_queue, row)
        if contact is not None and contact.row not in called:
            if not contact.is_waiting or contact.desk is not self:
                allowed = f"must be one of those who wait at {self.name}: self.desk.waiting()"
                raise BadInput(f"{type(person).__name__}.pick()", contact, allowed)
            self.model.ask(take_out, contact.row)
        return contact

    @transition(Event.INSTRUCT)
    def be_instructed(self, order: int) -> int:
        """An instruction reaches the desk, which may act on it from now on (a row of `orders`)."""
        return order

    @transition(Event.OVERFLOW)
    def overflow(self, contact: Contact) -> int:
        """A caller or visitor has waited here for long: on to the next desk's queue, if somebody is at work there."""
        return contact.row

    @transition(Event.REPLAN)
    def replan(self, planning: int) -> int:
        """Tomorrow's shifts get the people that today's work asks for (a row of `replans`)."""
        return planning

    @transition(Event.DISMISS)
    def dismiss(self) -> int:
        """Everybody has gone home: whoever waits on a line that a machine keeps open is told to call again."""
        return self.row
