"""Who is affected: cohorts of passengers, when they become affected, what they need and where they would turn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, get_args

from pydantic import BeforeValidator, Field, PlainSerializer, PlainValidator, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Sourced, Text, one_of
from caresim.config.clock import DAY_WORDS, Days, Zone
from caresim.config.errors import choice, complaint
from caresim.config.labels import Label
from caresim.config.quantity import (
    Count,
    Dimension,
    Duration,
    Factor,
    Number,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    PositiveShare,
    Quantity,
    Rate,
    Share,
    exactly,
)
from caresim.config.travels import Travels
from caresim.model.needs import DEEDS

MOST_PULSES = 16
MOST_LANGUAGES = 16
LARGEST_PARTY = 8
TOLERANCE = 1e-6
"""How far shares may be from summing to 1: decimals written by hand are exact, their binary sum is not."""


class Profile(tuple[float, ...]):
    """24 numbers, one for each hour of the local day, scaled to mean 1.

    `written` are the numbers as given, `source` says where they come from.
    """

    written: tuple[float, ...]
    source: str

    def __new__(cls, written: Sequence[float], source: str = "") -> Profile:
        mean = math.fsum(written) / 24
        profile = super().__new__(cls, (hour / mean for hour in written))
        profile.written, profile.source = tuple(written), source
        return profile

    def __getnewargs__(self) -> tuple[tuple[float, ...], str]:
        return self.written, self.source

    def as_text(self) -> dict[str, Any]:
        return {"values": list(self.written), "unit": "x", "source": self.source}


def _profile(raw: Any) -> Profile:
    """`{values: [24 numbers], unit: x, source: ...}` or a bare list."""
    if isinstance(raw, Profile):
        return raw
    parts = raw if isinstance(raw, Mapping) else {"values": raw}
    hours, wanted = parts.get("values"), "must be 24 numbers, one an hour from midnight, none negative, not all zero"
    if not isinstance(hours, list | tuple) or len(hours) != 24 or set(parts) - {"values", "unit", "source"}:
        raise complaint(wanted)
    if any(isinstance(hour, bool) or not isinstance(hour, int | float) or not 0 <= hour < math.inf for hour in hours):
        raise complaint(wanted)
    if not any(hours):
        raise complaint(wanted)
    return Profile(hours, str(parts.get("source", "")))


HourlyProfile = Annotated[tuple[float, ...], PlainValidator(_profile), PlainSerializer(Profile.as_text)]


def sums_to_one(shares: Mapping[Any, Any], key: str) -> None:
    """Complain of shares that do not sum to 1."""
    total = math.fsum(share.value for share in shares.values())
    if abs(total - 1) > TOLERANCE:
        raise complaint(f"must sum to 1, not {total:g}", {name: share.text for name, share in shares.items()}, key)


def _shares(raw: Any) -> Any:
    """A table in which what is written in % is read as shares."""
    if not isinstance(raw, Mapping):
        return raw
    texts = {name: entry.get("value") if isinstance(entry, Mapping) else entry for name, entry in raw.items()}
    in_percent = [name for name, text in texts.items() if isinstance(text, str) and text.strip().endswith("%")]
    return {name: _share(name, entry) if name in in_percent else entry for name, entry in raw.items()}


def _share(name: Any, raw: Any) -> Quantity:
    share: Quantity = SHARE.read(raw)
    if share.uncertain:
        raise complaint("has a range; allowed: a share alone, because all sum to 1", share.text, str(name))
    return share


SHARE: Dimension = get_args(PositiveShare)[1]


class Pulse(Frozen):
    """One moment at which many are affected at once, by relative `weight`."""

    at: Duration
    """After the start."""
    weight: Factor
    """How likely this pulse is chosen, relative to the others; of bystanders, its height."""


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
    """pulses: the moments, chosen by weight."""
    spread: Duration | None = None
    """Mean delay (exponential): after the pulse, since the start, or after the deadline of the earlier matter."""
    lead: Duration | None = None
    """before_departure: mean time before departure (exponential)."""
    departure_within: PositiveDuration | None = None
    """before_departure, booked on no flight: departures are spread evenly over this time since the start."""
    per_hour: Rate | None = None
    """ordinary: mean arrivals over the 24 hours of an open day; poisson: mean arrivals."""
    profile: HourlyProfile | None = None
    """ordinary: course over the local day."""
    timezone: Zone | None = None
    """ordinary: of the profile and of the days."""
    days: Days = DAY_WORDS["daily"]
    """ordinary: on which anybody comes, by local date."""
    swing: Share = exactly(0, "share")
    """poisson: height of a wave, as a share of `per_hour`."""
    cycle: PositiveDuration | None = None
    """poisson: length of the wave."""
    cohort: Text | None = None
    """after: the cohort whose later matter it is."""
    not_before: Duration | None = None
    """after: the later matter does not arise sooner after the start than this."""
    regardless: StrictBool = False
    """after: the later matter arises even if the earlier one was settled."""

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
    """Passengers alike in what happened to them."""

    label: Label = None
    """What people read instead of its name."""
    people: PositiveCount | None = None
    """Persons; those who make contact are people x scale / mean party.

    Left out where members come in a stream, or after another matter, which says how many they are.
    """
    need: Annotated[dict[Need, Share], Sourced]
    """Share of the members who come with each need; must sum to 1."""
    asks: Annotated[dict[Text, Share], Sourced] = Field(default_factory=dict)
    """Share of those with an information need who ask each kind of question; must sum to 1."""
    entitled: Annotated[dict[Need, Share], Sourced] = Field(default_factory=dict)
    """Share of those with each need whose ticket allows it, so that no instruction is needed."""
    contacting: Share
    """Share of the members who form a need that they cannot meet alone."""
    onset: Onset
    """When a member becomes affected."""
    priority: Number = exactly(0, "number")
    """The larger number comes first at a desk with routing `priority`."""
    named: StrictBool = False
    """One passenger, whose name is the cohort's; no scale makes them more or fewer."""
    ordinary: StrictBool = False
    """Ordinary traffic: in the queues, out of the results."""
    party: Annotated[dict[int, Share], Sourced]
    """Share of the members who travel in parties of 1, 2, ... persons; must sum to 1."""
    languages: Annotated[dict[Text, Share], Sourced]
    """Share of the members who speak each language, one a member; must sum to 1."""
    preference: Annotated[dict[Text, Number], BeforeValidator(_shares), Sourced]
    """Utility (logit) of each channel, or share of the members who prefer it, whose logarithm is the utility.

    A channel that is left out is not open to them.
    """
    deadline: PositiveDuration | None = None
    """Mean time (exponential) after being affected; None: at departure if booked, else never."""
    deadline_law: one_of("exponential", "fixed") = "exponential"  # type: ignore[valid-type]
    """fixed: every member has exactly `deadline`."""
    booked_on: tuple[Text, ...] = ()
    """Flight series on which members hold seats; empty: none."""
    travels: Travels | None = None
    """Where they are and want to be; required of those who need a seat where flights go several ways."""
    anger: Share
    """At the start."""
    followers_median: Count
    """Median number of followers (lognormal)."""
    followers_sigma: Factor
    """Standard deviation of the logarithm of the followers."""
    feed: Share = exactly(0, "share")
    """Share of the members who come to read what an operator of theirs has told in public."""
    feed_delay: PositiveDuration | None = None
    """Mean time (exponential) until they do; required where `feed` is above 0."""
    operators: tuple[Text, ...]
    """Of the journey, the first one first."""

    @model_validator(mode="after")
    def _coherent(self) -> Cohort:
        for size in self.party:
            if not 1 <= size <= LARGEST_PARTY:
                raise complaint(f"party sizes are whole numbers from 1 to {LARGEST_PARTY}", size, "party")
        for key in ("need", "party", "languages", *(["asks"] if self.asks else [])):
            sums_to_one(getattr(self, key), key)
        for need in self.entitled:
            if need not in DEEDS:
                allowed = f"takes no ticket that allows it; {choice(DEEDS)}"
                raise complaint(allowed, self.entitled[need].text, f"entitled.{need}")
        if not self.preference:
            raise complaint("must name at least one channel", {}, "preference")
        in_percent = [share for share in self.preference.values() if share.dimension == SHARE.name]
        if len(in_percent) not in (0, len(self.preference)):
            written = {name: utility.text for name, utility in self.preference.items()}
            raise complaint("must be all shares, such as 40 %, or all logits, such as 0.5 logit", written, "preference")
        if not in_percent and abs(math.fsum(utility.value for utility in self.preference.values()) - 100) < 0.5:
            written = {name: utility.text for name, utility in self.preference.items()}
            raise complaint("sum to 100: write shares with their sign, such as 45 %", written, "preference")
        if in_percent:
            sums_to_one(self.preference, "preference")
        if not self.operators:
            raise complaint("must name at least one operator", [], "operators")
        if self.feed.value > 0 and self.feed_delay is None:
            raise complaint("is required where feed is above 0", None, "feed_delay")
        ordinary = self.onset.kind == "ordinary"
        if self.ordinary != ordinary:
            raise complaint("must be true where, and only where, onset.kind is ordinary", self.ordinary, "ordinary")
        if (self.onset.streams or self.onset.kind == "after") and self.people is not None:
            allowed = f"is left out where onset.kind is {self.onset.kind} (the onset says how many)"
            raise complaint(allowed, self.people.text, "people")
        if self.named and (self.people is None or self.people.value != 1):
            raise complaint("must be 1 where named is true", self.people and self.people.text, "people")
        if not self.onset.streams and self.onset.kind != "after" and self.people is None:
            raise complaint("is required", None, "people")
        if self.onset.kind == "before_departure" and not self.booked_on and self.onset.departure_within is None:
            raise complaint("is required where the cohort is booked on no flight", None, "onset.departure_within")
        return self


class Population(Frozen):
    """Everybody who may make contact. `scale` multiplies the size of every cohort and nothing else.

    `crisis_scale` multiplies what makes the crisis larger: cohorts that are not ordinary, and `per_hour` of the
    bystanders.
    """

    scale: PositiveFactor = exactly(1, "number")
    """Factor on the size of every cohort."""
    crisis_scale: PositiveFactor = exactly(1, "number")
    """Factor on the size of every cohort that is not ordinary, and on the bystanders' posts that follow the pulses."""
    cohorts: Annotated[dict[str, Cohort], Named]
    """By name."""

    @property
    def passengers(self) -> float:
        """Persons of the cohorts that say how many they are; 0 where all come in streams."""
        people = math.fsum(cohort.people.value for cohort in self.cohorts.values() if cohort.people)
        return people * self.scale.value * self.crisis_scale.value

    def factor_on(self, cohort: Cohort) -> float:
        """What the size of a cohort is multiplied by."""
        return self.scale.value * (1.0 if cohort.ordinary else self.crisis_scale.value)
