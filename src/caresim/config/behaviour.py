"""How people behave: the groups of conf/behaviour, each with the numbers that model/behaviour.py lists for it.

What is said here is what a table of plain numbers cannot say: words that choose a law, numbers by medium and need, and
what must hold between numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field, model_validator

from caresim.config.base import NEEDS, Frozen, Need, Text, one_of
from caresim.config.errors import complaint
from caresim.config.number_table import ByNeed, Numbers, StaffedMedium
from caresim.config.quantity import Factor, PositiveDuration, Quantity, Share
from caresim.model.behaviour import NUMBERS, OF_MEDIUM
from caresim.model.media import Medium

EXPLODES = 0.8
"""Largest spectral radius of the next-generation matrix that is accepted."""


class Anger(Numbers, group="anger"):
    """a(w) = 1 - (1 - a0) max(1, w/tau)^(-kappa theta m); relaxes between cases."""


class Choice(Numbers, group="choice"):
    """Utility that experience adds to a cohort's preference (multinomial logit)."""


class OfMedium(Frozen):
    """What customers of a medium expect of a wait; where they write, they may have more habits of their own there.

    Keys that are absent are those of `text`. A messenger is looked at for days, a post for hours.
    """

    expected: PositiveDuration
    """Anger starts past this wait."""
    prompt_until: PositiveDuration | None = None
    """Help by then is as good as at once; needed where passengers rate the care."""
    late_from: PositiveDuration | None = None
    """Help from then on is not prompt at all; in between it falls with the logarithm of the wait."""
    patience: PositiveDuration | None = None
    """The median time until an author stops looking for a reply."""
    remind_gap: PositiveDuration | None = None
    """The median time until an author asks again."""
    turn_gap: PositiveDuration | None = None
    """The median time until a customer who was asked something writes back."""
    turn_dropout: Share | None = None
    """This share of the customers who were asked something never write back."""


class Phone(Numbers, group="phone"):
    """How long people wait on the spot, by need, and what they do when they gave up."""

    patience_law: one_of("weibull", "deterministic", "endless")  # type: ignore[valid-type]
    """How patience on the spot is distributed about its mean; endless: nobody gives up."""


class TextMedia(Numbers, group="text"):
    """Reminders, patience and replies of customers in writing.

    Times are lognormal, given by their median and the standard deviation of the logarithm.
    """


class FollowUp(Numbers, group="follow_up"):
    """What a passenger does after an end that did not settle the matter."""


class Handling(Numbers, group="handling"):
    """Mean handling minutes by medium and need, and how handling times are distributed.

    A coefficient of variation `cv` may stand instead of `sigma`.
    """

    law: one_of("lognormal", "exponential", "hyperexponential", "deterministic")  # type: ignore[valid-type]
    cv: Factor | None = None

    @model_validator(mode="after")
    def _varies_enough(self) -> Handling:
        if self.law == "hyperexponential" and (self.cv is None or self.cv.value < 1):
            raise complaint("is required where law is hyperexponential, at least 1", self.cv and self.cv.text, "cv")
        return self


class Public(Numbers, group="public"):
    """The public timeline: a self-exciting process with an exponential kernel, and the mood it leaves."""

    @property
    def repeats(self) -> float:
        """Share of the posts after which the same author posts again: 1 - 1/own_posts."""
        return 1 - 1 / self.own_posts.value

    @property
    def kernel_mean(self) -> float:
        """Mean minutes between a post and one that it sets off: burst half-life x (1 - n) / ln 2."""
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
        if top["relay"] > EXPLODES:
            raise complaint(f"must be at most {EXPLODES:.0%}, up to the top of its range", self.relay.text, "relay")
        return self


def radius(repeats: float, from_care: float, contagion: float) -> float:
    """Spectral radius of [[repeats, from_care], [contagion, contagion]] (all entries at least 0)."""
    half, gap = (repeats + contagion) / 2, (repeats - contagion) / 2
    return half + (gap * gap + from_care * contagion) ** 0.5


class News(Numbers, group="news"):
    """What it is worth to be told: first (0-1, by how soon) x 1 + (1 - first) x share of the time with fresh news."""


class Unasked(Numbers, group="unasked"):
    """Waits of those who never asked anybody, from being affected."""


class Additive(Numbers, group="additive"):
    """Law A of satisfaction: gains and losses add up, and level off below 2 and above 4 (docs/model.md)."""


class Justice(Numbers, group="justice"):
    """Law B of satisfaction: what was got against what was expected, losses double, an ordered logit."""


