"""One desk: fitted to the first stretch of its history, predicted for the second, and scored."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks import engine, nulls
from caresim.tasks.backtest.desks.hours import Opening, drawn, opening_of
from caresim.tasks.backtest.desks.posterior import LEAST, Desk, Fit, crps_of_seen, inputs, plain_luck
from caresim.tasks.backtest.desks.posts import Posts, Stretches
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.desks.shares import Shares, shares_of, still_open

Floats = NDArray[np.float64]
FEWEST_DRAWS = 10
"""Simulated replies of a post that come in time; where they are fewer, all are used, late ones too."""
BANDS = (0.5, 0.9)
EARLIER = 2.0 / 3.0
WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)
FEWEST_TO_CHOOSE = 10
"""Replies before and after the inner split by which the queue's weight is chosen."""
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
    weight: float
    """Of the queue in the pool."""
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

    The forecast is a pool of the queue and of the earlier replies. The queue's weight is what it earns on the last
    third of the fitted stretch, fitted to the first two.
    """
    weight = weight_of(posts, stretches, settings, rng, at)
    outer = _simulated(posts, stretches, settings, rng, at)
    samples = pooled(outer, weight, rng)
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
        samples,
        crps_of_pool(outer, weight),
        crps_of_seen(outer.queue, outer.observed),
        weight,
        scored,
        outer.replies_by_kind,
    )


def weight_of(
    posts: Posts, stretches: Stretches, settings: Desks, rng: np.random.Generator, at: Callable[[], None]
) -> float:
    """Weight of the queue in the pool, from 0 to 1; a half where the last third of the fitted stretch is too short.

    The mean over the weights of a grid, each as likely as its score on that third makes it (see posterior.py).
    """
    split = stretches.start + EARLIER * (stretches.split - stretches.start)
    inner = Stretches(stretches.start, split, stretches.split)
    early = posts.until(stretches.split)
    trained, tested = inner.trained(early), inner.tested(early)
    if trained.sum() < FEWEST_TO_CHOOSE or tested.sum() < FEWEST_TO_CHOOSE:
        return 0.5
    found = _simulated(early, inner, settings, rng, at)
    scores = np.array([crps_of_pool(found, weight).sum() for weight in WEIGHTS])
    likely = np.exp(-(scores - scores.min()) * math.sqrt(math.pi) / max(float(found.observed.std()), 0.2))
    return float((np.array(WEIGHTS) * likely).sum() / likely.sum())


def pooled(found: Simulated, weight: float, rng: np.random.Generator) -> Floats:
    """Draws of which the share `weight` is the queue's, and the rest is of the earlier replies; (draws, posts)."""
    rows = len(found.draws)
    many = round(weight * rows)
    earlier = found.earlier[nulls.TIME_LEFT]
    columns = []
    for queue, before in zip(found.queue.T, earlier.T, strict=True):
        queue, before = queue[~np.isnan(queue)], np.sort(before[~np.isnan(before)])
        of_queue = many if len(before) else rows
        columns.append(np.concatenate((evenly(rng.permutation(queue), of_queue), evenly(before, rows - of_queue))))
    return np.array(columns).T


def crps_of_pool(found: Simulated, weight: float) -> Floats:
    """The fair CRPS of the pool, post by post: of a mixture of two laws, each known by its own draws."""
    earlier, scores = found.earlier[nulls.TIME_LEFT], []
    for place, seen in enumerate(found.observed):
        one, two = (draws[:, place] for draws in (found.queue, earlier))
        one, two = one[~np.isnan(one)], two[~np.isnan(two)]
        share = weight if len(two) > 1 else 1.0
        near = share * np.abs(one - seen).mean()
        apart = share**2 * _apart(one)
        if share < 1.0:
            near += (1.0 - share) * np.abs(two - seen).mean()
            across = np.abs(one[:, None] - two[None, :]).mean()
            apart += 2.0 * share * (1.0 - share) * across + (1.0 - share) ** 2 * _apart(two)
        scores.append(near - apart / 2.0)
    return np.array(scores, dtype=np.float64)


def _apart(values: Floats) -> float:
    """Mean distance of two different values."""
    count = len(values)
    places = 2.0 * np.arange(1, count + 1) - count - 1.0
    return float(2.0 * (np.sort(values) * places).sum() / (count * (count - 1)))


def evenly(values: Floats, rows: int) -> Floats:
    """So many of the values, or of copies of them, from all over their list."""
    return values[(np.arange(rows) * len(values)) // rows] if rows else values[:0]


def _simulated(
    posts: Posts, stretches: Stretches, settings: Desks, rng: np.random.Generator, at: Callable[[], None]
) -> Simulated:
    """Fit the queue and simulate the tested posts."""
    opening = opening_of(posts, stretches, settings.shortest_closing.value, settings.priors.lateness.value)
    shares = shares_of(posts, stretches)
    trained = stretches.trained(posts)
    latest = np.zeros_like(trained)
    latest[np.flatnonzero(trained)[-MOST_FITTED:]] = True
    fit = Fit(posts, latest, stretches.split, opening.hours, settings)
    walked: list[Desk] = []
    for _ in range(settings.chains):
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
    queue = _or_else(_or_else(in_time, logs), evenly(earlier[nulls.TRAINING], len(draws)))
    observed = np.log(np.maximum(posts.minutes[tested], LEAST))
    return Simulated(opening, shares, draws, tested, observed, queue, earlier, replies)


def _or_else(samples: Floats, others: Floats) -> Floats:
    """Samples of the posts that have enough of them, and the `others` for the rest."""
    enough = np.count_nonzero(~np.isnan(samples), axis=0) >= FEWEST_DRAWS
    return np.where(enough, samples, others)


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
