"""The observations of a crisis against the replications of a run: what came out, and whether it agrees."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from caresim.inference.observation_check import Spread, average, pooled, spread, verdict
from caresim.measure.observations import PERSONS, PREFIX

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.observations import Observation

COLUMNS = (
    "staffing", "observation", "what", "kind", "observed", "tolerated_low", "tolerated_high", "simulated", "low",
    "high", "count", "of", "verdict", "given", "source",
)  # fmt: skip


def table(replications: pd.DataFrame, experiment: Experiment) -> pd.DataFrame:
    """A row per staffing model and observation: observed, tolerated, simulated with its range, verdict.

    `kind` says what the numbers are, and with it `simulated`: the median over replications of a duration (minutes, inf
    where no reply came), a moment (minutes since the start) or a count, and the range of 90 % of them; for yes or no
    the share of replications with yes, for a share that of all persons of all replications, and the 90 % interval of it
    (luck and assumptions). `count` is the replications with a value (of a share: the persons), `of` all replications in
    which there was something to observe. `inference.observation_check` gives the verdict.
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
    of, count = int((~np.isnan(values)).sum()), int(np.isfinite(values).sum())
    if observation.kind == "share":
        count = of = int(part[PREFIX + name + PERSONS].sum())
    simulated, low, high = _over_runs(observation, name, part)
    word = verdict(simulated, low, high, (least, most))
    return (
        str(staffing), name, observation.what, observation.kind, observed, least, most, simulated, low, high,
        count, of, word, observation.given or "", observation.source,
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
