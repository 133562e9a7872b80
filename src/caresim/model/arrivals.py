"""Who comes next: passengers who lie in their table from the beginning, or streams drawn while the run goes on.

The second only in a run that nobody will look at row by row, and where everybody comes in a stream: then passengers
come into being when they are reached, in a row that is free (finished.py). They are the same people at the same times,
because their luck is keyed by who they are. However many arrivals are drawn in one go, they are taken in one order: by
time, equal ones by key. So an arrival is only taken once every stream has been drawn beyond it.
"""

from __future__ import annotations

from .codes import NEVER, NOBODY
from .draws import numbered
from .jit import compiled, float64, int64, uint64, void, world_type
from .traits import blank_case, blank_passenger, draw_passenger, gap_before, is_kept

TIES = 64
"""Rows of `arrivals`, beside one a stream, for those of the same time as the first: two happen once in many runs."""


@compiled(int64(world_type))
def behind(world):
    """The stream that has been drawn least far."""
    slowest = 0
    for s in range(1, len(world.streams)):
        if world.streams[s].time < world.streams[slowest].time:
            slowest = s
    return int64(slowest)


@compiled(void(world_type, float64, uint64, int64))
def queue_up(world, time, who, k):
    """Put an arrival in its place among those to come: it is one of the last."""
    clock = world.clock[0]
    place = clock.arrivals
    clock.arrivals += 1
    while place > clock.next_arrival:
        before = world.arrivals[place - 1]
        if before.time < time or (before.time == time and before.key < who):
            break
        after = world.arrivals[place]
        after.time, after.key, after.cohort = before.time, before.key, before.cohort
        place -= 1
    arrival = world.arrivals[place]
    arrival.time, arrival.key, arrival.cohort = time, who, k


@compiled(void(world_type, int64))
def draw_candidate(world, s):
    """The next candidate of a stream, by the law of `traits.draw_arrivals`; after the end of the run nobody comes."""
    stream = world.streams[s]
    k = stream.cohort
    parameters = world.cohort_parameters[k]
    if not parameters.highest > 0.0:
        stream.time = NEVER
        return
    who = numbered(parameters.key, stream.candidates)
    stream.candidates += 1
    stream.time += gap_before(world, k, who)
    if stream.time >= world.clock[0].end:
        stream.time = NEVER
    elif is_kept(world, k, who, stream.time):
        queue_up(world, stream.time, who, k)


@compiled(void(world_type), by_python=True)
def draw_stretch(world):
    """Draw the streams until there are as many arrivals as the table is for, and the first of them is certain."""
    clock = world.clock[0]
    left = clock.arrivals - clock.next_arrival
    for n in range(left):
        before, to = world.arrivals[clock.next_arrival + n], world.arrivals[n]
        to.time, to.key, to.cohort = before.time, before.key, before.cohort
    clock.next_arrival = 0
    clock.arrivals = left
    wanted = len(world.arrivals) - len(world.streams) - TIES
    while True:
        s = behind(world)
        clock.certain_until = world.streams[s].time
        if clock.certain_until == NEVER:
            return
        if clock.arrivals >= wanted and world.arrivals[0].time < clock.certain_until:
            return
        draw_candidate(world, s)


@compiled(float64(world_type), inline=True)
def next_arrival(world):
    """When the next passenger is reached; NEVER: nobody is left."""
    clock = world.clock[0]
    if len(world.streams) > 0:
        return world.arrivals[clock.next_arrival].time if clock.next_arrival < clock.arrivals else NEVER
    return world.passengers[clock.next_affected].affected if clock.next_affected < len(world.passengers) else NEVER


@compiled(int64(world_type))
def free_row(world):
    """A row of `passengers` that nobody has: one that was given back, else the next."""
    clock = world.clock[0]
    i = clock.free_passenger
    if i == NOBODY:
        i = clock.passenger_end
        clock.passenger_end += 1
    else:
        clock.free_passenger = world.passenger_rows[i].next_free
    clock.open_passengers += 1
    return int64(i)


@compiled(int64(world_type))
def come_into_being(world):
    """The row of the next arrival, with all traits, and with blank cases."""
    clock = world.clock[0]
    arrival = world.arrivals[clock.next_arrival]
    i = free_row(world)
    world.passenger_rows[i].number = clock.next_affected
    blank_passenger(world, i)
    passenger = world.passengers[i]
    passenger.key = arrival.key
    draw_passenger(world, i, arrival.cohort)
    passenger.affected = arrival.time
    for o in range(len(world.operators)):
        blank_case(world, i * len(world.operators) + o, passenger.anger)
    clock.next_arrival += 1
    if clock.next_arrival == clock.arrivals or not world.arrivals[clock.next_arrival].time < clock.certain_until:
        draw_stretch(world)
    return i


@compiled(int64(world_type), inline=True)
def reach(world):
    """The row of the passenger who is reached now."""
    clock = world.clock[0]
    i = clock.next_affected if len(world.streams) == 0 else come_into_being(world)
    clock.next_affected += 1
    return int64(i)


@compiled(int64(world_type, int64), inline=True)
def number_of(world, i):
    """The passenger's place in the order in which they are reached: the row, unless rows are used again."""
    return int64(world.passenger_rows[i].number) if len(world.passenger_rows) > 0 else i
