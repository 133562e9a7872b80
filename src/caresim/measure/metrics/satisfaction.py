"""Satisfaction with care of all with a need, of all who contacted, and as a survey of the answered would show it."""

from __future__ import annotations

from caresim.measure.metrics.metric import SCORE, SHARE, Metric, quotient
from caresim.measure.people import Scores, people_of
from caresim.measure.sample import Sample

TALLIES = ()

SETTLEMENT = "Twitter & Applied Marketing Science 2016 (anchors 2.66 and 3.66); settlement law of the model"
RATED = "all affected passengers with a need, a value for each operator dealt with"


def rated(sample: Sample) -> Scores:
    """Satisfaction of all who count and have one, case by case."""
    return people_of(sample).rated


def contacted(sample: Sample) -> Scores:
    """The same of those with a contact."""
    return people_of(sample).contacted


def surveyed(sample: Sample) -> float:
    """Expected mean of the questionnaires that come back; NaN when none can."""
    return quotient(people_of(sample).returned_score, people_of(sample).returned)


METRICS = (
    Metric(
        "csat",
        "Satisfaction, all affected with a need",
        SCORE,
        "higher",
        f"Mean satisfaction with care (1-5) of {RATED}",
        SETTLEMENT,
        value=lambda sample: quotient(rated(sample).sum, rated(sample).number),
    ),
    Metric(
        "csat_contacted",
        "Satisfaction, all who contacted",
        SCORE,
        "higher",
        "Mean satisfaction with care (1-5) of affected passengers with a need who made at least one contact",
        SETTLEMENT,
        value=lambda sample: quotient(contacted(sample).sum, contacted(sample).number),
    ),
    Metric(
        "csat_survey",
        "Satisfaction, as surveyed",
        SCORE,
        "higher",
        "Mean satisfaction of passengers who got a reply, each weighted by the chance to return a "
        "questionnaire: base + extreme |S - 3| / 2, at most 1",
        "J-shaped response: extremes answer more (assumption, constants in the study's configuration)",
        value=surveyed,
    ),
    Metric(
        "dissatisfied",
        "Dissatisfied, all affected with a need",
        SHARE,
        "lower",
        f"Share with a satisfaction of 2 or less of {RATED}",
        SETTLEMENT,
        value=lambda sample: quotient(rated(sample).low, rated(sample).number),
    ),
)
