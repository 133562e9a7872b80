"""What happens when: a ring of things to do now, a heap for the present bucket of time, lists for the buckets to come.

In front of the heap is one place for an event that comes before all in it, as many do that are for this very moment.

Events are in a total order (time, kind, subject), never in order of insertion, so that ties at 08:00 break the same way
in every run. An event of a contact or a passenger carries the stamp its subject had when it was scheduled; once the
stamp has moved on, the event is void (a lazy cancellation). Those who become affected and bystanders' fresh posts are
sorted by time already and are merged in without entering the heap.
"""

from __future__ import annotations

from .case import dealing_row
from .codes import NEVER, NOBODY
from .events import Event
from .jit import boolean, float64, int64, law, types, void, world_type
from .world import fetch

BLOCK = 8
"""Notes that a bucket takes at a time, one behind the other in memory: 192 bytes."""
AHEAD = 16
"""How many events of a list are asked for before the first of them is looked at."""


@law(boolean(float64, int64, int64, float64, int64, int64), inline=True)
def earlier(time, kind, subject, other_time, other_kind, other_subject):
    if time != other_time:
        return time < other_time
    if kind != other_kind:
        return kind < other_kind
    return subject < other_subject


@law(boolean(world_type, int64, int64, int64), inline=True)
def live(world, kind, subject, stamp):
    """Has nothing overtaken this event since it was scheduled?"""
    if kind >= Event.TIRE and kind <= Event.REPLY:
        return world.contacts[subject].stamp == stamp
    if kind == Event.SEEK:
        return world.passengers[subject].plan == stamp
    if kind == Event.DEADLINE or kind == Event.TALK:
        return world.passengers[subject].stamp == stamp
    return True


@law(void(world_type, int64, int64), inline=True)
def foresee(world, kind, subject):
    """Ask for what `live` will look at."""
    if kind >= Event.TIRE and kind <= Event.REPLY:
        fetch(world.contacts, subject)
    elif kind == Event.SEEK or kind == Event.DEADLINE or kind == Event.TALK:
        fetch(world.passengers, subject)


@law(void(world_type, int64, int64), inline=True)
def foresee_others(world, kind, subject):
    """Ask for what the event will look at beyond its subject, once that is there."""
    if kind >= Event.TIRE and kind <= Event.REPLY:
        contact = world.contacts[subject]
        if contact.passenger != NOBODY:
            fetch(world.passengers, contact.passenger)
            fetch(world.dealings, dealing_row(world, contact.passenger, contact.operator))
    elif kind == Event.SEEK or kind == Event.DEADLINE or kind == Event.TALK:
        passenger = world.passengers[subject]
        fetch(world.dealings, dealing_row(world, subject, passenger.operator))


@law(void(world_type, float64, int64, int64, int64), inline=True)
def stand_in_front(world, time, kind, subject, stamp):
    front = world.front[0]
    front.time = time
    front.kind = kind
    front.subject = subject
    front.stamp = stamp


@law(void(world_type, float64, int64, int64, int64))
def push(world, time, kind, subject, stamp):
    clock = world.clock[0]
    events = world.events
    hole = clock.pending
    clock.pending += 1
    while hole > 0:
        parent = (hole - 1) >> 2
        above = events[parent]
        if not earlier(time, kind, subject, above.time, above.kind, above.subject):
            break
        below = events[hole]
        below.time = above.time
        below.kind = above.kind
        below.subject = above.subject
        below.stamp = above.stamp
        hole = parent
    event = events[hole]
    event.time = time
    event.kind = kind
    event.subject = subject
    event.stamp = stamp


