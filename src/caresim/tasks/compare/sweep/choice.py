"""What of a sweep is shown: its metrics, and what each point is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

FIRST_POINT = "first point"
"""What a point is compared with where one staffing model is run; else the baseline of its own run."""


def shown_metrics(table: pd.DataFrame, chosen: Sequence[str] = ()) -> list[str]:
    """The metrics chosen, in their order; where none is, the headline metrics of the runs."""
    names = list(chosen) or [str(name) for name in table.loc[table["headline"].astype(bool), "metric"].unique()]
    there = set(table["metric"])
    return [name for name in dict.fromkeys(names) if name in there]


def compared_with_first(table: pd.DataFrame) -> bool:
    """Is every point compared with the first one, because one staffing model alone is run?"""
    return bool((table["against"] == FIRST_POINT).any())


def reference_of(table: pd.DataFrame) -> str:
    """The name of what is compared with: a staffing model, or the job of the first point."""
    if compared_with_first(table):
        return str(table["job"].iloc[0])
    compared = set(table.loc[table["difference"].notna(), "staffing"])
    return next((str(name) for name in table["staffing"].unique() if name not in compared), "")


def rivals_of(table: pd.DataFrame) -> list[str]:
    """The staffing models with a difference, in order."""
    return [str(name) for name in table.loc[table["difference"].notna(), "staffing"].unique()]


def metric_of(name: str) -> Any:
    """A metric's row in the registry."""
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[name]
