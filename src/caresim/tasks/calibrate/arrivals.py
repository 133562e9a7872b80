"""How many contacts will come: draws for each hour and kind of coming days, from the days that were seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.posterior import CALLS, COLUMNS
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.rules import DESK

Floats = NDArray[np.float64]

HOURS, WEEK = 24, 7
MOST_AWAY = 1.5
"""A day has at most 4.5 times its level, and at least a 4.5th (logarithm). Assumption."""
HALF_LIFE_WEEKS = 1.0
"""A week ago counts half as much as this one. Assumption."""
DRIFT = 0.1
"""How much weeks may rise or fall, from one to the next: standard deviation of the logarithm. Assumption."""
LEAST_SPREAD = 0.05
"""Of a day's factor, in logarithms: no day is known better. Assumption."""
USUAL_SPREAD, USUAL_WEIGHT = 0.15, 3
"""What a short history's spread is drawn towards, as if so many days more had been seen. Assumption."""


class Arrivals(NamedTuple):
    """Contacts of a day are its level times its factor, and those of an hour its share of them times a factor.

    `level` of each weekday, contacts a day (NaN: none seen); `spread`, the scale of a day's factor (logarithm), which
    has a t distribution with `degrees` of freedom, as the spread is estimated; `profile`, shares of the hours by
    weekday, shape (7, 24); `kinds`, shares by hour, shape (24, kinds); `size`: the variance of an hour's contacts is
    their mean + mean squared / size.
    """

    level: Floats
    spread: float
    degrees: int
    profile: Floats
    kinds: Floats
    size: float


def arrivals_of(history: History) -> Arrivals:
    """Levels and profiles from counts, weeks that lie back weighing less; spreads from what they missed.

    A day's factor: the next same weekday's count against the level of those before. An hour's: the method of moments
    for a gamma mixture of Poisson counts (negative binomial) around the day's own total.
    """
    days = np.unique(history.day)
    counts = np.array([np.bincount(history.hour[history.day == day], minlength=HOURS) for day in days], np.float64)
    weekday = (days - 1) % WEEK
    total = counts.sum(axis=1)
    level, misses = np.full(WEEK, np.nan), []
    for w in range(WEEK):
        of = np.flatnonzero(weekday == w)
        for n in range(1, len(of)):
            misses.append(float(np.log(total[of[n]] / _level(total[of[:n]], days[of[:n]]))))
        if len(of):
            level[w] = _level(total[of], days[of])
    drift, spread, degrees = _drift(np.array(misses))
    level *= np.exp(drift)
    whole = counts.sum(axis=0) / counts.sum()
    profile = np.array([profile_of(counts[weekday == w], whole) for w in range(WEEK)])
    expected = total[:, None] * profile[weekday]
    excess = float(((counts - expected) ** 2 - expected).sum())
    size = float((expected**2).sum()) / excess if excess > 0 else np.inf
    kinds = np.zeros((HOURS, len(history.kinds)))
    np.add.at(kinds, (history.hour, history.kind), 1.0)
    share = kinds.sum(axis=0) / kinds.sum()
    kinds = (kinds + 20.0 * share) / (kinds.sum(axis=1, keepdims=True) + 20.0)
    return Arrivals(level, spread, degrees, profile, kinds, size)


def _drift(misses: Floats) -> tuple[float, float, int]:
    """By how much the next day is above the level of those before (logarithm), drawn towards 0; the spread of a new
    day around that, and the degrees of freedom with which it is known.
    """
    count = len(misses)
    middle = float(misses.mean()) if count else 0.0
    degrees = max(count - 1, 0) + USUAL_WEIGHT
    squares = float(((misses - middle) ** 2).sum()) + USUAL_WEIGHT * USUAL_SPREAD**2
    variance = max(squares / degrees, LEAST_SPREAD**2)
    error = variance / count if count else DRIFT**2
    drift = middle * DRIFT**2 / (DRIFT**2 + error)
    return drift, float(np.sqrt(variance + DRIFT**2 * error / (DRIFT**2 + error))), degrees


def _level(totals: Floats, days: NDArray[np.int64]) -> float:
    """Geometric mean, a week counting half as much as the next."""
    weights = 0.5 ** ((days[-1] - days) / (WEEK * HALF_LIFE_WEEKS))
    return float(np.exp((weights * np.log(totals)).sum() / weights.sum()))


def profile_of(counts: Floats, whole: Floats) -> Floats:
    """Shares of the hours, drawn towards those of all days as if these had been seen on half a day more."""
    if not len(counts):
        return whole
    prior = 0.5 * counts.sum() / len(counts)
    found: Floats = (counts.sum(axis=0) + prior * whole) / (counts.sum() + prior)
    return found


def to_come(
    history: History, days: Sequence[date], draws: int, luck: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """An interval report with the most that comes in any draw, and how many come in each, as rows of a posterior.

    A weekday that was never seen has the level of the mean of all.
    """
    found = arrivals_of(history)
    zone = ZoneInfo(history.zone)
    report: list[tuple[str, str, int, str, str, str]] = []
    counts = []
    usual = float(np.exp(np.nanmean(np.log(found.level))))
    for day in days:
        w = day.weekday()
        level = found.level[w] if not np.isnan(found.level[w]) else usual
        factor = np.exp(np.clip(found.spread * luck.standard_t(found.degrees, draws), -MOST_AWAY, MOST_AWAY))
        for hour in range(HOURS):
            again = luck.gamma(found.size, 1.0 / found.size, draws) if np.isfinite(found.size) else np.ones(draws)
            start = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
            if datetime.fromtimestamp(start.timestamp(), zone).hour != hour:
                continue  # The clock goes forward: this hour does not exist.
            for k, name in enumerate(history.kinds):
                come = luck.poisson(level * factor * again * found.profile[w, hour] * found.kinds[hour, k])
                if come.max() > 0:
                    end = datetime.fromtimestamp(start.timestamp() + 3600.0, zone)
                    report.append((start.isoformat(), end.isoformat(), int(come.max()), name, "phone", DESK))
                    counts.append(come)
    table = pd.DataFrame(report, columns=["interval_start", "interval_end", "offered", "channel", "medium", "desk"])
    rows = [
        pd.DataFrame(dict(zip(COLUMNS, (range(draws), CALLS, str(row), "", come.astype(np.float64)), strict=True)))
        for row, come in enumerate(counts)
    ]
    return table, pd.concat(rows, ignore_index=True)
