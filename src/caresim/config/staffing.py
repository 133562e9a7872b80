"""Staffing models: desks, an assistant, and what a model changes besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Prose, Sourced, Text, one_of
from caresim.config.clock import Moment
from caresim.config.desk import Desk, MoreStaff
from caresim.config.disruption import Meets, NoticeMedium
from caresim.config.errors import choice, complaint
from caresim.config.labels import Label
from caresim.config.quantity import Duration, Money, PositiveDuration, PositiveFactor, Share, exactly
from caresim.config.sharing import Shares


class Message(Frozen):
    """What becomes of a caller whom an assistant would pass on while nobody is on duty: they may leave a message."""

    leaves: Share
    """Share who leave one; the others are told to call again."""
    reached: Share
    """Share of those who pick up when they are called back."""
    ring: Duration
    """Time that an attempt takes which reaches nobody."""


class Outage(Frozen):
    """A stretch in which the assistant fails."""

    from_: Moment = Field(alias="from")
    """From then on."""
    to: Moment
    """Until then."""

    @model_validator(mode="after")
    def _lasts(self) -> Outage:
        if self.to <= self.from_:
            raise complaint(
                f"must be after from ({self.from_:%Y-%m-%d %H:%M} UTC)", f"{self.to:%Y-%m-%d %H:%M} UTC", "to"
            )
        return self


class Assistant(Frozen):
    """An automated assistant that answers first on its channels, at once and around the clock."""

    channels: tuple[Text, ...]
    """On which it answers first."""
    solves: Annotated[dict[Need, Share], Sourced]
    """Share of its first replies that settle the need, by need."""
    errs: Annotated[dict[Need, Share], Sourced]
    """Share of the replies that are wrong."""
    hands_over: Share
    """Share of the unsolved cases that find the way to a person."""
    handle: PositiveDuration
    """Time until it answers."""
    quality: Share
    """Fit and tone of its replies, as of a person's."""
    languages: tuple[Text, ...]
    """That it knows; a customer who speaks another one goes straight to the queue."""
    cost_per_contact: Money
    """Beside paid hours."""
    when_nobody: one_of("call_again", "message") = "call_again"  # type: ignore[valid-type]
    """What it tells callers whom it would pass on while nobody is on duty: to call again, or to leave a message."""
    message: Message | None = None
    """Required where `when_nobody` is message."""
    outages: tuple[Outage, ...] = ()
    """When it fails: contacts go on as without it."""
    harder: PositiveFactor = exactly(1, "number")
    """Factor on the handling times of what it has passed on."""
    excludes: tuple[Need, ...] = ()  # type: ignore[valid-type]
    """Needs that it passes straight to people."""

    @model_validator(mode="after")
    def _takes_messages_or_not(self) -> Assistant:
        if (self.when_nobody == "message") != (self.message is not None):
            wanted = "and is given only there: {leaves, reached, ring}"
            raise complaint(f"is required where when_nobody is message, {wanted}", self.when_nobody, "message")
        return self

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
    """When it is published."""
    media: tuple[NoticeMedium, ...] | None = None  # type: ignore[valid-type]
    """What is on the web or in the press may be passed on."""
    languages: tuple[Text, ...] | None = None
    """In which it can be read."""
    reach: Annotated[dict[str, Share], Sourced] | None = None
    """Share of each cohort named that it reaches."""
    delay: PositiveDuration | None = None
    """Mean time until it is read."""
    says: tuple[Text, ...] | None = None
    """The facts that it tells."""
    clarity: Share | None = None
    """What its facts answer when they are read here."""
    meets: Meets | None = None
    """Share of those reached who can do for themselves what they needed, by need."""
    prompts: Share | None = None
    """Share of the others reached who make contact because of it."""
    every: PositiveDuration | None = None
    """It is said again so often."""
    until: Moment | None = None
    """From then on nobody reads it any more."""
    ends_wave: StrictBool | None = None
    """It meets what bystanders demand."""


class InstructionChange(Frozen):
    """What a staffing model changes in one of the disruption's instructions; what is left out stays."""

    at: Moment | None = None
    """When it is issued."""
    reaches: Duration | None = None
    """Mean time until a desk has it."""
    misunderstood: Share | None = None
    """Share of the staff who misunderstand it."""


class PaidHours(Frozen):
    """The paid hours of this model: those of the staffing model `as`, times `factor`."""

    as_: Text = Field(alias="as")
    """The staffing model whose paid hours are met."""
    factor: PositiveFactor = exactly(1, "number")
    """Factor on those hours."""
    by: one_of("hours", "cost") = "hours"  # type: ignore[valid-type]
    """cost: what is equal is not the hours but what they cost."""


class Staffing(Frozen):
    """One staffing model; `differs` says in one line what differs from the baseline."""

    label: Label = None
    """What people read instead of its name."""
    differs: Prose
    desks: Annotated[dict[str, Desk], Named]
    """By name."""
    extra: tuple[MoreStaff, ...] = ()
    """People on top, each at a desk; they become the desks' own `extra`, so that it is empty once it has been read."""
    unanswered: tuple[Text, ...] = ()
    """Channels that are open and that nobody answers."""
    closed: tuple[Text, ...] = ()
    """Channels that do not exist in this model."""
    notices: Annotated[dict[str, NoticeChange], Named] = Field(default_factory=dict)
    """What this model changes in the disruption's notices, by name."""
    instructions: Annotated[dict[str, InstructionChange], Named] = Field(default_factory=dict)
    """What this model changes in the disruption's instructions, by name."""
    shares: Annotated[dict[str, Shares], Named] = Field(default_factory=dict)
    """Who is told what an operator comes to know, by operator, instead of what `operators.*.shares` says."""
    assistant: Assistant | None = None
    """It answers before the desks do."""
    paid_hours: PaidHours | None = None
    """Those of another model, which this one's are scaled to."""

    @model_validator(mode="before")
    @classmethod
    def _extra_to_desks(cls, raw: Any) -> Any:
        return with_extra(raw) if isinstance(raw, Mapping) and raw.get("extra") else raw

    @model_validator(mode="after")
    def _scalable(self) -> Staffing:
        if self.paid_hours and not any(desk.scale_with_hours for desk in self.desks.values()):
            raise complaint("needs a desk with scale_with_hours: true", self.paid_hours.as_, "paid_hours")
        return self


def with_extra(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The staffing model with its `extra` at the desks that they name, behind those that are there already."""
    desks = {name: desk for name, desk in (raw.get("desks") or {}).items() if isinstance(desk, Mapping)}
    if not isinstance(raw["extra"], list | tuple):
        raise complaint("must be a list such as [{start: '16:00', end: '20:00', headcount: 3}]", raw["extra"], "extra")
    for index, more in enumerate(raw["extra"]):
        key = f"extra[{index}]"
        if not isinstance(more, Mapping):
            raise complaint("must have start, end and headcount", more, key)
        name = more.get("desk")
        if name is None and len(desks) != 1:
            raise complaint(f"is required; {choice(desks)}", None, f"{key}.desk")
        name = next(iter(desks)) if name is None else name
        if name not in desks:
            raise complaint(choice(desks, str(name)), name, f"{key}.desk")
        own = {step: value for step, value in more.items() if step != "desk"}
        desks[name] = {**desks[name], "extra": [*(desks[name].get("extra") or ()), own]}
    return {**raw, "extra": (), "desks": {**raw["desks"], **desks}}
