"""What was observed in a crisis against the simulation: what comes out, and whether it agrees.

A person is one human being over all matters: the later matters of a traveller belong to the traveller.
"""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.inference.observation_check import Floats, Spread, average, pooled, spread, verdict
from caresim.measure.metrics.metric import largest
from caresim.measure.sample import Mask, Sample

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.observations import Observation
    from caresim.scenario.run import Run

PREFIX, PERSONS = "observed_", "_persons"
COLUMNS = (
    "staffing", "observation", "what", "kind", "observed", "tolerated_low", "tolerated_high", "simulated", "low",
    "high", "count", "of", "verdict", "given", "source",
)  # fmt: skip


def measure(run: Run, sample: Sample | None = None) -> dict[str, float]:
    """Every observation of the experiment in one run; NaN where there is nothing. Minutes; yes as 1; shares of persons
    with how many these are.
    """
    if not run.experiment.observations:
        return {}
    sample = sample or Sample(run)
    found = {}
    for name, observation in run.experiment.observations.items():
        found[PREFIX + name] = value_of(sample, observation)
        if observation.kind == "share":
            found[PREFIX + name + PERSONS] = float(persons(sample, observation))
    return found


def value_of(sample: Sample, observation: Observation) -> float:
    """An observation in one run: NaN where nobody was asked; infinite for a reply that never came."""
    if observation.measure.startswith("happier"):
        return happier(_both(sample, observation))
    run = sample.run
    mine = matters(run, sample, observation.operator, observation.passenger)
    mine_asked = mine & (sample.cases["contacts"] > 0)
    row = sample.cases[mine_asked]
    if not len(row):
        return math.nan
    replied = row["replies"] > 0
    if observation.measure == "first_reply":
        first = row[np.argmin(row["first_request"])]
        return float(first["first_response"] - first["first_request"]) if first["replies"] else math.inf
    if observation.measure == "last_reply":
        last = np.asarray(run.world.last_replies)["time"][mine_asked]
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
    known = np.flatnonzero(sample.column("passenger") >= 0)
    row = sample.column("passenger")[known].astype(np.int64) * sample.operators + sample.column("operator")[known]
    return int(sample.column("posts")[known][mine[row]].sum())


def per_person(run: Run, sample: Sample, operator: str, passenger: str | None, score: Floats) -> pd.Series:
    """Mean satisfaction (`score`, one entry a case) with an operator over a person's matters, by person."""
    mine = matters(run, sample, operator, passenger) & np.isfinite(score)
    return pd.Series(score[mine]).groupby(sample.person[sample.case_passenger[mine]]).mean()


def _both(sample: Sample, observation: Observation) -> Floats:
    """Satisfaction of the persons who had to do with both operators, shape (persons, 2)."""
    assert observation.than is not None
    after = observation.measure.endswith("after")
    score = sample.after_gestures if after else sample.cases["satisfaction"]
    first, second = (
        per_person(sample.run, sample, name, observation.passenger, score)
        for name in (observation.operator, observation.than)
    )
    return pd.concat([first, second], axis=1, join="inner").to_numpy(dtype=np.float64)


def persons(sample: Sample, observation: Observation) -> int:
    """Of how many persons a share is."""
    return len(_both(sample, observation))


def happier(both: Floats) -> float:
    """Share of the persons who are more satisfied with the first; NaN where there is nobody."""
    return float((both[:, 0] > both[:, 1]).mean()) if len(both) else math.nan


def table(replications: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """A row a staffing model and observation: observed, tolerated, simulated with its range, verdict.

    `kind` says what the numbers are, and with it `simulated`: the median over replications of a duration (minutes, inf
    where no reply came), a moment (minutes since the start) or a count, and the range of 90 % of them; for yes or no
    the share of replications with yes, for a share that of all persons of all replications, and the 90 % interval of it
    (luck and assumptions). `count` is the replications with a value (of a share: the persons), `of` all replications in
    which there was something to observe. The verdict is that of `analysis.agreement`.
    """
    rows = [
        _row(staffing, name, observation, part, experiment)
        for staffing, part in replications.groupby("staffing", sort=False, observed=True)
        for name, observation in experiment.observations.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    staffing: object, name: str, observation: Observation, part: pd.DataFrame, experiment: Experiment
) -> tuple[object, ...]:
    observed, least, most = (
        experiment.minutes(value) if isinstance(value, datetime) else float(value)
        for value in (observation.value, *observation.band)
    )
    values = part[PREFIX + name].to_numpy(dtype=np.float64)
    known, count = int((~np.isnan(values)).sum()), int(np.isfinite(values).sum())
    if observation.kind == "share":
        count = known = int(part[PREFIX + name + PERSONS].sum())
    simulated, low, high = _over_runs(observation, name, part)
    word = verdict(simulated, low, high, (least, most))
    return (
        str(staffing), name, observation.what, observation.kind, observed, least, most, simulated, low, high,
        count, known, word, observation.given or "", observation.source,
    )  # fmt: skip


def _over_runs(observation: Observation, name: str, part: pd.DataFrame) -> Spread:
    values = part[PREFIX + name].to_numpy(dtype=np.float64)
    draw = part["draw"].to_numpy()
    if observation.kind == "share":
        persons = part[PREFIX + name + PERSONS].to_numpy(dtype=np.float64)
        return pooled(values * persons, persons, draw)
    if observation.kind == "yes":
        return average(values, draw)
    return spread(values, whole=observation.kind == "count")
