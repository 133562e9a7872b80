"""The silent majority: who needs nobody, and only wants to know. Nothing of theirs is an event; it is told afterwards.

What they read and how they feel touches nobody else, so that it is found when all is over.
"""

from __future__ import annotations

import numpy as np

from .case import case_row
from .codes import MISSING, NEVER, NOBODY
from .exact import exp, log
from .facts import corrected_by, true_of
from .jit import boolean, compiled, float64, int64, transition, types, world_type
from .notice import delay, reaches
from .question import about


@compiled(float64(world_type, int64, int64, float64, boolean))
def read_at(world, i, k, after, or_then):
    """When the passenger next reads notice `k` after `after` (`or_then`: or at that moment); NEVER: not before the end.

    Its editions follow the first reading at equal distances.
    """
    notice = world.notices[k]
    if not notice.published or not reaches(world, i, k):
        return NEVER
    at = max(world.passengers[i].affected, notice.time + delay(world, i, k))
    if at < after and notice.every > 0.0:
        at += notice.every * np.floor((after - at) / notice.every)
    while at < after or (at == after and not or_then):
        if notice.every == 0.0:
            return NEVER
        at += notice.every
    return at if at <= notice.until and at < world.clock[0].end else NEVER


@compiled(types.Tuple((float64, int64))(world_type, int64, int64, int64, float64, int64))
def next_reading(world, i, o, knows, after, last):
    """When the passenger next reads what of operator `o`, after notice `last` at `after`; NEVER: nothing any more.

    What only says once more what they know (bits), and is no edition, changes nothing.
    """
    found = NEVER
    what = int64(NOBODY)
    for k in range(len(world.notices)):
        notice = world.notices[k]
        if notice.operator == o and (notice.every > 0.0 or notice.says & ~knows):
            at = read_at(world, i, k, after, k > last)
            if at < found:
                found = at
                what = int64(k)
    return found, what


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
    case.news_fresh = 0.0
    knows = int64(case.knows)
    at, k = next_reading(world, i, o, knows, -NEVER, int64(NOBODY))
    while at < NEVER:
        notice = world.notices[k]
        facts = notice.says & ~corrected_by(world, knows | notice.says)
        true = true_of(world, facts & about(world, i))
        if true & ~knows or (true and notice.every > 0.0 and case.first_news >= 0.0):
            if np.isnan(case.first_news):
                case.first_news = at
            else:
                case.news_fresh += max(0.0, min(min(at, until) - case.news_at, behaviour.news_life))
            case.news_at = at
        knows = (knows | facts) & ~corrected_by(world, facts)
        at, k = next_reading(world, i, o, knows, at, k)
    if behaviour.rates:
        case.anger_peak = case.anger_end = anger_of_waiting(world, i, case.first_news - passenger.affected)
