"""People on call: what calls them in, when they come, and what they are paid."""

from __future__ import annotations

from .agenda import schedule
from .codes import NEVER, NOBODY
from .contact import DAY, is_synchronous
from .desk import may_have_moved
from .draws import Purpose, happens
from .events import Event
from .jit import boolean, compiled, float64, int64, transition, world_type


@compiled(float64(world_type, int64, float64, float64))
def pay(world, s, start, end):
    """For duty that nobody had planned: the minutes within the window, which it says, and what nights and Sundays cost
    on top.
    """
    person = world.staff[s]
    since, until = max(start, 0.0), min(end, world.clock[0].window)
    minutes = max(0.0, until - since)
    person.paid_minutes += minutes
    for k in range(len(world.premium_periods)):
        period = world.premium_periods[k]
        if period.desk == person.desk:
            person.premium_minutes += period.share * max(0.0, min(until, period.end) - max(since, period.start))
    return minutes


@compiled(boolean(world_type, int64, float64, float64))
def waits_beyond(world, d, most, longest):
    """Do more than `most` contacts wait at a desk, or one for longer since its author last wrote?

    What is too old to be answered does not wait. The newest rows are looked at first, and none when all are found.
    """
    desk = world.desks[d]
    now = world.clock[0].now
    queued = int64(desk.waiting_synchronous + desk.waiting_deferred)
    if longest == NEVER and queued <= most:
        return False
    waiting = 0
    c = int64(world.clock[0].contact_end)
    while queued > 0 and c > 0:
        c -= 1
        contact = world.contacts[c]
        if not contact.queued or contact.desk != d:
            continue
        queued -= 1
        if contact.synchronous or now - contact.posted <= desk.expires:
            waiting += 1
            if now - max(contact.arrival, contact.posted) > longest:
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


@compiled(boolean(world_type, int64, int64))
def comes_to(world, k, d):
    """Do contacts of a channel come to this desk: at once, after a long wait elsewhere, or handed over?"""
    own = int64(world.channels[k].desk)
    return own == d or may_have_moved(world, k, d) or (own != NOBODY and world.desks[own].escalates_to == d)


@compiled(boolean(world_type, int64))
def reads(world, d):
    """Is there anything in writing that comes to the desk, at whatever hour?"""
    for k in range(len(world.channels)):
        if not is_synchronous(world.channels[k].medium) and comes_to(world, k, d):
            return True
    return False


@compiled(float64(world_type, int64, float64))
def open_until(world, d, time):
    """When the doors and lines of a desk close that are open at a time; the time itself: none is open."""
    until = time
    for k in range(len(world.openings)):
        opening = world.openings[k]
        if opening.start <= until < opening.end and comes_to(world, int64(opening.channel), d):
            until = opening.end
    return until


@compiled(float64(world_type, int64, float64))
def goes_at(world, r, comes):
    """When people on call who come at a time go: after so long, or when nothing can come to them any more."""
    reserve = world.reserves[r]
    end = comes + reserve.length
    return end if reads(world, reserve.desk) else min(end, open_until(world, reserve.desk, comes))


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
    comes = world.clock[0].now + reserve.delay
    if has_signal(world, r, 1.0) and goes_at(world, r, comes) > comes:
        call_reserve(world, r)


@transition
def call_reserve(world, r):
    """Those on call come a while later for a stretch of duty; who is absent on that day does not."""
    reserve = world.reserves[r]
    clock = world.clock[0]
    comes = clock.now + reserve.delay
    goes = goes_at(world, r, comes)
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
        duty.end = goes
        duty.day = day
        person.premium_minutes -= reserve.standby * pay(world, duty.staff, comes, goes)
        schedule(world, comes, Event.START_DUTY, row, 0)
    world.desks[reserve.desk].again_known = 0
    reserve.called += 1
