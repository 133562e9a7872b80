"""Companies of the journey: their channels and their flights."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from caresim.config.base import Frozen, Medium, Named, Need, Sourced, Text, one_of
from caresim.config.clock import DAY_WORDS, Clock, Day, Days, Zone
from caresim.config.errors import complaint
from caresim.config.quantity import Duration, PositiveCount, PositiveDuration, Share, exactly


class FlightSeries(Frozen):
    """A flight that departs at the same local time on each of its days, from `first` to `last` inclusive.

    Or `a_day` of them, which leave one after the other, evenly from `departs` to `until`.

    `free` (share of the seats not yet sold at the start), `no_show` and `check_in_close` (before departure) are the
    operator's `free_seats`, `no_show` and `check_in_close` unless given here.
    """

    route: Text
    departs: Clock
    timezone: Zone
    first: Day
    last: Day
    days: Days = DAY_WORDS["daily"]
    a_day: PositiveCount = exactly(1, "count")
    until: Clock | None = None
    capacity: PositiveCount
    free: Share
    no_show: Share
    check_in_close: Duration
    cancelled: bool = False
    """Passengers are booked on it, and it does not fly."""

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
            said = "is required where a_day is more than 1" if self.until is None else "is left out where a_day is 1"
            raise complaint(said, self.until and str(self.until), "until")
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
    """A way to reach an operator. The medium decides the physics."""

    medium: Medium
    lines: PositiveCount | None = None
    """Phone: lines, waiting and talking together; a caller beyond them hears a busy tone."""
    languages: tuple[Text, ...]
    solves: Annotated[dict[Need, Share], Sourced] = Field(default_factory=dict)
    """Web: share of the visits with a need that end with it met."""
    visit: PositiveDuration | None = None
    """Web: mean time spent."""

    @model_validator(mode="after")
    def _of_its_medium(self) -> Channel:
        only = {"lines": "phone", "visit": "web"}
        for key, medium in only.items():
            if (getattr(self, key) is None) == (self.medium == medium):
                said = "is required" if self.medium == medium else "is left out"
                value = getattr(self, key)
                raise complaint(f"{said} where medium is {self.medium}", value and value.text, key)
        if self.solves and self.medium != "web":
            raise complaint(
                f"is left out where medium is {self.medium}: only web solves by itself", list(self.solves), "solves"
            )
        if not self.languages:
            raise complaint("must name at least one language", [], "languages")
        return self


class Operator(Frozen):
    """A company with channels and, perhaps, flights."""

    channels: Annotated[dict[str, Channel], Named]
    free_seats: Share | None = None
    no_show: Share | None = None
    check_in_close: Duration | None = None
    """These three hold for every flight series that says nothing else."""
    flights: Annotated[dict[str, FlightSeries], Named] = Field(default_factory=dict)
    cancelled_seats_return: Share | None = None
    """Share of the seats given up by refunded passengers that can be given to others."""
    seat_rule: one_of("order_of_arrival", "need", "loudest") = "order_of_arrival"  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _flights_complete(self) -> Operator:
        if self.flights and self.cancelled_seats_return is None:
            raise complaint("is required where there are flights", None, "cancelled_seats_return")
        return self
