"""Points of a sweep in which one staffing model alone is run: each against the first, replication by replication.

The points have their seed in common, unless it was swept, so that their replications have the same passengers and luck.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from caresim.inference import statistics
from caresim.run.estimands import estimands

if TYPE_CHECKING:
    from caresim.config.study import Study

ALWAYS = ("cost", "paid_hours")
"""Metrics that are compared whichever are chosen."""
KEPT = ("staffing", "replication", "draw")


def of_interest(study: Study, chosen: Sequence[str]) -> list[str]:
    """The metrics in which points are compared with each other: each comparison takes its time."""
    return list(dict.fromkeys((*study.headline, *chosen, *ALWAYS)))


def narrowed(replications: pd.DataFrame, study: Study, chosen: Sequence[str]) -> pd.DataFrame:
    """The columns of a run's replications that comparing its point with the first one takes."""
    names = [*KEPT, *of_interest(study, chosen)]
    return replications[[name for name in names if name in replications]]


def against_first(
    runs: Sequence[tuple[str, pd.DataFrame]], study: Study, chosen: Sequence[str], level: float
) -> pd.DataFrame:
    """The columns of comparison.csv, a row per point (`staffing` is its job) and metric; none for the first point.

    `runs` are the jobs with their replications. The intervals of headline metrics hold for all points at once.
    `level` is theirs, which allows for looks at the runs.
    """
    stacked = pd.concat([rows.assign(staffing=job) for job, rows in runs], ignore_index=True)
    names = of_interest(study, chosen)
    wanted = [estimand for estimand in estimands(study) if estimand.name in names]
    return statistics.comparison(stacked, runs[0][0], wanted, study.headline, level)
