"""The queue of a social desk, small enough to be simulated some ten thousand times while a desk is fitted.

So many people, all there while the desk is open, answer one post at a time; whoever is free answers the one that is
next by its rank. What predicts is the engine itself (engine.py); a test holds both to the same replies.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.local_clock import DAY, EVEN, LocalClock

Floats = NDArray[np.float64]
OLDEST, NEWEST, ANY = range(3)
"""Which post is next: the one that waits longest, the latest, or one at random."""
ORDERS = ("oldest", "newest", "any")


@dataclass(frozen=True)
class Hours:
    """Open every day from `opens` to `closes`, minutes after midnight; `closes` may lie after the next midnight.

    Both are what the local clock shows; all other minutes here are elapsed ones.
    """

    opens: float
    closes: float
    clock: LocalClock = EVEN

    @property
    def length(self) -> float:
        return self.closes - self.opens

    def since(self, midnight: float) -> Hours:
        """The same hours, minutes being counted from a local midnight."""
        return replace(self, clock=self.clock.since(midnight))


ALWAYS = Hours(0.0, DAY)


def next_open(minute: float, hours: Hours) -> float:
    """The minute itself while the desk is open, else the next opening."""
    if hours.length >= DAY:
        return minute
    ahead, change = hours.clock.at(minute)
    shown = minute + ahead
    day = (shown - hours.opens) // DAY
    if shown - hours.opens - day * DAY < hours.length:
        return minute
    opening = hours.opens + DAY * (day + 1.0) - ahead
    return opening if opening < change else next_open(change, hours)


def after_open_time(minute: Floats, wait: Floats, hours: Hours) -> Floats:
    """When `wait` minutes of open time have passed since each minute."""
    if hours.length >= DAY:
        return minute + wait
    ahead, change = hours.clock.each(minute)
    shown = minute + ahead
    day = np.floor((shown - hours.opens) / DAY)
    into = np.clip(shown - hours.opens - day * DAY, 0.0, hours.length)
    total = day * hours.length + into + wait
    days = np.floor(total / hours.length)
    found = np.asarray(hours.opens + days * DAY + (total - days * hours.length) - ahead)
    beyond = np.flatnonzero(found >= change)
    if len(beyond):
        until = change[beyond]
        passed = [open_minutes(*both, hours) for both in zip(minute[beyond].tolist(), until.tolist(), strict=True)]
        found[beyond] = after_open_time(until, np.maximum(wait[beyond] - passed, 0.0), hours)
    return found


def open_minutes(since: float, until: float, hours: Hours) -> float:
    """Minutes between two moments at which the desk is open."""
    if hours.length >= DAY:
        return until - since
    ahead, change = hours.clock.at(since)
    passed = []
    for minute in (since + ahead, min(until, change) + ahead):
        day = (minute - hours.opens) // DAY
        passed.append(day * hours.length + min(minute - hours.opens - day * DAY, hours.length))
    left = open_minutes(change, until, hours) if until > change else 0.0
    return passed[1] - passed[0] + left


def spells(hours: Hours, days: int) -> list[tuple[float, float]]:
    """From and to of each time that the desk is open on so many local days, from minute 0 on."""
    if hours.length >= DAY:
        return [(0.0, days * DAY)]
    found: list[tuple[float, float]] = []
    for day in range(-1, days):
        found += hours.clock.as_elapsed(hours.opens + DAY * day, hours.closes + DAY * day)
    whole: list[tuple[float, float]] = []
    for a, b in sorted((max(a, 0.0), b) for a, b in found if b > 0.0):
        if whole and a == whole[-1][1]:
            whole[-1] = whole[-1][0], b
        else:
            whole.append((a, b))
    return whole


def replies(ready: Floats, handling: Floats, rank: Floats, people: int, hours: Hours) -> Floats:
    """The minute at which each post is answered.

    `ready`: when it has been noticed; `handling`: minutes of work; `rank`: the smallest is next. Who has begun an
    answer before the desk closes finishes it.
    """
    order = np.argsort(ready, kind="stable").tolist()
    moments, work, ranks = ready.tolist(), handling.tolist(), rank.tolist()
    free, pending = [-math.inf] * people, list[tuple[float, int, int]]()
    answered = [0.0] * len(order)
    if not any(ranks):
        # The oldest is next: each post in turn takes whoever is free first.
        always = hours.length >= DAY
        for post in order:
            now = max(free[0], moments[post])
            answered[post] = (now if always else next_open(now, hours)) + work[post]
            heapq.heapreplace(free, answered[post])
        return np.array(answered, dtype=np.float64)
    following, clock = 0, -math.inf
    for _ in order:
        # Whoever has been idle for long begins no earlier than the moment at which the posts that wait were noticed.
        now = max(heapq.heappop(free), clock)
        if not pending:
            now = max(now, moments[order[following]])
        clock = now = next_open(now, hours)
        while following < len(order) and moments[order[following]] <= now:
            post = order[following]
            heapq.heappush(pending, (ranks[post], following, post))
            following += 1
        post = heapq.heappop(pending)[2]
        answered[post] = now + work[post]
        heapq.heappush(free, answered[post])
    return np.array(answered, dtype=np.float64)


def ranks(order: int, ready: Floats, luck: Floats) -> Floats:
    """The rank of each post; `luck` is uniform."""
    return np.zeros_like(ready) if order == OLDEST else -ready if order == NEWEST else luck
