"""Satisfaction with care: of everybody affected, of those with a need and without, of who made contact, as surveyed.

Marks are expected ones, 1 to 5, by the law that the experiment names (`satisfaction`); chance enters where stars are
counted. The same histories are settled under both laws, and the means by each are there, whichever is named.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from caresim.measure.metrics.metric import SCORE, SHARE, Metric, quotient
from caresim.measure.people import NEUTRAL, REACH, Scores, people_of
from caresim.measure.sample import Sample
from caresim.model.codes import LAWS, MARKS

TALLIES = ()

SETTLEMENT = "laws of satisfaction A and B of docs/model.md, which meet Twitter & Applied Marketing Science 2016"
EACH = "a value for each operator dealt with"


def mean_of(group: str, law: str | None = None) -> Callable[[Sample], float]:
    """The mean mark of a group of `People`, by a law or by the experiment's."""

    def value(sample: Sample) -> float:
        scores: Scores = getattr(people_of(sample), group)
        return quotient(scores.sums[law or sample.law], scores.number)

    return value


def surveyed(sample: Sample) -> float:
    """Expected mean of the questionnaires that come back; NaN when none can."""
    study = sample.run.experiment.study
    stars = np.arange(1.0, MARKS + 1)
    strength = np.abs(stars - NEUTRAL) / REACH
    response = np.clip(study.survey_base.value + study.survey_extreme.value * strength, 0.0, 1.0)
    returned = people_of(sample).surveyed_stars * response
    return quotient(float((returned * stars).sum()), float(returned.sum()))


def dissatisfied(sample: Sample) -> float:
    """Expected share of one and two stars."""
    people = people_of(sample)
    return quotient(float(people.stars[:2].sum()), people.needed.number)


def _share_of(stars: int) -> Metric:
    """Of the marks as people give them."""
    return Metric(
        f"stars_{stars}",
        f"Of 5 stars: {stars}",
        SHARE,
        "neither",
        f"Expected share of {stars} of 5 stars of all affected passengers with a need, {EACH}",
        SETTLEMENT,
        value=lambda sample: quotient(float(people_of(sample).stars[stars - 1]), people_of(sample).needed.number),
    )


def _by_law(law: str) -> tuple[Metric, Metric]:
    return (
        Metric(
            f"csat_all_{law}",
            f"Satisfaction, everybody affected ({law})",
            SCORE,
            "higher",
            f"csat_all by the {law} law",
            SETTLEMENT,
            value=mean_of("rated", law),
        ),
        Metric(
            f"csat_{law}",
            f"Satisfaction, all with a need ({law})",
            SCORE,
            "higher",
            f"csat by the {law} law",
            SETTLEMENT,
            value=mean_of("needed", law),
        ),
    )


METRICS = (
    Metric(
        "csat_all",
        "Satisfaction, everybody affected",
        SCORE,
        "higher",
        f"Mean expected mark (1-5) of all affected passengers, the silent ones without a need included, {EACH}",
        SETTLEMENT,
        value=mean_of("rated"),
    ),
    Metric(
        "csat",
        "Satisfaction, all affected with a need",
        SCORE,
        "higher",
        f"Mean expected mark (1-5) of all affected passengers with a need, {EACH}",
        SETTLEMENT,
        value=mean_of("needed"),
    ),
    Metric(
        "csat_no_need",
        "Satisfaction, those without a need",
        SCORE,
        "higher",
        "Mean expected mark (1-5) of affected passengers who need nobody and only want to know",
        SETTLEMENT,
        value=mean_of("silent"),
    ),
    Metric(
        "csat_contacted",
        "Satisfaction, all who contacted",
        SCORE,
        "higher",
        "Mean expected mark (1-5) of affected passengers with a need who made at least one contact",
        SETTLEMENT,
        value=mean_of("contacted"),
    ),
    Metric(
        "csat_survey",
        "Satisfaction, as surveyed",
        SCORE,
        "higher",
        "Mean stars of passengers who got a reply, each number of stars weighted by the chance to return a "
        "questionnaire: base + extreme |stars - 3| / 2, at most 1",
        "J-shaped response: extremes answer more (assumption, constants in the study's configuration)",
        value=surveyed,
    ),
    Metric(
        "dissatisfied",
        "Dissatisfied, all affected with a need",
        SHARE,
        "lower",
        f"Expected share of one or two stars of all affected passengers with a need, {EACH}",
        SETTLEMENT,
        value=dissatisfied,
    ),
    *(_share_of(stars) for stars in range(1, MARKS + 1)),
    *(metric for law in LAWS for metric in _by_law(law)),
)
