"""A desk that plans tomorrow anew: what came to it in the last day, and how many people that takes, at equal hours."""

from __future__ import annotations

import numpy as np

from .codes import NEVER, NOBODY
from .contact import DAY, is_self_service
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .records import MEDIA, NEEDS

HOUR = 60.0
SLOTS = 32
"""Hours of work that are remembered of each desk: a day and some more."""


@compiled(float64(world_type, int64))
def work_of(world, c):
    """Minutes that a contact takes at its desk on average; a bystander's post is looked at, and some are questions."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    if contact.passenger == NOBODY:
        return behaviour.triage * (1.0 + behaviour.joke_question * (behaviour.joke - 1.0))
    return world.desks[contact.desk].handle[int64(contact.medium) * NEEDS + int64(contact.need)]


@compiled(boolean(world_type, int64))
def is_first_today(world, c):
    """Is it a bystander's post, or the author's first contact of the day with people? Another try is no more demand."""
    contact = world.contacts[c]
    if contact.passenger == NOBODY:
        return True
    tries = int64(0)
    for medium in range(MEDIA):
        if not is_self_service(medium):
            tries += world.passengers[contact.passenger].tries[medium]
    return tries == 1


@compiled(int64(world_type, float64))
def hour_of(world, time):
    """The number of the hour, from the beginning of the run on."""
    return int64(np.floor((time - world.clock[0].origin) / HOUR))


@compiled(void(world_type, int64))
def count_work(world, c):
    """A contact comes to a desk that plans by what comes."""
    d = int64(world.contacts[c].desk)
    if d == NOBODY or not world.desks[d].replans or not is_first_today(world, c):
        return
    hour = hour_of(world, world.clock[0].now)
    slot = world.hourly_work[d * SLOTS + hour % SLOTS]
    if slot.hour != hour:
        slot.hour = hour
        slot.minutes = 0.0
    slot.minutes += work_of(world, c)


@compiled(float64(world_type, int64, float64))
def seen_at(world, d, time):
    """People kept busy by what came to a desk in the last full hour at this time of day."""
    now = world.clock[0].now
    hour = hour_of(world, time - DAY * np.ceil((time - now) / DAY))
    if hour == hour_of(world, now):
        hour -= 24  # the present hour is not over
    slot = world.hourly_work[d * SLOTS + hour % SLOTS]
    return slot.minutes / HOUR if slot.hour == hour else 0.0


@compiled(float64(world_type, int64))
def work_waiting(world, d):
    """Minutes of work that wait at a desk and can still be done."""
    desk = world.desks[d]
    minutes = 0.0
    for c in range(world.clock[0].contact_end):
        contact = world.contacts[c]
        in_time = contact.synchronous or world.clock[0].now - contact.posted <= desk.expires
        if contact.queued and contact.desk == d and in_time:
            minutes += work_of(world, c)
    return minutes


@compiled(float64(world_type, int64, float64))
def planned_heads(world, n, time):
    """People whom the desk's roster has at a time."""
    replan = world.replans[n]
    heads = int64(0)
    for k in range(replan.begin, replan.end):
        shift = world.shift_instances[k]
        if shift.start <= time < shift.end:
            heads += shift.plan
    return float64(heads)


@compiled(boolean(world_type, int64))
def can_move(world, k):
    """Are the heads of a shift decided on the day before? Those that nobody is paid for are the roster's."""
    shift = world.shift_instances[k]
    return shift.replanned and shift.paid > 0.0


@compiled(float64(world_type, int64, int64, float64))
def bound(world, n, k, multiple):
    """So many times the heads that the roster has in a shift, one at least; the roster's own where they stay."""
    heads = float64(world.shift_instances[k].plan)
    return max(multiple * heads, min(1.0, heads)) if can_move(world, k) else heads


