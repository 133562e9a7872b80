"""Courses that the hours ahead may take: the posts of each, and when they are answered.

Each course is of one member of the pool that backtest=desks predicts with, each having as many as its weight is worth:
the queue of the fitted desk, or what earlier replies alone say.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks import engine
from caresim.tasks.backtest.desks.hours import Opening, drawn
from caresim.tasks.backtest.desks.pool import MEMBERS, QUEUE
from caresim.tasks.backtest.desks.posterior import Desk, inputs, plain_luck
from caresim.tasks.backtest.desks.posts import Posts
from caresim.tasks.nowcast.desk.coming import Coming
from caresim.tasks.nowcast.desk.known import HOUR, KnownDesk
from caresim.tasks.nowcast.desk.laws import TIME_OF_DAY, Member, chance_left
from caresim.tasks.nowcast.desk.unanswered import Work, unanswered_until_now

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
NONE: Rows = np.zeros(0, np.intp)


class Course(NamedTuple):
    """Posts: those without a reply at now, then those that come. `replied`, NaN: never."""

    posted: Floats
    replied: Floats


class Fitted(NamedTuple):
    """A desk as backtest=desks fits it, and what earlier replies alone say."""

    desks: Sequence[Desk]
    """From the posterior."""
    opening: Opening
    weights: Mapping[str, float]
    """Of MEMBERS."""
    members: Mapping[str, Member]
    handling_sigma: float


class Queued(NamedTuple):
    """A course of the queue: what comes to the desk, all posts, and the places of those that the desk answers."""

    load: engine.Load
    posted: Floats
    answered: Rows


def by_member(weights: Mapping[str, float], courses: int) -> list[str]:
    """The member of each course: as many of each as its weight is worth, to less than one."""
    reached = np.round(np.cumsum([weights[name] for name in MEMBERS]) * courses).astype(int)
    counts = np.diff(reached, prepend=0).tolist()
    return [name for name, count in zip(MEMBERS, counts, strict=True) for _ in range(count)]


def courses_of(
    known: KnownDesk,
    fitted: Fitted,
    names: Sequence[str],
    coming: Sequence[Coming],
    luck: np.random.Generator,
    aware: bool = True,
) -> tuple[list[Course], list[Queued]]:
    """A course for each name of a member, with these posts to come; and those of the queue as the engine gets them.

    `aware`: with the posts that wait now; else with those alone that come, as if nothing were known of now.
    """
    found: list[Course] = []
    queued: dict[int, Queued] = {}
    for place, (name, posts) in enumerate(zip(names, coming, strict=True)):
        if name == QUEUE:
            queued[place] = _queued(known, fitted, posts, luck, aware)
        found.append(
            Course(NONE.astype(np.float64), NONE.astype(np.float64))
            if name == QUEUE
            else _by_law(known, fitted.members[name], posts, luck, aware)
        )
    for place, course in zip(queued, played(list(queued.values())), strict=True):
        found[place] = course
    return found, list(queued.values())


def played(queued: Sequence[Queued], more: Sequence[tuple[float, float, int]] = ()) -> list[Course]:
    """Courses by the engine, with people on top: from, to (minutes) and how many."""
    busy = [one for one in queued if len(one.answered)]
    if not busy:
        return [Course(one.posted, np.full(len(one.posted), np.nan)) for one in queued]
    first = busy[0].load.hours.clock.midnight(min(float(one.load.ready.min()) for one in busy))
    on_top = tuple((max(a - first, 0.0), b - first, people) for a, b, people in more)
    loads = [
        replace(one.load, ready=one.load.ready - first, hours=one.load.hours.since(first), more=on_top) for one in busy
    ]
    replies = iter(engine.replies(loads))
    found = []
    for one in queued:
        replied = np.full(len(one.posted), np.nan)
        if len(one.answered):
            replied[one.answered] = next(replies) + first
        found.append(Course(one.posted, replied))
    return found


def _by_law(known: KnownDesk, member: Member, coming: Coming, luck: np.random.Generator, aware: bool) -> Course:
    """Replies by a law of earlier ones."""
    rows = np.flatnonzero(known.unanswered) if aware else NONE
    posted = np.concatenate((known.posts.posted[rows], coming.posted))
    group = np.concatenate((known.posts.group[rows], coming.group))
    least = np.concatenate((known.ages[rows], np.zeros(len(coming.posted))))
    every = np.sort(np.concatenate((known.posts.posted if aware else NONE, coming.posted)))
    load = np.searchsorted(every, posted, side="left") - np.searchsorted(every, posted - HOUR, side="left")
    scale = member.scale(load.astype(np.float64))
    replied, uniform = np.full(len(posted), np.nan), luck.random((2, len(posted)))
    shares = [each.drawn(luck) for each in member.shares]
    hour = known.posts.clock.hour(posted) % len(member.laws)
    for n in np.unique(hour).tolist():
        law, mine = member.laws[n], np.flatnonzero(hour == n)
        passed = law.within(least[mine] / scale[mine])
        comes = mine[uniform[0, mine] < chance_left(shares[n][group[mine]], passed)]
        replied[comes] = posted[comes] + scale[comes] * law.drawn(uniform[1, comes], least[comes] / scale[comes])
    return Course(posted, replied)


def _queued(known: KnownDesk, fitted: Fitted, coming: Coming, luck: np.random.Generator, aware: bool) -> Queued:
    """What comes to a desk of the posterior; posts that wait are noticed as those are that have waited for so long.

    Which posts are answered is told by those of their time of day.
    """
    desk = fitted.desks[int(luck.integers(len(fitted.desks)))]
    hours, member = drawn(fitted.opening, luck), fitted.members[TIME_OF_DAY]
    rows = np.flatnonzero(known.unanswered) if aware else NONE
    shares = np.array([each.drawn(luck) for each in member.shares])
    old = known.posts.clock.hour(known.posts.posted[rows])
    new = known.posts.clock.hour(coming.posted)
    passed = np.array([member.laws[n].within(age) for n, age in zip(old.tolist(), known.ages[rows], strict=True)])
    goes_on = luck.random(len(rows)) < chance_left(shares[old, known.posts.group[rows]], passed)
    comes = np.flatnonzero(luck.random(len(coming.posted)) < shares[new, coming.group])
    later = _posts_of(known.posts, coming)
    work = Work(*inputs(desk, later, comes, hours, fitted.handling_sigma, plain_luck(len(comes), luck)))
    if goes_on.any():
        begun = unanswered_until_now(known, desk, rows[goes_on], hours, fitted.handling_sigma, luck)
        work = Work(*(np.concatenate(both) for both in zip(begun, work, strict=True)))
    posted = np.concatenate((known.posts.posted[rows], coming.posted))
    answered = np.concatenate((np.flatnonzero(goes_on), len(rows) + comes))
    return Queued(engine.Load(work.ready, work.handling, work.rank, desk.people, hours), posted, answered)


def _posts_of(like: Posts, coming: Coming) -> Posts:
    """Posts that come, as the queue takes them."""
    nothing = np.full(len(coming.posted), np.nan)
    return Posts(
        like.desk, coming.posted, nothing, coming.group, like.groups, coming.follow_up, False, clock=like.clock
    )
