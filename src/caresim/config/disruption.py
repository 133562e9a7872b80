"""What happens: facts an operator comes to know, notices it publishes, bystanders who talk about it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictBool, model_validator

from caresim.config.base import Frozen, Named, Need, Sourced, Text, one_of
from caresim.config.clock import Moment, Zone
from caresim.config.errors import complaint
from caresim.config.population import MOST_PULSES, HourlyProfile, Pulse
from caresim.config.quantity import PositiveDuration, PositiveFactor, Rate, Share

NoticeMedium = one_of("web", "sms", "app", "station", "press")


class Fact(Frozen):
    """From `at` on the operator knows `what`, and its staff can tell passengers who do not."""

    operator: Text
    at: Moment
    what: Text


class Notice(Frozen):
    """A dated announcement. Reaches a share of each cohort, `delay` (exponential mean) after `at`."""

    operator: Text
    at: Moment
    media: tuple[NoticeMedium, ...]  # type: ignore[valid-type]
    languages: tuple[Text, ...]
    reach: Annotated[dict[str, Share], Sourced]
    delay: PositiveDuration
    meets: Annotated[dict[Need, Share], Sourced]
    """Share of the passengers reached whose need it meets."""
    prompts: Share
    """Share of the passengers reached, with their need unmet, who make contact because of it."""
    ends_wave: StrictBool = False
    """It meets what bystanders demand: from then on they post unprompted as on any other day (`base` alone)."""


class Gesture(Frozen):
    """Something done when all is over, such as a letter: it reaches a share of each cohort that has had to do with the
    operator, and lifts their satisfaction by `strength` of what is missing to `ceiling`. Reported apart.
    """

    operator: Text
    what: Text
    reach: Annotated[dict[str, Share], Sourced]
    strength: Share
    ceiling: PositiveFactor


class Bystanders(Frozen):
    """Posts on a public channel by people who want nothing from the operator.

    Fresh posts at time t: `base` x profile(t) + `per_hour` x sum over pulses of weight x 2^-((t - at)/half_life)
    + `per_unresolved` x passengers unresolved at t.
    What they breed is behaviour.public.
    """

    operator: Text
    channel: Text
    base: Rate
    per_hour: Rate
    per_unresolved: Rate
    """Fresh posts that each unresolved passenger occasions."""
    pulses: tuple[Pulse, ...]
    half_life: PositiveDuration
    profile: HourlyProfile | None = None
    timezone: Zone

    @model_validator(mode="after")
    def _few_pulses(self) -> Bystanders:
        if len(self.pulses) > MOST_PULSES:
            raise complaint(f"must be at most {MOST_PULSES}", len(self.pulses), "pulses")
        return self


class Disruption(Frozen):
    """The crisis, apart from who is affected by it."""

    facts: Annotated[dict[str, Fact], Named] = Field(default_factory=dict)
    notices: Annotated[dict[str, Notice], Named] = Field(default_factory=dict)
    gestures: Annotated[dict[str, Gesture], Named] = Field(default_factory=dict)
    bystanders: Bystanders | None = None
