"""The queue of a social desk, small enough to be simulated some ten thousand times while a desk is fitted.

So many people, all there while the desk is open, answer one post at a time; whoever is free answers the one that is
next by its rank. What predicts is the engine itself (engine.py); a test holds both to the same replies.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAY = 1440.0
OLDEST, NEWEST, ANY = range(3)
"""Which post is next: the one that waits longest, the latest, or one at random."""
ORDERS = ("oldest", "newest", "any")


@dataclass(frozen=True)
class Hours:
    """Open every day from `opens` to `closes`, minutes after midnight; `closes` may lie after the next midnight."""

    opens: float
    closes: float

    @property
    def length(self) -> float:
        return self.closes - self.opens


ALWAYS = Hours(0.0, DAY)


def next_open(minute: float, hours: Hours) -> float:
    """The minute itself while the desk is open, else the next opening."""
    if hours.length >= DAY:
        return minute
    day = (minute - hours.opens) // DAY
    into = minute - hours.opens - day * DAY
    return minute if into < hours.length else hours.opens + DAY * (day + 1.0)


def after_open_time(minute: Floats, wait: Floats, hours: Hours) -> Floats:
    """When `wait` minutes of open time have passed since each minute."""
    if hours.length >= DAY:
        return minute + wait
    day = np.floor((minute - hours.opens) / DAY)
    into = np.clip(minute - hours.opens - day * DAY, 0.0, hours.length)
    total = day * hours.length + into + wait
    days = np.floor(total / hours.length)
    return np.asarray(hours.opens + days * DAY + (total - days * hours.length))


def open_minutes(since: float, until: float, hours: Hours) -> float:
    """Minutes between two moments at which the desk is open."""
    if hours.length >= DAY:
        return until - since
    passed = []
    for minute in (since, until):
        day = (minute - hours.opens) // DAY
        passed.append(day * hours.length + min(minute - hours.opens - day * DAY, hours.length))
    return passed[1] - passed[0]


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
