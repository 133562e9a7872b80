"""Companies of the journey: their channels and their flights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AfterValidator, Field, model_validator

from caresim.config.base import NAME, NAMES, Frozen, Medium, Named, Need, Prose, Sourced, Text, one_of
from caresim.config.clock import DAY_WORDS, Clock, Day, Days, Zone
from caresim.config.errors import complaint
from caresim.config.labels import Label
from caresim.config.quantity import Count, Duration, PositiveCount, PositiveDuration, Share, exactly
from caresim.config.sharing import Shares
from caresim.model import media


def _place(name: str) -> str:
    if not NAME.fullmatch(name):
        raise complaint(f"must be the name of a place: {NAMES}", name)
    return name


PlaceName = Annotated[Text, AfterValidator(_place)]
"""Where flights leave and arrive, such as `nrt`."""


class FlightSeries(Frozen):
    """A flight that departs at the same local time on each of its days, from `first` to `last` inclusive.

    Or `a_day` of them, which leave one after the other, evenly from `departs` to `until`. `free`, `no_show` and
    `check_in_close` are the operator's `free_seats`, `no_show` and `check_in_close` unless given here.
    """

    from_: PlaceName = Field(alias="from")
    """The place that it leaves."""
    to: PlaceName
    """The place where it arrives."""
    takes: PositiveDuration | None = None
    """From departure to arrival; left out by all flights of an operator: who leaves first arrives first."""
    route: Prose | None = None
    """How earlier editions wrote `from` and `to`: A-B."""
    departs: Clock
    """Local time of departure, '00:00' to '23:59'."""
    timezone: Zone
    """Of the place of departure."""
    first: Day
    last: Day
    days: Days = DAY_WORDS["daily"]
    """On which it flies."""
    a_day: PositiveCount = exactly(1, "count")
    """Flights per day, a whole number."""
    until: Clock | None = None
    """Local time at which the last of a day leaves; required where `a_day` is more than 1."""
    capacity: PositiveCount
    """Seats of each flight."""
    free: Share
    """Share of the seats that are not sold at the start."""
    no_show: Share
    """Share of the booked passengers who do not come."""
    check_in_close: Duration
    """How long before departure check-in closes."""
    cancelled: bool = False
    """Passengers are booked on it, and it does not fly."""

    @model_validator(mode="before")
    @classmethod
    def _on_a_route(cls, raw: Any) -> Any:
        """`route: NRT-CDG` says `from: nrt` and `to: cdg`."""
        if not isinstance(raw, Mapping) or raw.get("route") is None:
            return raw
        ends = [re.sub("[^a-z0-9]+", "_", end.strip().lower()) for end in str(raw["route"]).split("-", 1)]
        if len(ends) < 2 or not all(NAME.fullmatch(end) for end in ends):
            raise complaint("is written as two keys now: from: PLACE and to: PLACE", raw["route"], "route")
        own = {key: raw[key] for key in ("from", "to") if raw.get(key) is not None}
        if own and own != dict(zip(("from", "to"), ends, strict=True)):
            raise complaint(f"says another way than {own}; allowed: from and to alone", raw["route"], "route")
        return {**raw, "from": ends[0], "to": ends[1]}

    @model_validator(mode="after")
    def _dated(self) -> FlightSeries:
        if self.last < self.first:
            raise complaint(f"must not be before first ({self.first})", str(self.last), "last")
        if self.departs.minutes >= 1440:
            raise complaint("must be between '00:00' and '23:59'", str(self.departs), "departs")
        if self.cancelled and (self.free.value or self.free.uncertain):
            raise complaint("must be 0 % where cancelled is true", self.free.text, "free")
        if self.a_day.value != int(self.a_day.value) or self.a_day.uncertain:
            raise complaint("must be a whole number without a range", self.a_day.text, "a_day")
        if (self.until is None) != (self.a_day.value == 1):
            rule = "is required where a_day is more than 1" if self.until is None else "is left out where a_day is 1"
            raise complaint(rule, self.until and str(self.until), "until")
        if self.until is not None and self.until.minutes < self.departs.minutes:
            raise complaint(f"must not be before departs ({self.departs})", str(self.until), "until")
        return self

    @property
    def within_a_day(self) -> list[float]:
        """Minutes after `departs` at which the flights of a day leave."""
        count = int(self.a_day.value)
        if self.until is None:
            return [0.0]
        span = self.until.minutes - self.departs.minutes
        return [n * span / (count - 1) for n in range(count)]


class Channel(Frozen):
    """A way to reach an operator. The medium decides how one waits there, and who answers."""

    label: Label = None
    """What people read instead of its name."""
    medium: Medium
    lines: PositiveCount | None = None
    """Phone: lines, waiting and talking together; a caller beyond them hears a busy tone."""
    languages: tuple[Text, ...]
    """Of an account that nobody answers, or of a website; elsewhere those of the desk hold."""
    solves: Annotated[dict[Need, Share], Sourced] = Field(default_factory=dict)
    """Web: share of the visits with a need that end with it met, by need."""
    visit: PositiveDuration | None = None
    """Web: mean time spent."""

    @property
    def traits(self) -> media.Row:
        """What is true of its medium."""
        return media.Medium.of_word(self.medium).row

    @model_validator(mode="after")
    def _of_its_medium(self) -> Channel:
        wanted = {"lines": self.traits.trunks, "visit": self.traits.self_service}
        for key, is_wanted in wanted.items():
            value = getattr(self, key)
            if (value is not None) != is_wanted:
                rule = "is required" if is_wanted else "is left out"
                raise complaint(f"{rule} where medium is {self.medium}", value and value.text, key)
        if self.solves and not self.traits.self_service:
            solving = " and ".join(medium.word for medium in media.SELF_SERVICE)
            allowed = f"is left out where medium is {self.medium}: only {solving} solves by itself"
            raise complaint(allowed, list(self.solves), "solves")
        if not self.languages:
            raise complaint("must name at least one language", [], "languages")
        return self


class Operator(Frozen):
    """A company with channels and, perhaps, flights."""

    channels: Annotated[dict[str, Channel], Named]
    """By name; a name stands for one channel, whoever the operator is."""
    free_seats: Share | None = None
    """`free` of every flight series that says nothing else."""
    no_show: Share | None = None
    """The same for `no_show`."""
    check_in_close: Duration | None = None
    """The same for `check_in_close`."""
    flights: Annotated[dict[str, FlightSeries], Named] = Field(default_factory=dict)
    """Series of flights, by name."""
    cancelled_seats_return: Share | None = None
    """Share of the seats given up by refunded passengers that can be given to others."""
    seat_rule: one_of("order_of_arrival", "need", "loudest") = "order_of_arrival"  # type: ignore[valid-type]
    """Who on the waitlist gets the next free seat."""
    rooms: Count | None = None
    """Hotel rooms for those who need help on the spot, one a party; None: there is always one."""
    shares: Shares | None = None
    """Who is told what it comes to know."""

    @model_validator(mode="after")
    def _flights_complete(self) -> Operator:
        if self.flights and self.cancelled_seats_return is None:
            raise complaint("is required where there are flights", None, "cancelled_seats_return")
        flown = {name: series for name, series in self.flights.items() if not series.cancelled}
        timed = [name for name, series in flown.items() if series.takes is not None]
        for name, series in flown.items():
            if timed and series.takes is None:
                raise complaint(
                    f"is required, because {timed[0]} has it: seats are those that arrive first",
                    None,
                    f"flights.{name}.takes",
                )
        return self
