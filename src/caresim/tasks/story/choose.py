"""Whose story: a row, a name, or a wish such as the median passenger. Persons are known by key, not by row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.config.errors import BadInput, choice
from caresim.config.experiment import Experiment
from caresim.measure.sample import Sample, persons
from caresim.scenario.build import build
from caresim.scenario.run import run
from caresim.tasks.story.settings import WISHES

if TYPE_CHECKING:
    from caresim.scenario.run import Run


def key_of(experiment: Experiment, passenger: int | str, replication: int) -> int:
    """The key of the person that `passenger` asks for: a row of the baseline's passengers, a name, or a wish.

    `experiment` holds the values drawn for the replication. BadInput says what is allowed.
    """
    if passenger in WISHES:
        return _wished(experiment, str(passenger), replication)
    if isinstance(passenger, str) and passenger not in experiment.named:
        allowed = choice([*WISHES, *experiment.named], passenger)
        raise BadInput("passenger", passenger, f"{allowed}, or the number of a row")
    world, names = build(experiment, experiment.baseline, replication)
    everybody = persons(world)
    if isinstance(passenger, str):
        return int(everybody[world.passengers["cohort"] == names.cohorts.index(passenger)][0])
    if isinstance(passenger, bool) or not isinstance(passenger, int) or not 0 <= passenger < len(everybody):
        raise BadInput("passenger", passenger, f"allowed: rows from 0 to {len(everybody) - 1}")
    return int(everybody[passenger])


def _wished(experiment: Experiment, wish: str, replication: int) -> int:
    others = [name for name in experiment.compared if name != experiment.baseline]
    if wish == "most_changed" and not others:
        raise BadInput("passenger", wish, "needs a second staffing model to compare the baseline with")

    def people(staffing: str) -> pd.DataFrame:
        return people_of(run(experiment, staffing, replication))

    baseline = people(experiment.baseline)
    if baseline.empty:
        raise BadInput("passenger", wish, "finds nobody: no passenger turned to anybody in this run")
    if wish == "median":
        return _first(baseline, median_distance(baseline))
    if wish == "worst":
        return _first(baseline, baseline["satisfaction"], -baseline["anger_peak"], -baseline["wait"])
    return most_changed(baseline, (people(name) for name in others), experiment.ends)


def people_of(run: Run) -> pd.DataFrame:
    """A row a person of the disruption who turned to somebody, by key.

    Columns: satisfaction, the mean over the operators they rated; wait, minutes from their first request to their first
    answer (inf: none); the greatest anger.
    """
    sample = Sample(run)
    rows = np.flatnonzero(sample.case_counted & (sample.cases["contacts"] > 0))
    case = sample.cases[rows]
    table = pd.DataFrame(
        {
            "person": sample.person[sample.case_passenger[rows]],
            "satisfaction": case["satisfaction"],
            "asked": case["first_request"],
            "heard": case["first_response"],
            "anger_peak": case["anger_peak"],
        }
    )
    people = table.groupby("person", sort=True).agg(
        {"satisfaction": "mean", "asked": "min", "heard": "min", "anger_peak": "max"}
    )
    people["wait"] = (people["heard"] - people["asked"]).fillna(np.inf)
    return people[people["asked"].notna()]


def median_distance(people: pd.DataFrame) -> pd.Series:
    """How far from the medians of satisfaction and wait, in shares of the people in between; the larger of the two."""
    ranks = people[["satisfaction", "wait"]].rank(pct=True)
    return (ranks - 0.5).abs().max(axis=1)


def most_changed(baseline: pd.DataFrame, others: Iterable[pd.DataFrame], longest: float) -> int:
    """Whose satisfaction, and then whose wait, differs most from the baseline's under any other staffing model."""
    change = pd.DataFrame({"satisfaction": 0.0, "wait": 0.0}, index=baseline.index)
    for other in others:
        for column in change:
            same = other[column].clip(upper=longest).reindex(baseline.index)
            change[column] = np.fmax(change[column], (same - baseline[column].clip(upper=longest)).abs())
    return _first(baseline, -change["satisfaction"], -change["wait"])


def _first(people: pd.DataFrame, *scores: pd.Series) -> int:
    """The person with the least score; ties go to the next score, and then to the least key."""
    order = np.lexsort([people.index.to_numpy(), *(score.to_numpy() for score in reversed(scores))])
    return int(people.index[order[0]])
