"""Staffing models: desks with their rosters, an assistant, and what a model changes besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Sourced, Text, one_of
from caresim.config.clock import DAY_WORDS, Clock, Day, Days, Moment, Zone
from caresim.config.disruption import NoticeMedium
from caresim.config.errors import BadInput, choice, complaint
from caresim.config.quantity import (
    Count,
    Duration,
    Factor,
    Money,
    PositiveCount,
    PositiveDuration,
    PositiveFactor,
    Quantity,
    Rate,
    Share,
    Wage,
    exactly,
)

Kind = one_of("community_manager", "call_center_agent", "counter_staff")


class Opening(Frozen):
    """Local hours on some days; an end at '06:00+1' is on the day after."""

    days: Days = DAY_WORDS["daily"]
    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Any:
        if self.start.minutes >= 1440:
            raise complaint("must be between '00:00' and '23:59'", str(self.start), "start")
        if not self.start.minutes < self.end.minutes <= self.start.minutes + 1440:
            allowed = f"must be after the start ({self.start}), within 24 hours; write 'HH:MM+1' for the day after"
            raise complaint(allowed, str(self.end), "end")
        return self


class Shift(Opening):
    """A stretch of duty of `share` of the desk's headcount, from `first` to `last` inclusive when given.

    `timezone` is where these people sit, when it is not the desk's.
    """

    timezone: Zone | None = None
    share: Factor = exactly(1, "number")
    first: Day | None = None
    last: Day | None = None

    @model_validator(mode="after")
    def _dated(self) -> Shift:
        if self.first and self.last and self.last < self.first:
            raise complaint(f"must not be before first ({self.first})", str(self.last), "last")
        return self


class Overtime(Frozen):
    """Triangular: how long a person stays on to finish an open case."""

    low: Duration
    mode: Duration
    high: Duration

    @model_validator(mode="after")
    def _rises(self) -> Overtime:
        if not self.low.value <= self.mode.value <= self.high.value:
            raise complaint("must rise: low, mode, high", [self.low.text, self.mode.text, self.high.text])
        return self


class Reserve(Frozen):
    """People on call, who are called in when more than `above` posts an hour name the operator (looked at once a bin).

    They come `delay` later, those who can be reached (less absence), for `length`, and can be called again after that.
    """

    headcount: PositiveCount
    above: Rate
    delay: PositiveDuration
    length: PositiveDuration


class Callback(Frozen):
    """Virtual hold: a caller who would wait longer than `offered_above` may hang up and be called back in turn.

    `accepts` of them do; `reached` of those pick up, the others cost `ring` and come back as they will.
    """

    offered_above: Duration
    accepts: Share
    reached: Share
    ring: Duration


def _opening(raw: Any) -> Any:
    if isinstance(raw, str) and raw in ("when staffed", "always"):
        return raw
    if isinstance(raw, list | tuple) and raw:
        return tuple(hours if isinstance(hours, Opening) else Opening.model_validate(hours) for hours in raw)
    raise complaint(
        "must be 'when staffed', 'always', or a list of hours such as {days: daily, start: '08:00', end: '20:00'}"
    )


class StaffTraits(Frozen):
    """What people at work are like."""

    overtime: Overtime
    shrinkage: Share
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
    novice_quality: PositiveFactor = exactly(1, "number")
    cost_per_hour: Wage

    @model_validator(mode="after")
    def _at_work(self) -> Any:
        if self.absence.value > self.shrinkage.value:
            raise complaint(
                f"is part of shrinkage ({self.shrinkage.text}) and cannot be more", self.absence.text, "absence"
            )
        if self.shrinkage.value >= 1:
            raise complaint("must be below 1: nobody would ever be at work", self.shrinkage.text, "shrinkage")
        return self


class Desk(StaffTraits):
    """A queue and the people who work on it.

    `headcount` people a shift (before shrinkage); `headcount_before` until `reinforced_from`. With `reinforcement` the
    experiment's uncertain factor multiplies what was added. With `scale_with_hours` the headcount is scaled so that the
    paid hours of the model match those of `paid_hours`. Traits left out are those of `staff.<kind>`.
    """

    operator: Text
    serves: tuple[Text, ...]
    kind: Kind  # type: ignore[valid-type]
    timezone: Zone
    headcount: Count
    headcount_before: Count | None = None
    reinforced_from: Moment | None = None
    reinforcement: StrictBool = False
    shifts: tuple[Shift, ...]
    roster: one_of("shifts", "given") = "shifts"  # type: ignore[valid-type]
    """given: the people at work are those that a replay's files say, and no shift."""
    opening: Annotated[Any, BeforeValidator(_opening)] = "when staffed"
    routing: Text = "first_come"
    """The rule by which the next contact is chosen: one of caresim's, or of a user's own (see check_routing)."""
    text_first: Share = exactly(0, "share")
    """Share of the staff who look at the text queue first; the others at the calls."""
    languages: tuple[Text, ...]
    informs: StrictBool
    rebooks: StrictBool
    refunds: StrictBool
    assists: StrictBool
    sees_booking: StrictBool
    waitlists: StrictBool
    promise: Share = exactly(0, "share")
    promise_kept: Share = exactly(1, "share")
    promise_delay: PositiveDuration | None = None
    expires: PositiveDuration | None = None
    """What was written longer ago than this is put aside unread; None: never."""
    converses: StrictBool = False
    """A conversation in writing that has settled nothing yet stays open for the customer's next message."""
    hand_over: Text | None = None
    reserve: Reserve | None = None
    callback: Callback | None = None
    end_of_duty: one_of("finish", "drop", "hand_over")  # type: ignore[valid-type]
    scale_with_hours: StrictBool = False

    @property
    def before(self) -> Quantity:
        """People a shift before the reinforcement."""
        return self.headcount if self.headcount_before is None else self.headcount_before

    @model_validator(mode="after")
    def _coherent(self) -> Desk:
        remedy = "or set the desk to null and name its channels under unanswered or closed"
        if self.headcount.value < 1:
            raise complaint(
                f"nobody staffs this desk: give at least 1 person, {remedy}", self.headcount.text, "headcount"
            )
        if not any(shift.share.value > 0 for shift in self.shifts):
            raise complaint(
                f"nobody staffs this desk: give at least one shift with a share above 0, {remedy}", [], "shifts"
            )
        if not self.serves:
            raise complaint("must name at least one channel", [], "serves")
        if not self.languages:
            raise complaint("must name at least one language", [], "languages")
        if self.before.value > self.headcount.value:
            raise complaint(
                f"must not be above headcount ({self.headcount.text})", self.before.text, "headcount_before"
            )
        if (self.headcount_before is None) != (self.reinforced_from is None):
            raise complaint("headcount_before and reinforced_from are given together", None, "reinforced_from")
        if self.promise.value > 0 and self.promise_delay is None:
            raise complaint("is required where promise is above 0", None, "promise_delay")
        if self.end_of_duty == "hand_over" and self.hand_over is None:
            raise complaint("is required where end_of_duty is hand_over", None, "hand_over")
        return self


