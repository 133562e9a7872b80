"""What a passenger's dealings with an operator come to when they are over: what both laws of satisfaction look at."""

from __future__ import annotations

import numpy as np

from .case import WRONG_FOUND, case_row
from .codes import MISSING, Status
from .exact import log
from .jit import bits_of, compiled, float64, int64, void, world_type
from .needs import Settlement, settled_by

BY_WORDS = bits_of(settled_by(Settlement.NEWS)) | bits_of(settled_by(Settlement.REPLY))
"""Needs that words settle: such a solution is news as well, and paid as news in part."""


@compiled(float64(float64, float64, float64), inline=True)
def within(low, x, high):
    """`x`, but not below `low` or above `high`; `low` for NaN."""
    return min(high, x) if x > low else low


@compiled(float64(float64, float64, float64))
def promptness(until, late, minutes):
    """1 up to `until`, 0 from `late` on, in between by the logarithm of the wait; 0 for NaN: it never came."""
    if minutes <= until:
        return 1.0
    if minutes < late:
        return 1.0 - log(minutes / until) / log(late / until)
    return 0.0


@compiled(float64(float64, float64, float64, float64))
def what_is_left(least, fall, due, minutes):
    """What something is worth after so many minutes: 1 until it is due, then less by the logarithm, but `least`."""
    if minutes <= due:
        return 1.0
    return max(least, 1.0 - fall * log(minutes / due))


@compiled(float64(world_type, int64))
def end_of_matter(world, i):
    """When news of the matter no longer count: it is settled, the deadline has passed, or the disruption is over."""
    passenger = world.passengers[i]
    end = min(passenger.deadline, world.behaviour[0].over)
    if passenger.status == Status.RESOLVED:
        for o in range(len(world.operators)):
            end = np.fmin(end, world.cases[case_row(world, i, o)].resolved)
    return max(passenger.affected, end)


@compiled(float64(world_type, int64, int64))
def worth_of_news(world, i, o):
    """I, 0 to 1: how soon the first true news came, by any means, and for what share of the time the last was fresh.

    To have one's matter settled is news, too, and who is settled need not be told again: the last news count as fresh
    for all of their life. Time is counted over that life at least. So no later solution and no later news earn more.
    """
    behaviour = world.behaviour[0]
    case = world.cases[case_row(world, i, o)]
    affected = world.passengers[i].affected
    end = end_of_matter(world, i)
    heard = np.fmin(case.first_news, case.resolved)
    if not heard <= end:
        return 0.0
    told = case.news_fresh
    if case.resolved <= end:
        told += behaviour.news_life
    elif case.news_at < end:
        told += min(end - case.news_at, behaviour.news_life)
    covered = min(1.0, told / max(end - affected, behaviour.news_life))
    first = what_is_left(behaviour.news_least, behaviour.news_fall, behaviour.news_due, heard - affected)
    return behaviour.news_first * first + (1.0 - behaviour.news_first) * covered


@compiled(float64(world_type, int64, int64))
def worth_of_outcome(world, i, row):
    """O, 0 to 1: a solution, less the later it came after the passenger was affected."""
    behaviour = world.behaviour[0]
    passenger = world.passengers[i]
    taken = world.cases[row].resolved - passenger.affected
    worth = what_is_left(behaviour.outcome_least, behaviour.outcome_fall, behaviour.due[passenger.need], taken)
    return worth * behaviour.told_only if (BY_WORDS >> passenger.need) & 1 else worth


@compiled(void(world_type, int64, int64))
def note_waits(world, i, row):
    """How long the first useful thing and the first reply by a person took, and by which measure."""
    behaviour = world.behaviour[0]
    case = world.cases[row]
    history = world.histories[0]
    history.asked = not np.isnan(case.first_request)
    begin = case.first_request if history.asked else world.passengers[i].affected
    history.helped = MISSING if np.isnan(case.first_help) else max(0.0, case.first_help - begin)
    history.answered = case.first_person - begin
    history.prompt_until = behaviour.unasked_prompt_until
    history.late_from = behaviour.unasked_late_from
    history.expected = behaviour.unasked_expected
    if history.asked:
        channel = world.channels[case.first_channel]
        history.prompt_until = channel.prompt_until
        history.late_from = channel.late_from
        history.expected = channel.expected_wait


@compiled(void(world_type, int64, int64))
def note_history(world, i, o):
    """The dealings of passenger `i` with operator `o`, in the one row of `histories`."""
    row = case_row(world, i, o)
    case = world.cases[row]
    passenger = world.passengers[i]
    history = world.histories[0]
    history.needy = passenger.status != Status.NO_NEED
    history.resolved = not np.isnan(case.resolved)
    history.outcome = worth_of_outcome(world, i, row) if history.resolved else 0.0
    open_still = passenger.status != Status.RESOLVED and not history.resolved
    history.missed = open_still and passenger.deadline < world.clock[0].end
    history.news = worth_of_news(world, i, o)
    note_waits(world, i, row)
    history.quality = case.tone / case.useful_replies if case.useful_replies > 0 else 0.5
    history.hollow = case.replies > 0 and case.useful_replies == 0 and not history.resolved
    history.deaf = case.deaf != 0 and case.replies == 0
    history.kept = case.kept
    history.broken = case.broken
    history.dropped = case.dropped
    history.wrong = case.wrong == WRONG_FOUND
    history.empties = case.empties
    history.hand_overs = case.hand_overs
    history.contacts = max(0.0, float64(case.contacts) - case.tones - case.visits)
    history.tones = case.tones
    history.doors = case.doors
    history.visits = case.visits
    history.anger_peak = case.anger_peak
    history.anger_end = case.anger_end
