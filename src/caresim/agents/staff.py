"""Those who answer, as Mesa agents: people of three kinds, and the automated assistant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from caresim.agents.agent import CareAgent
from caresim.agents.view import Code, Field, Flag, Other, transition, within
from caresim.model.codes import NOBODY, Kind
from caresim.model.desk import next_contact
from caresim.model.events import Event

if TYPE_CHECKING:
    from caresim.agents.contact import Contact


class Staff(CareAgent):
    """Somebody who answers; `only` of a subclass names desks."""

    table = "staff"
    kind = Code(Kind)
    desk = Other("desks")
    contact = Other("contacts")
    """In hand."""
    contacts = Field()
    """How many so far."""
    speed = Field(range={"above": 0.0})
    """Factor on handling times: 1 ordinary, above slower."""
    quality = Field(range={"least": 0.0, "most": 1.0})
    """Of replies, 0 to 1."""
    is_on_duty = Flag("on_duty")
    is_novice = Flag("novice")
    text_first = Flag("deferred_first")
    """Looks at what was written before taking a call."""
    until = Field("shift_end")
    """End of the present, or last, stretch of duty."""
    busy_minutes = Field()
    duty_minutes = Field()
    overtime_minutes = Field()
    paid_minutes = Field()

    @property
    def is_busy(self) -> bool:
        return self.model.columns["staff"]["contact"].item(self.row) != NOBODY

    @property
    def conversations(self) -> list[Contact]:
        """Those of theirs that are open: in hand, waiting for them, or waiting for the customer."""
        return self.model.conversations_of(self.row)

    @transition(Event.START_DUTY)
    def start_duty(self, shift: int) -> int:
        """A stretch of duty begins (a row of `shifts`): the start of a shift, or the end of a break."""
        return shift

    @transition(Event.END_DUTY)
    def end_duty(self, shift: int) -> int:
        """No new contacts from here on: a break, or the end of the day."""
        return shift

    @transition(Event.STOP)
    def go_home(self) -> int:
        """Overtime is used up."""
        return self.row

    @transition(Event.REPLY)
    def reply(self, contact: Contact) -> int:
        """A touch is over: its answer goes out."""
        return contact.row

    @within(Event.DISPATCH)
    def pick(self) -> Contact | None:
        """The contact to take next of those who wait at the desk: by its routing. None: leave them waiting.

        An override returns one of `self.desk.waiting()`. Only a desk's `dispatch` may ask, because the queue is one
        shorter afterwards.
        """
        model = self.model
        if model.cast.called is None:
            raise RuntimeError("pick() is asked by the desk, when somebody is free and somebody waits")
        columns = model.columns["staff"]
        row = model.ask(next_contact, columns["desk"].item(self.row), columns["deferred_first"].item(self.row))
        if row == NOBODY:
            return None
        model.cast.called.append(row)
        return model.view("contacts", row)


class CommunityManager(Staff):
    """Answers in public and in private messages."""


class CallCenterAgent(Staff):
    """Answers the phone, and e-mail."""


class CounterAgent(Staff):
    """Stands at the counter."""


class Assistant(CareAgent):
    """The machine in front of some channels, which never sleeps."""

    table = "staff"
    kind = Code(Kind)
    contacts = Field()
    quality = Field(range={"least": 0.0, "most": 1.0})
    pace = Field(range={"above": 0.0})
    """Minutes a reply."""
    hands_over = Field("escalates", range={"least": 0.0, "most": 1.0})
    """Share of what it does not solve that is passed on to a person."""

    @property
    def conversations(self) -> list[Contact]:
        """Those that it has in hand."""
        return self.model.conversations_of(self.row)

    @transition(Event.SERVE)
    def serve(self, contact: Contact) -> int:
        """Solve, err (which shows later), pass on to a person, or lead nowhere."""
        return contact.row


KINDS: dict[int, type[CareAgent]] = {
    Kind.COMMUNITY_MANAGER: CommunityManager,
    Kind.CALL_CENTER_AGENT: CallCenterAgent,
    Kind.COUNTER_STAFF: CounterAgent,
    Kind.ASSISTANT: Assistant,
}
