"""Which channel a passenger turns to: multinomial logit, as utility plus Gumbel noise keyed by passenger and channel.

So a channel more, or a channel closed, shifts nobody's luck on the others (McFadden 1974; the Gumbel trick).
"""

from __future__ import annotations

import numpy as np
from numba.np import numpy_support

from .anger import anger_now, disappointment
from .case import case_row, person_of
from .codes import NEVER, NOBODY, Status
from .contact import TIMES_A_DAY, day_of, is_public, is_self_service, is_synchronous, start_day
from .draws import Purpose, happens, join, uniform
from .exact import exp, log
from .jit import boolean, compiled, float64, int64, types, uint64, void, world_type
from .records import DTYPES, NEEDS

_passengers, _cohorts, _channels = (
    types.Array(numpy_support.from_dtype(np.dtype((np.record, DTYPES[table]))), 1, "C")
    for table in ("passengers", "cohorts", "channels")
)
_media = types.Array(types.int8, 1, "C")


@compiled(boolean(world_type, int64, int64), inline=True)
def within_reach(world, i, channel_row):
    """Is the channel one for this passenger, in a language of theirs?

    A website that did not help is not asked again before there is news.
    """
    channel = world.channels[channel_row]
    passenger = world.passengers[i]
    web_knew = world.cases[case_row(world, i, channel.operator)].web_knew
    if is_self_service(channel.medium) and web_knew == world.operators[channel.operator].things:
        return False
    preference = world.cohorts[passenger.cohort].preference[channel_row]
    return preference > -NEVER and (channel.languages >> int64(passenger.language)) & 1 == 1


@compiled(float64(world_type, int64), by_python=True)
def announced_wait(world, channel_row):
    """The wait that a recording announces or the length of a queue tells: those waiting, by the people on duty."""
    channel = world.channels[channel_row]
    if channel.desk == NOBODY:
        return 0.0
    desk = world.desks[channel.desk]
    return (
        float64(desk.waiting_synchronous) * desk.handle[int64(channel.medium) * NEEDS] / max(1.0, float64(desk.on_duty))
    )


@compiled(boolean(world_type, int64))
def has_found_closed(world, i):
    """Has the passenger met a closed door, of any operator?"""
    doors = int64(0)
    for o in range(len(world.operators)):
        doors += world.cases[case_row(world, i, o)].doors
    return doors > 0


@compiled(boolean(world_type, int64))
def knows_hours(world, i):
    """Does the passenger know when phones and counters are open? Some look it up, others find a door closed once."""
    if has_found_closed(world, i):
        return True
    leader = int64(world.passengers[i].leader)
    if leader != NOBODY and has_found_closed(world, leader):
        return True
    share = world.behaviour[0].knows_hours
    return happens(share, world.clock[0].luck, person_of(world, i), Purpose.HOURS, 0)


@compiled(boolean(world_type, int64, int64))
def opens_too_late(world, i, channel_row):
    """Does a closed channel open only when the matter is over, or never?"""
    return world.channels[channel_row].opens_at >= world.passengers[i].deadline


@compiled(float64(world_type, int64, int64))
def wait_ahead(world, i, channel_row):
    """The wait on the spot that somebody reckons with: until the opening, if they know it, else what is announced."""
    channel = world.channels[channel_row]
    if not channel.is_open and knows_hours(world, i):
        return NEVER if opens_too_late(world, i, channel_row) else channel.opens_at - world.clock[0].now
    return announced_wait(world, channel_row)


@compiled(float64(world_type, int64, int64))
def utility(world, i, channel_row):
    """Cohort preference, what was experienced and is seen; anger draws to the public, a near deadline to a voice.

    -inf where a phone or counter is known to be closed for good.
    """
    passenger = world.passengers[i]
    channel = world.channels[channel_row]
    behaviour = world.behaviour[0]
    value = world.cohorts[passenger.cohort].preference[channel_row] - disappointment(world, i, channel.medium)
    if is_public(channel.medium):
        value += behaviour.public_pull * anger_now(world, i)
    if is_synchronous(channel.medium):
        left = max(passenger.deadline - world.clock[0].now, 0.0)
        value += behaviour.haste_pull * behaviour.haste_scale / (behaviour.haste_scale + left)
        seen = wait_ahead(world, i, channel_row) / channel.expected_wait
        if seen == NEVER:
            return -NEVER
        if seen > 1.0:
            value -= behaviour.seen_penalty * log(seen)
    return value


@compiled(float64(uint64, uint64, uint64, int64), inline=True)
def gumbel(luck, who, channel_key, occurrence):
    """What somebody likes about a channel this time, beyond what is common to all."""
    return -log(-log(uniform(luck, join(who, channel_key), Purpose.CHOICE, occurrence)))


@compiled(int64(world_type, int64, int64), by_python=True)
def choose_among(world, i, allowed):
    """The channel of the greatest utility of those allowed (bits), open or not; NOBODY when none is within reach."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    today = start_day(world, i, day_of(clock.now))
    occurrence = today * TIMES_A_DAY + int64(passenger.seeks)
    passenger.seeks += 1
    if len(world.channels) == 1:  # nothing to choose
        return int64(0) if within_reach(world, i, 0) else int64(NOBODY)
    best = int64(NOBODY)
    most = -NEVER
    for channel_row in range(len(world.channels)):
        if not (allowed >> channel_row) & 1 or not within_reach(world, i, channel_row):
            continue
        liking = gumbel(clock.luck, passenger.key, world.channels[channel_row].key, occurrence)
        value = utility(world, i, channel_row) + liking
        if value > most:
            best = channel_row
            most = value
    return best


@compiled(int64(world_type, int64))
def choose(world, i):
    """The channel that seems best, or NOBODY."""
    return choose_among(world, i, int64(-1))


@compiled(void(_passengers, _cohorts, _channels, uint64, _media), by_python=True)
def first_choices(passengers, cohorts, channels, luck, media):
    """The medium that each passenger with a need would turn to first: taste and liking, as on the day it began.

    Of all channels that the operators have, in a language of theirs: neither which of them a staffing model opens nor
    who answers plays a part, as little as hours, queues, anger, haste or experience, so that they are the same people
    in every staffing model. -1: there is no such channel.

    The greatest taste + Gumbel noise is the least exponential draw x e^-taste, which takes half the time.
    """
    weights = np.empty((len(cohorts), len(channels)))
    for k in range(len(cohorts)):
        most = -NEVER
        for row in range(len(channels)):
            most = max(most, cohorts[k].taste[row])
        for row in range(len(channels)):
            taste = cohorts[k].taste[row]
            weights[k, row] = NEVER if taste == -NEVER else exp(most - taste)
    for i in range(len(passengers)):
        passenger = passengers[i]
        media[i] = NOBODY
        if passenger.ordinary or passenger.status == Status.NO_NEED:
            continue
        least = NEVER
        first = day_of(passenger.affected) * TIMES_A_DAY
        for row in range(len(channels)):
            weight = weights[passenger.cohort, row]
            if weight == NEVER or not (channels[row].offered >> int64(passenger.language)) & 1:
                continue
            value = weight * -log(uniform(luck, join(passenger.key, channels[row].key), Purpose.CHOICE, first))
            if value < least:
                least = value
                media[i] = channels[row].medium