@law(void(world_type))
def remove_first(world):
    clock = world.clock[0]
    events = world.events
    clock.pending -= 1
    size = clock.pending
    last = events[size]
    time, kind, subject, stamp = last.time, last.kind, last.subject, last.stamp
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        best = child
        for other in range(child + 1, min(child + 4, size)):
            a = events[other]
            b = events[best]
            if earlier(a.time, a.kind, a.subject, b.time, b.kind, b.subject):
                best = other
        next_one = events[best]
        if not earlier(next_one.time, next_one.kind, next_one.subject, time, kind, subject):
            break
        to = events[hole]
        to.time = next_one.time
        to.kind = next_one.kind
        to.subject = next_one.subject
        to.stamp = next_one.stamp
        hole = best
    to = events[hole]
    to.time = time
    to.kind = kind
    to.subject = subject
    to.stamp = stamp


@law(int64(world_type), inline=True)
def new_block(world):
    """The first of some notes in a row that no bucket has."""
    clock = world.clock[0]
    n = clock.spare
    if n != NOBODY:
        clock.spare = world.notes[n].before
    else:
        n = clock.notes
        clock.notes += BLOCK
    return int64(n)


@law(int64(world_type), inline=True)
def notes_needed(world):
    """How many notes are in use at most: each bucket may have one block that is not full."""
    return world.clock[0].put_off + BLOCK * (len(world.buckets) + 1)


@law(void(world_type, float64, int64, int64, int64))
def put_off(world, time, kind, subject, stamp):
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
    note = world.notes[n]
    note.time = time
    note.kind = kind
    note.subject = subject
    note.stamp = stamp
    note.before = last
    world.buckets[slot].last = n
    clock.put_off += 1


@law(void(world_type, float64, int64, int64, int64), inline=True)
def line_up(world, time, kind, subject, stamp):
    """To the front if nothing near comes first, else into the heap."""
    front = world.front[0]
    if front.kind != Event.NOTHING:
        if earlier(time, kind, subject, front.time, front.kind, front.subject):
            push(world, front.time, front.kind, front.subject, front.stamp)
            stand_in_front(world, time, kind, subject, stamp)
        else:
            push(world, time, kind, subject, stamp)
        return
    if world.clock[0].pending > 0:
        first = world.events[0]
        if not earlier(time, kind, subject, first.time, first.kind, first.subject):
            push(world, time, kind, subject, stamp)
            return
    stand_in_front(world, time, kind, subject, stamp)


@law(void(world_type, float64, int64, int64, int64), inline=True)
def schedule(world, time, kind, subject, stamp):
    """Let `kind` happen to `subject` at `time`, unless its stamp has moved on by then."""
    if not time >= world.clock[0].now:
        raise ValueError("an event cannot be planned for the past, nor for no time at all")
    if time >= world.clock[0].edge:
        put_off(world, time, kind, subject, stamp)
    else:
        line_up(world, time, kind, subject, stamp)


@law(int64(world_type, int64), inline=True)
def foresee_note(world, n):
    """Ask for what a note is about: the note before it."""
    if n == NOBODY:
        return n
    note = world.notes[n]
    foresee(world, note.kind, note.subject)
    return int64(note.before)


@law(void(world_type, int64), inline=True)
def _deal(world, slot):
    """Hand out the list of a bucket: the near into the heap, the far into their own buckets, the void nowhere.

    Records are asked for some events ahead: where the world is larger than the cache, waiting for each is what costs.
    """
    clock = world.clock[0]
    n = int64(world.buckets[slot].last)
    world.buckets[slot].last = NOBODY
    ahead = n
    for _ in range(AHEAD):
        ahead = foresee_note(world, ahead)
    while n != NOBODY:
        ahead = foresee_note(world, ahead)
        note = world.notes[n]
        time, kind, subject, stamp, before = note.time, note.kind, note.subject, note.stamp, int64(note.before)
        if n % BLOCK == 0:
            note.before = clock.spare
            clock.spare = n
        clock.put_off -= 1
        if live(world, kind, subject, stamp):
            foresee_others(world, kind, subject)
            schedule(world, time, kind, subject, stamp)
        n = before


