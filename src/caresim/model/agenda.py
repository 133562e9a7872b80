"""What happens when: a ring of things to do now, a heap for the present bucket of time, lists for the buckets to come.

In front of the heap is one place for an event that comes before all in it, as many do that are for this very moment.

Events are in a total order (time, kind, subject), never in order of insertion, so that ties at 08:00 break the same way
in every run; contacts and passengers go by their number, as their row may be used again. An event of a contact or a
passenger carries the stamp its subject had when it was scheduled; once the stamp has moved on, the event is void (a
lazy cancellation). Those who become affected (arrivals.py) and bystanders' spontaneous posts are in order of time
already and are merged in without entering the heap.
"""

from __future__ import annotations

import numpy as np

from .arrivals import next_arrival, number_of, reach
from .case import case_row
from .codes import NEVER, NOBODY
from .draws import Purpose, exponential
from .events import Event, Void, kinds_of, kinds_voided_by
from .jit import boolean, compiled, float64, int64, types, void, world_type
from .world import fetch

BLOCK = 8
"""Notes that a bucket takes at a time, one behind the other in memory: 192 bytes."""
AHEAD = 16
"""How many events of a list are asked for before the first of them is looked at."""

VOIDED_BY_CONTACT = np.int64(kinds_voided_by(Void.CONTACT_STAMP))
VOIDED_BY_RETURN = np.int64(kinds_voided_by(Void.RETURN_STAMP))
VOIDED_BY_PASSENGER = np.int64(kinds_voided_by(Void.PASSENGER_STAMP))
VOIDED_BY_REPLAN = np.int64(kinds_voided_by(Void.NOT_NEEDED))
VOIDED_BY_PASSENGER_OR_RETURN = VOIDED_BY_RETURN | VOIDED_BY_PASSENGER
"""Kinds of events as bits, by what makes them void: of NumPy, because interpreted, a plain number of more than 31 bits
cannot be shifted by the narrow field that holds the kind.
"""


OF_CONTACTS = np.int64(kinds_of("contacts"))
OF_PASSENGERS = np.int64(kinds_of("passengers")) & ~np.int64(1 << Event.FINISH)
"""Kinds of events about contacts and about passengers, as bits. (The run's end begins with the first number.)"""


@compiled(boolean(float64, int64, int64, float64, int64, int64), inline=True)
def earlier(time, kind, order, other_time, other_kind, other_order):
    if time != other_time:
        return time < other_time
    if kind != other_kind:
        return kind < other_kind
    return order < other_order


@compiled(int64(world_type, int64, int64), inline=True)
def order_of(world, kind, subject):
    """What ties of time and kind go by: a contact's or a passenger's number, of anything else the row."""
    if (OF_CONTACTS >> kind) & 1:
        return int64(world.contacts[subject].number)
    if (OF_PASSENGERS >> kind) & 1:
        return number_of(world, subject)
    return subject


@compiled(boolean(world_type, int64, int64, int64), inline=True)
def is_current(world, kind, subject, stamp):
    """Has nothing overtaken this event since it was scheduled?"""
    if (VOIDED_BY_CONTACT >> kind) & 1:
        return world.contacts[subject].stamp == stamp
    if (VOIDED_BY_RETURN >> kind) & 1:
        return world.passengers[subject].return_stamp == stamp
    if (VOIDED_BY_PASSENGER >> kind) & 1:
        return world.passengers[subject].stamp == stamp
    if (VOIDED_BY_REPLAN >> kind) & 1:
        return world.duty_periods[subject].start < NEVER
    return True


@compiled(void(world_type, int64, int64), inline=True)
def prefetch(world, kind, subject):
    """Ask for what `live` will look at."""
    if (VOIDED_BY_CONTACT >> kind) & 1:
        fetch(world.contacts, subject)
    elif (VOIDED_BY_PASSENGER_OR_RETURN >> kind) & 1:
        fetch(world.passengers, subject)


@compiled(void(world_type, int64, int64), inline=True)
def prefetch_related(world, kind, subject):
    """Ask for what the event will look at beyond its subject, once that is there."""
    if (VOIDED_BY_CONTACT >> kind) & 1:
        contact = world.contacts[subject]
        if contact.passenger != NOBODY:
            fetch(world.passengers, contact.passenger)
            fetch(world.cases, case_row(world, contact.passenger, contact.operator))
    elif (VOIDED_BY_PASSENGER_OR_RETURN >> kind) & 1:
        passenger = world.passengers[subject]
        fetch(world.cases, case_row(world, subject, passenger.operator))


@compiled(void(world_type, float64, int64, int64, int64, int64), inline=True)
def fill_head_slot(world, time, kind, order, subject, stamp):
    head = world.head_slot[0]
    head.time = time
    head.kind = kind
    head.order = order
    head.subject = subject
    head.stamp = stamp


