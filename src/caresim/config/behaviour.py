"""The numbers of the laws of behaviour: anger, choice, patience, reminders, handling, timeline, settlement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import model_validator

from caresim.config.base import NEEDS, Frozen, Medium, Need, Sourced, one_of
from caresim.config.errors import complaint
from caresim.config.quantity import Duration, Factor, Number, PositiveDuration, PositiveFactor, Quantity, Share

EXPLODES = 0.8
"""Largest spectral radius of the next-generation matrix that is accepted."""


class Anger(Frozen):
    """a(w) = 1 - (1 - a0) max(1, w/tau)^(-kappa theta m); relaxes between cases."""

    temper_cv: Factor
    kappa: Factor
    unexplained: PositiveFactor
    half_life: PositiveDuration
    relief: Share
    relief_decay: Share
    empty_reply: Share
    broken_promise: Share
    blocked_call: Share
    hand_over: Share


class Choice(Frozen):
    """Utility that experience adds to a cohort's preference (multinomial logit)."""

    public_pull: Number
    haste_pull: Number
    haste_scale: PositiveDuration
    busy_penalty: Factor
    wait_penalty: Factor
    silence_penalty: Factor
    seen_penalty: Factor
    forget_half_life: PositiveDuration


class MediumRules(Frozen):
    """`expected`: the wait past which anger starts; `typical`: tau of the settlement."""

    expected: PositiveDuration
    typical: PositiveDuration


def every_need(tables: Mapping[str, Mapping[str, Quantity]]) -> None:
    """Complain of a table that leaves a need out: somebody will come with it."""
    for key, table in tables.items():
        for need in NEEDS:
            if need not in table:
                raise complaint("is required: every need has a value", None, f"{key}.{need}")


class Phone(Frozen):
    """How long people wait on a line or at a counter, and what they do when they gave up."""

    patience: Annotated[dict[Need, PositiveDuration], Sourced]
    counter_patience: Annotated[dict[Need, PositiveDuration], Sourced]
    patience_law: one_of("weibull", "deterministic", "endless")  # type: ignore[valid-type]
    """How patience on the spot is distributed about its mean; endless: nobody gives up."""
    patience_shape: PositiveFactor
    busy_redial: Share
    busy_gap: PositiveDuration
    abandon_redial: Share
    abandon_gap: PositiveDuration

    @model_validator(mode="after")
    def _complete(self) -> Phone:
        every_need({"patience": self.patience, "counter_patience": self.counter_patience})
        return self


class TextMedia(Frozen):
    """Reminders and turns of public posts, private messages and e-mail.

    Gaps are lognormal, given by their median and the sigma of the log.
    """

    remind_gap: PositiveDuration
    remind_sigma: Factor
    patience: PositiveDuration
    """Median time until the author stops caring; nobody tells the desk."""
    patience_sigma: Factor
    turn_gap: PositiveDuration
    turn_sigma: Factor
    turn_dropout: Share


class FollowUp(Frozen):
    """What a passenger does after an end that did not settle the matter."""

    gap: PositiveDuration
    sigma: Factor
    persist: Share
    haste: Share
    """How much sooner full anger brings a passenger back: the gap is shorter by this share."""
    waitlist_patience: PositiveFactor
    """Factor on the gap of those who are on the waitlist for a seat."""
    closed_retry: PositiveDuration
    wrong_delay: PositiveDuration


