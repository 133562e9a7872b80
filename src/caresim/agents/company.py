"""The operator, its flights, and the public that looks on, as Mesa agents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from caresim.agents.contact import Contact
from caresim.agents.framework import When
from caresim.agents.notice import Notice, add_notice
from caresim.agents.overrides import transition
from caresim.agents.passenger import Passenger
from caresim.agents.view import CareAgent, Code, Field, Flag, Named
from caresim.model.codes import SeatRule
from caresim.model.events import Event
from caresim.model.exact import halved


class Operator(CareAgent):
    """An airline, a railway, a station's owner; `only` of a subclass names operators."""

    table = "operators"
    unresolved = Field()
    """Passengers of the disruption whose journey began with this operator and who still seek help."""
    seat_rule = Code(SeatRule)
    rooms = Field()
    """Hotel rooms left; -1: there is always one."""
    wave_over = Flag()
    """What bystanders demanded has been granted."""

    @property
    def mood(self) -> float:
        """Anger visible in public, fading: the sum over posts, now."""
        columns, behaviour = self.model.columns["operators"], self.model.columns["behaviour"]
        elapsed = self.model.time - columns["mood_at"].item(self.row)
        return columns["mood"].item(self.row) * halved(elapsed, behaviour["mood_half_life"].item(0))

    @transition(Event.LEARN)
    def learn(self, fact: int) -> int:
        """The operator comes to know one thing more (a row of `facts`)."""
        return fact

    @transition(Event.PUBLISH)
    def publish(self, notice: Notice) -> int:
        """A notice goes out: those affected read it, each in their time, and the desks know what it says."""
        return notice.row

    @transition(Event.INSTRUCT)
    def be_instructed(self, order: int) -> int:
        """An instruction is issued: machines act on it, and everybody knows what it says (a row of `orders`)."""
        return order

    def publish_notice(
        self,
        name: str,
        *,
        reach: float | Mapping[str, float],
        clarity: float,
        meets: Mapping[str, float] | None = None,
        delay: float,
        prompts: float = 0.0,
        languages: list[str] | None = None,
        ends_wave: bool = False,
        says: Sequence[str] | None = None,
        at: When | None = None,
    ) -> Notice:
        """Publish a notice that the experiment does not have, now or `at` a time.

        Shares from 0 to 1: `reach` of each cohort (or of all) read it, `delay` minutes later on average. Of these
        readers, those who want to know something find it answered with the chance `clarity`, `meets` by other needs can
        do for themselves what they needed, and `prompts` of the others make contact because of it.
        It `says` these facts of the experiment (None: one of its own, which answers questions of all kinds).
        `languages` as in the experiment (None: all). The words are those of `disruption.notices` in configuration.
        """
        when = self.model.time if at is None else self.model.to_come(at)
        return self.model.view(
            "notices",
            add_notice(
                self.model,
                self.row,
                name,
                when,
                reach,
                clarity,
                meets or {},
                delay,
                prompts,
                languages,
                ends_wave,
                says,
            ),
        )


class Flight(CareAgent):
    """A flight, train or coach with seats; `only` of a subclass names flights."""

    table = "flights"
    operator = Named("operators")
    origin = Named("places")
    """The place that it leaves."""
    destination = Named("places")
    """The place where it arrives."""
    departure = Field()
    arrival = Field()
    check_in_closes = Field("check_in")
    capacity = Field()
    booked = Field()
    free = Field()
    taken = Field()
    """Seats given to those who had lost theirs."""
    departed = Flag()
    is_cancelled = Flag("cancelled")

    @transition(Event.CHECK_IN)
    def check_in(self) -> int:
        """Check-in closes: the seats of those who did not come are free for the waitlist."""
        return self.row

    @transition(Event.DEPART)
    def depart(self) -> int:
        """The flight leaves, and its free seats are lost."""
        return self.row

    @transition(Event.OFFER)
    def offer(self) -> int:
        """Seats that came back go to the waitlist."""
        return self.row


class Bystanders(CareAgent):
    """All those who want nothing and have something to say, as one agent."""

    table = "cohort_parameters"

    @property
    def name(self) -> str:
        return "bystanders"

    @transition(Event.SPONTANEOUS_POST)
    def chime_in(self, post: int) -> int:
        """One of them posts unprompted (a row of `spontaneous_posts`)."""
        return post

    @transition(Event.POST_ABOUT)
    def talk_about(self, passenger: Passenger) -> int:
        """One of them posts about a passenger who is still stranded."""
        return passenger.row

    @transition(Event.FOLLOW_ON_POST)
    def follow(self, contact: Contact) -> int:
        """One of them follows a post, with one of their own (a contact)."""
        return contact.row