@compiled(void(world_type, float64, int64, int64, int64, int64))
def push(world, time, kind, order, subject, stamp):
    clock = world.clock[0]
    events = world.events
    hole = clock.pending
    clock.pending += 1
    while hole > 0:
        parent = (hole - 1) >> 2
        above = events[parent]
        if not earlier(time, kind, order, above.time, above.kind, above.order):
            break
        below = events[hole]
        below.time = above.time
        below.kind = above.kind
        below.order = above.order
        below.subject = above.subject
        below.stamp = above.stamp
        hole = parent
    event = events[hole]
    event.time = time
    event.kind = kind
    event.order = order
    event.subject = subject
    event.stamp = stamp


@compiled(void(world_type))
def remove_first(world):
    clock = world.clock[0]
    events = world.events
    clock.pending -= 1
    size = clock.pending
    last = events[size]
    time, kind, order, subject, stamp = last.time, last.kind, last.order, last.subject, last.stamp
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            a = events[other]
            b = events[best]
            if earlier(a.time, a.kind, a.order, b.time, b.kind, b.order):
                best = other
        next_one = events[best]
        if not earlier(next_one.time, next_one.kind, next_one.order, time, kind, order):
            break
        to = events[hole]
        to.time = next_one.time
        to.kind = next_one.kind
        to.order = next_one.order
        to.subject = next_one.subject
        to.stamp = next_one.stamp
        hole = best
    to = events[hole]
    to.time = time
    to.kind = kind
    to.order = order
    to.subject = subject
    to.stamp = stamp


@compiled(int64(world_type), inline=True)
def new_block(world):
    """The first of some notes in a row that no bucket has."""
    clock = world.clock[0]
    n = clock.spare
    if n != NOBODY:
        clock.spare = world.far_events[n].before
    else:
        n = clock.far_rows
        clock.far_rows += BLOCK
    return int64(n)


@compiled(int64(world_type), inline=True)
def far_rows_needed(world):
    """How many notes are in use at most: each bucket may have one block that is not full."""
    return world.clock[0].far_pending + BLOCK * (len(world.buckets) + 1)


@compiled(void(world_type, float64, int64, int64, int64))
def insert_far(world, time, kind, subject, stamp):
    """Into the list of its bucket; what lies a lap or more ahead waits in the last list and is dealt out again."""
    clock = world.clock[0]
    far = len(world.buckets) - 1
    slot = far
    if time < clock.edge + clock.width * (far - 1):
        ahead = int((time - clock.edge) / clock.width) + 1
        if ahead < far:
            slot = (clock.bucket + ahead) % far
    last = int64(world.buckets[slot].last)
    n = last + 1
    if n % BLOCK == 0:
        n = new_block(world)
    far = world.far_events[n]
    far.time = time
    far.kind = kind
    far.subject = subject
    far.stamp = stamp
    far.before = last
    world.buckets[slot].last = n
    clock.far_pending += 1


@compiled(void(world_type, float64, int64, int64, int64), inline=True)
def insert_near(world, time, kind, subject, stamp):
    """To the front if nothing near comes first, else into the heap."""
    order = order_of(world, kind, subject)
    head = world.head_slot[0]
    if head.kind != Event.NOTHING:
        if earlier(time, kind, order, head.time, head.kind, head.order):
            push(world, head.time, head.kind, head.order, head.subject, head.stamp)
            fill_head_slot(world, time, kind, order, subject, stamp)
        else:
            push(world, time, kind, order, subject, stamp)
        return
    if world.clock[0].pending > 0:
        first = world.events[0]
        if not earlier(time, kind, order, first.time, first.kind, first.order):
            push(world, time, kind, order, subject, stamp)
            return
    fill_head_slot(world, time, kind, order, subject, stamp)


@compiled(void(world_type, float64, int64, int64, int64), inline=True, by_python=True)
def schedule(world, time, kind, subject, stamp):
    """Let `kind` happen to `subject` at `time`, unless its stamp has moved on by then."""
    if not time >= world.clock[0].now:
        raise ValueError("an event cannot be planned for the past, nor for no time at all")
    if time >= world.clock[0].edge:
        insert_far(world, time, kind, subject, stamp)
    else:
        insert_near(world, time, kind, subject, stamp)


@compiled(int64(world_type, int64), inline=True)
def prefetch_far(world, n):
    """Ask for what a note is about: the note before it."""
    if n == NOBODY:
        return n
    far = world.far_events[n]
    prefetch(world, far.kind, far.subject)
    return int64(far.before)


@compiled(void(world_type, int64), inline=True)
def refill(world, slot):
    """Hand out the list of a bucket: the near into the heap, the far into their own buckets, the void nowhere.

    Records are asked for some events ahead: where the world is larger than the cache, waiting for each is what costs.
    """
    clock = world.clock[0]
    n = int64(world.buckets[slot].last)
    world.buckets[slot].last = NOBODY
    ahead = n
    for _ in range(AHEAD):
        ahead = prefetch_far(world, ahead)
    while n != NOBODY:
        ahead = prefetch_far(world, ahead)
        far = world.far_events[n]
        time, kind, subject, stamp, before = far.time, far.kind, far.subject, far.stamp, int64(far.before)
        if n % BLOCK == 0:
            far.before = clock.spare
            clock.spare = n
        clock.far_pending -= 1
        if is_current(world, kind, subject, stamp):
            prefetch_related(world, kind, subject)
            schedule(world, time, kind, subject, stamp)
        n = before