class Assistant(Frozen):
    """An automated assistant that answers first on its channels, at once and around the clock."""

    channels: tuple[Text, ...]
    solves: Annotated[dict[Need, Share], Sourced]
    errs: Annotated[dict[Need, Share], Sourced]
    """Share of the replies that are wrong."""
    hands_over: Share
    """Share of the unsolved cases that find the way to a person."""
    handle: PositiveDuration
    quality: Share
    languages: tuple[Text, ...]
    cost_per_contact: Money

    @model_validator(mode="after")
    def _shares_fit(self) -> Assistant:
        for need, solved in self.solves.items():
            wrong = self.errs.get(need)
            if wrong and solved.value + wrong.value > 1:
                raise complaint(f"with solves ({solved.text}) must not be above 1", wrong.text, f"errs.{need}")
        return self


class NoticeChange(Frozen):
    """What a staffing model changes in one of the disruption's notices; what is left out stays."""

    at: Moment | None = None
    media: tuple[NoticeMedium, ...] | None = None  # type: ignore[valid-type]
    languages: tuple[Text, ...] | None = None
    reach: Annotated[dict[str, Share], Sourced] | None = None
    delay: PositiveDuration | None = None
    meets: Annotated[dict[Need, Share], Sourced] | None = None
    prompts: Share | None = None
    ends_wave: StrictBool | None = None


class PaidHours(Frozen):
    """The paid hours of this model: those of the staffing model `as`, times `factor`."""

    as_: Text = Field(alias="as")
    factor: PositiveFactor = exactly(1, "number")


class Staffing(Frozen):
    """One staffing model; `differs` says in one line what differs from the baseline."""

    differs: Text
    desks: Annotated[dict[str, Desk], Named]
    unanswered: tuple[Text, ...] = ()
    """Channels that are open and that nobody answers."""
    closed: tuple[Text, ...] = ()
    """Channels that do not exist in this model."""
    notices: Annotated[dict[str, NoticeChange], Named] = Field(default_factory=dict)
    assistant: Assistant | None = None
    paid_hours: PaidHours | None = None

    @model_validator(mode="after")
    def _scalable(self) -> Staffing:
        if self.paid_hours and not any(desk.scale_with_hours for desk in self.desks.values()):
            raise complaint("needs a desk with scale_with_hours: true", self.paid_hours.as_, "paid_hours")
        return self


def check_routing(models: Mapping[str, Staffing]) -> None:
    """BadInput for a desk whose routing rule is neither one of caresim's nor one of a user's."""
    # Asked for last and late: the rules are code that Numba compiles, which takes a while to load.
    from caresim.model.own_rules import every_rule

    rules = every_rule()
    for model, staffing in models.items():
        for name, desk in staffing.desks.items():
            if desk.routing not in rules:
                allowed = f"{choice(rules, desk.routing)}, or a rule of your own, of a module named by --plugin"
                raise BadInput(f"staffing.{model}.desks.{name}.routing", desk.routing, allowed)
