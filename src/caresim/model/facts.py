"""What facts answer: the question that a passenger has, what is known about it, and what becomes of being told."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import feel
from .case import case_row, note_help, note_news, person_of
from .codes import NEVER, NOBODY, Status
from .draws import Purpose, happens, join
from .events import Event
from .jit import boolean, compiled, float64, int64, void, world_type
from .question import ANY, about
from .records import KINDS

MACHINE = -2
"""What somebody believes whom an assistant has told something wrong."""


@compiled(int64(int64), inline=True)
def bit_of(k):
    """Fact `k` as a bit."""
    return int64(1) << k


@compiled(int64(world_type, int64))
def corrected_by(world, facts):
    """What is not so, or no longer, where these facts (bits) are known."""
    corrected = int64(0)
    for k in range(len(world.facts)):
        if facts & bit_of(k):
            corrected |= world.facts[k].corrects
    return corrected


@compiled(int64(world_type, int64))
def true_of(world, facts):
    """Those of the facts (bits) that were ever true."""
    true = facts
    for k in range(len(world.facts)):
        if world.facts[k].wrong:
            true &= ~bit_of(k)
    return true


@compiled(void(world_type, int64))
def pass_on(world, k):
    """Whoever shares what they know tells the others, who know it some time later."""
    fact = world.facts[k]
    now = world.clock[0].now
    for told in range(len(world.facts)):
        if fact.passes_on & bit_of(told):
            known = min(now, fact.time) + world.facts[told].delay
            schedule(world, max(now, known), Event.LEARN, told, 0)


@compiled(void(world_type, int64, int64))
def come_to_know(world, o, facts):
    """The operator knows these facts (bits) from now on, some of them new to it; it forgets what they correct.

    Those with whom it shares what it knows will know them, too.
    """
    operator = world.operators[o]
    for k in range(len(world.facts)):
        if facts & ~operator.knows & bit_of(k):
            operator.knows |= bit_of(k)
            operator.things += 1
            pass_on(world, k)
    operator.knows &= ~corrected_by(world, operator.knows)


@compiled(boolean(world_type, int64), inline=True)
def lasts(world, k):
    """Is the fact true, and never corrected?"""
    return not world.facts[k].wrong and world.facts[k].corrected_at == NEVER


@compiled(int64(world_type, int64, int64, float64))
def answering(world, i, facts, clarity):
    """The first of these facts (bits) that, told so clearly, answers the passenger's question, or NOBODY.

    One that lasts comes before all that do not. The luck is that of the person and the fact, whoever tells it and when:
    what is told more clearly answers the questions of the same people and of some more.
    """
    kind = int64(world.passengers[i].question)
    found = int64(NOBODY)
    if kind == ANY:
        return found
    for k in range(len(world.facts)):
        if facts & bit_of(k) and (found == NOBODY or lasts(world, k)):
            share = world.answers[k * KINDS + kind].share * clarity
            who = join(person_of(world, i), world.facts[k].key)
            if happens(share, world.clock[0].luck, who, Purpose.SETTLES, 0):
                if lasts(world, k):
                    return int64(k)
                found = int64(k)
    return found


@compiled(int64(world_type, int64, int64, int64))
def taken_in(world, i, o, facts):
    """Those of the facts (bits) that the passenger does not know to be corrected."""
    knows = int64(world.cases[case_row(world, i, o)].knows)
    return facts & ~corrected_by(world, knows | facts)


@compiled(boolean(world_type, int64, int64, int64))
def tell(world, i, o, facts):
    """The passenger hears these facts (bits) from operator `o`: is any of them true news about their question?

    What was waited until now was unexplained. Who hears a correction no longer holds what it corrects.
    """
    row = case_row(world, i, o)
    case = world.cases[row]
    passenger = world.passengers[i]
    heard = taken_in(world, i, o, facts)
    news = true_of(world, heard & ~case.knows & about(world, i))
    corrected = corrected_by(world, heard)
    case.knows = (case.knows | heard) & ~corrected
    if passenger.believes >= 0 and corrected & bit_of(int64(passenger.believes)):
        immediately(world, Event.FOUND_OUT, i)
    if news == 0:
        return False
    note_news(world, i, row)
    feel(world, i)
    passenger.explained = 1
    if passenger.status == Status.SEEKING:
        note_help(world, row)
    return True
