"""Who is affected: cohorts of passengers, when they become affected, what they need and where they would turn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Sourced, Text, one_of
from caresim.config.clock import DAY_WORDS, Days, Zone
from caresim.config.errors import complaint
from caresim.config.quantity import (
    Count,
    Duration,
    Factor,
    Number,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    Rate,
    Share,
    exactly,
)

MOST_PULSES = 16
MOST_LANGUAGES = 16
LARGEST_PARTY = 8
TOLERANCE = 1e-6
"""How far shares may be from summing to 1: decimals written by hand are exact, their binary sum is not."""


class Profile(tuple[float, ...]):
    """24 numbers, one an hour of the local day, scaled to mean 1; `written` as given, `source` where they come from."""

    written: tuple[float, ...]
    source: str

    def __new__(cls, written: Sequence[float], source: str = "") -> Profile:
        mean = math.fsum(written) / 24
        made = super().__new__(cls, (hour / mean for hour in written))
        made.written, made.source = tuple(written), source
        return made

    def __getnewargs__(self) -> tuple[tuple[float, ...], str]:
        return self.written, self.source

    def as_text(self) -> dict[str, Any]:
        return {"values": list(self.written), "unit": "x", "source": self.source}


def _profile(raw: Any) -> Profile:
    """`{values: [24 numbers], unit: x, source: ...}` or a bare list."""
    if isinstance(raw, Profile):
        return raw
    told = raw if isinstance(raw, Mapping) else {"values": raw}
    hours, wanted = told.get("values"), "must be 24 numbers, one an hour from midnight, none negative, not all zero"
    if not isinstance(hours, list | tuple) or len(hours) != 24 or set(told) - {"values", "unit", "source"}:
        raise complaint(wanted)
    if any(isinstance(hour, bool) or not isinstance(hour, int | float) or not 0 <= hour < math.inf for hour in hours):
        raise complaint(wanted)
    if not any(hours):
        raise complaint(wanted)
    return Profile(hours, str(told.get("source", "")))


HourlyProfile = Annotated[tuple[float, ...], PlainValidator(_profile), PlainSerializer(Profile.as_text)]


def sums_to_one(shares: Mapping[Any, Any], what: str) -> None:
    total = math.fsum(share.value for share in shares.values())
    if abs(total - 1) > TOLERANCE:
        raise complaint(f"must sum to 1, not {total:g}", {name: share.text for name, share in shares.items()}, what)


class Pulse(Frozen):
    """One moment at which many are affected at once, by relative `weight`."""

    at: Duration
    weight: Factor


class Onset(Frozen):
    """When a member of a cohort becomes affected.

    pulses: one pulse chosen by weight, plus an exponential delay of mean `spread`.
    before_departure: the later of an exponential of mean `spread` since the start and the departure less an exponential
    of mean `lead`; the departure is that of the booked flight, or, for members booked on none of the flights modelled,
    uniform between the start and `departure_within`.
    ordinary: Poisson arrivals `per_hour` (mean over the 24 hours of an open day) with an hourly `profile` in local time
    on `days`, over the whole run, warm-up included.
    poisson: Poisson arrivals `per_hour` over the whole run, times 1 + `swing` sin(2 pi t / `cycle`) since the start.
    given: at the times that the rows of a replay say.
    after: a later matter of the members of `cohort`, which arises at the deadline of the earlier one, or if later at
    `not_before` (since the start), plus an exponential delay of mean `spread`; unless the earlier one has been
    settled, or, with `regardless`, even then.
    """

    kind: one_of("pulses", "before_departure", "ordinary", "poisson", "given", "after")  # type: ignore[valid-type]
    pulses: tuple[Pulse, ...] | None = None
    spread: Duration | None = None
    lead: Duration | None = None
    departure_within: PositiveDuration | None = None
    per_hour: Rate | None = None
    profile: HourlyProfile | None = None
    timezone: Zone | None = None
    days: Days = DAY_WORDS["daily"]
    swing: Share = exactly(0, "share")
    cycle: PositiveDuration | None = None
    cohort: Text | None = None
    not_before: Duration | None = None
    regardless: StrictBool = False

    @property
    def streams(self) -> bool:
        """Do members arrive as they come, so that nobody says beforehand how many they are?"""
        return self.kind in ("ordinary", "poisson", "given")

    @model_validator(mode="after")
    def _complete(self) -> Onset:
        wanted = {
            "pulses": ("pulses", "spread"),
            "before_departure": ("spread", "lead"),
            "ordinary": ("per_hour", "timezone"),
            "poisson": ("per_hour", "cycle") if self.swing.value > 0 else ("per_hour",),
            "given": (),
            "after": ("cohort", "spread"),
        }
        for key in wanted[self.kind]:
            if getattr(self, key) is None:
                raise complaint(f"is required where kind is {self.kind}", None, key)
        if len(self.pulses or ()) > MOST_PULSES:
            raise complaint(f"must be at most {MOST_PULSES}", len(self.pulses or ()), "pulses")
        if self.kind == "pulses" and not any(pulse.weight.value > 0 for pulse in self.pulses or ()):
            raise complaint("must hold at least one pulse with a weight above 0", [], "pulses")
        return self


class Cohort(Frozen):
    """Passengers alike in what happened to them.

    `preference` is the utility of each channel; one left out is not open to them.
    """

    people: PositiveCount | None = None
    """Persons; those who make contact are people x scale / mean party. Left out where they come in a stream, or after
    another matter, which says how many they are."""
    need: Annotated[dict[Need, Share], Sourced]
    contacting: Share
    """Share that forms a need it cannot meet alone."""
    onset: Onset
    priority: Number = exactly(0, "number")
    """Large comes first at a desk with routing `priority`."""
    named: StrictBool = False
    """One passenger, whose name is the cohort's; no scale makes them more or fewer."""
    ordinary: StrictBool = False
    """Ordinary traffic: in the queues, out of the results."""
    party: Annotated[dict[int, Share], Sourced]
    languages: Annotated[dict[str, Share], Sourced]
    preference: Annotated[dict[str, Number], Sourced]
    deadline: PositiveDuration | None = None
    """Mean of the exponential after being affected; None: at departure if booked, else never."""
    deadline_law: one_of("exponential", "fixed") = "exponential"  # type: ignore[valid-type]
    """fixed: every member has so long, and none more or less."""
    booked_on: tuple[Text, ...] = ()
    """Flight series on which members hold seats; empty: none."""
    anger: Share
    """At the start."""
    followers_median: Count
    followers_sigma: Factor
    operators: tuple[Text, ...]
    """Of the journey, first one first."""

    @model_validator(mode="after")
    def _coherent(self) -> Cohort:
        for size in self.party:
            if not 1 <= size <= LARGEST_PARTY:
                raise complaint(f"party sizes are whole numbers from 1 to {LARGEST_PARTY}", size, "party")
        for key in ("need", "party", "languages"):
            sums_to_one(getattr(self, key), key)
        if not self.preference:
            raise complaint("must name at least one channel", {}, "preference")
        if not self.operators:
            raise complaint("must name at least one operator", [], "operators")
        ordinary = self.onset.kind == "ordinary"
        if self.ordinary != ordinary:
            raise complaint("must be true where, and only where, onset.kind is ordinary", self.ordinary, "ordinary")
        if (self.onset.streams or self.onset.kind == "after") and self.people is not None:
            raise complaint(
                f"is left out where onset.kind is {self.onset.kind} (the onset says how many)",
                self.people.text,
                "people",
            )
        if self.named and (self.people is None or self.people.value != 1):
            raise complaint("must be 1 where named is true", self.people and self.people.text, "people")
        if not self.onset.streams and self.onset.kind != "after" and self.people is None:
            raise complaint("is required", None, "people")
        if self.onset.kind == "before_departure" and not self.booked_on and self.onset.departure_within is None:
            raise complaint("is required where the cohort is booked on no flight", None, "onset.departure_within")
        return self


class Population(Frozen):
    """Everybody who may make contact. `scale` multiplies the size of every cohort and nothing else."""

    scale: PositiveFactor = exactly(1, "number")
    cohorts: Annotated[dict[str, Cohort], Named]

    @property
    def passengers(self) -> float:
        """Persons of the cohorts that say how many they are; 0 where all come in streams."""
        return math.fsum(cohort.people.value for cohort in self.cohorts.values() if cohort.people) * self.scale.value
