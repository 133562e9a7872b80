"""Satisfaction with care of all with a need, of all who contacted, and as a survey of the answered would show it."""

from __future__ import annotations

import numpy as np

from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import SCORE, SHARE, Metric, mean_of, quotient
from caresim.measure.sample import Sample, once

TALLIES = ()

SETTLEMENT = "Twitter & Applied Marketing Science 2016 (anchors 2.66 and 3.66); settlement law of the model"
NEUTRAL, REACH = 3.0, 2.0
"""Midpoint of the scale of 1-5 and the distance of its ends from it."""

RATED = "all affected passengers with a need, a value for each operator dealt with"


@once
def rated(sample: Sample) -> Floats:
    """Satisfaction of all who count and have one, case by case."""
    return sample.standing.satisfaction[sample.those("RATED")]


def surveyed(sample: Sample) -> float:
    """Expected mean of the questionnaires that come back; NaN when none can."""
    study = sample.run.experiment.study
    scores = sample.standing.satisfaction[sample.those("SURVEYED")]
    strength = np.abs(scores - NEUTRAL) / REACH
    response = np.clip(study.survey_base.value + study.survey_extreme.value * strength, 0.0, 1.0)
    return quotient(float((response * scores).sum()), float(response.sum()))


METRICS = (
    Metric(
        "csat",
        "Satisfaction, all affected with a need",
        SCORE,
        "higher",
        f"Mean satisfaction with care (1-5) of {RATED}",
        SETTLEMENT,
        value=lambda sample: mean_of(rated(sample)),
    ),
    Metric(
        "csat_contacted",
        "Satisfaction, all who contacted",
        SCORE,
        "higher",
        "Mean satisfaction with care (1-5) of affected passengers with a need who made at least one contact",
        SETTLEMENT,
        value=lambda sample: mean_of(sample.standing.satisfaction[sample.those("CONTACTED")]),
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
        value=lambda sample: quotient(np.count_nonzero(rated(sample) <= NEUTRAL - REACH / 2), len(rated(sample))),
    ),
)
