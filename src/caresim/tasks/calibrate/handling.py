"""Handling times: what is usual of a kind, in an hour of the day, for an agent; and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.history import NOBODY, History
from caresim.tasks.calibrate.shrinkage import Shrunk, shrunk

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

HOURS = 24
PASSES = 4
"""Speeds are told from kinds and hours, and these from speeds, in turns; after so many nothing moves any more."""
FEWEST = 2
"""Calls of an agent, or of a kind in an hour, from which a factor is told."""


@dataclass(frozen=True)
class Handling:
    """Factors are logarithms: a handling time is the mean of its kind x that of the hour x the agent's speed x luck."""

    mean: Floats
    """Minutes, by kind; NaN for one of which none was answered."""
    mean_sd: Floats
    """Of its logarithm, by kind: from day to day."""
    hours: dict[tuple[int, int], tuple[float, float, float]]
    """Mean and standard deviation of the factor by kind and hour; and the factor as it was seen."""
    speeds: Shrunk
    """By place in `agents`: 0 is the mean of all calls."""
    agents: Codes
    """Whose speeds they are: codes of the history's agents."""
    rows: NDArray[np.intp]
    """The contacts whose handling is known."""
    normal: Floats
    """Their handling times in minutes at the speed of the average agent."""


def handling_of(history: History, after_call: Floats) -> Handling:
    """Estimate from those who were answered; `after_call` minutes are added to each contact's handling.

    Speeds and factors of the hours are ratios of sums, drawn towards their middle (shrinkage.py).
    """
    known = history.answered & ~np.isnan(history.service_s)
    rows = np.flatnonzero(known)
    times = history.service_s[rows] / 60.0 + after_call[rows]
    kind, hour, agent, day = history.kind[rows], history.hour[rows], history.agent[rows], history.day[rows]
    kinds, named = len(history.kinds), agent != NOBODY
    cell = kind * HOURS + hour
    speed, of_cell = np.zeros(len(history.agents) + 1), np.zeros(kinds * HOURS)  # the last is of nobody named
    agents: Codes = np.zeros(0, np.int64)
    speeds, mean = shrunk(np.zeros(0), np.zeros(0)), np.full(kinds, np.nan)
    hours: dict[tuple[int, int], tuple[float, float, float]] = {}
    for _ in range(PASSES):
        alike = times / np.exp(speed[agent])
        mean = _ratio(alike, np.ones(len(rows)), kind, kinds)[0]
        hours = {}
        for this in range(kinds):
            here = kind == this
            log, variance, seen = _log_ratio(alike[here], np.full(here.sum(), mean[this]), hour[here], HOURS)
            found = shrunk(log, variance)
            hours |= {
                (this, int(h)): (m, s, r)
                for h, m, s, r in zip(seen, found.mean.tolist(), found.sd.tolist(), log.tolist(), strict=True)
            }
        of_cell[[this * HOURS + h for this, h in hours]] = [m for m, _, _ in hours.values()]
        expected = mean[kind] * np.exp(of_cell[cell])
        log, variance, agents = _log_ratio(times[named], expected[named], agent[named], len(history.agents))
        speeds = shrunk(log, variance)
        if len(agents):
            calls = np.bincount(agent[named], minlength=len(history.agents))[agents]
            middle = float((calls * speeds.mean).sum() / calls.sum())
            speeds = speeds._replace(mean=speeds.mean - middle, centre=speeds.centre - middle)
            speed[agents] = speeds.mean
    normal = times / np.exp(speed[agent])
    mean_sd = np.array([_by_days(normal[kind == k], day[kind == k]) for k in range(kinds)])
    return Handling(mean, mean_sd, hours, speeds, agents, rows, normal)


def _ratio(times: Floats, expected: Floats, group: Codes, groups: int) -> tuple[Floats, Floats]:
    """Sum of times over sum of what was expected, by group, and the sum of what was expected."""
    total: Floats = np.bincount(group, expected, minlength=groups).astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.bincount(group, times, minlength=groups) / total, total


def _log_ratio(times: Floats, expected: Floats, group: Codes, groups: int) -> tuple[Floats, Floats, Codes]:
    """The logarithm of each group's ratio, its variance (Cochran 1977, sec. 6.3), and which groups have one.

    The spread within a group is pooled with that of all, as if that had been seen ten more times: the own one of a few
    skewed times is small where the mean is small.
    """
    ratio, total = _ratio(times, expected, group, groups)
    count = np.bincount(group, minlength=groups)
    seen = np.flatnonzero((count >= FEWEST) & (ratio > 0)).astype(np.int64)
    if not len(seen):
        return np.zeros(0), np.zeros(0), seen
    away = (times / np.where(ratio[group] > 0, ratio[group] * expected, 1.0) - 1.0) ** 2
    pooled, prior = float(away.mean()), 10.0
    spread = (np.bincount(group, away, minlength=groups)[seen] + prior * pooled) / (count[seen] + prior)
    weight = np.bincount(group, expected**2, minlength=groups)[seen] / total[seen] ** 2
    return np.log(ratio[seen]), spread * weight * count[seen] / (count[seen] - 1), seen


def _by_days(times: Floats, day: Codes) -> float:
    """Standard error of the logarithm of a mean, whose days may differ by more than luck."""
    if len(times) < FEWEST:
        return 1.0
    mean = float(times.mean())
    _, place = np.unique(day, return_inverse=True)
    away = np.bincount(place, times - mean)
    days = len(away)
    alone = float(times.std(ddof=1)) / np.sqrt(len(times))
    across = np.sqrt(float((away**2).sum()) * days / max(days - 1, 1)) / len(times) if days > 1 else alone
    return float(max(alone, across)) / mean
