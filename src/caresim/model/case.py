"""What a passenger and an operator have had to do with each other: its row, and what is noted once."""

from __future__ import annotations

import numpy as np

from .codes import NOBODY
from .jit import compiled, int64, transition, uint64, world_type


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


@transition
def note_news(world, row):
    """The first true news of the operator came now."""
    case = world.cases[row]
    if np.isnan(case.first_news):
        case.first_news = world.clock[0].now