@law(void(world_type))
def open_bucket(world):
    """The heap is empty: go on to the next bucket of time."""
    clock = world.clock[0]
    far = len(world.buckets) - 1
    clock.bucket = (clock.bucket + 1) % far
    clock.edge += clock.width
    clock.laps += 1
    if clock.laps % (far // 2) == 0:
        _deal(world, far)
    _deal(world, clock.bucket)


@law(void(world_type))
def plan_ahead(world):
    """Schedule the dated events known before a run starts; what lies before that happens at once if it holds."""
    begins = world.clock[0].now
    ends = world.clock[0].end
    for k in range(len(world.facts)):
        schedule(world, max(world.facts[k].time, begins), Event.LEARN, k, 0)
    for k in range(len(world.notices)):
        schedule(world, max(world.notices[k].time, begins), Event.PUBLISH, k, 0)
    for k in range(len(world.flights)):
        schedule(world, max(world.flights[k].check_in, begins), Event.CHECK_IN, k, 0)
        schedule(world, max(world.flights[k].departure, begins), Event.DEPART, k, 0)
    for k in range(len(world.openings)):
        schedule(world, max(world.openings[k].start, begins), Event.OPEN, k, 0)
        if world.openings[k].end < ends:  # the end of the run shuts no door
            schedule(world, max(world.openings[k].end, begins), Event.CLOSE, k, 0)
    for k in range(len(world.shifts)):
        if world.shifts[k].end > begins and world.shifts[k].start < NEVER:
            schedule(world, max(world.shifts[k].start, begins), Event.START_DUTY, k, 0)
    schedule(world, begins + world.clock[0].bin, Event.TICK, 0, 0)
    schedule(world, ends, Event.FINISH, 0, 0)


@law(void(world_type, int64, int64), inline=True)
def soon(world, kind, subject):
    """Let `kind` happen to `subject` now, right after the present transition."""
    clock = world.clock[0]
    if clock.tail - clock.head >= len(world.soon):
        raise IndexError("more to do at one moment than the ring holds")
    todo = world.soon[clock.tail & (len(world.soon) - 1)]
    todo.kind = kind
    todo.subject = subject
    clock.tail += 1


@law(types.UniTuple(int64, 2)(world_type, float64))
def next_event(world, until):
    """Take the next live event and set the clock to it: (kind, subject), or NOTHING if there is none up to `until`."""
    clock = world.clock[0]
    if clock.head < clock.tail:
        todo = world.soon[clock.head & (len(world.soon) - 1)]
        clock.head += 1
        clock.events += 1
        return int64(todo.kind), int64(todo.subject)
    while True:
        affected = NEVER
        if clock.next_affected < len(world.passengers):
            affected = world.passengers[clock.next_affected].affected
        fresh = NEVER
        if clock.next_fresh < len(world.fresh):
            fresh = world.fresh[clock.next_fresh].time
        given = min(affected, fresh)
        fronted = world.front[0].kind != Event.NOTHING
        while not fronted and clock.pending == 0 and clock.put_off > 0 and clock.edge <= until and given >= clock.edge:
            open_bucket(world)
            fronted = world.front[0].kind != Event.NOTHING
        event = world.front[0] if fronted else world.events[0]
        first = event.time if fronted or clock.pending > 0 else NEVER
        if min(given, first) > until or min(given, first) == NEVER:
            break
        comes = int64(Event.AFFECT) if affected <= fresh else int64(Event.FRESH)
        if given < first or (given == first and comes < event.kind):
            clock.events += 1
            clock.now = given
            if affected <= fresh:
                clock.next_affected += 1
                return int64(Event.AFFECT), clock.next_affected - 1
            clock.next_fresh += 1
            return int64(Event.FRESH), clock.next_fresh - 1
        kind, subject, stamp = int64(event.kind), int64(event.subject), int64(event.stamp)
        if fronted:
            event.kind = Event.NOTHING
        else:
            remove_first(world)
        if live(world, kind, subject, stamp):
            clock.now = first
            clock.events += 1
            return kind, subject
    if until < NEVER:
        clock.now = max(clock.now, until)
    return int64(Event.NOTHING), int64(NOBODY)
