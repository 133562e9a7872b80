"""When the posts that wait are noticed, and what work they are, given that the desk has not answered them until now."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from caresim.tasks.backtest.desks.posterior import Desk, Luck, inputs, plain_luck
from caresim.tasks.backtest.desks.queue import DAY, Hours, open_minutes, replies
from caresim.tasks.nowcast.desk.known import KnownDesk

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
BACK = DAY
"""Minutes before now whose answered posts are played with those that wait."""
ROUNDS = 20
"""Times that the luck of a post is drawn again which the desk of a draw has answered although it waits."""
APART = 1e-6
"""Minutes between posts that were noticed before now: they keep their order."""
BEGUN = -1e9
"""The rank of a post that somebody is answering now: before all others."""


class Work(NamedTuple):
    """Of each post: the minute at which it is noticed, the minutes of work that are left, and its rank."""

    ready: Floats
    handling: Floats
    rank: Floats


def unanswered_until_now(
    known: KnownDesk, desk: Desk, rows: Rows, hours: Hours, sigma: float, luck: np.random.Generator
) -> Work:
    """The posts of these rows, as a desk has them before it that has worked as this one did.

    The day before now is played; the luck of posts that are answered in it, and wait in truth, is drawn anew. A post
    that is answered each time is noticed later than now, by the law of noticing given that; if it would have been
    answered even so, it has been noticed, and nobody has begun with it.
    """
    posts = known.posts
    answered = np.flatnonzero(~known.unanswered & (known.ages < BACK))
    at = np.sort(np.concatenate((answered, rows)))
    mine = np.flatnonzero(np.isin(at, rows))
    chance = plain_luck(len(at), luck)
    for _ in range(ROUNDS):
        work = Work(*inputs(desk, posts, at, hours, sigma, chance))
        done = replies(*work, desk.people, hours)
        early = mine[done[mine] <= known.now]
        if not len(early):
            break
        for old, new in zip(chance, plain_luck(len(early), luck), strict=True):
            old[early] = new
    if len(early):
        _noticed_later(known, desk, at, early, hours, chance, luck)
        work = Work(*inputs(desk, posts, at, hours, sigma, chance))
        done = replies(*work, desk.people, hours)
    return _left(work, done, mine, known.now)


def _noticed_later(
    known: KnownDesk, desk: Desk, at: Rows, early: Rows, hours: Hours, chance: Luck, luck: np.random.Generator
) -> None:
    """Draw the noticing of these places of `at` so that it is later than now."""
    posts, rows = known.posts, at[early]
    passed = np.array([open_minutes(float(minute), known.now, hours) for minute in posts.posted[rows]])
    middle = inputs(desk, posts, rows, hours, 0.0, Luck(*np.zeros((3, len(rows)))))[0]
    usual = np.array(
        [open_minutes(*both, hours) for both in zip(posts.posted[rows].tolist(), middle.tolist(), strict=True)]
    )
    least = ndtr(np.log(np.maximum(passed, APART) / np.maximum(usual, APART)) / desk.noticing_sigma)
    uniform = least + (1.0 - least) * luck.random(len(rows))
    chance.noticing[early] = ndtri(np.clip(uniform, APART, 1.0 - APART))


def _left(work: Work, done: Floats, mine: Rows, now: float) -> Work:
    """What is left of the work of those that wait: somebody may be at it."""
    ready, handling, rank = (each[mine] for each in work)
    begun = (done[mine] - handling <= now) & (done[mine] > now)
    handling = np.where(begun, np.maximum(done[mine] - now, APART), handling)
    before = ready <= now
    order = np.empty(len(ready))
    order[np.argsort(ready, kind="stable")] = np.arange(len(ready))
    return Work(np.where(before, now + APART * order, ready), handling, np.where(begun, BEGUN, rank))