class Studies(Numbers, group="studies"):
    """The studies whose mean marks both laws meet, and how their people are assumed to have been dealt with."""

    @model_validator(mode="after")
    def _on_the_scale(self) -> Studies:
        if not 1 < self.silent.value < self.answered.value < 5:
            allowed = f"must lie between studies.silent ({self.silent.text}) and 5, and that above 1"
            raise complaint(allowed, self.answered.text, "answered")
        if not 1 < self.panel.value < 5:
            raise complaint("must lie between 1 and 5", self.panel.text, "panel")
        if self.sigma.value <= 0:
            raise complaint("must be above 0: replies came soon and late", self.sigma.text, "sigma")
        return self


RATING = ("news", "due", "unasked", "additive", "justice", "studies")
"""Groups that are there together, or not at all: then nobody rates anything."""


class Behaviour(Frozen):
    """How people behave, whatever the crisis."""

    anger: Anger
    choice: Choice
    media: dict[StaffedMedium, OfMedium]  # type: ignore[valid-type]
    phone: Phone
    text: TextMedia
    follow_up: FollowUp
    handling: Handling
    public: Public
    news: News | None = None
    questions: dict[Need, Text] = Field(default_factory=dict)  # type: ignore[valid-type]
    """The kind of question behind each need but information; a need left out goes with news of any kind."""
    due: ByNeed | None = None
    """A solution by then, from when one was affected, is in time."""
    unasked: Unasked | None = None
    additive: Additive | None = None
    justice: Justice | None = None
    studies: Studies | None = None

    @model_validator(mode="before")
    @classmethod
    def _settled_by_two_laws(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and "settlement" in raw:
            allowed = (
                "is gone: satisfaction has two laws now; its numbers are in behaviour.additive, behaviour.justice and"
                " behaviour.studies (docs/model.md, 7.11)"
            )
            raise complaint(allowed, "...", "settlement")
        return raw

    @property
    def rates(self) -> bool:
        """Do passengers rate the care? Not where behaviour is switched off."""
        return self.additive is not None

    @model_validator(mode="after")
    def _rates_or_not(self) -> Behaviour:
        there = [group for group in RATING if getattr(self, group) is not None]
        if there and len(there) < len(RATING):
            missing = next(group for group in RATING if group not in there)
            raise complaint(
                f"is required beside {there[0]}: these groups are there together or not at all", None, missing
            )
        return self

    @model_validator(mode="after")
    def _late_after_prompt(self) -> Behaviour:
        if self.unasked is None:
            return self
        waits_of: dict[str, Any] = {f"media.{word}": waits for word, waits in self.media.items()}
        for group, waits in (*waits_of.items(), ("unasked", self.unasked)):
            for key in ("prompt_until", "late_from"):
                if getattr(waits, key) is None:
                    raise complaint("is required where passengers rate the care", None, f"{group}.{key}")
            if not waits.prompt_until.value < waits.late_from.value:
                allowed = f"must be above {group}.prompt_until ({waits.prompt_until.text})"
                raise complaint(allowed, waits.late_from.text, f"{group}.late_from")
        return self

    @model_validator(mode="after")
    def _writes_where_it_says_so(self) -> Behaviour:
        for word, waits in self.media.items():
            for key in ("patience", *OF_MEDIUM):
                number = getattr(waits, key)
                if number is not None and not Medium.of_word(word).row.written:
                    raise complaint("is for media in which customers write", number.text, f"media.{word}.{key}")
        return self

    def handling_of(self, medium: Medium) -> Mapping[str, Quantity]:
        """Mean minutes of one handling, by need; empty where nothing is said of the medium."""
        return getattr(self.handling, medium.word) or {}

    def patience_of(self, medium: Medium) -> Mapping[str, Quantity]:
        """Minutes that customers wait, by need: means on the spot, medians in writing.

        Empty where nothing is said of the medium.
        """
        group, _, key = medium.row.patience.partition(".")
        own = self.media.get(medium.word)
        patience = (own and own.patience) or getattr(getattr(self, group), key)
        return dict.fromkeys(NEEDS, patience) if isinstance(patience, Quantity) else patience or {}

    def in_writing(self, medium: Medium, key: str) -> Quantity:
        """A number of `text` as it holds for the customers of a medium: its own, or that of all."""
        return getattr(self.media[medium.word], key) or getattr(self.text, key)

    def lacks(self, medium: Medium) -> str | None:
        """The first key that a channel of this medium needs and that is not given; None: all are."""
        if medium.row.self_service:
            return None
        needed = {
            f"media.{medium.word}": self.media.get(medium.word),
            f"handling.{medium.word}": self.handling_of(medium),
            medium.row.patience: self.patience_of(medium),
        }
        return next((key for key, value in needed.items() if not value), None)


def _check() -> None:
    """Refuse rows of numbers that no group takes up."""
    without = set(NUMBERS) - set(Behaviour.model_fields)
    if without:
        raise TypeError(f"class Behaviour has no field for {', '.join(sorted(without))}")
    without = set(OF_MEDIUM) - set(OfMedium.model_fields)
    if without:
        raise TypeError(f"class OfMedium has no field for {', '.join(sorted(without))}")


_check()
