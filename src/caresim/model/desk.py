"""A desk: waiting contacts and free people meet; channels open and close."""

from __future__ import annotations

from .codes import NEVER, NOBODY, Callback
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .machine import takes_message
from .queue import call, call_next, first_of, take_place
from .staff import assistant_of, drop, start_handling
from .waiting import is_assisted, understands, wait_in_queue


@compiled(int64(world_type, int64), by_python=True)
def first_for(world, s):
    """Who would be the next for this person, still in the queue, or NOBODY.

    That is the first on a channel that they serve, of those on the spot (those in writing, for somebody who prefers
    these), else of the others.
    """
    person = world.staff[s]
    d = int64(person.desk)
    c = first_of(world, d, not person.deferred_first, person.unserved)
    return first_of(world, d, person.deferred_first, person.unserved) if c == NOBODY else c


@compiled(int64(world_type, int64), by_python=True)
def next_contact(world, s):
    """The next for this person, taken off its queue, or NOBODY."""
    c = first_for(world, s)
    if c != NOBODY:
        call(world, c)
    return c


@transition
def dispatch(world, d):
    """Give waiting contacts to free people until one of the two runs out.

    Free people take their next in the order of their list: where they have skills, whoever serves fewest channels.
    """
    desk = world.desks[d]
    desk.woken = 0
    s = int64(desk.free_head)
    while s != NOBODY and desk.waiting_synchronous + desk.waiting_deferred > 0:
        following = int64(world.staff[s].next_free)
        c = next_contact(world, s)
        if c != NOBODY:
            start_handling(world, s, c)
        elif not desk.by_channel:
            return
        s = following


@transition
def open_channel(world, k):
    world.channels[world.openings[k].channel].is_open = 1


@transition
def send_away(world, c):
    """The last person has gone, or the line closes: a message, where the assistant holds the line, or the way out."""
    contact = world.contacts[c]
    held = is_assisted(world, int64(contact.channel)) and contact.callback == Callback.NONE
    if held and understands(world, assistant_of(world, c), contact.passenger) and takes_message(world, c):
        contact.stamp += 1
        wait_in_queue(world, c)
    else:
        drop(world, c)


@compiled(void(world_type, int64, int64))
def empty_queue(world, d, channel_row):
    """Send away those who wait on one channel; the others keep their place, and so do those who will be called back."""
    kept = int64(NOBODY)
    c = call_next(world, d, True)
    while c != NOBODY:
        contact = world.contacts[c]
        if contact.channel == channel_row and contact.callback != Callback.WAITED_FOR:
            send_away(world, c)
        else:
            contact.sibling = kept
            kept = c
        c = call_next(world, d, True)
    while kept != NOBODY:
        following = int64(world.contacts[kept].sibling)
        take_place(world, kept)
        kept = following


@compiled(boolean(world_type, int64, int64))
def may_have_moved(world, channel_row, d):
    """Do callers of the channel come to this desk when they have waited for long at others?"""
    at = int64(world.channels[channel_row].desk)
    while at != NOBODY:
        at = int64(world.desks[at].overflows_to)
        if at == d:
            return True
    return False


@compiled(float64(world_type, int64))
def next_opening(world, k):
    """When the channel of an opening opens again; NEVER: not in this run."""
    for later in range(k + 1, len(world.openings)):
        if world.openings[later].channel == world.openings[k].channel:
            return float64(world.openings[later].start)
    return NEVER


@transition
def close_channel(world, k):
    """Doors shut, the line goes to a recording: whoever still waits on the spot is sent away.

    Those who have moved on to another desk are still served there, unless everybody has gone home.
    """
    channel_row = int64(world.openings[k].channel)
    channel = world.channels[channel_row]
    channel.is_open = 0
    channel.opens_at = next_opening(world, k)
    if channel.desk == NOBODY or channel.waiting == 0:
        return
    empty_queue(world, channel.desk, channel_row)
    d = int64(world.desks[channel.desk].overflows_to)
    while d != NOBODY:
        if world.desks[d].rostered == 0:
            empty_queue(world, d, channel_row)
        d = int64(world.desks[d].overflows_to)


@transition
def dismiss(world, d):
    """Everybody has gone home: whoever waits on a line that a machine keeps open is told to call again.

    So is whoever has moved here from a desk whose channel has closed since.
    """
    if world.desks[d].rostered > 0:
        return
    for channel_row in range(len(world.channels)):
        channel = world.channels[channel_row]
        if channel.waiting == 0:
            continue
        kept_open = is_assisted(world, channel_row)
        moved = (kept_open or not channel.is_open) and may_have_moved(world, channel_row, d)
        if moved or (kept_open and channel.desk == d):
            empty_queue(world, d, channel_row)
