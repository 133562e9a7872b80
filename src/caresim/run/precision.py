"""How many replications: a given number, or as many as the wanted precision takes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from caresim.run.uncertain import PAIR

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment


def next_total(experiment: Experiment, replications: pd.DataFrame) -> int:
    """How many replications there should be, given the results so far; no more than there are when it is enough.

    The relative half-width of an interval shrinks with the square root of the number of replications (Law 2015, section
    9.4, sequential procedure). A round at most doubles the number, so that a poor first estimate costs little.
    """
    done = replications["replication"].nunique()
    limit = experiment.study.max_replications
    if experiment.precision is None or done >= limit:
        return done
    widest = half_width(experiment, replications)
    if widest <= experiment.precision:
        return done
    needed = done * (widest / experiment.precision) ** 2
    return min(limit, 2 * done, max(done + PAIR, PAIR * math.ceil(min(needed, 2 * done) / PAIR)))


def half_width(experiment: Experiment, replications: pd.DataFrame) -> float:
    """The widest relative interval half-width (luck and assumptions) of the headline metrics over all staffing models.

    Infinite while an interval cannot be given yet. A metric that a staffing model does not have (undefined, or a median
    not reached) is left out: no number of replications would give it an interval.
    """
    from caresim.inference import statistics
    from caresim.run.estimands import estimands

    study = experiment.study
    table = statistics.summary(replications, estimands(study), study.confidence.value)
    table = table[table["metric"].isin(study.headline) & np.isfinite(table["mean"])]
    half = (table["ci_high"] - table["ci_low"]) / 2
    relative = (half / table["mean"].abs()).where(half != 0, 0.0)
    return float(relative.fillna(math.inf).max()) if len(relative) else 0.0
