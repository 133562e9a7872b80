"""How results are judged: margins that matter, headline metrics, conventions of measurement."""

from __future__ import annotations

from importlib import import_module
from typing import Annotated

from pydantic import StrictInt, model_validator

from caresim.config.base import NO_EFFECT, Frozen, Text
from caresim.config.errors import BadInput, choice, complaint
from caresim.config.quantity import Duration, PositiveDuration, PositiveFactor, Share


def metric_names() -> list[str]:
    """The metrics there are, in the order tables show them."""
    # By name and late: metrics are measured of a run, so that their registry stands above the configuration and needs
    # NumPy, which nothing else here does.
    return list(import_module("caresim.measure.metrics").REGISTRY)


class Margins(Frozen):
    """The smallest differences that matter: points of satisfaction, shares (difference), times and costs (ratio)."""

    csat: PositiveFactor
    """Points of satisfaction."""
    share: Share
    """Difference of two shares; above 0."""
    ratio: PositiveFactor
    """Of times, counts and mood; more than 1."""
    cost: PositiveFactor
    """Ratio of two costs; more than 1."""

    @model_validator(mode="after")
    def _some_difference(self) -> Margins:
        if self.share.value <= 0:
            raise complaint("must be more than 0", self.share.text, "share")
        for key in ("ratio", "cost"):
            margin = getattr(self, key)
            if margin.value <= 1:
                raise complaint("is a ratio and must be more than 1", margin.text, key)
        return self


class Study(Frozen):
    """What a comparison reports."""

    headline: Annotated[tuple[Text, ...], NO_EFFECT]
    """Metrics with simultaneous intervals, first in every table."""
    margins: Annotated[Margins, NO_EFFECT]
    """The smallest differences that matter."""
    confidence: Annotated[Share, NO_EFFECT]
    """Level of all intervals."""
    max_replications: Annotated[StrictInt, NO_EFFECT]
    """Upper limit where `precision` decides how many."""
    service_level_within: PositiveDuration
    """Target of the service level of the phone."""
    short_abandonment: Duration
    """Callers who hang up sooner do not count against the service level."""
    survey_base: Share
    """Share of answered customers with an average opinion who fill in the survey."""
    survey_extreme: Share
    """What the share rises by at the ends of the scale."""

    @model_validator(mode="after")
    def _known(self) -> Study:
        if not self.headline:
            raise complaint("must name at least one metric", [], "headline")
        if not 0 < self.confidence.value < 1:
            raise complaint("must be between 0 and 1", self.confidence.text, "confidence")
        if self.survey_base.value + self.survey_extreme.value > 1:
            raise complaint("with survey_base must not be above 1", self.survey_extreme.text, "survey_extreme")
        if self.max_replications < 2:
            raise complaint("must be at least 2", self.max_replications, "max_replications")
        return self


def check_headline(study: Study) -> None:
    """BadInput for a headline metric that there is not."""
    names = metric_names()
    for index, name in enumerate(study.headline):
        if name not in names:
            raise BadInput(f"study.headline[{index}]", name, f"unknown metric, {choice(names, name)}")
