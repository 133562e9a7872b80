"""A contact: one attempt of a passenger on one channel (or a bystander's post), and its row."""

from __future__ import annotations

import numpy as np

from . import media
from .agenda import immediately
from .case import case_row
from .codes import MISSING, NOBODY, Callback, Outcome, Result, State
from .draws import join, numbered
from .events import Event
from .jit import bits_of, boolean, compiled, float64, int64, transition, uint64, void, world_type

DAY = 1440.0
BY_PERSON, BY_MACHINE = 1, 2
"""What `transferred` says of a contact, as bits: it was passed on by somebody and has not been read in yet; an
assistant passed it on that could not help.
"""
_DAYS_BEFORE = 1024
TIMES_A_DAY = 4096
"""More than anybody turns to anyone: the day and the ordinal within it are one number of a draw."""
SYNCHRONOUS, WRITTEN = bits_of(media.SYNCHRONOUS), bits_of(media.WRITTEN)
PUBLIC, SELF_SERVICE = bits_of(media.PUBLIC), bits_of(media.SELF_SERVICE)
"""Media as bits."""


@compiled(boolean(int64), inline=True)
def is_synchronous(medium):
    """A caller holds the line and a traveller stands in a queue; all others have written and gone on with their day."""
    return (SYNCHRONOUS >> medium) & 1 == 1


@compiled(boolean(world_type, int64), inline=True)
def waits_on_the_spot(world, c):
    """Does the contact wait, or would it, among callers and visitors? A message that a caller left waits in writing."""
    contact = world.contacts[c]
    return is_synchronous(contact.medium) and contact.callback != Callback.MESSAGE


@compiled(boolean(int64), inline=True)
def is_written(medium):
    """Can a person answer it later, in writing?"""
    return (WRITTEN >> medium) & 1 == 1


@compiled(boolean(int64), inline=True)
def is_public(medium):
    """Does everybody read along?"""
    return (PUBLIC >> medium) & 1 == 1


@compiled(boolean(int64), inline=True)
def is_self_service(medium):
    """Does a machine answer, and nobody of the staff?"""
    return (SELF_SERVICE >> medium) & 1 == 1


@compiled(int64(float64), inline=True)
def day_of(time):
    """Number of the day since the start, shifted to be positive: part of the keys of draws."""
    return int64(np.floor(time / DAY)) + _DAYS_BEFORE


@compiled(int64(world_type, uint64))
def new_row(world, key):
    """The row of a new contact, arriving now: one that was given back, else the next."""
    clock = world.clock[0]
    c = clock.free_contact
    if c == NOBODY:
        c = clock.contact_end
        clock.contact_end += 1
        world.contacts[c].stamp = 0
    else:
        clock.free_contact = world.contacts[c].sibling
        world.contacts[c].stamp += 1  # no event of whoever had the row is meant
    contact = world.contacts[c]
    contact.number = clock.contacts
    clock.contacts += 1
    clock.contact_rows += 1
    contact.key = key
    contact.arrival = clock.now
    contact.reply = MISSING
    contact.closed = MISSING
    contact.abandoned_silently_at = MISSING
    contact.posted = clock.now
    contact.gives_up = MISSING
    contact.passenger = NOBODY
    contact.staff = NOBODY
    contact.staff_before = NOBODY
    contact.child = NOBODY
    contact.sibling = NOBODY
    contact.first_contact = contact.number
    contact.root = c
    contact.author_waiting = 1
    contact.state = State.WAITING
    contact.outcome = Outcome.WAITING
    contact.result = Result.NONE
    contact.handle = contact.rank = 0.0
    contact.exchanges = contact.posts = 0
    contact.operator = contact.channel = contact.desk = contact.medium = contact.need = 0
    contact.synchronous = contact.transferred = contact.in_hours = contact.queued = contact.linked = 0
    contact.expired = contact.callback = 0
    return c


@compiled(int64(world_type, int64, int64))
def start_day(world, i, today):
    """Counters within a day start again each day, so that what happened yesterday shifts no luck of today."""
    passenger = world.passengers[i]
    if passenger.today != today:
        passenger.today = today
        passenger.seeks = 0
        passenger.tries[:] = 0
    return today


@compiled(int64(world_type, int64))
def case_of(world, c):
    """Row of what the contact's passenger has to do with its operator."""
    contact = world.contacts[c]
    return case_row(world, contact.passenger, contact.operator)


@compiled(void(world_type, int64, int64))
def note_request(world, i, channel_row):
    """The first time that the passenger turns to a person of this operator, whether the channel is open or not."""
    case = world.cases[case_row(world, i, world.channels[channel_row].operator)]
    if np.isnan(case.first_request):
        case.first_request = world.clock[0].now
        case.first_channel = channel_row


@compiled(void(world_type, int64, int64))
def open_contact(world, i, channel_row):
    """The passenger calls, queues, writes or looks it up: the new contact's row."""
    passenger = world.passengers[i]
    channel = world.channels[channel_row]
    now = world.clock[0].now
    today = start_day(world, i, day_of(now))
    ordinal = int64(passenger.tries[channel.medium])
    passenger.tries[channel.medium] += 1
    c = new_row(world, numbered(join(passenger.key, channel.key), today * TIMES_A_DAY + ordinal))
    contact = world.contacts[c]
    contact.passenger = i
    contact.channel = channel_row
    contact.medium = channel.medium
    contact.operator = channel.operator
    contact.desk = channel.desk
    contact.need = passenger.need
    contact.synchronous = is_synchronous(channel.medium)
    contact.posts = 1
    if channel.desk != NOBODY:
        contact.in_hours = world.desks[channel.desk].rostered > 0
    case = world.cases[case_of(world, c)]
    if case.contacts == 0:
        case.first_contact = contact.number
    case.contacts += 1
    if not is_self_service(channel.medium):
        note_request(world, i, channel_row)
    contact.first_contact = case.first_contact
    passenger.operator = channel.operator
    passenger.contacts += 1
    passenger.open = c
    immediately(world, Event.ADMIT, c)


@compiled(boolean(world_type, int64))
def is_replayed(world, c):
    """Is it about what a replay describes: the passenger's first contact, or another try before any answer?"""
    contact = world.contacts[c]
    i = contact.passenger
    if not 0 <= i < len(world.replay_inputs) or contact.exchanges > 0:
        return False
    return world.passengers[i].contacts == 1 or bool(np.isnan(world.cases[case_of(world, c)].first_response))


@compiled(void(world_type, int64, int64))
def close(world, c, outcome):
    """The contact is over."""
    contact = world.contacts[c]
    contact.state = State.CLOSED
    contact.outcome = outcome
    contact.closed = world.clock[0].now
    contact.stamp += 1
    if contact.synchronous and not contact.callback:
        world.channels[contact.channel].occupied -= 1
    if contact.passenger != NOBODY and world.passengers[contact.passenger].open == c:
        world.passengers[contact.passenger].open = NOBODY


@transition
def stop_caring(world, c):
    """The author stops caring about a text contact; nobody tells the desk."""
    contact = world.contacts[c]
    contact.author_waiting = 0
    contact.abandoned_silently_at = world.clock[0].now
    if contact.state != State.IN_HAND:
        contact.stamp += 1
    if contact.state == State.CUSTOMER:
        contact.state = State.CLOSED
        contact.closed = world.clock[0].now
    elif contact.state == State.WAITING:
        contact.outcome = Outcome.NEVER_ANSWERED if np.isnan(contact.reply) else Outcome.ANSWERED
    if world.passengers[contact.passenger].open == c:
        world.passengers[contact.passenger].open = NOBODY
