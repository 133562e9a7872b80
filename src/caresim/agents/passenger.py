"""A passenger as a Mesa agent."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from caresim.agents.contact import Contact
from caresim.agents.desk import Channel
from caresim.agents.notice import Notice
from caresim.agents.overrides import DECLARED, event, transition, within
from caresim.agents.view import CareAgent, Code, Field, Flag, Moment, Named, Other
from caresim.config.arguments import amount
from caresim.config.errors import BadInput, choice
from caresim.measure.sample import settled_at
from caresim.model.anger import anger_now
from caresim.model.choice import choose_among
from caresim.model.codes import NOBODY, Status
from caresim.model.events import Event
from caresim.model.needs import Need
from caresim.model.passenger import turn_to, turns_up
from caresim.model.traits import followers_of


class Passenger(CareAgent):
    """Somebody with a matter to settle; `only` of a subclass names cohorts.

    The methods are what happens to a passenger, or what a passenger decides. Called from outside, they happen now.
    """

    table = "passengers"
    cohort = Named("cohorts")
    language = Named("languages")
    operator = Named("operators")
    """The one they dealt with last."""
    need = Code(Need)
    status = Code(Status)
    affected = Field()
    deadline = Moment()
    temper = Field(range={"above": 0.0})
    """Factor on what angers: 1 ordinary."""
    party = Field()
    contacts = Field()
    """How many they have made."""
    contact = Other("contacts", "open")
    """The one that is open."""
    flight = Other("flights")
    """The flight they are booked on."""
    seat = Other("flights")
    """The flight they have won a seat on."""
    waits_since = Moment()
    is_waitlisted = Flag("waitlisted")
    is_ordinary = Flag("ordinary")
    """Somebody of any other day, whom the disruption does not touch."""

    @property
    def resolved(self) -> float | None:
        """Minutes since the start when an operator settled the matter; None: nobody has, or it was too late."""
        when = settled_at(self.model.world, self.row)
        return None if np.isnan(when) else when

    @property
    def anger_peak(self) -> float:
        """The highest anger so far that any operator has met, 0 to 1."""
        return float(self._cases("anger_peak").max())

    @property
    def followers(self) -> float:
        """How many people follow them on social media."""
        return self.model.ask(followers_of, self.row)

    def _cases(self, column: str) -> np.ndarray:
        """A column of the passenger's cases, one with each operator."""
        operators = len(self.model.names.operators)
        return self.model.columns["cases"][column][self.row * operators : (self.row + 1) * operators]

    @property
    def anger(self) -> float:
        """0 to 1, now."""
        return self.model.ask(anger_now, self.row)

    @anger.setter
    def anger(self, value: float) -> None:
        columns = self.model.columns["passengers"]
        columns["anger"][self.row] = min(1.0, max(0.0, amount("anger", value)))
        columns["anger_at"][self.row] = self.model.time

    @property
    def is_waiting(self) -> bool:
        """They wait for an answer."""
        return self.waits_since is not None

    @property
    def waited(self) -> float:
        """Minutes of the present wait for an answer; 0 when none is waited for."""
        since = self.waits_since
        return 0.0 if since is None else self.model.time - since

    @transition(Event.AFFECT)
    def affect(self) -> int:
        """The disruption reaches the passenger."""
        return self.row

    @event(Event.SEEK)
    def seek(self) -> None:
        """The passenger turns to the channel that seems best now (see `choose`)."""
        if type(self).choose is DECLARED[Passenger]["choose"].function:
            self.model.bring_about(Event.SEEK, self.row)
        elif self.model.ask(turns_up, self.row):
            channel = self.choose()
            self.model.grow_tables()
            self.model.ask(turn_to, self.row, NOBODY if channel is None else channel.row)

    @within(Event.SEEK)
    def choose(self, besides: Iterable[Channel] = ()) -> Channel | None:
        """The channel of the greatest utility, open or not, of all but `besides`; None: there is none.

        To leave out a channel moves no other draw: the noise of every channel is drawn by passenger and channel.
        """
        allowed = -1
        for channel in besides:
            allowed &= ~(1 << channel.row)
        row = self.model.ask(choose_among, self.row, allowed)
        return None if row == NOBODY else self.model.view("channels", row)

    @transition(Event.DEADLINE)
    def miss_deadline(self) -> int:
        """The deadline passes: whatever comes now comes too late."""
        return self.row

    @transition(Event.KEPT)
    def promise_kept(self) -> int:
        """What was promised has been done."""
        return self.row

    @transition(Event.PROMISED)
    def promise_due(self) -> int:
        """What was promised for now has not happened."""
        return self.row

    @transition(Event.FOUND_OUT)
    def find_out(self) -> int:
        """What they were told and believed is not so."""
        return self.row

    @transition(Event.NEWS_DUE)
    def news_due(self) -> int:
        """The time is up by which an operator had promised news."""
        return self.row

    @transition(Event.MEET)
    def meet(self) -> int:
        """Newly affected, the passenger looks for the notices that have been published already."""
        return self.row

    @transition(Event.READ)
    def read(self, notice: Notice) -> int:
        """The passenger reads a notice, is informed, and perhaps helped or prompted to ask."""
        return self.row * len(self.model.world.notices) + notice.row

    @transition(Event.ABANDON)
    def lose_patience(self, contact: Contact) -> int:
        """The passenger hangs up, walks away from a queue, or stops looking for a reply."""
        return contact.row

    @transition(Event.REMIND)
    def remind(self, contact: Contact) -> int:
        """The passenger asks again, in the same conversation."""
        return contact.row

    @transition(Event.CUSTOMER_REPLY)
    def write_back(self, contact: Contact) -> int:
        """The passenger answers what the desk asked."""
        return contact.row

    @transition(Event.RECEIVE)
    def receive(self, contact: Contact) -> int:
        """The passenger hears the reply, which settles the matter, informs, passes it on, asks, or does not help."""
        return contact.row

    @transition(Event.LEFT)
    def be_left(self, contact: Contact) -> int:
        """The passenger finds that the desk has let go of the contact."""
        return contact.row

    @transition(Event.SETTLE)
    def settle(self) -> int:
        """At the end, the passenger rates every operator they have dealt with."""
        return self.row

    def satisfaction(self, operator: str | None = None) -> float:
        """The expected mark, 1 to 5, of an operator (None: the one dealt with last), by the experiment's law.

        NaN before the end, and where nobody rates.
        """
        if self.model.running:
            return float("nan")
        names = self.model.names.operators
        if operator is not None and operator not in names:
            raise BadInput("operator", operator, choice(names, operator))
        o = self.model.columns["passengers"]["operator"].item(self.row) if operator is None else names.index(operator)
        return self.model.columns["cases"][self.model.experiment.satisfaction].item(self.row * len(names) + o)
