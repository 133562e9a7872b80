"""The question that a passenger has: one of a few kinds, each answered by some of the facts."""

from __future__ import annotations

from .codes import NOBODY
from .draws import Purpose, uniform
from .jit import compiled, int64, uint64, world_type
from .records import KINDS

ANY = KINDS
"""The question of somebody who only wants to know what goes on: a row of `questions`."""


@compiled(int64(world_type, int64, int64, uint64))
def question_of(world, k, need, who):
    """The kind of question of a member of cohort `k`: that of the need, or one of those that the cohort asks."""
    parameters = world.cohort_parameters[k]
    kind = int64(parameters.question_of[need])
    if kind != NOBODY:
        return kind
    u = uniform(world.clock[0].luck, who, Purpose.QUESTION, 0)
    kind = int64(0)
    while kind < KINDS - 1 and u >= parameters.ask_share[kind]:
        kind += 1
    return kind


@compiled(int64(world_type, int64), inline=True)
def about(world, i):
    """The facts about the passenger's kind of question, as bits."""
    return int64(world.questions[world.passengers[i].question].about)
