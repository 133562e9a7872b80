"""Which candidate is taken, on common luck: the best that is no worse for anybody who was not asked, or the cheapest.

What this search sees flatters whatever it takes. None of its figures are reported: see judging.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from caresim.tasks.plan.measures import DAYS, GUARDS, WORST_DAY

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from caresim.tasks.plan.measures import Condition

    Floats = NDArray[np.float64]


def best(runs: pd.DataFrame, before: str, aim: str, margin: float) -> str:
    """The candidate with the highest mean of the aim among those that keep all guards; failing that, of all.

    The roster before itself, where that has as much of the aim.

    A guard is kept where its mean is not lower than before, and on single days of ordinary customers where none is
    lower by more than `margin` (a share).
    """
    names = [name for name in dict.fromkeys(runs["staffing"]) if name != before]
    means = runs.groupby("staffing", sort=False)[aim].mean()
    keeping = [name for name in names if keeps(runs, name, before, margin)]
    found = max(keeping or names, key=lambda name: float(means[name]))
    return found if means[found] > means[before] else before


def keeps(runs: pd.DataFrame, name: str, before: str, margin: float) -> bool:
    """Does the candidate keep every guard that is defined?"""
    one, other = (runs[runs["staffing"] == staffing] for staffing in (name, before))
    for guard in GUARDS:
        if guard != WORST_DAY and guard in runs:
            differences = differences_by_draw(one, other, guard)
            if len(differences) and differences.mean() < 0.0:
                return False
    fall = largest_fall(one, other)
    return math.isnan(fall) or fall <= margin


def differences_by_draw(one: pd.DataFrame, other: pd.DataFrame, measure: str) -> Floats:
    """The mean difference of each draw in which both are defined."""
    after, before = (frame.set_index(["draw", "replication"])[measure] for frame in (one, other))
    return (after - before).groupby(level="draw").mean().dropna().to_numpy(dtype=np.float64)


def largest_fall(one: pd.DataFrame, other: pd.DataFrame) -> float:
    """By how much the share of ordinary customers answered falls on the day on which it falls most, in the mean.

    NaN where none come.
    """
    falls = np.array(other[DAYS].tolist(), dtype=np.float64) - np.array(one[DAYS].tolist(), dtype=np.float64)
    defined = falls[:, np.isfinite(falls).any(axis=0)]
    return float(np.nanmean(defined, axis=0).max()) if defined.size else math.nan


def held(runs: pd.DataFrame, before: pd.DataFrame, conditions: Sequence[Condition]) -> NDArray[np.bool_]:
    """In which of a candidate's replications do all conditions hold at once?"""
    other = before.set_index("replication")
    return np.array(
        [
            all(
                condition.holds(float(row[condition.measure]), float(other.loc[row["replication"], condition.measure]))
                for condition in conditions
            )
            for row in runs.to_dict("records")
        ]
    )


COARSE, FINE = 0.05, 0.0025
"""Steps of cost, times that of the shifts before: at first, and about the one that is found."""
LEVELS = tuple(round(COARSE * step, 2) for step in range(1, 31))
"""Times the cost, among which the cheapest roster is looked for."""


def finer(level: float) -> tuple[float, ...]:
    """Levels from the next lower one of LEVELS up to this one."""
    steps = round(COARSE / FINE)
    return tuple(round(level - FINE * step, 4) for step in reversed(range(steps)))


def cheapest(
    levels: Sequence[float], tried: Callable[[float], Mapping[str, float]], probability: float
) -> tuple[float, str, bool]:
    """The lowest of rising levels of cost at which a candidate reaches the probability, which one, and if any does.

    `tried` runs the candidates of a level: the share of replications in which everything holds, by name. More money is
    taken to do no harm: levels are halved, not tried one by one. Where the highest does not do, it is the answer.
    """
    low, high = 0, len(levels) - 1
    shares = tried(levels[high])
    found, reached = (high, shares), max(shares.values()) >= probability
    while reached and low < high:
        middle = (low + high) // 2
        shares = tried(levels[middle])
        if max(shares.values()) >= probability:
            high, found = middle, (middle, shares)
        else:
            low = middle + 1
    level, shares = found
    return levels[level], max(shares, key=lambda name: shares[name]), reached
