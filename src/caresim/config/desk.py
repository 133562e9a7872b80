"""A desk: a queue, the people who work on it, when they do, and what they may do."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, StrictBool, model_validator

from caresim.config.base import Frozen, Text, one_of
from caresim.config.clock import DAY_WORDS, Clock, Day, Days, Moment, Zone
from caresim.config.errors import complaint
from caresim.config.labels import Label
from caresim.config.on_call import Reserve
from caresim.config.premium import Premium
from caresim.config.quantity import (
    Count,
    Duration,
    Factor,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    Quantity,
    Share,
    Wage,
    exactly,
)
from caresim.config.replanning import Replans
from caresim.config.sections import check_whole
from caresim.config.turnover import Turnover

SECOND = 1.0 / 60.0
"""In minutes."""
Kind = one_of("community_manager", "call_center_agent", "counter_staff")


class Opening(Frozen):
    """Local hours on some days; an end at '06:00+1' is on the day after."""

    days: Days = DAY_WORDS["daily"]
    """On which they begin."""
    start: Clock
    """Local, '00:00' to '23:59'."""
    end: Clock
    """Local, after the start, at most 24 hours later."""

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Any:
        if self.start.minutes >= 1440:
            raise complaint("must be between '00:00' and '23:59'", str(self.start), "start")
        if not self.start.minutes < self.end.minutes <= self.start.minutes + 1440:
            allowed = f"must be after the start ({self.start}), within 24 hours; write 'HH:MM+1' for the day after"
            raise complaint(allowed, str(self.end), "end")
        return self


class Dated(Opening):
    """Hours of days from `first` to `last` inclusive when given."""

    timezone: Zone | None = None
    """Where these people sit; None: where the desk does."""
    first: Day | None = None
    """Day on which it begins for the first time."""
    last: Day | None = None
    """Day on which it begins for the last time."""

    @property
    def hours(self) -> tuple[Zone | None, int, int]:
        """What shifts have in common that are one roster, written date by date or by weekday."""
        return self.timezone, self.start.minutes, self.end.minutes

    @model_validator(mode="after")
    def _dated(self) -> Dated:
        if self.first and self.last and self.last < self.first:
            raise complaint(f"must not be before first ({self.first})", str(self.last), "last")
        return self


class Shift(Dated):
    """A stretch of duty of `share` of the desk's headcount."""

    share: Factor = exactly(1, "number")
    """Factor on the desk's headcount."""


class Extra(Dated):
    """People who come on top of a roster."""

    headcount: PositiveCount
    """So many, before absence."""

    @model_validator(mode="after")
    def _whole(self) -> Any:
        check_whole(self.headcount, "headcount")
        return self


class MoreStaff(Extra):
    """People on top of those who are there, at one of the desks."""

    desk: Text | None = None
    """Null: the only desk there is."""


class Overtime(Frozen):
    """Triangular: how long a person stays on to finish an open case."""

    low: Duration
    """The shortest."""
    mode: Duration
    """The most common."""
    high: Duration
    """The longest."""

    @model_validator(mode="after")
    def _rises(self) -> Overtime:
        if not self.low.value <= self.mode.value <= self.high.value:
            raise complaint("must rise: low, mode, high", [self.low.text, self.mode.text, self.high.text])
        return self


class NewsPromise(Frozen):
    """What a desk does that knows nothing yet: it may name a time by which there will be news."""

    share: Share
    """Share of the passengers told that nothing is known to whom it names a time."""
    within: PositiveDuration
    """The time that it names, from the reply."""


class Callback(Frozen):
    """Virtual hold: a caller who would wait longer than `offered_above` may hang up and be called back in turn.

    `accepts` of them do; `reached` of those pick up, the others cost `ring` and come back as they will.
    """

    offered_above: Duration
    """The wait that is announced, above which it is offered."""
    accepts: Share
    """Share of those to whom it is offered who accept."""
    reached: Share
    """Share of those called back who pick up."""
    ring: Duration
    """Time that an attempt takes which reaches nobody."""


