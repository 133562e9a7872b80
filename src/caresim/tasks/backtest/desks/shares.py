"""Which posts get a reply at all: the share answered by kind, with posts that were not waited for long enough."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.posts import Posts, Stretches

Floats = NDArray[np.float64]
MEAN_POSTS = 20.0
"""So many posts of a kind weigh as much as what all kinds of the desk have in common. Assumption."""


@dataclass(frozen=True)
class Shares:
    """Share of the posts of each kind that the desk answers some time, from 0 to 1, and how sure that is."""

    groups: tuple[str, ...]
    answered: Floats
    """Replies seen, by kind, with what all kinds have in common."""
    exposed: Floats
    """Posts, each counting as much as its reply would have been seen by now; the same."""
    posts: NDArray[np.int64]
    replies: NDArray[np.int64]

    def drawn(self, rng: np.random.Generator) -> Floats:
        """A share of each kind, from its distribution (beta)."""
        return np.array(
            [rng.beta(a, max(n - a, 0.5)) for a, n in zip(self.answered, self.exposed, strict=True)], np.float64
        )


def by_then(delays: Floats, waited: Floats) -> Floats:
    """Share of the replies that are given within each time, by all that were seen."""
    ranked = np.sort(delays)
    return np.asarray((np.searchsorted(ranked, waited, side="right") + 0.5) / (len(ranked) + 1.0), np.float64)


def shares_of(posts: Posts, stretches: Stretches) -> Shares:
    """The shares that the fitted stretch shows; posts just before its end count for what could be seen of them."""
    trained = stretches.trained(posts)
    early = posts.posted < stretches.split
    seen = by_then(posts.minutes[trained], stretches.split - posts.posted)
    kinds = len(posts.groups)
    count = np.bincount(posts.group[early], minlength=kinds)
    answered = np.bincount(posts.group[trained], minlength=kinds)
    exposed = np.bincount(posts.group[early], weights=np.maximum(seen, trained)[early], minlength=kinds)
    common = answered.sum() / max(exposed.sum(), 1e-9)
    return Shares(
        posts.groups, answered + common * MEAN_POSTS, np.maximum(exposed, answered) + MEAN_POSTS, count, answered
    )


def still_open(posts: Posts, stretches: Stretches, shares: Floats) -> Floats:
    """Of every post of the fitted stretch without a reply so far, the chance that it is still to come."""
    trained = stretches.trained(posts)
    seen = by_then(posts.minutes[trained], stretches.split - posts.posted)
    share = shares[posts.group]
    chance = share * (1.0 - seen) / np.maximum(1.0 - share * seen, 1e-9)
    return np.where(trained, 1.0, np.where(posts.posted < stretches.split, chance, math.nan))
