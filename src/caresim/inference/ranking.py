"""Can the staffing models be ranked? Every pair of them compared, and what the pairs of a metric say together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from caresim.inference.estimand import Estimand
from caresim.inference.statistics import CONFIDENCE, Pair, by_staffing, simultaneous, with_column
from caresim.inference.verdict import BETTER, SAME, UNDECIDED, WORSE, judge

FEWEST = 3
"""Staffing models of a ranking: of two, the comparison with the baseline says it all."""
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


def pairs(replications: pd.DataFrame, estimands: Sequence[Estimand], confidence: float = CONFIDENCE) -> pd.DataFrame:
    """A row an estimand and pair of staffing models: `one` less `other` (over it, for ratios), and the verdict on
    `one`.

    Intervals (luck and assumptions) are simultaneous over all pairs of an estimand.
    Estimands without a column are left out.
    """
    tables = by_staffing(replications)
    rows = [
        row for estimand in with_column(estimands, replications) for row in _of_estimand(tables, estimand, confidence)
    ]
    return pd.DataFrame(rows, columns=list(PAIRS))


def _of_estimand(tables: dict[str, pd.DataFrame], estimand: Estimand, confidence: float) -> list[tuple[object, ...]]:
    compared = {
        (one, other): Pair.of(tables[one], tables[other], one, estimand, headline=True)
        for one, other in combinations(tables, 2)
    }
    critical = simultaneous(list(compared.values()), confidence)
    rows: list[tuple[object, ...]] = []
    for (one, other), pair in compared.items():
        estimate = pair.estimate(confidence, critical)
        judgement = judge(estimate, estimand.effect_margin, estimand.better)
        rows.append((
            estimand.name, estimand.effect_unit, estimand.compare, one, other, *pair.shown(estimate)[:3],
            estimand.margin, judgement.verdict, estimate.count,
        ))  # fmt: skip
    return rows


def ranking(table: pd.DataFrame) -> pd.DataFrame:
    """A row a metric of a table of `pairs`: can the models be ranked? No row with fewer than three models.

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
    told_apart = len(left) - sum(count.values())
    difference = left["difference"].to_numpy(dtype=np.float64)
    steps = np.abs(np.log(difference) if (left["compare"] == "ratio").all() else difference)
    largest = left.iloc[int(np.argmax(np.where(np.isnan(steps), -1.0, steps)))]
    return (
        metric, " ".join(alone), " ".join(rest), len(left), told_apart, count[SAME], count[UNDECIDED],
        _conclusion(len(left), told_apart, count[SAME]), largest["one"], largest["other"], largest["difference"],
        largest["ci_low"], largest["ci_high"], largest["margin"],
    )  # fmt: skip


def _conclusion(pairs: int, told_apart: int, same: int) -> str:
    if told_apart:
        return FULL if told_apart == pairs else PARTIAL
    return COLLAPSES if same == pairs else OPEN
