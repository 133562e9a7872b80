"""What was observed in a crisis, measured on a run in the same way.

A person is one human being over all matters: the later matters of a traveller belong to the traveller.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import largest
from caresim.measure.sample import Mask, Sample

if TYPE_CHECKING:
    from caresim.config.observations import Observation
    from caresim.scenario.run import Run

PREFIX, PERSONS = "observed_", "_persons"
"""Of the columns of replications: of an observation, and behind it of how many persons its share is."""


def measure(run: Run, sample: Sample | None = None) -> dict[str, float]:
    """Every observation of the experiment in one run: minutes, 1 for yes, counts, or shares of persons with the number
    of persons; NaN where there is nothing.
    """
    if not run.experiment.observations:
        return {}
    sample = sample or Sample(run)
    values = {}
    for name, observation in run.experiment.observations.items():
        values[PREFIX + name] = value_of(sample, observation)
        if observation.kind == "share":
            values[PREFIX + name + PERSONS] = float(persons(sample, observation))
    return values


def value_of(sample: Sample, observation: Observation) -> float:
    """An observation in one run: NaN where nobody was asked; infinite for a reply that never came."""
    if observation.measure.startswith("happier"):
        return happier(_both(sample, observation))
    run = sample.run
    mine = matters(run, sample, observation.operator, observation.passenger)
    with_contact = mine & (sample.cases["contacts"] > 0)
    row = sample.cases[with_contact]
    if not len(row):
        return math.nan
    replied = row["replies"] > 0
    if observation.measure == "first_reply":
        first = row[np.argmin(row["first_request"])]
        return float(first["first_response"] - first["first_request"]) if first["replies"] else math.inf
    if observation.measure == "last_reply":
        last = np.asarray(run.world.last_replies)["time"][with_contact]
        return largest(last[replied]) if replied.any() else math.inf
    if observation.measure == "left_unsolved":
        return float((replied & np.isnan(row["resolved"])).any())
    if observation.measure == "broken_promise":
        return float(row["broken"].any())
    if observation.measure == "silent":
        return float(not replied.any())
    return float(posts(sample, mine))


def matters(run: Run, sample: Sample, operator: str, passenger: str | None) -> Mask:
    """One entry a case: with the operator, of the named passenger (all their matters) or of all that count."""
    with_it = np.arange(len(sample.cases)) % sample.operators == run.names.operators.index(operator)
    if passenger is None:
        return with_it & sample.case_counted
    named = sample.person[sample.passengers["cohort"] == run.names.cohorts.index(passenger)]
    return with_it & np.isin(sample.person, named)[sample.case_passenger]


def posts(sample: Sample, mine: Mask) -> int:
    """Posts and messages in these cases, reminders included."""
    contacts = np.flatnonzero(sample.column("passenger") >= 0)
    passenger, operator = sample.column("passenger")[contacts], sample.column("operator")[contacts]
    case = passenger.astype(np.int64) * sample.operators + operator
    return int(sample.column("posts")[contacts][mine[case]].sum())


def per_person(run: Run, sample: Sample, operator: str, passenger: str | None, score: Floats) -> pd.Series:
    """Mean satisfaction (`score`, one entry a case) with an operator over a person's matters, by person."""
    mine = matters(run, sample, operator, passenger) & np.isfinite(score)
    return pd.Series(score[mine]).groupby(sample.person[sample.case_passenger[mine]]).mean()


def _both(sample: Sample, observation: Observation) -> Floats:
    """Satisfaction of the persons who made contact with both operators, shape (persons, 2).

    Whoever made contact with neither rates them, too, by the news alone: such marks say nothing about a desk.
    """
    assert observation.than is not None
    marks = sample.after_gestures if observation.measure.endswith("after") else sample.marks
    score = np.where(sample.cases["contacts"] > 0, marks, np.nan)
    first, second = (
        per_person(sample.run, sample, name, observation.passenger, score)
        for name in (observation.operator, observation.than)
    )
    return pd.concat([first, second], axis=1, join="inner").to_numpy(dtype=np.float64)


def persons(sample: Sample, observation: Observation) -> int:
    """How many persons a share is of."""
    return len(_both(sample, observation))


def happier(both: Floats) -> float:
    """Share of the persons who are more satisfied with the first; NaN where there is nobody."""
    return float((both[:, 0] > both[:, 1]).mean()) if len(both) else math.nan