class Handling(Frozen):
    """Mean handling minutes by medium and need (phone, counter, public, private, email), and how they are distributed.

    `sigma` is the standard deviation of the logarithm; a coefficient of variation `cv` may stand instead of it.
    """

    phone: Annotated[dict[Need, PositiveDuration], Sourced]
    counter: Annotated[dict[Need, PositiveDuration], Sourced]
    public: Annotated[dict[Need, PositiveDuration], Sourced]
    private: Annotated[dict[Need, PositiveDuration], Sourced]
    email: Annotated[dict[Need, PositiveDuration], Sourced]
    law: one_of("lognormal", "exponential", "hyperexponential", "deterministic")  # type: ignore[valid-type]
    sigma: Factor
    cv: Factor | None = None
    reading_in: Duration
    triage: Duration
    joke: Factor
    """Time a bystander's post that looks like a request takes, as a multiple of `triage`."""

    @model_validator(mode="after")
    def _complete(self) -> Handling:
        if self.law == "hyperexponential" and (self.cv is None or self.cv.value < 1):
            raise complaint("is required where law is hyperexponential, at least 1", self.cv and self.cv.text, "cv")
        every_need({medium: getattr(self, medium) for medium in ("phone", "counter", "public", "private", "email")})
        return self


class Public(Frozen):
    """The public timeline: a self-exciting process with an exponential kernel, and the mood it leaves."""

    contagion: Factor
    contagion_from_care: Factor
    own_posts: PositiveFactor
    calming: Share
    """What is left of a post's following once it has been answered fittingly for all to see."""
    burst_half_life: PositiveDuration
    mood_half_life: PositiveDuration
    joke_anger: Share
    joke_question: Share

    @property
    def repeats(self) -> float:
        """Own posts that follow a post of the same author: 1 - 1/own_posts."""
        return 1 - 1 / self.own_posts.value

    @property
    def kernel_mean(self) -> float:
        """Mean minutes between a post and one it breeds: burst half-life x (1 - n) / ln 2."""
        return self.burst_half_life.value * (1 - self.contagion.value) / 0.6931471805599453

    @model_validator(mode="after")
    def _does_not_explode(self) -> Public:
        if self.own_posts.value < 1:
            raise complaint("must be at least 1: an author has written one post", self.own_posts.text, "own_posts")
        top = {name: quantity.value if quantity.high is None else quantity.high for name, quantity in self}
        worst = radius(1 - 1 / top["own_posts"], top["contagion_from_care"], top["contagion"])
        if worst > EXPLODES:
            allowed = (
                f"explodes: with contagion_from_care {top['contagion_from_care']:g} and own_posts {top['own_posts']:g}"
                f" (tops of their ranges) each post breeds {worst:.2f} others; allowed: at most {EXPLODES:g}"
            )
            raise complaint(
                allowed, self.contagion.text if self.contagion.high is None else top["contagion"], "contagion"
            )
        return self


def radius(repeats: float, from_care: float, contagion: float) -> float:
    """Spectral radius of [[repeats, from_care], [contagion, contagion]] (all entries at least 0)."""
    half, gap = (repeats + contagion) / 2, (repeats - contagion) / 2
    return half + (gap * gap + from_care * contagion) ** 0.5


class Settlement(Frozen):
    """Satisfaction with an operator, before it is cut into 1-5.

    S = no_reply + R L + resolution (Z - resolution_replied R - resolution_silent (1 - R))
        - effort (min(contacts, effort_cap) - effort_reference) + tone R (tone - 1/2)
        - anger ((peak + end)/2 - anger_reference) - deaf + noise eps,
    L = clip(latency_top - latency_slope ln(latency_anchor t/(latency_unit tau)), latency_floor, latency_top)
        / latency_scale.
    """

    no_reply: Number
    resolution: Factor
    resolution_replied: Share
    resolution_silent: Share
    effort: Factor
    effort_cap: PositiveFactor
    effort_reference: Factor
    tone: Factor
    anger: Factor
    anger_reference: Share
    deaf: Factor
    noise: Factor
    latency_top: PositiveFactor
    latency_slope: PositiveFactor
    latency_anchor: PositiveDuration
    latency_unit: PositiveDuration
    latency_floor: Factor
    latency_scale: PositiveFactor


class Behaviour(Frozen):
    """How people behave, whatever the crisis."""

    anger: Anger
    choice: Choice
    media: dict[Medium, MediumRules]
    phone: Phone
    text: TextMedia
    follow_up: FollowUp
    handling: Handling
    public: Public
    settlement: Settlement
