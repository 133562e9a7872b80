"""Averages of replications and paired comparisons with a baseline: estimates, both layers of uncertainty, verdicts.

Replications 2k and 2k+1 share draw k of the uncertain parameters, and every replication shares its luck between
staffing models; so differences are taken replication by replication, and intervals rest on draws.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.inference.pairing import pairing_gain
from caresim.inference.simultaneous import critical_value
from caresim.inference.variance_components import Estimate, by_draw, draw_means, draw_scores, mean_of, median_of
from caresim.inference.verdict import judge
from caresim.measure.metrics import REGISTRY, Metric
from caresim.measure.metrics.metric import MONEY, SCORE, SHARE

if TYPE_CHECKING:
    from caresim.config.study import Margins, Study

CONFIDENCE = 0.95
SUMMARY = (
    "staffing",
    "metric",
    "unit",
    "mean",
    "ci_low",
    "ci_high",
    "luck_low",
    "luck_high",
    "replications",
    "average",
)
COMPARISON = (
    "baseline", "staffing", "metric", "unit", "difference", "ci_low", "ci_high", "luck_low", "luck_high", "margin",
    "headline", "verdict", "pairs_needed", "compare", "replications", "pairing_gain",
)  # fmt: skip


def summary(replications: pd.DataFrame, confidence: float = CONFIDENCE) -> pd.DataFrame:
    """One row a staffing model and metric: its average over replications and the intervals of it.

    `ci_*` is for luck and assumptions, `luck_*` for luck alone; pointwise, and from that staffing model's replications
    only, whichever others there are. `average` says which: the mean, or for medians of waiting times the median over
    replications, which is +inf ("not reached") when half of the replications or more do not reach theirs. NaN:
    undefined, or too few replications for an interval. `replications` counts those in which the metric is defined.
    """
    rows = []
    for staffing, part in replications.groupby("staffing", sort=False, observed=True):
        draw = part["draw"].to_numpy()
        for metric in _metrics(replications):
            matrix = by_draw(part[metric.name].to_numpy(dtype=np.float64), draw)
            found = _average(matrix, metric)(matrix, confidence)
            low, high = metric.bounds
            ends = [float(np.clip(end, low, high)) for end in (found.low, found.high, found.luck_low, found.luck_high)]
            rows.append((staffing, metric.name, metric.unit, found.value, *ends, found.count, _name(matrix, metric)))
    return pd.DataFrame(rows, columns=list(SUMMARY))


def comparison(replications: pd.DataFrame, baseline: str, study: Study) -> pd.DataFrame:
    """One row a staffing model other than the baseline and metric: its difference, intervals, verdict.

    `difference` is staffing model less baseline, or for metrics compared by ratio (column `compare`; unit "ratio")
    staffing model over baseline, a geometric mean with 1 for no difference. For headline metrics `ci_*` is
    simultaneous over all staffing models and headline metrics at once, and so depends on how many are compared; for
    the others, which are exploratory, it is pointwise; `luck_*` is pointwise always. `pairing_gain` says how many times
    as many replications luck would take without pairs (NaN: undefined). ValueError when the baseline has no
    replications.
    """
    tables = {
        str(name): part.set_index("replication")
        for name, part in replications.groupby("staffing", sort=False, observed=True)
    }
    if baseline not in tables:
        raise ValueError(f"baseline: {baseline!r} has no replications, allowed: {', '.join(tables)}")
    confidence = float(study.confidence.value)
    pairs = [
        Pair.of(tables[name], tables[baseline], name, metric, metric.name in study.headline)
        for name in tables
        if name != baseline
        for metric in _metrics(replications)
    ]
    critical = _critical([pair for pair in pairs if pair.headline], confidence)
    rows = [pair.row(baseline, margin_of(pair.metric, study.margins), confidence, critical) for pair in pairs]
    table = pd.DataFrame(rows, columns=list(COMPARISON))
    return table.astype({"pairs_needed": "float64", "headline": bool})


@dataclass(frozen=True)
class Pair:
    """One metric of one staffing model against the baseline: `matrix` of differences (of logarithms, for ratios)."""

    staffing: str
    metric: Metric
    headline: bool
    matrix: NDArray[np.float64]
    gain: float
    """How many times as many replications luck would take without pairs."""

    @classmethod
    def of(cls, table: pd.DataFrame, base: pd.DataFrame, staffing: str, metric: Metric, headline: bool) -> Pair:
        common = table.index.intersection(base.index)
        one, other = (frame.loc[common, metric.name].to_numpy(dtype=np.float64) for frame in (table, base))
        draw = table.loc[common, "draw"].to_numpy()
        if metric.compare == "ratio":
            one, other = _logarithm(one), _logarithm(other)
        gain = pairing_gain(by_draw(one, draw), by_draw(other, draw))
        return cls(staffing, metric, headline, by_draw(_less(one, other), draw), gain)

    @property
    def by_rank(self) -> bool:
        return _name(self.matrix, self.metric) == "median"

    def columns(self) -> NDArray[np.float64]:
        """What the interval for luck and assumptions averages over draws."""
        if not self.by_rank:
            return draw_means(self.matrix)
        return draw_scores(self.matrix, median_of(self.matrix, CONFIDENCE).value)

    def row(self, baseline: str, margin: float, confidence: float, critical: float) -> tuple[Any, ...]:
        average = median_of if self.by_rank else mean_of
        found = average(self.matrix, confidence, critical if self.headline else None)
        ratio = self.metric.compare == "ratio"
        said = judge(found, math.log(margin) if ratio else margin, self.metric.better)
        unit = "ratio" if ratio else self.metric.unit
        return (
            baseline, self.staffing, self.metric.name, unit, *self.shown(found), margin, self.headline,
            said.verdict, said.pairs_needed, self.metric.compare, found.count, self.gain,
        )  # fmt: skip

    def shown(self, found: Estimate) -> tuple[float, ...]:
        """The difference and the ends of its intervals as the table has them: ratios, or differences that can be."""
        ends = (found.value, found.low, found.high, found.luck_low, found.luck_high)
        if self.metric.compare == "ratio":
            return tuple(float(np.exp(end)) for end in ends)
        low, high = self.metric.bounds
        return tuple(float(np.clip(end, low - high, high - low)) for end in ends)


def _critical(family: list[Pair], confidence: float) -> float:
    if not family:
        return float("nan")
    return critical_value(np.column_stack([pair.columns() for pair in family]), confidence)


def _logarithm(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """-inf of 0; NaN where there is no value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(values)


def _less(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """one - other: 0 where they are equal, infinite where one of them is.

    Both 0, and both not reached, are equal: a tie. Left out, they would let the few pairs that differ speak for all.
    """
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, one - other)


def _metrics(replications: pd.DataFrame) -> list[Metric]:
    return [metric for name, metric in REGISTRY.items() if name in replications.columns]


def _name(matrix: NDArray[np.float64], metric: Metric) -> str:
    """Which average: the median for metrics that may not be reached, and wherever infinite values rule out a mean."""
    return "median" if metric.average == "median" or np.isinf(matrix).any() else "mean"


def _average(matrix: NDArray[np.float64], metric: Metric) -> Any:
    return median_of if _name(matrix, metric) == "median" else mean_of


def margin_of(metric: Metric, margins: Margins) -> float:
    """The smallest difference (for metrics compared by ratio: the smallest ratio) of a metric that matters."""
    if metric.compare == "ratio":
        return float((margins.cost if metric.unit == MONEY else margins.ratio).value)
    return float({SCORE: margins.csat, SHARE: margins.share}[metric.unit].value)


__all__ = ["COMPARISON", "SUMMARY", "Estimate", "comparison", "margin_of", "summary"]
