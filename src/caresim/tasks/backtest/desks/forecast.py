"""One desk: fitted to the first stretch of its history, predicted for the second, and scored."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks import engine, nulls
from caresim.tasks.backtest.desks.hours import Opening, drawn, opening_of
from caresim.tasks.backtest.desks.pool import MEMBERS, evenly, members_of, parts_of, pooled, weights_of, with_late_ones
from caresim.tasks.backtest.desks.posterior import LEAST, Desk, Fit, crps_of_seen, inputs, plain_luck
from caresim.tasks.backtest.desks.posts import Posts, Stretches
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.desks.shares import Shares, shares_of, still_open

Floats = NDArray[np.float64]
BANDS = (0.5, 0.9)
ORIGINS = (1.0 / 2.0, 2.0 / 3.0, 5.0 / 6.0)
"""Shares of the fitted stretch up to which members are fitted, to be scored on the rest of it."""
FEWEST_TO_CHOOSE = 10
"""Replies before such a moment, without which nothing is fitted."""
MOST_FITTED = 1500
"""Replies that a desk is fitted to, the latest ones: more make a chain slow and tell little more."""


@dataclass(frozen=True)
class Predicted:
    """What comes out for a desk. Arrays are over the posts that are tested; minutes, and logarithms of minutes."""

    posts: Posts
    opening: Opening
    shares: Shares
    draws: Sequence[Desk]
    tested: NDArray[np.int64]
    observed: Floats
    """Logarithm of the minutes to the reply."""
    samples: Floats
    """The same, simulated: (draws, posts), NaN: the draw answers it not, or not in time."""
    scores: Floats
    queue_scores: Floats
    """CRPS of the pool, and of the queue alone."""
    weights: dict[str, float]
    """Of each of MEMBERS in the pool."""
    null_scores: dict[str, Floats]
    replies_by_kind: Floats
    """How many replies are seen in the tested stretch, (draws, kinds)."""

    @property
    def nulls(self) -> dict[str, float]:
        """Mean CRPS of each null."""
        return {name: float(np.nanmean(scores)) for name, scores in self.null_scores.items()}

    @property
    def best_null(self) -> str:
        return min(self.nulls, key=lambda name: self.nulls[name])

    def gain(self, null: str) -> tuple[float, float]:
        """By how much the model's CRPS is smaller than a null's, and the standard error of that."""
        gains = self.null_scores[null] - self.scores
        return float(gains.mean()), float(gains.std(ddof=1) / math.sqrt(len(gains))) if len(gains) > 1 else math.nan

    def covered(self, share: float) -> float:
        """Share of the tested posts that lie in the central band."""
        low, high = self.band(share)
        return float(((low <= self.observed) & (self.observed <= high)).mean())

    def band(self, share: float) -> tuple[Floats, Floats]:
        tail = (1.0 - share) / 2.0
        low, high = np.nanquantile(self.samples, (tail, 1.0 - tail), axis=0)
        return low, high


@dataclass(frozen=True)
class Simulated:
    """The queue alone: what it says of the tested posts, and what the earlier replies say."""

    opening: Opening
    shares: Shares
    draws: Sequence[Desk]
    tested: NDArray[np.int64]
    observed: Floats
    queue: Floats
    earlier: dict[str, Floats]
    replies_by_kind: Floats


def predicted(
    posts: Posts, stretches: Stretches, settings: Desks, rng: np.random.Generator, at: Callable[[], None]
) -> Predicted:
    """Fit a desk and predict it; `at` is called after each step of the fit.

    The forecast is a pool of the queue and of what earlier replies alone say (pool.py).
    """
    weights = weights_earned(posts, stretches, settings, rng, at)
    outer = _simulated(posts, stretches, settings, settings.chains, rng, at)
    members = members_of(outer.queue, outer.earlier)
    whole = crps_of_seen(outer.earlier[nulls.TRAINING], outer.observed)
    scored = {name: crps_of_seen(logs, outer.observed) for name, logs in outer.earlier.items()}
    scored = {name: np.where(np.isnan(scores), whole, scores) for name, scores in scored.items()}
    return Predicted(
        posts,
        outer.opening,
        outer.shares,
        outer.draws,
        outer.tested,
        outer.observed,
        pooled(members, weights, len(outer.draws), rng),
        parts_of(members, outer.observed).scores(weights),
        crps_of_seen(outer.queue, outer.observed),
        dict(zip(MEMBERS, weights.tolist(), strict=True)),
        scored,
        outer.replies_by_kind,
    )


def inner_chains(settings: Desks) -> int:
    """Chains of a fit that is only scored within the fitted stretch."""
    return max(1, settings.chains // len(ORIGINS))


def weights_earned(
    posts: Posts, stretches: Stretches, settings: Desks, rng: np.random.Generator, at: Callable[[], None]
) -> Floats:
    """The weight of each of MEMBERS, as it is earned within the fitted stretch.

    From each of ORIGINS all that comes until the end of the fitted stretch is predicted. A reply that is predicted from
    several of them counts once in all.
    """
    early = posts.until(stretches.split)
    length, parts, tested = stretches.split - stretches.start, [], []
    for origin in ORIGINS:
        inner = Stretches(stretches.start, stretches.start + origin * length, stretches.split)
        if inner.trained(early).sum() < FEWEST_TO_CHOOSE or not inner.tested(early).any():
            continue
        found = _simulated(early, inner, settings, inner_chains(settings), rng, at)
        parts.append(parts_of(members_of(found.queue, found.earlier), found.observed))
        tested.append(found.tested)
    times = np.bincount(np.concatenate(tested), minlength=len(early)) if tested else np.zeros(len(early))
    spread = float(np.log(np.maximum(early.minutes[stretches.trained(early)], LEAST)).std())
    return weights_of(parts, [1.0 / times[places] for places in tested], spread)


def _simulated(
    posts: Posts,
    stretches: Stretches,
    settings: Desks,
    chains: int,
    rng: np.random.Generator,
    at: Callable[[], None],
) -> Simulated:
    """Fit the queue and simulate the tested posts."""
    opening = opening_of(posts, stretches, settings)
    shares = shares_of(posts, stretches)
    trained = stretches.trained(posts)
    latest = np.zeros_like(trained)
    latest[np.flatnonzero(trained)[-MOST_FITTED:]] = True
    fit = Fit(posts, latest, stretches.split, opening.hours, settings)
    walked: list[Desk] = []
    for _ in range(chains):
        for desk in fit.chain(settings.steps, rng):
            walked.append(desk)
            at()
    draws = [walked[place] for place in rng.integers(len(walked), size=settings.draws)]
    tested = np.flatnonzero(stretches.tested(posts))
    minutes = _played(posts, stretches, opening, shares, draws, settings, rng)
    within = posts.posted + minutes <= stretches.end
    later = (posts.posted >= stretches.split) & within
    kinds = len(posts.groups)
    replies = np.array([np.bincount(posts.group[row], minlength=kinds) for row in later], dtype=np.float64)
    logs = np.log(np.maximum(minutes[:, tested], LEAST))
    earlier = nulls.forecasts(posts, stretches, tested)
    in_time = np.where(within[:, tested], logs, np.nan)
    queue = with_late_ones(with_late_ones(in_time, logs), evenly(earlier[nulls.TRAINING], len(draws)))
    observed = np.log(np.maximum(posts.minutes[tested], LEAST))
    return Simulated(opening, shares, draws, tested, observed, queue, earlier, replies)


def _played(
    posts: Posts,
    stretches: Stretches,
    opening: Opening,
    shares: Shares,
    draws: Sequence[Desk],
    settings: Desks,
    rng: np.random.Generator,
) -> Floats:
    """Minutes to the reply of every post, (draws, posts), by the engine; NaN where the draw does not answer it."""
    loads, places = [], []
    for desk in draws:
        share = np.ones(len(posts.groups)) if posts.answered_only else shares.drawn(rng)
        chance = still_open(posts, stretches, share)
        chance = np.where(np.isnan(chance), share[posts.group], chance)
        mine = np.flatnonzero(rng.random(len(posts)) < chance)
        hours = drawn(opening, rng)
        luck = plain_luck(len(mine), rng)
        ready, handling, rank = inputs(desk, posts, mine, hours, settings.priors.handling_sigma.value, luck)
        loads.append(engine.Load(ready, handling, rank, desk.people, hours))
        places.append(mine)
    minutes = np.full((len(draws), len(posts)), math.nan)
    for row, (mine, answered) in enumerate(zip(places, engine.replies(loads), strict=True)):
        minutes[row, mine] = answered - posts.posted[mine]
    return minutes
