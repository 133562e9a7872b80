"""How long replies take by what was seen of earlier ones, and which posts get one: laws in which posts that wait count.

A post without a reply has waited for so long at least. The law of all posts is the estimate of Kaplan and Meier (1958);
it ends at the share that is answered, and divided by that share it is the law of the time to the replies.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks import nulls
from caresim.tasks.backtest.desks.posterior import LEAST
from caresim.tasks.backtest.desks.posts import Posts
from caresim.tasks.backtest.desks.shares import MEAN_POSTS, Shares
from caresim.tasks.nowcast.desk.known import KnownDesk

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]
DAY, HOURS = 1440.0, 24
EARLIER, TIME_OF_DAY, LOAD, RECENT = nulls.TIME_LEFT, nulls.TIME_OF_DAY, nulls.LOAD, nulls.RECENT
"""The members of the pool (backtest/desks/pool.py) that rest on earlier replies alone."""


class Law(NamedTuple):
    """Of the minutes to the reply of posts that get one: the share `reached`, from 0 to 1, within each of `times`."""

    times: Floats
    reached: Floats

    def within(self, minutes: Floats) -> Floats:
        """The share that is given within so many minutes."""
        place = np.searchsorted(self.times, minutes, side="right")
        return np.asarray(np.concatenate(([0.0], self.reached))[place])

    def drawn(self, luck: Floats, least: Floats) -> Floats:
        """Minutes of replies that take longer than `least`, which some do; `luck` is uniform."""
        passed = self.within(least)
        wanted = passed + (1.0 - luck) * (1.0 - passed)
        place = np.minimum(np.searchsorted(self.reached, wanted, side="left"), len(self.times) - 1)
        return np.asarray(self.times[place], dtype=np.float64)


def law_of(minutes: Floats, ages: Floats, weights: Floats) -> Law:
    """The law of replies; `minutes`, NaN for posts without one, which have waited for their `ages`.

    One post at least has a reply and a weight.
    """
    answered = ~np.isnan(minutes) & (weights > 0.0)
    lasted = np.where(answered, minutes, ages)
    times, place = np.unique(minutes[answered], return_inverse=True)
    ended = np.bincount(place, weights=weights[answered], minlength=len(times))
    order = np.argsort(lasted, kind="stable")
    left = np.append(np.cumsum(weights[order][::-1])[::-1], 0.0)
    there = left[np.searchsorted(lasted[order], times, side="left")]
    survive = np.cumprod(np.maximum(1.0 - ended / there, 0.0))
    reached = (1.0 - survive) / (1.0 - survive[-1])
    reached[-1] = 1.0
    return Law(np.maximum(times, LEAST), reached)


def shares_of(posts: Posts, ages: Floats, weights: Floats, law: Law) -> Shares:
    """The share of each kind that is answered, posts counting by their weights and by what could be seen of them."""
    answered = ~np.isnan(posts.minutes)
    seen = np.where(answered, 1.0, law.within(ages))
    kinds = len(posts.groups)

    def count(of: Floats) -> Floats:
        return np.asarray(np.bincount(posts.group, weights=of * weights, minlength=kinds), np.float64)

    replies, exposed = count(answered.astype(np.float64)), count(seen)
    common = replies.sum() / max(exposed.sum(), 1e-9)
    of_kind = (np.bincount(posts.group, minlength=kinds), np.bincount(posts.group[answered], minlength=kinds))
    return Shares(posts.groups, replies + common * MEAN_POSTS, exposed + MEAN_POSTS, *of_kind)


@dataclass(frozen=True)
class Member:
    """One forecast of the pool: laws and shares, one for the whole day or one for each of its hours."""

    laws: tuple[Law, ...]
    shares: tuple[Shares, ...]
    slope: float = 0.0
    middle: float = 0.0
    """Minutes are those of the law times exp(slope x (logarithm of 1 + posts of the hour before - middle))."""

    def scale(self, load: Floats) -> Floats:
        """The factor on minutes for posts that come when so many came in the hour before."""
        return np.exp(self.slope * (np.log1p(load) - self.middle))


def members_of(known: KnownDesk) -> dict[str, Member]:
    """By name, what earlier replies alone say."""
    posts, ages = known.posts, known.ages
    whole = _member(posts, ages, [np.ones(len(posts))])
    hour = posts.clock.time_of_day(posts.posted)
    near = []
    for n in range(HOURS):
        apart = np.abs(np.mod(hour - (n + 0.5) * 60.0 + DAY / 2.0, DAY) - DAY / 2.0)
        mine = (apart <= nulls.AROUND + 30.0).astype(np.float64)
        enough = np.count_nonzero(~known.unanswered & (mine > 0.0)) >= nulls.FEWEST
        near.append(mine if enough else np.ones(len(posts)))
    recent = 0.5 ** (ages / nulls.HALF_LIFE)
    return {
        EARLIER: whole,
        TIME_OF_DAY: _member(posts, ages, near),
        LOAD: _by_load(known),
        RECENT: _member(posts, ages, [recent]),
    }


def _member(posts: Posts, ages: Floats, weights: list[Floats]) -> Member:
    """A member with these weights, for each hour of the day or for all."""
    laws = [law_of(posts.minutes, ages, each) for each in weights]
    shares = [shares_of(posts, ages, each, law) for each, law in zip(weights, laws, strict=True)]
    return Member(tuple(laws), tuple(shares))


def _by_load(known: KnownDesk) -> Member:
    """With a line on the logarithm of the posts of the hour before."""
    posts, seen = known.posts, ~known.unanswered
    load = np.log1p(nulls.load_before(posts, np.arange(len(posts))))
    logs = np.log(np.maximum(posts.minutes, LEAST))
    away = load[seen] - load[seen].mean()
    spread = float((away**2).sum())
    slope = float((away * logs[seen]).sum()) / spread if spread > 0.0 else 0.0
    scale = np.exp(slope * (load - load[seen].mean()))
    law = law_of(posts.minutes / scale, known.ages / scale, np.ones(len(posts)))
    shares = shares_of(posts, known.ages / scale, np.ones(len(posts)), law)
    return Member((law,), (shares,), slope, float(load[seen].mean()))


def chance_left(share: Floats, passed: Floats) -> Floats:
    """The chance that a reply is still to come; `passed`, the share of replies that are given sooner (Bayes)."""
    left = share * (1.0 - passed)
    return np.asarray(np.where(left > 0.0, left / np.maximum(1.0 - share * passed, math.ulp(1.0)), 0.0))
