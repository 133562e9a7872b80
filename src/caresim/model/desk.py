"""A desk: waiting contacts and free people meet; channels open and close."""

from __future__ import annotations

from .agenda import schedule
from .codes import NOBODY, Callback
from .draws import Purpose, happens
from .events import Event
from .jit import compiled, int64, transition, void, world_type
from .queue import call_next, first_of, take_place
from .staff import drop, start_handling


@compiled(int64(world_type, int64, int64))
def takes_synchronous(world, d, deferred_first):
    """Which of the two queues somebody takes from: the one they prefer (0: what was written), else the other."""
    return deferred_first if first_of(world, d, not deferred_first) == NOBODY else not deferred_first


@compiled(int64(world_type, int64, int64), by_python=True)
def next_contact(world, d, deferred_first):
    """The next for somebody with this preference, taken off its queue, or NOBODY."""
    return call_next(world, d, takes_synchronous(world, d, deferred_first))


@compiled(int64(world_type, int64, int64), by_python=True)
def first_in_queue(world, d, deferred_first):
    """Who would be the next for them, still in the queue."""
    return first_of(world, d, takes_synchronous(world, d, deferred_first))


@transition
def dispatch(world, d):
    """Give waiting contacts to free people until one of the two runs out."""
    desk = world.desks[d]
    desk.woken = 0
    while desk.waiting_synchronous + desk.waiting_deferred > 0:
        s = int64(desk.free_head)
        if s == NOBODY:
            return
        c = next_contact(world, d, world.staff[s].deferred_first)
        if c == NOBODY:
            return
        start_handling(world, s, c)


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
        person = world.staff[duty.staff]
        person.paid_minutes += max(0.0, min(duty.end, clock.window) - max(duty.start, 0.0))
        schedule(world, comes, Event.START_DUTY, row, 0)
    reserve.called += 1


@transition
def open_channel(world, k):
    world.channels[world.openings[k].channel].is_open = 1


@compiled(void(world_type, int64, int64))
def empty_queue(world, d, channel_row):
    """Send away those who wait on one channel; the others keep their place, and so do those who will be called back."""
    kept = int64(NOBODY)
    c = call_next(world, d, True)
    while c != NOBODY:
        contact = world.contacts[c]
        if contact.channel == channel_row and contact.callback != Callback.WAITED_FOR:
            drop(world, c)
        else:
            contact.sibling = kept
            kept = c
        c = call_next(world, d, True)
    while kept != NOBODY:
        following = int64(world.contacts[kept].sibling)
        take_place(world, kept)
        kept = following


@transition
def close_channel(world, k):
    """Doors shut, the line goes to a recording: whoever still waits on the spot is sent away."""
    channel_row = int64(world.openings[k].channel)
    channel = world.channels[channel_row]
    channel.is_open = 0
    if channel.desk == NOBODY or channel.waiting == 0:
        return
    empty_queue(world, channel.desk, channel_row)


@transition
def dismiss(world, d):
    """Everybody has gone home: whoever waits on a line that a machine keeps open is told to call again."""
    if world.desks[d].rostered > 0:
        return
    for channel_row in range(len(world.channels)):
        channel = world.channels[channel_row]
        if channel.desk == d and channel.assistant != NOBODY and channel.waiting > 0:
            empty_queue(world, d, channel_row)
