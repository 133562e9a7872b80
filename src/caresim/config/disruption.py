"""What happens: facts an operator comes to know, notices it publishes, bystanders who talk about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Prose, Sourced, Text, one_of
from caresim.config.clock import Moment, Zone
from caresim.config.errors import choice, complaint
from caresim.config.population import MOST_PULSES, HourlyProfile, Pulse
from caresim.config.quantity import Duration, PositiveDuration, PositiveFactor, Rate, Share, exactly
from caresim.model.needs import DEEDS, QUESTIONS

NoticeMedium = one_of("web", "sms", "app", "station", "press")


MOST_KINDS = 8


class Fact(Frozen):
    """From `at` on the operator knows `what`, and its staff can tell passengers who ask a question that it answers."""

    operator: Text
    """Who knows."""
    at: Moment | None = None
    """From when on; left out: from when a notice says it."""
    what: Prose
    """In words, for the reader."""
    answers: Annotated[dict[Text, Share], Sourced] = Field(default_factory=dict)
    """Share of the questions of each kind that it answers; left out where no kinds are named: then it answers all."""
    corrects: tuple[Text, ...] = ()
    """Facts of the same operator that are no longer so once this one is known."""
    wrong: StrictBool = False
    """It was never true: whoever believed it and finds out holds that against the operator."""


def _no_information(meets: dict[str, Share]) -> dict[str, Share]:
    """Questions are answered by facts."""
    for need in (need for need in QUESTIONS if need in meets):
        allowed = (
            "is not settled by a notice but by the facts it says: "
            f"write clarity: {meets[need].text} beside meets, and in says which facts"
        )
        raise complaint(allowed, meets[need].text, need)
    return meets


Meets = Annotated[dict[Need, Share], AfterValidator(_no_information), Sourced]


class Notice(Frozen):
    """A dated announcement. Reaches a share of each cohort, `delay` (exponential mean) after `at`."""

    operator: Text
    """Who publishes it; its desks know it from then on."""
    at: Moment | None = None
    """When it is published; left out: only under the staffing models that say when."""
    media: tuple[NoticeMedium, ...]  # type: ignore[valid-type]
    """What is on the web or in the press may be passed on; otherwise a label: `reach` and `delay` carry the effect."""
    languages: tuple[Text, ...]
    """In which it can be read."""
    reach: Annotated[dict[str, Share], Sourced]
    """Share of each cohort that it reaches; a cohort that is left out is not reached."""
    delay: PositiveDuration
    """Mean time (exponential) until it is read."""
    says: tuple[Text, ...] | None = None
    """The facts that it tells; left out: a fact of its own, which answers questions of all kinds."""
    clarity: Share
    """What its facts answer when they are read here, as a share of what they would answer when a person tells them."""
    meets: Meets = Field(default_factory=dict)
    """Share of the passengers reached who can do for themselves what they needed, by need."""
    prompts: Share
    """Share of the passengers reached, with their need unmet, who make contact because of it."""
    every: PositiveDuration | None = None
    """It is said again so often to those who have read it and still wait; left out: once."""
    until: Moment | None = None
    """From then on nobody reads it any more; left out: the end of the run."""
    ends_wave: StrictBool = False
    """It meets what bystanders demand: from then on their spontaneous posts are those of any other day (`base`)."""


def _deeds(needs: tuple[str, ...]) -> tuple[str, ...]:
    """What instructions allow is done; questions are answered by facts, and anybody may listen."""
    for need in needs:
        if need not in DEEDS:
            raise complaint(f"nobody needs to be allowed to: {choice(DEEDS)}", need)
    return needs


Deeds = Annotated[tuple[Need, ...], AfterValidator(_deeds)]


class Instruction(Frozen):
    """A dated instruction that gives desks a power: a waiver, "rebook free of charge", hotel vouchers.

    It reaches each desk of the operator some time after `at` (exponential mean, one luck for all of them); websites,
    assistants and notices act on it from `at` on.
    """

    operator: Text
    """Who issues it, to desks of its own."""
    at: Moment
    """When it is issued."""
    allows: Deeds
    """The needs that may be met from then on: rebooking, refund, assistance."""
    says: tuple[Text, ...] = ()
    """The facts that desks know by it, from `at` on."""
    reaches: Duration = exactly(0, "duration")
    """Mean time (exponential) until a desk has it."""
    misunderstood: Share = exactly(0, "share")
    """Share of the staff who misunderstand it, for good, and go on refusing."""

    @model_validator(mode="after")
    def _allows_something(self) -> Instruction:
        if not self.allows:
            raise complaint(f"must name at least one need, {choice(DEEDS)}", [], "allows")
        return self


class Gesture(Frozen):
    """Something done when all is over, such as a letter, which raises the satisfaction of those it reaches.

    It reaches those who have had to do with the operator. Results show it beside the satisfaction before.
    """

    operator: Text
    """Whose gesture it is."""
    what: Prose
    """In words, for the reader."""
    reach: Annotated[dict[str, Share], Sourced]
    """Share of each cohort that it reaches."""
    strength: Share
    """Share of what is missing to `ceiling` that it adds."""
    ceiling: PositiveFactor
    """Points of satisfaction."""


class Bystanders(Frozen):
    """Posts on a public channel by people who want nothing from the operator.

    Spontaneous posts at time t: `base` x profile(t) + `per_hour` x sum over pulses of weight x 2^-((t - at)/half_life)
    + `per_unresolved` x passengers unresolved at t.
    behaviour.public says how many further posts each of them sets off.
    """

    operator: Text
    """Whom they talk about."""
    channel: Text
    """The public channel on which they do."""
    base: Rate
    """Spontaneous posts on any other day."""
    per_hour: Rate
    """Spontaneous posts at the height of a pulse of weight 1."""
    per_unresolved: Rate
    """Spontaneous posts about each passenger who is unresolved."""
    pulses: tuple[Pulse, ...]
    """When there is news; the heights add up."""
    half_life: PositiveDuration
    """Of a pulse."""
    profile: HourlyProfile | None = None
    """Course of `base` over the local day."""
    timezone: Zone
    """Of the profile."""

    @model_validator(mode="after")
    def _few_pulses(self) -> Bystanders:
        if len(self.pulses) > MOST_PULSES:
            raise complaint(f"must be at most {MOST_PULSES}", len(self.pulses), "pulses")
        return self


class Disruption(Frozen):
    """The crisis, apart from who is affected by it."""

    questions: tuple[Text, ...] = ()
    """The kinds of questions that people ask, by name; none: there is one kind, which any fact answers."""
    facts: Annotated[dict[str, Fact], Named] = Field(default_factory=dict)
    """What operators come to know, by name."""
    notices: Annotated[dict[str, Notice], Named] = Field(default_factory=dict)
    """What operators publish, by name."""
    instructions: Annotated[dict[str, Instruction], Named] = Field(default_factory=dict)
    """What operators allow their desks from a moment on, by name."""
    gestures: Annotated[dict[str, Gesture], Named] = Field(default_factory=dict)
    """What an operator does when all is over, by name."""
    bystanders: Bystanders | None = None
    """Who talks about it."""
    over: Moment | None = None
    """From then on news of it help nobody any more, and nobody waits for any; the end of the window unless given."""


def facts_of_notices(disruption: Disruption) -> list[str]:
    """The notices that are a fact of their own."""
    return [name for name, notice in disruption.notices.items() if notice.says is None]


def said_by(name: str, notice: Notice) -> tuple[str, ...]:
    """The names of the facts that a notice tells."""
    return (name,) if notice.says is None else notice.says