class Overflow(Frozen):
    """A caller or visitor who has waited for `after` moves to the queue of the desk `to`, if somebody works there."""

    to: Text
    """Another desk of the same operator."""
    after: PositiveDuration
    """Since they came to the queue, and between one try and the next."""

    @model_validator(mode="after")
    def _takes_time(self) -> Any:
        if self.after.value < SECOND:
            raise complaint("must be at least 1 s", self.after.text, "after")
        return self


def _opening(raw: Any) -> Any:
    """One of the two words, or hours."""
    if isinstance(raw, str) and raw in ("when staffed", "always"):
        return raw
    if isinstance(raw, list | tuple) and raw:
        return tuple(hours if isinstance(hours, Opening) else Opening.model_validate(hours) for hours in raw)
    raise complaint(
        "must be 'when staffed', 'always', or a list of hours such as {days: daily, start: '08:00', end: '20:00'}"
    )


def _power(raw: Any) -> bool | str:
    """True, false, or the name of an instruction."""
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw.strip():
        return raw.strip()
    raise complaint("must be true, false, or the name of an instruction (disruption.instructions)")


Power = Annotated[bool | str, BeforeValidator(_power)]
"""Whether a desk may do something: always, never, or from when an instruction reaches it."""


class StaffTraits(Frozen):
    """What people at work are like."""

    overtime: Overtime
    """How long a person stays on; paid by the minute."""
    shrinkage: Share
    """Share of paid hours that is absence and breaks."""
    absence: Share
    """Part of shrinkage that takes a person off for the whole day; the rest is breaks."""
    speed_cv: Factor
    """Coefficient of variation of mean handling time between people."""
    quality: Share
    """Mean fit and tone of a reply."""
    quality_spread: Share
    """Standard deviation of quality between people."""
    novices: Share = exactly(0, "share")
    """Share of novices: 1 - exp(-attrition x ramp-up)."""
    novice_slowness: PositiveFactor = exactly(1, "number")
    """Factor on a novice's handling time."""
    novice_quality: PositiveFactor = exactly(1, "number")
    """Factor on the quality of a novice's replies."""
    cost_per_hour: Wage
    """Loaded cost of a paid hour."""
    premium: Premium | None = None
    """What hours at night and on Sundays cost beyond it; none: nothing."""
    turnover: Turnover | None = None
    """What it costs to replace those who leave, on top of the loaded cost; none: it is part of that."""

    @property
    def cost_of_an_hour(self) -> float:
        """EUR for a paid hour: the loaded cost, and what replacing people costs."""
        return self.cost_per_hour.value + (self.turnover.an_hour if self.turnover else 0.0)

    @model_validator(mode="after")
    def _at_work(self) -> Any:
        if self.absence.value > self.shrinkage.value:
            allowed = f"is part of shrinkage ({self.shrinkage.text}) and cannot be more"
            raise complaint(allowed, self.absence.text, "absence")
        if self.shrinkage.value >= 1:
            raise complaint("must be below 1: nobody would ever be at work", self.shrinkage.text, "shrinkage")
        return self


