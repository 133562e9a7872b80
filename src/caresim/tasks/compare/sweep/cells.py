"""The cells of a map of two swept keys, as a table: map.csv."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from caresim.run.folder import write_csv
from caresim.tasks.compare.sweep.choice import metric_of, shown_metrics
from caresim.tasks.compare.sweep.keys import swept_keys

COLUMNS = (
    "staffing", "metric", "difference", "difference_ci_low", "difference_ci_high", "verdict", "verdict_detail", "sign"
)  # fmt: skip
FILE = "map.csv"
OF_A_MAP = 2
"""Swept keys of a map."""


def signs(table: pd.DataFrame, metrics: Sequence[str] = ()) -> pd.DataFrame:
    """A row per cell of the map: the swept keys, staffing model, metric, difference, interval, verdicts, sign.

    The metric is the first of `metrics`, else the first headline metric. `sign` is 1 where the interval lies above no
    difference, -1 below, 0 where it holds it. No rows where not exactly two keys were swept, or nothing is compared.
    """
    keys = [key for key in swept_keys(table) if table[key].astype(str).nunique() > 1]
    compared = table[table["difference"].notna()] if "difference" in table else table.iloc[:0]
    names = shown_metrics(compared, metrics)
    if len(keys) != OF_A_MAP or not names:
        return pd.DataFrame(columns=[*keys, *COLUMNS])
    cells = compared[compared["metric"] == names[0]]
    return cells.assign(sign=sure_sign(cells, names[0]))[[*keys, *COLUMNS]].reset_index(drop=True)


def sure_sign(rows: pd.DataFrame, metric: str) -> pd.Series:
    """Of rows on one metric: 1 where the interval of the difference lies above no difference, -1 below, else 0."""
    same = 1.0 if is_ratio(metric) else 0.0
    above, below = rows["difference_ci_low"] > same, rows["difference_ci_high"] < same
    return above.astype(int) - below.astype(int)


def is_ratio(metric: str) -> bool:
    """Are two staffing models compared by their ratio in this metric?"""
    return bool(metric_of(metric).compare == "ratio")


def save(table: pd.DataFrame, folder: str | Path, metrics: Sequence[str] = ()) -> None:
    """Write the cells to map.csv; nothing where there is no map."""
    cells = signs(table, metrics)
    if len(cells):
        write_csv(cells, Path(folder) / FILE)
