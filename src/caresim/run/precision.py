"""How many replications: a given number, or as many as the wanted precision takes.

Results are looked at several times, and whoever stops when an interval happens to be narrow enough has intervals that
hold less often than they say. So every look has its share of what may go wrong, and all shares together are that of one
look (Bonferroni's inequality; alpha spending, Lan & DeMets 1983): intervals hold at the study's level whenever it ends.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from caresim.run.uncertain import PAIR

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment

FIRST, SECOND = 0.15, 0.6
"""Shares of the first look and of the second, for which the first one plans; each later one has half of what is left.
"""
FURTHEST = 4
"""A round at most makes so many times as many replications as there are, so that a poor first estimate costs little."""
ROOM = 1.1
"""So many more are planned than the estimate asks for: it is as often too low as too high."""


def share_of(look: int) -> float:
    """The share of a look, from 1 on, of what may go wrong; those of all looks sum to 1."""
    if look == 1:
        return FIRST
    return SECOND if look == 2 else (1 - FIRST - SECOND) * 0.5 ** (look - 2)


def confidence_at(experiment: Experiment, look: int | None) -> float:
    """The level of intervals that are made at a look so that those told are at the study's; None: there is one look."""
    return level_at(float(experiment.study.confidence.value), look)


def level_at(wanted: float, look: int | None) -> float:
    """The level at a look (None: there is one) of intervals that are to hold at the level that is wanted."""
    return wanted if look is None else 1 - (1 - wanted) * share_of(look)


def targets(experiment: Experiment) -> dict[str, float]:
    """The relative half-width that is wanted, by metric; none where the number of replications is given."""
    wanted = experiment.precision
    if wanted is None:
        return {}
    return dict(wanted) if isinstance(wanted, Mapping) else dict.fromkeys(experiment.study.headline, wanted)


def next_total(experiment: Experiment, replications: pd.DataFrame, look: int = 1) -> int:
    """How many replications there should be, given the results so far; no more than there are when it is enough.

    `look` counts from 1. The relative half-width of an interval shrinks with the square root of the number of
    replications (Law 2015, section 9.4).
    """
    done = replications["replication"].nunique()
    limit = experiment.study.max_replications
    if experiment.precision is None or done >= limit or excess(experiment, replications, look) <= 1:
        return done
    needed = ROOM * done * excess(experiment, replications, look + 1) ** 2
    return min(limit, max(done + PAIR, PAIR * math.ceil(min(needed, FURTHEST * done) / PAIR)))


def needed_in_all(experiment: Experiment, replications: pd.DataFrame, look: int = 1) -> float:
    """How many replications it takes in all, as far as can be told at this look; infinite where it cannot."""
    done = replications["replication"].nunique()
    if excess(experiment, replications, look) <= 1:
        return done
    return ROOM * done * excess(experiment, replications, look + 1) ** 2


def excess(experiment: Experiment, replications: pd.DataFrame, look: int = 1) -> float:
    """How many times as wide as wanted the widest interval is, in proportion to what is wanted of its metric."""
    wanted = targets(experiment)
    widths = half_widths(experiment, replications, look)
    return max((widths[name] / wanted[name] for name in widths if name in wanted), default=0.0)


def half_widths(experiment: Experiment, replications: pd.DataFrame, look: int | None = 1) -> dict[str, float]:
    """The widest relative half-width (luck and assumptions) over all staffing models, by headline metric.

    Infinite while an interval cannot be given yet. A metric that a staffing model does not have (undefined, or a median
    not reached) is left out: no number of replications would give it an interval.
    """
    from caresim.inference import statistics
    from caresim.run.estimands import estimands

    names = targets(experiment) or experiment.study.headline
    wanted = [estimand for estimand in estimands(experiment.study) if estimand.name in names]
    table = statistics.summary(replications, wanted, confidence_at(experiment, look))
    table = table[np.isfinite(table["mean"])]
    half = (table["ci_high"] - table["ci_low"]) / 2
    relative = (half / table["mean"].abs()).where(half != 0, 0.0).fillna(math.inf)
    return {str(name): float(widest) for name, widest in relative.groupby(table["metric"]).max().items()}


def in_words(experiment: Experiment, replications: pd.DataFrame, look: int, seconds: float) -> str:
    """What the first look foresees: how wide the widest interval is, how many replications it takes, and how long.

    `seconds` is what the replications so far took.
    """
    done = replications["replication"].nunique()
    wanted, widths = targets(experiment), half_widths(experiment, replications, look)
    name = max((name for name in widths if name in wanted), key=lambda name: widths[name] / wanted[name])
    limit, needed = experiment.study.max_replications, needed_in_all(experiment, replications, look)
    now = f"{name} is known to {100 * widths[name]:.2g} %" if math.isfinite(widths[name]) else f"{name} has no interval"
    if not math.isfinite(needed):
        return f"precision: {now} after {done} replications, {100 * wanted[name]:.2g} % is wanted"
    total = min(limit, PAIR * math.ceil(needed / PAIR))
    short = (
        f", of which study.max_replications={limit} allows {limit}: it will not be reached" if needed > limit else ""
    )
    left = seconds * (total - done) / done
    return (
        f"precision: {now} after {done} replications, {100 * wanted[name]:.2g} % is wanted; it takes about "
        f"{needed:,.0f} replications{short}, {max(left, 1):,.0f} s more"
    )
