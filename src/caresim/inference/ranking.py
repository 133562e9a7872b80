"""Can the staffing models be ranked? Every pair of them compared, and what the pairs of a metric say together."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pandas as pd

from caresim.config.study import Study
from caresim.inference.simultaneous import critical_value
from caresim.inference.statistics import Pair, margin_of
from caresim.inference.variance_components import mean_of, median_of
from caresim.inference.verdict import BETTER, SAME, UNDECIDED, WORSE, judge
from caresim.measure.metrics import REGISTRY, Metric

MOOD = "mood_area"
"""Ranked in every experiment, whether or not it is a headline metric."""
FEWEST = 3
"""With two staffing models the comparison with the baseline says it all."""
FULL, PARTIAL, COLLAPSES, OPEN = "full", "partial", "collapses", "open"
"""Of those that are not set apart: every pair is told apart; some pairs; no difference matters; none is told apart, and
not all are known not to matter."""
PAIRS = (
    "metric", "unit", "compare", "one", "other", "difference", "ci_low", "ci_high", "margin", "verdict", "replications",
)  # fmt: skip
RANKING = (
    "metric", "set_apart", "rest", "pairs", "told_apart", "no_difference", "undecided", "conclusion", "one", "other",
    "largest", "ci_low", "ci_high", "margin",
)  # fmt: skip


def pairs(replications: pd.DataFrame, study: Study) -> pd.DataFrame:
    """A row a metric and pair of staffing models: `one` less `other` (over it, for ratios), and the verdict on `one`.

    For the headline metrics and the mood. Intervals (luck and assumptions) are simultaneous over all pairs of a metric.
    """
    tables = {
        str(name): part.set_index("replication")
        for name, part in replications.groupby("staffing", sort=False, observed=True)
    }
    names = [name for name in dict.fromkeys((*study.headline, MOOD)) if name in replications]
    metrics = [REGISTRY[name] for name in names if REGISTRY[name].better != "neither"]
    rows = [row for metric in metrics for row in _of_metric(tables, metric, study)]
    return pd.DataFrame(rows, columns=list(PAIRS))


def _of_metric(tables: dict[str, pd.DataFrame], metric: Metric, study: Study) -> list[tuple[object, ...]]:
    found = {
        (one, other): Pair.of(tables[one], tables[other], one, metric, headline=True)
        for one, other in combinations(tables, 2)
    }
    if not found:
        return []
    confidence = float(study.confidence.value)
    critical = critical_value(np.column_stack([pair.columns() for pair in found.values()]), confidence)
    margin = margin_of(metric, study.margins)
    rows: list[tuple[object, ...]] = []
    for (one, other), pair in found.items():
        estimate = (median_of if pair.by_rank else mean_of)(pair.matrix, confidence, critical)
        said = judge(estimate, math.log(margin) if metric.compare == "ratio" else margin, metric.better)
        unit = "ratio" if metric.compare == "ratio" else metric.unit
        ends = pair.shown(estimate)[:3]
        rows.append((metric.name, unit, metric.compare, one, other, *ends, margin, said.verdict, estimate.count))
    return rows


def ranking(table: pd.DataFrame) -> pd.DataFrame:
    """A row a metric of a table of `pairs`, in words of whether they can be ranked; none with fewer than three models.

    `set_apart` are the staffing models told apart (better or worse) from each of the others, `rest` those left; `pairs`
    and what follows are of the rest. `largest` is the difference of the rest that is furthest from none, `one` less (or
    over) `other`. Where all are set apart, or all but one, the pairs are of all, and each is told apart.
    """
    rows = [_ranked(str(name), part) for name, part in table.groupby("metric", sort=False)]
    return pd.DataFrame([row for row in rows if row is not None], columns=list(RANKING))


def _ranked(metric: str, part: pd.DataFrame) -> tuple[object, ...] | None:
    models = list(dict.fromkeys((*part["one"], *part["other"])))
    if len(models) < FEWEST:
        return None
    apart = part["verdict"].isin((BETTER, WORSE))
    alone = [name for name in models if apart[(part["one"] == name) | (part["other"] == name)].all()]
    if len(models) - len(alone) < 2:
        alone = []
    rest = [name for name in models if name not in alone]
    left = part[part["one"].isin(rest) & part["other"].isin(rest)]
    count = {word: int((left["verdict"] == word).sum()) for word in (SAME, UNDECIDED)}
    told = len(left) - sum(count.values())
    difference = left["difference"].to_numpy(dtype=np.float64)
    steps = np.abs(np.log(difference) if (left["compare"] == "ratio").all() else difference)
    largest = left.iloc[int(np.argmax(np.where(np.isnan(steps), -1.0, steps)))]
    return (
        metric, " ".join(alone), " ".join(rest), len(left), told, count[SAME], count[UNDECIDED],
        _conclusion(len(left), told, count[SAME]), largest["one"], largest["other"], largest["difference"],
        largest["ci_low"], largest["ci_high"], largest["margin"],
    )  # fmt: skip


def _conclusion(pairs: int, told: int, same: int) -> str:
    if told:
        return FULL if told == pairs else PARTIAL
    return COLLAPSES if same == pairs else OPEN
