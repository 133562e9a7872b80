"""The loop: take the next event from the agenda, let it happen as the table of events (events.py) says."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np

from .agenda import BLOCK, far_rows_needed, next_event
from .codes import NOBODY
from .events import Event
from .finished import settle_reached, sweep, sweep_passengers, write_down_open, write_down_reached
from .jit import TRANSITION, boolean, branch_on, compiled, float64, int64, is_compiled_for, types, void, world_type

HEADROOM = 2048
"""Free rows that one event may need at most in each table that grows."""
STRETCH = 1 << 20
"""Contacts that are written down in one go at the end, so that no more of a file need be in memory."""
MOST_OPEN = 3
"""Of a table whose rows are used again, one in so many must come free in a sweep; else it grows."""


def _transition(event: Event) -> Callable[[Any, int], None]:
    """The function that a row of the table names; TypeError if there is none, or it is no transition."""
    file, _, name = event.row.transition.partition(".")
    try:
        function = getattr(import_module(f"{__package__}.{file}"), name)
    except (ImportError, AttributeError) as error:
        raise TypeError(f"Event.{event.name}: there is no transition {event.row.transition}") from error
    if not is_compiled_for(function, TRANSITION):
        raise TypeError(f"Event.{event.name}: {event.row.transition} is no transition (world, row)")
    return function


TRANSITIONS = {event: _transition(event) for event in Event if event.row.transition}
"""What lets each kind of event happen."""


@branch_on(TRANSITIONS)
def _by_kind(world, kind, subject):
    """The transition of `kind`, for `subject`."""


@compiled(void(world_type, int64, int64), by_python=True)
def happen(world, kind, subject):
    """Let an event of a kind happen to its subject."""
    _by_kind(world, kind, subject)


GROWING = ("events", "far_events", "contacts", "passenger_rows")
"""Tables that fill up during a run; passengers are all there from the beginning unless their rows are used again."""


@compiled(types.UniTuple(int64, 4)(world_type), inline=True)
def needed(world):
    """Rows of the GROWING tables that are in use or that one event may come to need: it may reach one passenger."""
    clock = world.clock[0]
    passengers = clock.open_passengers + 1 if len(world.streams) > 0 else int64(0)
    far_events = far_rows_needed(world) + BLOCK * HEADROOM
    return clock.pending + HEADROOM, far_events, clock.contact_rows + HEADROOM, passengers


@compiled(boolean(world_type), inline=True, by_python=True)
def is_short(world):
    """Might a table not hold what one event may need?"""
    events, far_events, contacts, passengers = needed(world)
    return (
        events > len(world.events)
        or far_events > len(world.far_events)
        or contacts > len(world.contacts)
        or passengers > len(world.passenger_rows)
    )


@compiled(boolean(world_type, int64, int64), by_python=True)
def bring_about(world, kind, subject):
    """Let an event happen now, whatever the agenda says; False, and nothing has happened, when a table is short."""
    if is_short(world):
        return False
    happen(world, kind, subject)
    return True


@compiled(types.UniTuple(int64, 2)(world_type, float64, int64), by_python=True)
def run(world, until, watched):
    """Let everything happen up to `until`.

    Returns early, saying at what (kind, subject), for an event whose bit is set in `watched`, which has then not
    happened yet, and with GROW when a table is short of rows; else (NOTHING, NOBODY).
    """
    while True:
        if is_short(world):
            return int64(Event.GROW), int64(NOBODY)
        kind, subject = next_event(world, until)
        if kind == Event.NOTHING:
            return kind, subject
        if watched and (watched >> kind) & 1:
            return kind, subject
        happen(world, kind, subject)


def advance(world, until, watched=0):
    """`run`, with more rows whenever it asks for them: the (kind, subject) it stopped at."""
    while True:
        kind, subject = run(world, until, watched)
        if kind != Event.GROW:
            return kind, subject
        grow_tables(world)


def grow_tables(world):
    """Give the tables rows that one event might fill up: contacts and passengers those of what is over, where they are
    used again and come to a third of the table; else twice as many.
    """
    short = [name for name, rows in zip(GROWING, needed(world), strict=True) if rows > len(getattr(world, name))]
    reused = ("contacts", "passenger_rows") if world.reuses_rows else ()
    for name in short:
        if name not in reused:
            world.grow(name)
    if not set(reused).isdisjoint(short):
        reuse_rows(world)


def reuse_rows(world):
    """Take back the rows of contacts and passengers that are over; more rows where they are few."""
    lengthen_past(world)
    sweep(world)
    if world.reuses_passengers:
        sweep_passengers(world)
        write_down_reached(world)  # whose contacts may be measured before their matter is over
    measure_complete(world)
    length = len(world.contacts)
    if needed(world)[2] > length - length // MOST_OPEN:
        world.grow("contacts", length + max(length // 2, HEADROOM))
    if world.reuses_passengers and needed(world)[3] > len(world.passengers) - len(world.passengers) // MOST_OPEN:
        world.grow_passengers(2 * len(world.passengers))


def lengthen_past(world):
    """Room for what is measured of all contacts and passengers so far."""
    clock = world.clock[0]
    while len(world.past_contacts) < clock.contacts - clock.first_past:
        world.grow("past_contacts")
    if world.reuses_passengers:
        while len(world.past_passengers) < clock.next_affected - clock.first_past_passenger:
            world.grow("past_passengers")
            world.grow("past_cases", len(world.past_passengers) * len(world.operators))


def measure_complete(world):
    """Let contacts be measured of which all that came before are over, too, and forget them; then passengers likewise.

    A passenger is measured after all their contacts: they have come before the sweep that found the matter over. What
    lies in a file stays there: contacts that are open for long have held up too many others.
    """
    if world.measure_past is None or "past_contacts" in world.spilled:
        return
    clock = world.clock[0]
    measured = world.measure_past("contacts", int(clock.oldest_contact - clock.first_past))
    forget(world.past_contacts, measured, int(clock.contacts - clock.first_past))
    clock.first_past += measured
    if not world.reuses_passengers:
        return
    world.sweeps.append((int(clock.contacts), int(clock.oldest_passenger)))
    while world.sweeps and world.sweeps[0][0] <= clock.first_past:
        world.complete_passengers = world.sweeps.popleft()[1]
    measured = world.measure_past("passengers", world.complete_passengers - int(clock.first_past_passenger))
    known, operators = int(clock.next_affected - clock.first_past_passenger), len(world.operators)
    forget(world.past_passengers, measured, known)
    forget(world.past_cases, measured * operators, known * operators)
    clock.first_past_passenger += measured


def forget(table, measured, known):
    """Let the others of `known` records move to the place of the `measured` ones, a stretch at a time.

    In one go, what is moved onto itself would be copied twice.
    """
    memory = table.view(np.ndarray).view(np.uint8).reshape(len(table), -1)
    for first in range(measured, known if measured else 0, max(measured, 1)):
        part = memory[first : min(first + measured, known)]
        memory[first - measured : first - measured + len(part)] = part


def finish(world):
    """All events have happened: what is measured is in `past_contacts`, `past_passengers` and `past_cases`, where rows
    were used again.
    """
    world.measure_past = None
    if world.reuses_passengers:
        settle_reached(world)
    elif world.reuses_rows and world.clock[0].contact_rows == world.clock[0].contacts:
        world.reuses_rows = False  # there was room for all
    if world.reuses_rows:
        lengthen_past(world)
        first_past, contacts = int(world.clock[0].first_past), int(world.clock[0].contacts)
        for first in range(first_past, contacts, STRETCH):
            write_down_open(world, first, first + STRETCH)
            world.evict("past_contacts", first - first_past, STRETCH)
    if world.reuses_passengers:
        write_down_reached(world)
        world.release_tables("passengers", "cases")
    world.release_tables("contacts" if world.reuses_rows else "past_contacts")
