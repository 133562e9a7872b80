"""What a passenger and an operator have had to do with each other: its row, and what is noted once."""

from __future__ import annotations

import numpy as np

from .codes import NOBODY, Status
from .jit import compiled, int64, transition, uint64, void, world_type

MANY = 100
"""What happens again and again is counted up to here: what it takes from satisfaction is bounded long before."""
WRONG_GIVEN, WRONG_FOUND = 1, 2
"""What `wrong` says of a case: the passenger believes a wrong answer, or has found it out."""
AWAITED, HEARD, OVER = 1, 2, 3
"""What `news_promise` says of a case: news were promised and are awaited, have come in time, or the time is up."""


@compiled(int64(world_type, int64, int64), inline=True)
def case_row(world, i, o):
    """Row of passenger `i` with operator `o`."""
    return i * len(world.operators) + o


@compiled(uint64(world_type, int64))
def person_of(world, i):
    """The key of the human being whose matter it is: that of the first of their matters."""
    leader = world.passengers[i].leader
    return world.passengers[i].key if leader == NOBODY else world.passengers[leader].key


@transition
def note_useful(world, row):
    """The first reply that was of use, informed or acted, came now."""
    case = world.cases[row]
    if np.isnan(case.first_useful):
        case.first_useful = world.clock[0].now
    note_help(world, row)


@transition
def note_help(world, row):
    """The first useful thing came now, by a reply or any other means."""
    case = world.cases[row]
    if np.isnan(case.first_help):
        case.first_help = world.clock[0].now


@compiled(int64(int64), inline=True)
def once_more(count):
    """The next count, up to `MANY`."""
    return min(count + 1, MANY)


@compiled(void(world_type, int64, int64))
def note_news(world, i, row):
    """True news of the operator came now; until it came, the last news was fresh for its life.

    Once the matter is over nobody counts how long it is fresh.
    """
    case = world.cases[row]
    passenger = world.passengers[i]
    behaviour = world.behaviour[0]
    now = world.clock[0].now
    if np.isnan(case.first_news):
        case.first_news = case.news_at = now
    elif passenger.status != Status.RESOLVED:
        until = min(now, passenger.deadline, behaviour.over)
        case.news_fresh += max(0.0, min(until - case.news_at, behaviour.news_life))
        case.news_at = now
    if case.news_promise == AWAITED and passenger.status == Status.SEEKING:
        case.news_promise = HEARD
        case.kept = 1
