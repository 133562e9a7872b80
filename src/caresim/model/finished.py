"""Contacts and passengers that are over: they are written down elsewhere, and their rows are used again.

Only in a run that nobody will look at row by row (`World.reuses_rows`; passengers, where they come into being while the
run goes on: arrivals.py). Then memory and caches follow what is open and not what has been. Rows are given back in a
sweep over the table, whenever it is full: nobody counts who refers to whom. What a row was used for last is spoilt, so
that whoever still follows a reference to it is told that there is no such row.
"""

from __future__ import annotations

from .arrivals import number_of
from .case import case_row
from .codes import NOBODY, State, Status
from .jit import boolean, compiled, int64, transition, void, world_type
from .mentioned import mention_all
from .satisfaction import settle
from .world import copy_record

NO_ROW = 1 << 30
NO_SMALL_ROW = 127
"""Rows that no table has, of fields of four bytes and of one."""
NEEDED = 2
"""A bit of `linked`: the root of a post to come."""


@compiled(boolean(world_type, int64), inline=True)
def is_to_come(world, c):
    """Is it a bystander's post of which only the time is known?"""
    contact = world.contacts[c]
    return contact.passenger == NOBODY and contact.posts == 0 and contact.arrival >= world.clock[0].now


@compiled(boolean(world_type, int64), inline=True)
def is_over(world, c):
    """Will nothing happen to the contact any more, and does nobody refer to its row?

    What ended at this very moment is still heard of. Beside what is closed, these are over: a bystander's post that
    nobody reads (it was never written, has no desk, or is too old), and a written contact whose author is silent and
    which no desk will come upon.
    """
    contact = world.contacts[c]
    now = world.clock[0].now
    if contact.linked:
        return False
    if contact.state == State.CLOSED:
        return contact.closed < now
    if contact.state != State.WAITING:
        return False
    if contact.passenger == NOBODY:
        return not contact.arrival >= now
    unread = contact.expired or contact.desk == NOBODY
    return not contact.author_waiting and unread and contact.abandoned_silently_at < now


@transition
def write_down(world, c):
    """Keep the contact as it is, in the row of its number; its passenger goes by the number, too."""
    contact = world.contacts[c]
    row = contact.number - world.clock[0].first_past
    copy_record(world.past_contacts, row, world.contacts, c)
    if contact.passenger != NOBODY:
        world.past_contacts[row].passenger = number_of(world, contact.passenger)


@transition
def give_back(world, c):
    """The row belongs to nobody; a reference to it leads nowhere."""
    contact = world.contacts[c]
    contact.number = NOBODY
    contact.passenger = contact.staff = contact.root = contact.child = NO_ROW
    contact.desk = contact.channel = contact.operator = NO_SMALL_ROW
    world.clock[0].contact_rows -= 1


@compiled(void(world_type))
def mark_roots(world):
    """Posts to come look at the contact that it all began with: it stays."""
    if world.behaviour[0].contagion_max == 0.0:
        return  # nobody follows
    for c in range(world.clock[0].contact_end):
        contact = world.contacts[c]
        if contact.number != NOBODY and is_to_come(world, c):
            world.contacts[contact.root].linked |= NEEDED


@compiled(void(world_type), by_python=True)
def sweep(world):
    """Give back the rows of contacts that are over; between two events only. The lowest free row is next."""
    clock = world.clock[0]
    mark_roots(world)
    clock.free_contact = NOBODY
    clock.oldest_contact = clock.contacts
    for c in range(clock.contact_end - 1, -1, -1):
        contact = world.contacts[c]
        if contact.number != NOBODY and is_over(world, c):
            write_down(world, c)
            give_back(world, c)
        if contact.number == NOBODY:
            contact.sibling = clock.free_contact
            clock.free_contact = c
        else:
            contact.linked &= ~NEEDED
            clock.oldest_contact = min(clock.oldest_contact, contact.number)


@compiled(void(world_type, int64, int64), by_python=True)
def write_down_open(world, first, last):
    """The run has ended: what is still open counts as it stands, of the numbers from `first` to `last` - 1."""
    for c in range(world.clock[0].contact_end):
        number = world.contacts[c].number
        if number != NOBODY and first <= number < last:
            write_down(world, c)


# --- passengers ---


@compiled(boolean(world_type, int64), inline=True)
def matter_is_over(world, i):
    """Will nothing happen to the passenger any more, and does nobody refer to their row? True after `mention_all`.

    Of those who still seek, or were not reached, something is to come.
    """
    status = world.passengers[i].status
    return not world.passenger_rows[i].mentioned and status != Status.SEEKING and status != Status.UNAWARE


@transition
def write_down_passenger(world, i):
    """Keep the passenger and the cases as they are, in the rows of the number."""
    past = number_of(world, i) - world.clock[0].first_past_passenger
    copy_record(world.past_passengers, past, world.passengers, i)
    for o in range(len(world.operators)):
        copy_record(world.past_cases, case_row(world, past, o), world.cases, case_row(world, i, o))


@transition
def give_back_passenger(world, i):
    """The row belongs to nobody; who follows a reference to it finds no cohort and no operator."""
    world.passenger_rows[i].number = NOBODY
    world.passengers[i].cohort = world.passengers[i].operator = NO_SMALL_ROW
    world.clock[0].open_passengers -= 1


@compiled(void(world_type), by_python=True)
def sweep_passengers(world):
    """Give back the rows of passengers whose matter is over, after those of contacts; between two events only.

    They rate those they had to do with now: at the end of the run they would do the same.
    """
    clock = world.clock[0]
    mention_all(world, clock.passenger_end)
    clock.free_passenger = NOBODY
    clock.oldest_passenger = clock.next_affected
    for i in range(clock.passenger_end - 1, -1, -1):
        row = world.passenger_rows[i]
        if row.number != NOBODY and matter_is_over(world, i):
            settle(world, i)
            write_down_passenger(world, i)
            give_back_passenger(world, i)
        if row.number == NOBODY:
            row.next_free = clock.free_passenger
            clock.free_passenger = i
        else:
            clock.oldest_passenger = min(clock.oldest_passenger, row.number)


@compiled(void(world_type), by_python=True)
def write_down_reached(world):
    """Passengers whose matter is open count as they stand."""
    for i in range(world.clock[0].passenger_end):
        if world.passenger_rows[i].number != NOBODY:
            write_down_passenger(world, i)


@compiled(void(world_type), by_python=True)
def settle_reached(world):
    """The run has ended: those whose matter is open rate, too."""
    for i in range(world.clock[0].passenger_end):
        if world.passenger_rows[i].number != NOBODY:
            settle(world, i)
