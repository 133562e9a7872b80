"""The timeline of the run, one row a bin, and its end."""

from __future__ import annotations

from .agenda import immediately, schedule
from .events import Event
from .exact import halved
from .jit import int64, transition
from .on_call import watch

SETTLED_AT_ONCE = 512


@transition
def tick(world, k):
    """A bin ends: levels are written down. Counts within the bin were kept as things happened."""
    clock = world.clock[0]
    row = world.ticks[k]
    row.time = clock.now
    for o in range(len(world.operators)):
        operator = world.operators[o]
        row.mood += operator.mood * halved(clock.now - operator.mood_at, world.behaviour[0].mood_half_life)
        row.unresolved += operator.unresolved
    for r in range(len(world.reserves)):
        watch(world, r)
    for o in range(len(world.operators)):
        world.operators[o].posts_since_tick = 0
    for d in range(len(world.desks)):
        world.desks[d].calls_since_tick = 0
    for f in range(len(world.flights)):
        if not world.flights[f].departed:
            row.seats_free += world.flights[f].free
    for c in range(len(world.channels)):
        row.backlog[world.channels[c].medium] += world.channels[c].waiting
    for d in range(len(world.desks)):
        desk = world.desks[d]
        level = world.desk_ticks[k * len(world.desks) + d]
        level.waiting_synchronous = desk.waiting_synchronous
        level.waiting_deferred = desk.waiting_deferred
        level.on_duty = desk.on_duty
        level.busy = desk.busy
    clock.ticks = k + 1
    if clock.now < clock.end:
        schedule(world, min(clock.origin + (k + 2) * clock.bin, clock.end), Event.TICK, k + 1, 0)


@transition
def finish(world, first):
    """The run is over: everybody who was affected settles, a table's worth at once.

    Where rows of passengers are used again, each has settled when the matter was over, or will now (finished.py): only
    the events are counted, as many as in any other run.
    """
    last = min(first + SETTLED_AT_ONCE, int64(world.clock[0].next_affected))
    if len(world.passenger_rows) > 0:
        world.clock[0].events += last - first
    else:
        for i in range(first, last):
            immediately(world, Event.SETTLE, i)
    if last < world.clock[0].next_affected:
        immediately(world, Event.FINISH, last)