@compiled(float64(world_type, int64, int64, float64))
def wanted_heads(world, n, k, backlog):
    """People for what came a day before at the hours of a shift, and some more; shared with shifts at the same time.

    (R + weight sqrt R)/(1 - shrinkage), R with the part of what waits that falls on an hour.
    """
    replan = world.replans[n]
    shift = world.shift_instances[k]
    traits = world.desk_traits[replan.desk]
    at_work = (1.0 - traits.absence) * (1.0 - traits.breaks)
    hours = max(1, int64((shift.end - shift.start) / HOUR + 0.5))
    times = 0.0
    for hour in range(hours):
        time = shift.start + (hour + 0.5) / hours * (shift.end - shift.start)
        work = seen_at(world, replan.desk, time) + backlog
        times += (work + replan.weight * np.sqrt(work)) / at_work / max(1.0, planned_heads(world, n, time))
    wanted = shift.plan * times / hours
    return min(max(wanted, bound(world, n, k, replan.fewest)), bound(world, n, k, replan.most))


@compiled(float64(world_type, int64, int64, int64, float64))
def minutes_at(world, n, first, last, multiple):
    """Paid minutes of some shifts with a multiple of the roster's heads, where they can be moved."""
    minutes = 0.0
    for k in range(first, last):
        minutes += bound(world, n, k, multiple) * world.shift_instances[k].paid
    return minutes


@compiled(float64(world_type, int64))
def minutes_left(world, n):
    """Paid minutes of the roster that earlier shifts have not used up."""
    replan = world.replans[n]
    minutes = minutes_at(world, n, replan.begin, replan.end, 1.0)
    for k in range(replan.begin, replan.first_shift):
        minutes -= world.shift_instances[k].heads * world.shift_instances[k].paid
    return minutes


@transition
def want(world, n):
    """How many people each shift of tomorrow should have, fractions included, within the hours that there are.

    The days after must keep their fewest people, and must be able to use up what is left with their most.
    """
    replan = world.replans[n]
    first, last, end = int64(replan.first_shift), int64(replan.last_shift), int64(replan.end)
    hours = 0.0
    for k in range(first, last):
        if can_move(world, k):
            hours += (world.shift_instances[k].end - world.shift_instances[k].start) / HOUR
    backlog = work_waiting(world, replan.desk) / HOUR / max(1.0, hours)
    asked = 0.0
    for k in range(first, last):
        shift = world.shift_instances[k]
        shift.wanted = wanted_heads(world, n, k, backlog) if can_move(world, k) else shift.plan
        asked += shift.wanted * shift.paid
    left = minutes_left(world, n)
    most = left - minutes_at(world, n, last, end, replan.fewest)
    least = left - minutes_at(world, n, last, end, replan.most)
    towards, goal = 1.0, asked
    if asked > most:
        towards, goal = replan.fewest, most
    elif asked < least:
        towards, goal = replan.most, least
    room = minutes_at(world, n, first, last, towards) - asked
    if goal != asked and room != 0.0:
        part = (goal - asked) / room
        for k in range(first, last):
            shift = world.shift_instances[k]
            shift.wanted += part * (bound(world, n, k, towards) - shift.wanted)


@transition
def replan(world, n):
    """Tomorrow's shifts get the people that today's work asks for; from now on these are paid, and no others come."""
    plan = world.replans[n]
    want(world, n)
    owed = 0.0  # paid minutes that rounding has left over so far
    for k in range(plan.first_shift, plan.last_shift):
        shift = world.shift_instances[k]
        if not shift.replanned:
            continue
        if shift.paid > 0.0:
            exact = shift.wanted + owed / shift.paid
            shift.heads = min(max(int64(np.floor(exact + 0.5 + 1e-9)), min(1, shift.plan)), shift.most)
            owed = (exact - shift.heads) * shift.paid
        for number in range(shift.heads):
            world.staff[shift.first + number].paid_minutes += shift.paid
            world.staff[shift.first + number].premium_minutes += shift.premium
    for row in range(len(world.duty_periods)):
        duty = world.duty_periods[row]
        if plan.first_shift <= duty.shift < plan.last_shift and duty.number >= world.shift_instances[duty.shift].heads:
            duty.start = duty.end = NEVER
    world.desks[plan.desk].again_known = 0
