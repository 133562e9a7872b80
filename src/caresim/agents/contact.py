"""A contact, as agents see it. It does nothing itself."""

from __future__ import annotations

from caresim.agents.view import Code, Field, Flag, Moment, Named, Other, View
from caresim.model.codes import Outcome, Result, State
from caresim.model.media import Medium
from caresim.model.needs import Need


class Contact(View):
    """One attempt on one channel, or a bystander's post (`passenger` is None then)."""

    table = "contacts"
    passenger = Other("passengers")
    staff = Other("staff")
    operator = Named("operators")
    channel = Other("channels")
    desk = Other("desks")
    medium = Code(Medium)
    need = Code(Need)
    state = Code(State)
    outcome = Code(Outcome)
    result = Code(Result)
    arrival = Field()
    reply = Moment()
    closed = Moment()
    posted = Field()
    """When the author last wrote."""
    gives_up = Moment()
    """When the author's patience ends."""
    handle = Field()
    """Minutes of work on it so far."""
    rank = Field()
    """Its place in the queue: the lowest comes first."""
    turns = Field("exchanges")
    """How often the staff have answered."""
    posts = Field()
    """How often the author has written."""
    is_live = Flag("synchronous")
    """The customer holds the line or stands in the queue."""
    is_waiting = Flag("queued")
    case = Other("contacts", "first_contact")
    """The first contact of its case."""

    @property
    def waited(self) -> float:
        """Minutes from arrival to the first reply, or until now."""
        end = self.reply if self.reply is not None else self.closed
        return (self.model.time if end is None else end) - self.arrival
