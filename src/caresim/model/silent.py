"""The silent majority: who needs nobody, and only wants to know. Nothing of theirs is an event; it is told afterwards.

What they read and how they feel touches nobody else, so that it is found when all is over.
"""

from __future__ import annotations

import numpy as np

from .case import case_row
from .codes import MISSING, NEVER
from .exact import exp, log
from .facts import about
from .jit import compiled, float64, int64, transition, types, world_type
from .notice import delay, reaches


@compiled(float64(world_type, int64, int64))
def read_at(world, i, k):
    """When the passenger reads notice `k`; NEVER where it does not reach them before the end."""
    notice = world.notices[k]
    if not notice.published or not reaches(world, i, k):
        return NEVER
    at = max(world.passengers[i].affected, notice.time + delay(world, i, k))
    return at if at < world.clock[0].end else NEVER


@compiled(types.Tuple((float64, int64))(world_type, int64, int64, int64))
def next_news(world, i, o, knows):
    """When the passenger first reads a fact of operator `o` beyond those they know (bits), and all that is read then.

    NEVER and nothing: not any more.
    """
    found = NEVER
    facts = int64(0)
    for k in range(len(world.notices)):
        notice = world.notices[k]
        if notice.operator == o and notice.says & ~knows & about(world, i):
            at = read_at(world, i, k)
            if at < found:
                facts = int64(0)
            if at <= found and at < NEVER:
                facts |= notice.says
                found = at
    return found, facts


@compiled(float64(float64, float64))
def past(minutes, expected):
    """ln max(1, minutes/expected): e-folds of a wait past what was expected."""
    return log(max(1.0, minutes / expected))


@compiled(float64(world_type, int64, float64))
def anger_of_waiting(world, i, heard):
    """Anger when the disruption is over, by the law of a wait on one clock from being affected.

    It is unexplained until the first news after `heard` minutes (NaN: to the end); news are waited for calmly for as
    long as they live. The clock does not begin anew with each piece of news: a power law that did would grow faster.
    """
    passenger = world.passengers[i]
    behaviour = world.behaviour[0]
    waited = max(0.0, min(passenger.deadline, behaviour.over) - passenger.affected)
    unexplained = min(heard, waited) if heard >= 0.0 else waited
    folds = past(unexplained, behaviour.news_life)
    growth = behaviour.unexplained * folds + past(waited, behaviour.news_life) - folds
    return 1.0 - (1.0 - passenger.anger) * exp(-behaviour.kappa * passenger.temper * growth)


@transition
def be_told(world, i):
    """What somebody without a need has read of the operator the ticket is from, and what became of their anger."""
    passenger = world.passengers[i]
    behaviour = world.behaviour[0]
    o = int64(world.cohorts[passenger.cohort].first_operator)
    case = world.cases[case_row(world, i, o)]
    until = min(passenger.deadline, behaviour.over)
    case.first_news = case.news_at = MISSING
    case.fresh = 0.0
    knows = int64(case.knows)
    at, facts = next_news(world, i, o, knows)
    while at < NEVER:
        if np.isnan(case.first_news):
            case.first_news = at
        else:
            case.fresh += max(0.0, min(min(at, until) - case.news_at, behaviour.news_life))
        case.news_at = at
        knows |= facts
        at, facts = next_news(world, i, o, knows)
    case.anger_peak = case.anger_end = anger_of_waiting(world, i, case.first_news - passenger.affected)
