"""Staff as Mesa agents: people of three kinds, and the automated assistant."""

from __future__ import annotations

from caresim.agents.contact import Contact
from caresim.agents.overrides import transition, within
from caresim.agents.view import CareAgent, Code, Field, Flag, Other
from caresim.model.codes import NOBODY, Kind
from caresim.model.desk import next_contact
from caresim.model.events import Event


class Staff(CareAgent):
    """Somebody who answers; `only` of a subclass names desks."""

    table = "staff"
    kind = Code(Kind)
    desk = Other("desks")
    contact = Other("contacts")
    """The contact in hand; None: they are free."""
    contacts = Field()
    """How often they have taken a contact in hand."""
    speed = Field(range={"above": 0.0})
    """Factor on handling times: 1 is ordinary, more is slower."""
    quality = Field(range={"least": 0.0, "most": 1.0})
    """Quality of replies, 0 to 1."""
    is_on_duty = Flag("on_duty")
    is_novice = Flag("novice")
    text_first = Flag("deferred_first")
    """They look at what was written before they take a call."""
    until = Field("shift_end")
    """End of the present, or last, stretch of duty."""
    busy_minutes = Field()
    duty_minutes = Field()
    overtime_minutes = Field()
    paid_minutes = Field()

    @property
    def is_busy(self) -> bool:
        """They have a contact in hand."""
        return self.model.columns["staff"]["contact"].item(self.row) != NOBODY

    @property
    def conversations(self) -> list[Contact]:
        """Their open contacts: in hand, waiting for them, or waiting for the customer."""
        return self.model.conversations_of(self.row)

    @transition(Event.START_DUTY)
    def start_duty(self, period: int) -> int:
        """A stretch of duty begins (a row of `duty_periods`): a shift starts, or a break ends."""
        return period

    @transition(Event.END_DUTY)
    def end_duty(self, period: int) -> int:
        """A stretch of duty ends, and with it new contacts: a break starts, or the working day is over."""
        return period

    @transition(Event.STOP)
    def go_home(self) -> int:
        """The person goes home: overtime is used up."""
        return self.row

    @transition(Event.REPLY)
    def reply(self, contact: Contact) -> int:
        """The person is done with a contact for now: the answer goes out."""
        return contact.row

    @within(Event.DISPATCH)
    def pick(self) -> Contact | None:
        """The contact that this person takes next: by the routing of the desk. None: all are left waiting.

        An override returns one of `self.desk.waiting()`, on whatever channel: skills bind the desk's own choice. Only
        `Desk.dispatch` may ask, because the contact has left the queue afterwards.
        """
        model = self.model
        if model.cast.called is None:
            raise RuntimeError("pick() is asked by the desk, when somebody is free and somebody waits")
        row = model.ask(next_contact, self.row)
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
    """Share of what it does not solve that it passes on to a person."""

    @property
    def conversations(self) -> list[Contact]:
        """The contacts that it has in hand."""
        return self.model.conversations_of(self.row)

    @transition(Event.SERVE)
    def serve(self, contact: Contact) -> int:
        """The assistant solves the matter, errs (which shows later), passes it on to a person, or leads nowhere."""
        return contact.row


KINDS: dict[int, type[CareAgent]] = {
    Kind.COMMUNITY_MANAGER: CommunityManager,
    Kind.CALL_CENTER_AGENT: CallCenterAgent,
    Kind.COUNTER_STAFF: CounterAgent,
    Kind.ASSISTANT: Assistant,
}
"""The class of each kind of staff."""

if set(KINDS) != set(Kind):
    raise TypeError(f"{set(KINDS) ^ set(Kind)}: every kind of staff has a class")
