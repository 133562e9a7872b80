"""People on call: what calls them in, when they come, and what they are paid."""

from __future__ import annotations

from .agenda import schedule
from .codes import NEVER
from .draws import Purpose, happens
from .events import Event
from .jit import boolean, compiled, float64, int64, transition, void, world_type

DAY = 1440.0


@compiled(void(world_type, int64, float64, float64))
def pay(world, s, start, end):
    """For duty that nobody had planned: the minutes within the window, and what nights and Sundays cost on top."""
    person = world.staff[s]
    since, until = max(start, 0.0), min(end, world.clock[0].window)
    person.paid_minutes += max(0.0, until - since)
    for k in range(len(world.premium_periods)):
        period = world.premium_periods[k]
        if period.desk == person.desk:
            person.premium_minutes += period.share * max(0.0, min(until, period.end) - max(since, period.start))


@compiled(boolean(world_type, int64, float64, float64))
def waits_beyond(world, d, most, longest):
    """Do more than `most` contacts wait at a desk, or one for longer? What is too old to be answered does not wait."""
    desk = world.desks[d]
    now = world.clock[0].now
    if longest == NEVER and desk.waiting_synchronous + desk.waiting_deferred <= most:
        return False
    waiting = 0
    for c in range(world.clock[0].contact_end):
        contact = world.contacts[c]
        if contact.queued and contact.desk == d and (contact.synchronous or now - contact.posted <= desk.expires):
            waiting += 1
            if now - contact.arrival > longest:
                return True
    return waiting > most


@compiled(float64(float64, float64), inline=True)
def part(share, threshold):
    """A share of a threshold, where there is one."""
    return NEVER if threshold == NEVER else share * threshold


@compiled(boolean(world_type, int64, float64))
def has_signal(world, r, share):
    """Is any signal above this share of the threshold at which people are called in?"""
    reserve = world.reserves[r]
    bin_length = world.clock[0].bin
    return (
        world.operators[reserve.operator].posts_since_tick > part(share, reserve.posts) * bin_length
        or world.desks[reserve.desk].calls_since_tick > part(share, reserve.calls) * bin_length
        or waits_beyond(world, reserve.desk, part(share, reserve.waiting), part(share, reserve.wait))
    )


@transition
def watch(world, r):
    """A bin ends: people on call are called in if there is more to do than agreed, and nobody is there or on the way.

    After a call it must have been quiet once, where the agreement says so.
    """
    reserve = world.reserves[r]
    if not reserve.quiet:
        reserve.quiet = not has_signal(world, r, reserve.again_below)
    if world.clock[0].now < reserve.rest_until or not reserve.quiet or reserve.called == reserve.rounds:
        return
    if has_signal(world, r, 1.0):
        call_reserve(world, r)


@transition
def call_reserve(world, r):
    """Those on call come a while later for a stretch of duty; who is absent on that day does not."""
    reserve = world.reserves[r]
    clock = world.clock[0]
    comes = clock.now + reserve.delay
    day = int64((comes - clock.origin) // DAY)
    reserve.rest_until = comes + reserve.length
    reserve.quiet = reserve.again_below == NEVER
    for k in range(reserve.heads):
        row = reserve.first + reserve.called * reserve.heads + k
        duty = world.duty_periods[row]
        person = world.staff[duty.staff]
        if happens(world.desk_traits[reserve.desk].absence, clock.luck, person.key, Purpose.ABSENCE, day):
            continue
        duty.start = comes
        duty.end = reserve.rest_until
        duty.day = day
        pay(world, duty.staff, comes, reserve.rest_until)
        at_work = max(0.0, min(reserve.rest_until, clock.window) - max(comes, 0.0))
        person.premium_minutes -= reserve.standby * at_work
        schedule(world, comes, Event.START_DUTY, row, 0)
    world.desks[reserve.desk].again_known = 0
    reserve.called += 1
