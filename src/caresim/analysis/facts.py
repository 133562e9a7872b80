"""Single facts of a crisis against the simulation: what was observed, what comes out, and whether the one lies inside.

A person is one human being over all matters: the later matters of a traveller belong to the traveller.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.analysis.incidence import Floats
from caresim.analysis.layers import by_draw
from caresim.analysis.layers import mean_of as of_mean
from caresim.analysis.metrics.metric import largest, mean_of, share_of
from caresim.analysis.sample import Mask, Sample

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.observations import Observation
    from caresim.scenario.run import Run

PREFIX = "fact_"
LOW, HIGH = 0.05, 0.95
"""The range holds 90 % of the replications."""
COLUMNS = ("staffing", "fact", "what", "kind", "observed", "median", "low", "high", "mean", "count", "inside", "source")


def measure(run: Run) -> dict[str, float]:
    """The value of every fact of the experiment in one run; NaN where there is none. Times in minutes, yes as 1."""
    if not run.experiment.facts:
        return {}
    sample = Sample(run)
    return {PREFIX + name: value_of(sample, fact) for name, fact in run.experiment.facts.items()}


def value_of(sample: Sample, fact: Observation) -> float:
    """The value of a fact in one run; NaN where there is none."""
    run = sample.run
    if fact.measure.startswith("happier"):
        column = "after_gesture" if fact.measure.endswith("after") else "satisfaction"
        return happier(run, sample, fact, column)
    mine = matters(run, sample, fact.operator, fact.passenger)
    row = sample.dealings[mine & (sample.dealings["contacts"] > 0)]
    if not len(row):
        return float("nan")
    replied = row["replies"] > 0
    if fact.measure == "first_reply":
        return _least(row["first_response"] - row["first_request"])
    if fact.measure == "last_reply":
        return largest(row["last_reply"][np.isfinite(row["last_reply"])])
    if fact.measure == "left_unsolved":
        return float((replied & np.isnan(row["resolved"])).any())
    if fact.measure == "broken_promise":
        return float(row["broken"].any())
    if fact.measure == "silent":
        return float(not replied.any())
    return float(posts(sample, mine))


def _least(values: Floats) -> float:
    """The first of the matters that got a reply."""
    known = values[np.isfinite(values)]
    return float(known[0]) if len(known) else float("nan")


def matters(run: Run, sample: Sample, operator: str, passenger: str | None) -> Mask:
    """One entry a dealing: with the operator, of the named passenger (all their matters) or of all that count."""
    with_it = np.arange(len(sample.dealings)) % sample.operators == run.names.operators.index(operator)
    if passenger is None:
        return with_it & sample.dealing_counted
    people = sample.passengers
    named = people["person"][people["cohort"] == run.names.cohorts.index(passenger)]
    return with_it & np.isin(people["person"], named)[sample.dealing_passenger]


def posts(sample: Sample, mine: Mask) -> int:
    """Posts and messages in these dealings, reminders included."""
    known = np.flatnonzero(sample.column("passenger") >= 0)
    row = sample.column("passenger")[known].astype(np.int64) * sample.operators + sample.column("operator")[known]
    return int(sample.column("posts")[known][mine[row]].sum())


def per_person(run: Run, sample: Sample, operator: str, passenger: str | None, column: str) -> pd.Series:
    """Mean satisfaction with an operator over a person's matters, by person."""
    mine = matters(run, sample, operator, passenger) & np.isfinite(sample.dealings[column])
    person = sample.passengers["person"][sample.dealing_passenger[mine]]
    return pd.Series(sample.dealings[column][mine]).groupby(person).mean()


def happier(run: Run, sample: Sample, fact: Observation, column: str) -> float:
    """Share of the persons with both who are more satisfied with the first; NaN where there is nobody."""
    assert fact.than is not None
    first, second = (per_person(run, sample, name, fact.passenger, column) for name in (fact.operator, fact.than))
    both = pd.concat([first, second], axis=1, join="inner").to_numpy()
    if not len(both):
        return float("nan")
    return share_of(both[:, 0] > both[:, 1], np.ones(len(both), dtype=bool))


def table(replications: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """A row a staffing model and fact: observed, simulated (median and the range of 90 % of the replications), inside.

    `kind` says what the numbers are: duration (minutes), moment (minutes since the start), count, yes (1 or 0; `mean`
    is the share of replications with yes), share. Inside: within the range; for yes and no, seen in 5 % of the runs
    or more; for a share, whose `low` and `high` are the 90 % interval of its mean (luck and assumptions), the interval
    reaches the least that was asked for.
    """
    rows = [
        _row(staffing, name, fact, part, experiment)
        for staffing, part in replications.groupby("staffing", sort=False, observed=True)
        for name, fact in experiment.facts.items()
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _row(
    staffing: object, name: str, fact: Observation, part: pd.DataFrame, experiment: Experiment
) -> tuple[object, ...]:
    told = fact.value
    values = part[PREFIX + name].to_numpy(dtype=np.float64)
    observed = experiment.minutes(told) if isinstance(told, datetime) else float(told)
    known = values[np.isfinite(values)]
    low, median, high = np.quantile(known, (LOW, 0.5, HIGH)) if len(known) else (float("nan"),) * 3
    if fact.kind == "share":
        found = of_mean(by_draw(values, part["draw"].to_numpy()), HIGH - LOW)
        low, high = max(found.low, 0.0), min(found.high, 1.0)
    mean = mean_of(known)
    if fact.kind == "share":
        inside = high >= observed
    elif fact.kind == "yes":
        inside = (mean if observed else 1.0 - mean) >= LOW
    else:
        inside = low <= observed <= high
    return (
        str(staffing), name, fact.what, fact.kind, observed, float(median), float(low), float(high), mean, len(known),
        bool(inside), fact.source,
    )  # fmt: skip