class Desk(StaffTraits):
    """A queue and the people who work on it. Traits that are left out are those of `staff.<kind>`."""

    label: Label = None
    """What people read instead of its name."""
    operator: Text
    """Whose desk it is."""
    serves: tuple[Text, ...]
    """Channels of this operator."""
    kind: Kind  # type: ignore[valid-type]
    """Of staff: where traits that are left out come from."""
    timezone: Zone
    """Of the shifts."""
    headcount: Count
    """People per shift, before shrinkage."""
    headcount_before: Count | None = None
    """People per shift until `reinforced_from`."""
    reinforced_from: Moment | None = None
    """The first shift that starts then has `headcount` people."""
    reinforcement: StrictBool = False
    """The experiment's `reinforcement` multiplies the people added."""
    shifts: tuple[Shift, ...]
    """Of a day."""
    extra: tuple[Extra, ...] = ()
    """People on top of the shifts, or of the roster that is given."""
    roster: one_of("shifts", "given") = "shifts"  # type: ignore[valid-type]
    """given: the people at work are those of a replay's files, and no shift is worked."""
    opening: Annotated[Any, BeforeValidator(_opening)] = "when staffed"
    """When a phone or counter is open: `when staffed`, `always`, or a list of hours."""
    routing: Text = "first_come"
    """The rule by which the next free person gets a contact: one of caresim's or one of your own (docs/routing.md)."""
    routing_in_writing: Text | None = None
    """The rule for what was written, where it is another one; None: that of `feeds`, or as `routing`."""
    head_start: Duration | None = None
    """By so much a priority of 1 counts as having come earlier; required where a rule is head_start."""
    text_first: Share = exactly(0, "share")
    """Share of the staff who look at the written queue first; the others look at the calls first."""
    languages: tuple[Text, ...]
    """That its people speak."""
    informs: StrictBool
    """It may tell what the operator knows."""
    rebooks: Power
    """It may give seats: true, false, or from when an instruction of this name reaches it."""
    refunds: Power
    """It may refund; likewise."""
    assists: Power
    """It may give help on the spot, such as a hotel; likewise."""
    sees_booking: StrictBool
    """It has access to bookings, without which nothing is rebooked or refunded."""
    waitlists: StrictBool
    """It may put passengers on the waitlist."""
    promise: Share = exactly(0, "share")
    """Share of the replies that settle nothing and hold a promise."""
    promise_kept: Share = exactly(1, "share")
    """Share of the promises that are kept."""
    promise_delay: PositiveDuration | None = None
    """Until a promise is kept or found broken; required where `promise` is above 0."""
    news_promise: NewsPromise | None = None
    """What it promises where nothing is known yet; none: nothing."""
    expires: PositiveDuration | None = None
    """A post or message older than this is put aside unread; left out, as `feeds` says; None: never."""
    converses: StrictBool = False
    """A conversation in writing that has settled nothing yet stays open for the customer's next message."""
    hand_over: Text | None = None
    """The desk that gets what this one cannot do."""
    overflow: Overflow | None = None
    """Where callers and visitors go who have waited here for long."""
    reserve: Reserve | None = None
    """People on call."""
    replans: Replans | None = None
    """How tomorrow's heads follow today's work; None: they are those of the roster."""
    callback: Callback | None = None
    """Calls returned in turn, instead of waiting on the line."""
    end_of_duty: one_of("finish", "drop", "hand_over")  # type: ignore[valid-type]
    """What becomes of a conversation that is open when its person's duty ends."""
    scale_with_hours: StrictBool = False
    """The headcount follows `paid_hours`."""

    @property
    def before(self) -> Quantity:
        """People a shift before the reinforcement."""
        return self.headcount if self.headcount_before is None else self.headcount_before

    @model_validator(mode="after")
    def _coherent(self) -> Desk:
        remedy = "or set the desk to null and name its channels under unanswered or closed"
        if self.headcount.value < 1:
            allowed = f"nobody staffs this desk: give at least 1 person, {remedy}"
            raise complaint(allowed, self.headcount.text, "headcount")
        if not any(shift.share.value > 0 for shift in self.shifts):
            allowed = f"nobody staffs this desk: give at least one shift with a share above 0, {remedy}"
            raise complaint(allowed, [], "shifts")
        if not self.serves:
            raise complaint("must name at least one channel", [], "serves")
        if not self.languages:
            raise complaint("must name at least one language", [], "languages")
        if self.before.value > self.headcount.value:
            allowed = f"must not be above headcount ({self.headcount.text})"
            raise complaint(allowed, self.before.text, "headcount_before")
        if (self.headcount_before is None) != (self.reinforced_from is None):
            raise complaint("headcount_before and reinforced_from are given together", None, "reinforced_from")
        if "head_start" in (self.routing, self.routing_in_writing) and self.head_start is None:
            raise complaint("is required where routing is head_start: minutes for a priority of 1", None, "head_start")
        if self.promise.value > 0 and self.promise_delay is None:
            raise complaint("is required where promise is above 0", None, "promise_delay")
        if self.replans is not None and self.roster == "given":
            raise complaint("needs a roster of shifts; those who work here are given by a replay", None, "replans")
        if self.end_of_duty == "hand_over" and self.hand_over is None:
            raise complaint("is required where end_of_duty is hand_over", None, "hand_over")
        return self
