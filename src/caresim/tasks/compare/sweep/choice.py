"""What of a sweep is shown: its metrics, and what each point is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from caresim.config.errors import BadInput
from caresim.report.evidence import ENDS, few

FIRST_POINT = "first point"
"""What a point is compared with where one staffing model is run; else the baseline of its own run."""

DRAWS = "draws"
"""Column: the draws of the assumptions behind a point's replications."""


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


def few_draws(table: pd.DataFrame) -> str:
    """Why no interval of some points is shown; else empty. As in a comparison."""
    return next(filter(None, _reasons(table).values()), "")


def as_shown(table: pd.DataFrame) -> pd.DataFrame:
    """The table without the intervals of points that have too few draws; of differences between points, none where the
    first has too few.
    """
    reasons = _reasons(table)
    if not any(reasons.values()):
        return table
    hidden = table["job"].map(lambda job: bool(reasons[job]))
    compared = hidden | (compared_with_first(table) and bool(next(iter(reasons.values()))))
    kept = table.copy()
    for end in ENDS:
        kept[end] = kept[end].mask(hidden)
        kept[f"difference_{end}"] = kept[f"difference_{end}"].mask(compared)
    return kept


def _reasons(table: pd.DataFrame) -> dict[str, str]:
    """For each point why it has no interval; none for a table that does not say how many draws there are."""
    if DRAWS not in table:
        return {}
    points = table.groupby("job", sort=False)[["replications", DRAWS]].max()
    counts = zip(points.index, points["replications"], points[DRAWS], strict=True)
    return {str(job): few(int(count), int(draws), file="sweep.csv") for job, count, draws in counts}


def staffings_of(table: pd.DataFrame) -> list[str]:
    """The staffing models of a sweep, in order."""
    return [str(name) for name in table["staffing"].unique()]


def of_models(table: pd.DataFrame, models: Sequence[str] | None, compared: bool = False) -> pd.DataFrame:
    """The rows of these staffing models (None: of all); where they are `compared`, with those of the baseline.

    BadInput where no difference is left.
    """
    if models is None:
        return table
    kept = table[table["staffing"].isin([*models, *([reference_of(table)] if compared else [])])]
    if compared and table["difference"].notna().any() and not kept["difference"].notna().any():
        rivals = ", ".join(rivals_of(table))
        raise BadInput("models", list(models), f"leave nothing to compare; allowed: at least one of {rivals}")
    return kept


def metric_of(name: str) -> Any:
    """A metric's row in the registry."""
    from caresim.measure.metrics import REGISTRY

    return REGISTRY[name]
