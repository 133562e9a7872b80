"""People on call: who call them in, when they come, and what they are paid."""

from __future__ import annotations

from .agenda import schedule
from .draws import Purpose, happens
from .events import Event
from .jit import compiled, float64, int64, transition, void, world_type


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


@transition
def call_reserve(world, r):
    """More is written than one can read: those on call are called in, and come a while later for a stretch of duty."""
    reserve = world.reserves[r]
    clock = world.clock[0]
    if clock.now < reserve.rest_until or reserve.called == reserve.rounds:
        return
    if world.operators[reserve.operator].posts_since_tick <= reserve.above * clock.bin:
        return
    comes = clock.now + reserve.delay
    reserve.rest_until = comes + reserve.length
    for k in range(reserve.heads):
        row = reserve.first + reserve.called * reserve.heads + k
        duty = world.duty_periods[row]
        if happens(
            world.desk_traits[reserve.desk].absence, clock.luck, reserve.key, Purpose.ABSENCE, reserve.called * 1024 + k
        ):
            continue
        duty.start = comes
        duty.end = reserve.rest_until
        pay(world, duty.staff, duty.start, duty.end)
        schedule(world, comes, Event.START_DUTY, row, 0)
    reserve.called += 1
