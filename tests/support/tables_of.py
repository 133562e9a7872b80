"""Tables of replications made by hand, and rows of what is made of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from caresim.config.study import Study
from caresim.inference import ranking, statistics
from caresim.run.estimands import estimands, ranked
from tests.support.small_world import study


def replications(count: int, **models: dict[str, np.ndarray]) -> pd.DataFrame:
    return pd.concat(
        [
            pd.DataFrame({"staffing": name, "replication": range(count), "draw": np.arange(count) // 2} | metrics)
            for name, metrics in models.items()
        ],
        ignore_index=True,
    )


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """The metrics of a table averaged, as a run's folder has them."""
    return statistics.summary(table, estimands(study()))


def comparison(table: pd.DataFrame, baseline: str, judged: Study) -> pd.DataFrame:
    """The metrics of a table compared as the study says."""
    return statistics.comparison(table, baseline, estimands(judged), judged.headline, judged.confidence.value)


def pairs(table: pd.DataFrame, judged: Study) -> pd.DataFrame:
    """Every pair of staffing models, in what they are ranked by."""
    return ranking.pairs(table, ranked(judged), judged.confidence.value)


def row(table: pd.DataFrame, metric: str, staffing: str | None = None) -> pd.Series:
    some = table[table["metric"] == metric]
    some = some if staffing is None else some[some["staffing"] == staffing]
    assert len(some) == 1
    return some.iloc[0]


def compared(judging: Any, difference: np.ndarray, metric: str = "csat", **changes: Any) -> pd.Series:
    count = len(difference)
    base = np.random.default_rng(15).normal(3, 1, count)
    table = replications(count, base={metric: base}, other={metric: base + difference})
    return row(comparison(table, "base", judging(**changes)), metric, "other")


def steady(centre: float, spread: float, count: int = 16) -> np.ndarray:
    """Differences with draw means centre +- spread, alternating, and no spread within draws."""
    return centre + spread * np.repeat(np.where(np.arange(count // 2) % 2, 1.0, -1.0), 2)
