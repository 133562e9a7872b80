"""Which posts will come: when, of which kind, and whether they go on with a conversation, a draw each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.posts import Posts
from caresim.tasks.calibrate.arrivals import HOURS, USUAL_SPREAD, USUAL_WEIGHT, WEEK, Arrivals
from caresim.tasks.calibrate.history import NOBODY, History
from caresim.tasks.nowcast.desk.known import HOUR, KnownDesk
from caresim.tasks.nowcast.desk.settings import NowcastOfDesk
from caresim.tasks.nowcast.level import HOUR as BY_HOUR
from caresim.tasks.nowcast.level import NOTHING, Rhythm, Stretch, rates_ahead, rhythm_of, stretches

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
DAY = 1440.0
WHOLE_DAYS = 7
"""Days before today from which levels of weekdays and spreads are told as for calls."""
NEAR = 90.0
"""Minutes around a time of day whose posts are of that time."""
FEWEST = 10
SMOOTH = (0.25, 0.5, 0.25)
"""Weights of an hour of the day and its neighbours where each was seen a few times only."""


class Coming(NamedTuple):
    """Posts of one draw, by time. Elapsed minutes, as those of the desk's posts."""

    posted: Floats
    group: NDArray[np.int64]
    follow_up: NDArray[np.bool_]


def history_of(known: KnownDesk) -> History:
    """The posts as a list of contacts of which only the times are known."""
    posts, size = known.posts, len(known.posts)
    nothing, no = np.full(size, np.nan), np.zeros(size, bool)
    return History(
        known.midnight, str(known.zone), ("posts",), (), (), frozenset({"arrival"}), posts.posted,
        np.zeros(size, np.int64), np.full(size, NOBODY), nothing, no, no, nothing, nothing, np.array([""] * size),
    )  # fmt: skip


def rhythm(known: KnownDesk, history: History, settings: NowcastOfDesk) -> Rhythm:
    """How many posts the hours of a day bring.

    From a week before today on as for calls. Before that, an hour of the day brings what it brought whenever it was
    seen, its neighbours helping; how much hours and days vary is what other desks showed. What is not known of an hour
    that was seen on few days is part of its spread: that of a mean of so many days, and of the counts themselves.
    """
    today = known.moment(known.now).date()
    first = known.moment(known.seen_from).date() + timedelta(days=1)
    if (today - first).days >= WHOLE_DAYS:
        return rhythm_of(history.between(first, today - timedelta(days=1)))
    seen = np.zeros(HOURS)
    for cell in cells_between(known, known.seen_from, known.now):
        seen[cell.hour] += cell.share
    count = np.bincount(history.hour, minlength=HOURS).astype(np.float64)
    both = [sum(w * np.roll(each, n - 1) for n, w in enumerate(SMOOTH)) for each in (count, seen)]
    usual = count.sum() / seen.sum()
    rate = np.asarray((both[0] + usual) / (both[1] + 1.0))
    profile = np.tile(rate / rate.sum(), (WEEK, 1))
    level = np.full(WEEK, rate.sum())
    arrivals = Arrivals(level, USUAL_SPREAD, USUAL_WEIGHT, profile, np.ones((HOURS, 1)), np.inf)
    days = seen.sum() / HOURS
    busy = rate > rate.mean()
    spread = [
        float(np.sqrt(settings.hour_spread.value**2 * (1.0 + 1.0 / days) + 1.0 / (days * rate[of].mean())))
        for of in (~busy, busy)
    ]
    return Rhythm(arrivals, (spread[0], spread[1]), settings.alike.value)


def coming(
    known: KnownDesk, settings: NowcastOfDesk, since: float, until: float, draws: int, luck: np.random.Generator,
    learns: bool = True,
) -> list[Coming]:  # fmt: skip
    """The posts that come from `since` to `until`, by draw; `learns`: from how busy today has been so far."""
    history = history_of(known)
    of_day = rhythm(known, history, settings)
    passed = stretches(history, known.now, known.now)[0]
    ahead = cells_between(known, since, until)
    rates = rates_ahead(history, of_day, known.now, ahead, passed, draws, luck, BY_HOUR if learns else NOTHING)
    like = [_near(known.posts, cell) for cell in ahead]
    return [_drawn(known.posts, ahead, like, each, luck) for each in luck.poisson(rates).T]


def cells_between(known: KnownDesk, since: float, until: float) -> list[Stretch]:
    """The hours of the local clock between two minutes."""
    found, at = list[Stretch](), since
    while at < until - 1e-6:
        local = known.moment(at)
        left = HOUR - local.minute - local.second / 60.0 - local.microsecond / 6e7
        ends = min(at + left, until)
        found.append(Stretch(at, ends, local.date(), local.hour))
        at = ends
    return found


def _drawn(
    posts: Posts, ahead: Sequence[Stretch], like: Sequence[Rows], counts: NDArray[np.int64], luck: np.random.Generator
) -> Coming:
    """So many posts of each hour, each like one of those earlier ones (`like`)."""
    posted = [luck.uniform(cell.begins, cell.ends, count) for cell, count in zip(ahead, counts.tolist(), strict=True)]
    chosen = [luck.choice(rows, count) for rows, count in zip(like, counts.tolist(), strict=True)]
    moments, rows = np.concatenate(posted), np.concatenate(chosen)
    order = np.argsort(moments, kind="stable")
    rows = rows[order]
    return Coming(moments[order], posts.group[rows], posts.follow_up[rows])


def _near(posts: Posts, cell: Stretch) -> Rows:
    """Earlier posts of about the same time of day; all of them where they are few."""
    middle = posts.clock.shown_at((cell.begins + cell.ends) / 2.0)
    apart = np.abs(np.mod(posts.clock.shown(posts.posted) - middle + DAY / 2.0, DAY) - DAY / 2.0)
    near = np.flatnonzero(apart <= NEAR)
    return near if len(near) >= FEWEST else np.arange(len(posts))
