"""What facts answer: the question that a passenger has, what is known about it, and what becomes of being told."""

from __future__ import annotations

from .anger import feel
from .case import case_row, note_help, note_news, person_of
from .codes import NOBODY, Status
from .draws import Purpose, happens, join, uniform
from .jit import boolean, compiled, float64, int64, uint64, void, world_type
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


@compiled(int64(int64), inline=True)
def bit_of(k):
    """Fact `k` as a bit."""
    return int64(1) << k


@compiled(void(world_type, int64, int64))
def come_to_know(world, o, facts):
    """The operator knows these facts (bits) from now on, of which some may be new to it."""
    operator = world.operators[o]
    for k in range(len(world.facts)):
        if facts & ~operator.knows & bit_of(k):
            operator.knows |= bit_of(k)
            operator.things += 1


@compiled(int64(world_type, int64), inline=True)
def about(world, i):
    """The facts about the passenger's kind of question, as bits."""
    return int64(world.questions[world.passengers[i].question].about)


@compiled(boolean(world_type, int64, int64, float64))
def is_answered(world, i, facts, clarity):
    """Would one of these facts (bits), told so clearly, answer the passenger's question?

    The luck is that of the person and the fact, whoever tells it and when: what is told more clearly answers the
    questions of the same people and of some more.
    """
    kind = int64(world.passengers[i].question)
    if kind == ANY:
        return False
    for k in range(len(world.facts)):
        if facts & bit_of(k):
            share = world.answers[k * KINDS + kind].share * clarity
            who = join(person_of(world, i), world.facts[k].key)
            if happens(share, world.clock[0].luck, who, Purpose.SETTLES, 0):
                return True
    return False


@compiled(boolean(world_type, int64, int64, int64))
def tell(world, i, o, facts):
    """The passenger hears these facts (bits) from operator `o`: is any of them news about their question?

    What was waited until now was unexplained.
    """
    row = case_row(world, i, o)
    case = world.cases[row]
    news = facts & ~case.knows & about(world, i)
    case.knows |= facts
    if news == 0:
        return False
    note_news(world, i, row)
    feel(world, i)
    world.passengers[i].explained = 1
    if world.passengers[i].status == Status.SEEKING:
        note_help(world, row)
    return True
