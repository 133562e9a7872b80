"""The forecast of a desk as a pool: the queue, and what earlier replies alone say, each with the weight that it earns.

Weights are those of a linear pool (stacking; Yao et al. 2018) by the CRPS, which of a mixture is a quadratic form of
the weights. They are earned within the fitted stretch, on replies that come after a moment up to which each member was
fitted. What is not known of them is averaged over: each set of weights is as likely as its score and a belief make it,
as a few dozen scores say little.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks import nulls

Floats = NDArray[np.float64]
QUEUE = "queue"
MEMBERS = (nulls.TIME_LEFT, QUEUE, nulls.TIME_OF_DAY, nulls.LOAD, nulls.RECENT)
"""By name, in the order of weights."""
GRID, EDGE = 10, 0.02
"""Weights are tenths; the belief in a weight of 0 is that in this one."""
BELIEF = (3.0, 3.0, 1.0, 1.0, 1.0)
"""Parameters of the Dirichlet prior: without scores earlier replies and the queue have a third each. Chosen on the
first 36 hours of four desks (fitted to 24, scored on 12): on three the queue alone was the better of both.
"""
FEWEST_DRAWS = 10
"""Of a member, that come in time; where they are fewer, all are used, late ones too."""


@dataclass(frozen=True)
class Parts:
    """What the CRPS of any pool is made of: mean distances to what came, (posts, members), and between draws of each
    two members, (posts, members, members).
    """

    near: Floats
    apart: Floats

    def scores(self, weights: Floats) -> Floats:
        """CRPS of each post; `weights`, (members), sum to 1."""
        return np.asarray(self.near @ weights - 0.5 * np.einsum("i,pij,j->p", weights, self.apart, weights))

    def which(self, mine: NDArray[np.bool_]) -> Parts:
        return Parts(self.near[mine], self.apart[mine])


def parts_of(members: Sequence[Floats], observed: Floats) -> Parts:
    """`members`: draws of each, (draws, posts), NaN: none; `observed`, (posts)."""
    many = len(members)
    near, apart = np.zeros((len(observed), many)), np.zeros((len(observed), many, many))
    for post, seen in enumerate(observed):
        draws = [there(member[:, post]) for member in members]
        for i, one in enumerate(draws):
            near[post, i] = np.abs(one - seen).mean()
            apart[post, i, i] = _across(one, one) * len(one) / (len(one) - 1.0)
            for j in range(i):
                apart[post, i, j] = apart[post, j, i] = _across(one, draws[j])
    return Parts(near, apart)


def there(draws: Floats) -> Floats:
    """Those that are not NaN, ranked."""
    return np.sort(draws[~np.isnan(draws)])


def _across(one: Floats, two: Floats) -> float:
    """Mean distance of a value of one ranked sample from one of another."""
    values = np.sort(np.concatenate((one, two)))
    first, second = (np.searchsorted(values_of, values[:-1], side="right") / len(values_of) for values_of in (one, two))
    return float((np.diff(values) * (first * (1.0 - second) + second * (1.0 - first))).sum())


def sets_of_weights(members: int) -> Floats:
    """All sets of tenths that sum to 1, a row each."""
    rows = [row for row in product(range(GRID + 1), repeat=members - 1) if sum(row) <= GRID]
    return np.array([(GRID - sum(row), *row) for row in rows], dtype=np.float64) / GRID


def weights_of(parts: Sequence[Parts], times: Sequence[Floats], spread: float) -> Floats:
    """The weights that members earn. `times`: by how much each of a part's posts counts; `spread`: of what came.

    The mean of a posterior by the score: prior times exp(-weight x score), as in posterior.py.
    """
    sets = sets_of_weights(len(MEMBERS))
    total = np.zeros(len(sets))
    for part, counts in zip(parts, times, strict=True):
        near, apart = counts @ part.near, np.einsum("p,pij->ij", counts, part.apart)
        total += sets @ near - 0.5 * np.einsum("wi,ij,wj->w", sets, apart, sets)
    belief = np.prod(np.maximum(sets, EDGE) ** (np.array(BELIEF) - 1.0), axis=1)
    likely = np.exp(-(total - total.min()) * math.sqrt(math.pi) / max(spread, 0.2)) * belief
    return np.asarray((sets * likely[:, None]).sum(axis=0) / likely.sum())


def with_late_ones(samples: Floats, others: Floats) -> Floats:
    """Samples of the posts that have enough of them, and the `others` for the rest."""
    enough = np.count_nonzero(~np.isnan(samples), axis=0) >= FEWEST_DRAWS
    if samples.shape == others.shape:
        return np.where(enough, samples, others)
    rows = max(len(samples), len(others))
    one, two = (np.pad(part, ((0, rows - len(part)), (0, 0)), constant_values=np.nan) for part in (samples, others))
    return np.where(enough, one, two)


def members_of(queue: Floats, earlier: Mapping[str, Floats]) -> list[Floats]:
    """The draws of each member; where it has none in time, those of all earlier replies."""
    whole = earlier[nulls.TRAINING]
    return [queue if name == QUEUE else with_late_ones(earlier[name], whole) for name in MEMBERS]


def pooled(members: Sequence[Floats], weights: Floats, rows: int, rng: np.random.Generator) -> Floats:
    """Draws of the pool, (rows, posts): of each member its share, evenly spread."""
    reached = np.round(np.cumsum(weights) * rows).astype(int)
    counts = np.diff(reached, prepend=0)
    columns = []
    for post in range(members[0].shape[1]):
        draws = [there(member[:, post]) for member in members]
        columns.append(np.concatenate([evenly(one, count) for one, count in zip(draws, counts, strict=True)]))
    return rng.permuted(np.array(columns).T, axis=0)


def evenly(ranked: Floats, count: int) -> Floats:
    """So many of these values, evenly spread over their ranks."""
    places = np.floor((np.arange(count) + 0.5) * len(ranked) / max(count, 1)).astype(int)
    return np.asarray(ranked[places], dtype=np.float64)
