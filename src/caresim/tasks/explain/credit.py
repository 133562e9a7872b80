"""The table of credits: shares of the difference, main effects and interactions, each with both intervals."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.inference.simultaneous import critical_value
from caresim.inference.variance_components import by_draw, draw_means, mean_of
from caresim.inference.verdict import judge
from caresim.measure.metrics import REGISTRY, Metric
from caresim.run.estimands import margin_of
from caresim.tasks.explain.shapley import interactions, main_effects, shapley

if TYPE_CHECKING:
    from caresim.config.study import Study
    from caresim.tasks.explain.design import FactorialDesign

Floats = NDArray[np.float64]
SHARE, TOTAL, MAIN, INTERACTION = "share", "total", "main effect", "interaction"
STAFFING, WITH_SEATS = "staffing", "staffing and seats"
COLUMNS = (
    "game", "kind", "factor", "metric", "unit", "compare", "value", "ci_low", "ci_high", "luck_low", "luck_high",
    "of_total", "margin", "verdict", "headline", "replications",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A number of each replication, to be averaged: shape (replications,)."""

    game: str
    kind: str
    factor: str
    metric: Metric
    values: Floats
    draw: NDArray[np.int64]

    @property
    def matrix(self) -> Floats:
        return by_draw(self.values, self.draw)

    @property
    def adds_up(self) -> bool:
        return self.kind in (SHARE, TOTAL)


def divided(combinations: pd.DataFrame, design: FactorialDesign, study: Study) -> pd.DataFrame:
    """One row for each game, kind, factor and metric; within a game and metric the rows `share` sum to the row `total`.

    `value` is in the metric's unit, or for metrics compared by ratio in logarithms (unit "log ratio"), so that it adds
    up. Only replications count in which the metric is defined and finite in every combination; a metric without any is
    left out. Intervals of headline shares and totals are simultaneous over all of them; the others are pointwise. They
    end where a difference of the metric does (interactions and logarithms have no such end).
    `margin` is the smallest difference that matters, in the same unit, and `verdict` what the interval says given it.
    `of_total` is the value over the total; NaN where the total's interval contains 0.
    """
    confidence = float(study.confidence.value)
    parts = [part for name in REGISTRY if name in combinations for part in _parts(combinations, design, REGISTRY[name])]
    family = [part for part in parts if part.adds_up and part.metric.name in study.headline]
    critical = _critical(family, confidence)
    rows = [_row(part, study, critical) for part in parts]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.assign(of_total=_of_total(table))


def _parts(combinations: pd.DataFrame, design: FactorialDesign, metric: Metric) -> Iterator[Part]:
    wide = combinations.pivot(index="combination", columns="replication", values=metric.name)
    draws = combinations.drop_duplicates("replication").set_index("replication")["draw"]
    values = wide.to_numpy(dtype=np.float64)
    if metric.compare == "ratio":
        with np.errstate(divide="ignore", invalid="ignore"):
            values = np.log(values)
    defined = np.isfinite(values).all(axis=0)
    if not defined.any():
        return
    draw = draws.loc[wide.columns[defined]].to_numpy()
    values = values[:, defined]
    alone = values[: 1 << len(design.staffing)]
    yield from _of_game(STAFFING, design.staffing, alone, metric, draw)
    if design.seats is not None:
        yield from _of_game(WITH_SEATS, design.factors, values, metric, draw)


def _of_game(
    name: str, factors: tuple[str, ...], game: Floats, metric: Metric, draw: NDArray[np.int64]
) -> Iterator[Part]:
    for factor, values in zip(factors, shapley(game), strict=True):
        yield Part(name, SHARE, factor, metric, values, draw)
    yield Part(name, TOTAL, "all", metric, game[-1] - game[0], draw)
    for factor, values in zip(factors, main_effects(game), strict=True):
        yield Part(name, MAIN, factor, metric, values, draw)
    for (one, other), values in interactions(game).items():
        yield Part(name, INTERACTION, f"{factors[one]} x {factors[other]}", metric, values, draw)


def _critical(family: list[Part], confidence: float) -> float:
    if not family:
        return float("nan")
    draws = sorted({int(draw) for part in family for draw in part.draw})
    columns = np.full((len(draws), len(family)), np.nan)
    for column, part in enumerate(family):
        columns[np.searchsorted(draws, np.unique(part.draw)), column] = draw_means(part.matrix)
    return critical_value(columns, confidence)


def _row(part: Part, study: Study, critical: float) -> tuple[Any, ...]:
    confidence, headline = float(study.confidence.value), part.metric.name in study.headline
    mean = mean_of(part.matrix, confidence, critical if headline and part.adds_up else None)
    ratio = part.metric.compare == "ratio"
    unit = "log ratio" if ratio else part.metric.unit
    margin = margin_of(part.metric, study.margins)
    margin = math.log(margin) if ratio else margin
    verdict = judge(mean, margin, part.metric.better).verdict if part.adds_up else None
    ends: tuple[float, ...] = (mean.value, mean.low, mean.high, mean.luck_low, mean.luck_high)
    if not ratio and part.kind != INTERACTION:
        low, high = part.metric.bounds
        ends = tuple(float(np.clip(end, low - high, high - low)) for end in ends)
    return (
        part.game, part.kind, part.factor, part.metric.name, unit, part.metric.compare, *ends, np.nan,
        margin, verdict, headline,
        mean.count,
    )  # fmt: skip


def _of_total(table: pd.DataFrame) -> pd.Series:
    totals = table[table["kind"] == TOTAL].set_index(["game", "metric"])
    sure = totals[(totals["ci_low"] > 0) | (totals["ci_high"] < 0)]["value"]
    whole = pd.MultiIndex.from_frame(table[["game", "metric"]]).map(sure.to_dict())
    return (table["value"] / pd.Series(whole, index=table.index, dtype="float64")).where(
        table["kind"].isin([SHARE, TOTAL])
    )
