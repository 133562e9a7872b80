"""Satisfaction with care of all with a need, of all who contacted, and as a survey of the answered would show it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.measure.metrics.metric import SCORE, SHARE, Metric, mean_of, quotient
from caresim.measure.sample import Sample

SETTLEMENT = "Twitter & Applied Marketing Science 2016 (anchors 2.66 and 3.66); settlement law of the model"
NEUTRAL, REACH = 3.0, 2.0
"""Midpoint of the scale of 1-5 and the distance of its ends from it."""

RATED = "all affected passengers with a need, a value for each operator dealt with"

METRICS = (
    Metric(
        "csat",
        "Satisfaction, all affected with a need",
        SCORE,
        "higher",
        f"Mean satisfaction with care (1-5) of {RATED}",
        SETTLEMENT,
    ),
    Metric(
        "csat_contacted",
        "Satisfaction, all who contacted",
        SCORE,
        "higher",
        "Mean satisfaction with care (1-5) of affected passengers with a need who made at least one contact",
        SETTLEMENT,
    ),
    Metric(
        "csat_survey",
        "Satisfaction, as surveyed",
        SCORE,
        "higher",
        "Mean satisfaction of passengers who got a reply, each weighted by the chance to return a "
        "questionnaire: base + extreme |S - 3| / 2, at most 1",
        "J-shaped response: extremes answer more (assumption, constants in the study's configuration)",
    ),
    Metric(
        "dissatisfied",
        "Dissatisfied, all affected with a need",
        SHARE,
        "lower",
        f"Share with a satisfaction of 2 or less of {RATED}",
        SETTLEMENT,
    ),
)


def measure(sample: Sample) -> dict[str, float]:
    cases = sample.cases
    score = cases["satisfaction"]
    rated = sample.case_counted & np.isfinite(score)
    contacted = rated & (cases["contacts"] > 0)
    study = sample.run.experiment.study
    return {
        "csat": mean_of(score[rated]),
        "csat_contacted": mean_of(score[contacted]),
        "csat_survey": surveyed(
            score[contacted & (cases["replies"] > 0)], study.survey_base.value, study.survey_extreme.value
        ),
        "dissatisfied": quotient(np.count_nonzero(score[rated] <= NEUTRAL - REACH / 2), np.count_nonzero(rated)),
    }


def surveyed(score: NDArray[np.float64], base: float, extreme: float) -> float:
    """Expected mean of the questionnaires that come back; NaN when none can."""
    response = np.clip(base + extreme * np.abs(score - NEUTRAL) / REACH, 0.0, 1.0)
    return quotient(float((response * score).sum()), float(response.sum()))