@compiled(void(world_type))
def open_bucket(world):
    """The heap is empty: go on to the next bucket of time."""
    clock = world.clock[0]
    far = len(world.buckets) - 1
    clock.bucket = (clock.bucket + 1) % far
    clock.edge += clock.width
    clock.laps += 1
    if clock.laps % (far // 2) == 0:
        refill(world, far)
    refill(world, clock.bucket)


@compiled(void(world_type), by_python=True)
def plan_ahead(world):
    """Schedule the dated events known before a run starts; what lies before that happens at once if it holds."""
    begins = world.clock[0].now
    ends = world.clock[0].end
    for k in range(len(world.facts)):
        if world.facts[k].time < NEVER:
            schedule(world, max(world.facts[k].time, begins), Event.LEARN, k, 0)
    for k in range(len(world.notices)):
        if world.notices[k].time < NEVER:
            schedule(world, max(world.notices[k].time, begins), Event.PUBLISH, k, 0)
    for k in range(len(world.orders)):
        order = world.orders[k]
        key = world.instructions[order.instruction].key
        reaches = order.time + exponential(order.delay, world.clock[0].luck, key, Purpose.INSTRUCTED, 0)
        schedule(world, max(reaches, begins), Event.INSTRUCT, k, 0)
    for k in range(len(world.flights)):
        schedule(world, max(world.flights[k].check_in, begins), Event.CHECK_IN, k, 0)
        schedule(world, max(world.flights[k].departure, begins), Event.DEPART, k, 0)
    for k in range(len(world.openings)):
        schedule(world, max(world.openings[k].start, begins), Event.OPEN, k, 0)
        if world.openings[k].end < ends:  # the end of the run shuts no door
            schedule(world, max(world.openings[k].end, begins), Event.CLOSE, k, 0)
    for k in range(len(world.duty_periods)):
        if world.duty_periods[k].end > begins and world.duty_periods[k].start < NEVER:
            schedule(world, max(world.duty_periods[k].start, begins), Event.START_DUTY, k, 0)
    for k in range(len(world.replans)):
        schedule(world, world.replans[k].time, Event.REPLAN, k, 0)
    schedule(world, begins + world.clock[0].bin, Event.TICK, 0, 0)
    schedule(world, ends, Event.FINISH, 0, 0)


@compiled(void(world_type, int64, int64), inline=True)
def immediately(world, kind, subject):
    """Let `kind` happen to `subject` now, right after the present transition."""
    clock = world.clock[0]
    if clock.tail - clock.head >= len(world.immediate):
        raise IndexError("more to do at one moment than the ring holds")
    todo = world.immediate[clock.tail & (len(world.immediate) - 1)]
    todo.kind = kind
    todo.subject = subject
    clock.tail += 1


@compiled(types.UniTuple(int64, 2)(world_type, float64))
def next_event(world, until):
    """Take the next live event and set the clock to it: (kind, subject), or NOTHING if there is none up to `until`."""
    clock = world.clock[0]
    if clock.head < clock.tail:
        todo = world.immediate[clock.head & (len(world.immediate) - 1)]
        clock.head += 1
        clock.events += 1
        return int64(todo.kind), int64(todo.subject)
    while True:
        affected = next_arrival(world)
        next_post = NEVER
        if clock.next_spontaneous < len(world.spontaneous_posts):
            next_post = world.spontaneous_posts[clock.next_spontaneous].time
        streamed = min(affected, next_post)
        has_head = world.head_slot[0].kind != Event.NOTHING
        while (
            not has_head
            and clock.pending == 0
            and clock.far_pending > 0
            and clock.edge <= until + clock.width  # the edge is a sum: by its last digit it may lie beyond
            and streamed >= clock.edge
        ):
            open_bucket(world)
            has_head = world.head_slot[0].kind != Event.NOTHING
        event = world.head_slot[0] if has_head else world.events[0]
        first = event.time if has_head or clock.pending > 0 else NEVER
        if min(streamed, first) > until or min(streamed, first) == NEVER:
            break
        comes = int64(Event.AFFECT) if affected <= next_post else int64(Event.SPONTANEOUS_POST)
        if streamed < first or (streamed == first and comes < event.kind):
            clock.events += 1
            clock.now = streamed
            if affected <= next_post:
                return int64(Event.AFFECT), reach(world)
            clock.next_spontaneous += 1
            return int64(Event.SPONTANEOUS_POST), clock.next_spontaneous - 1
        kind, subject, stamp = int64(event.kind), int64(event.subject), int64(event.stamp)
        if has_head:
            event.kind = Event.NOTHING
        else:
            remove_first(world)
        if is_current(world, kind, subject, stamp):
            clock.now = first
            clock.events += 1
            return kind, subject
    if until < NEVER:
        clock.now = max(clock.now, until)
    return int64(Event.NOTHING), int64(NOBODY)
