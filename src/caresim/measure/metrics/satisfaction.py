"""Satisfaction with care of all with a need, of all who contacted, and as a survey of the answered would show it."""

from __future__ import annotations

import numpy as np

from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import SCORE, SHARE, Metric, mean_of, quotient, share_of
from caresim.measure.sample import Mask, Sample, once

TALLIES = ()

SETTLEMENT = "Twitter & Applied Marketing Science 2016 (anchors 2.66 and 3.66); settlement law of the model"
NEUTRAL, REACH = 3.0, 2.0
"""Midpoint of the scale of 1-5 and the distance of its ends from it."""

RATED = "all affected passengers with a need, a value for each operator dealt with"


def score(sample: Sample) -> Floats:
    """One entry a case: satisfaction with care; NaN: none."""
    return sample.cases["satisfaction"]


@once
def rated(sample: Sample) -> Mask:
    """One entry a case: of a passenger who counts, and with a satisfaction."""
    return sample.case_counted & np.isfinite(score(sample))


@once
def contacted(sample: Sample) -> Mask:
    """One entry a case: rated, and with a contact."""
    return rated(sample) & (sample.cases["contacts"] > 0)


def surveyed(sample: Sample) -> float:
    """Expected mean of the questionnaires that come back; NaN when none can."""
    study = sample.run.experiment.study
    scores = score(sample)[contacted(sample) & (sample.cases["replies"] > 0)]
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
        value=lambda sample: mean_of(score(sample)[rated(sample)]),
    ),
    Metric(
        "csat_contacted",
        "Satisfaction, all who contacted",
        SCORE,
        "higher",
        "Mean satisfaction with care (1-5) of affected passengers with a need who made at least one contact",
        SETTLEMENT,
        value=lambda sample: mean_of(score(sample)[contacted(sample)]),
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
        value=lambda sample: share_of(score(sample) <= NEUTRAL - REACH / 2, rated(sample)),
    ),
)
