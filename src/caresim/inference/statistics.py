"""Averages of replications and paired comparisons with a baseline: estimates, both layers of uncertainty, verdicts.

Replications 2k and 2k+1 share draw k of the uncertain parameters, and every replication shares its luck between
staffing models; so differences are taken replication by replication, and intervals rest on draws.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from caresim.inference.estimand import Estimand, Floats
from caresim.inference.simultaneous import critical_value
from caresim.inference.variance_components import (
    Estimate,
    by_draw,
    draw_means,
    draw_scores,
    mean_of,
    median_of,
    pairing_gain,
)
from caresim.inference.verdict import detail, judge
from caresim.inference.worlds import worlds_of

CONFIDENCE = 0.95
AVERAGES: dict[str, Callable[..., Estimate]] = {"mean": mean_of, "median": median_of}
SUMMARY = (
    "staffing", "metric", "unit", "mean", "ci_low", "ci_high", "luck_low", "luck_high", "replications", "average",
)  # fmt: skip
COMPARISON = (
    "baseline", "staffing", "metric", "unit", "difference", "ci_low", "ci_high", "luck_low", "luck_high", "margin",
    "headline", "verdict", "pairs_needed", "compare", "replications", "pairing_gain", "verdict_detail", "worlds",
    "worlds_better", "worlds_better_low", "worlds_better_high", "worlds_matter", "worlds_worse_matter", "world_low",
    "world_high", "crisis_better",
)  # fmt: skip


def summary(replications: pd.DataFrame, estimands: Sequence[Estimand], confidence: float = CONFIDENCE) -> pd.DataFrame:
    """One row a staffing model and estimand (column `metric`): its average over replications and its intervals.

    `ci_*` is for luck and assumptions, `luck_*` for luck alone; pointwise, and from that staffing model's replications
    only, whichever others there are. `average` says which: the mean, or for medians of waiting times the median over
    replications, which is +inf ("not reached") when half of the replications or more do not reach theirs. NaN:
    undefined, or too few replications for an interval. `replications` counts those in which the value is defined.
    Estimands without a column are left out.
    """
    rows = []
    for staffing, part in replications.groupby("staffing", sort=False, observed=True):
        draw = part["draw"].to_numpy()
        for estimand in with_column(estimands, replications):
            matrix = by_draw(part[estimand.name].to_numpy(dtype=np.float64), draw)
            average = estimand.averaged_by(matrix)
            estimate = AVERAGES[average](matrix, confidence)
            ends = (estimate.low, estimate.high, estimate.luck_low, estimate.luck_high)
            low, high = estimand.bounds
            within = [low if end < low else high if end > high else end for end in ends]
            rows.append((staffing, estimand.name, estimand.unit, estimate.value, *within, estimate.count, average))
    return pd.DataFrame(rows, columns=list(SUMMARY))


def comparison(
    replications: pd.DataFrame,
    baseline: str,
    estimands: Sequence[Estimand],
    headline: Collection[str],
    confidence: float = CONFIDENCE,
) -> pd.DataFrame:
    """One row a staffing model other than the baseline and estimand: its difference, intervals, verdict.

    `difference` is staffing model less baseline, or for estimands compared by ratio (column `compare`; unit "ratio")
    staffing model over baseline, a geometric mean with 1 for no difference. For those named in `headline`, `ci_*` is
    simultaneous over all staffing models and headline estimands at once, and so depends on how many are compared; for
    the others, which are exploratory, it is pointwise; `luck_*` is pointwise always. `pairing_gain` says how many times
    as many replications luck would take without pairs (NaN: undefined). ValueError when the baseline has no
    replications.
    """
    tables = by_staffing(replications)
    if baseline not in tables:
        raise ValueError(f"baseline: {baseline!r} has no replications, allowed: {', '.join(tables)}")
    pairs = [
        Pair.of(tables[name], tables[baseline], name, estimand, estimand.name in headline)
        for name in tables
        if name != baseline
        for estimand in with_column(estimands, replications)
    ]
    critical = simultaneous([pair for pair in pairs if pair.headline], confidence)
    table = pd.DataFrame([pair.row(baseline, confidence, critical) for pair in pairs], columns=list(COMPARISON))
    return table.astype({"pairs_needed": "float64", "headline": bool})


@dataclass(frozen=True)
class Pair:
    """One estimand of two staffing models: `matrix` of differences (of logarithms, for ratios) by draw."""

    staffing: str
    estimand: Estimand
    headline: bool
    matrix: Floats
    gain: float
    """How many times as many replications luck would take without pairs."""

    @classmethod
    def of(cls, table: pd.DataFrame, base: pd.DataFrame, staffing: str, estimand: Estimand, headline: bool) -> Pair:
        """From the replications (index) that both tables have."""
        if not table.index.equals(base.index):
            common = table.index.intersection(base.index)
            table, base = table.loc[common], base.loc[common]
        one, other = (estimand.scaled(frame[estimand.name].to_numpy(dtype=np.float64)) for frame in (table, base))
        draw = table["draw"].to_numpy()
        gain = pairing_gain(by_draw(one, draw), by_draw(other, draw))
        return cls(staffing, estimand, headline, by_draw(_less(one, other), draw), gain)

    @property
    def average(self) -> str:
        """The name of the average that is taken of the differences."""
        return self.estimand.averaged_by(self.matrix)

    def columns(self) -> Floats:
        """What the interval for luck and assumptions averages over draws."""
        if self.average == "mean":
            return draw_means(self.matrix)
        return draw_scores(self.matrix, median_of(self.matrix, CONFIDENCE).value)

    def estimate(self, confidence: float, critical: float | None) -> Estimate:
        """The average difference; `critical` makes the interval for luck and assumptions a simultaneous one."""
        return AVERAGES[self.average](self.matrix, confidence, critical)

    def row(self, baseline: str, confidence: float, critical: float) -> tuple[Any, ...]:
        """The row of the table of comparisons."""
        estimand, estimate = self.estimand, self.estimate(confidence, critical if self.headline else None)
        margin, better = estimand.effect_margin, estimand.better
        judgement = judge(estimate, margin, better)
        worlds = worlds_of(self.matrix, margin, better, confidence)
        return (
            baseline, self.staffing, estimand.name, estimand.effect_unit, *self.shown(estimate), estimand.margin,
            self.headline, judgement.verdict, judgement.pairs_needed, estimand.compare, estimate.count, self.gain,
            detail(estimate, margin, better, worlds), worlds.count, worlds.better, worlds.better_low,
            worlds.better_high, worlds.better_matter, worlds.worse_matter, *estimand.effect((worlds.low, worlds.high)),
            worlds.crises,
        )  # fmt: skip

    def shown(self, estimate: Estimate) -> tuple[float, ...]:
        """The difference and the ends of both intervals as tables have them."""
        return self.estimand.effect(
            (estimate.value, estimate.low, estimate.high, estimate.luck_low, estimate.luck_high)
        )


def by_staffing(replications: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each staffing model, in order of appearance, indexed by replication."""
    indexed = replications.set_index("replication")
    return {str(name): part for name, part in indexed.groupby("staffing", sort=False, observed=True)}


def simultaneous(family: list[Pair], confidence: float) -> float:
    """The critical value with which the intervals of all these pairs hold at once; NaN without any."""
    if not family:
        return float("nan")
    return critical_value(np.column_stack([pair.columns() for pair in family]), confidence)


def _less(one: Floats, other: Floats) -> Floats:
    """one - other: 0 where they are equal, infinite where one of them is.

    Both 0, and both not reached, are equal: a tie. Left out, they would let the few pairs that differ speak for all.
    """
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, one - other)


def with_column(estimands: Sequence[Estimand], replications: pd.DataFrame) -> list[Estimand]:
    """Those that the table has a column of."""
    return [estimand for estimand in estimands if estimand.name in replications.columns]
