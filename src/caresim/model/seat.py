"""Seats: found, given, given back, promised to a waitlist, perishing at departure. Nobody can conjure up aircraft."""

from __future__ import annotations

from .agenda import immediately
from .anger import anger_now, soothe
from .case import case_row, note_useful, person_of
from .codes import NEVER, NOBODY, SeatRule, Status
from .draws import Purpose, happens, join, uniform
from .events import Event
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .passenger import resolve
from .power import BY_REFUND, BY_SEAT
from .room import house
from .traits import followers_of


@transition
def skip_spent(world, o):
    """Let `first_free` pass the flights that nobody looking for a seat with the operator can get on any more."""
    operator = world.operators[o]
    now = world.clock[0].now
    while operator.first_free < len(world.flights):
        flight = world.flights[operator.first_free]
        if flight.operator == o and flight.check_in > now and flight.free > 0:
            return
        operator.first_free += 1


@compiled(boolean(world_type, int64, int64, float64, int64))
def accepts(world, i, place, share, end):
    """Would the party begin (0) or end (1) its journey at the place? The same human being always says the same."""
    if share <= 0.0 or share >= 1.0:
        return share >= 1.0
    who = join(person_of(world, i), world.places[place].key)
    return happens(share, world.clock[0].luck, who, Purpose.ACCEPTS, end)


@compiled(boolean(world_type, int64, int64, float64))
def suits(world, i, f, closes):
    """Does flight `f` go where the party wants to go, before its deadline, from a place that it can reach before that
    flight `closes`? What it holds already does not.
    """
    passenger = world.passengers[i]
    flight = world.flights[f]
    if flight.departure > passenger.deadline or passenger.flight == f:
        return False
    row = int64(passenger.cohort) * len(world.places)
    start = world.travels[row + flight.origin]
    if start.before > 0.0 and closes - start.before < world.clock[0].now:
        return False
    if not accepts(world, i, flight.origin, start.begins, 0):
        return False
    return accepts(world, i, flight.destination, world.travels[row + flight.destination].ends, 1)


@compiled(boolean(world_type, int64, int64, float64))
def helps(world, i, f, closes):
    """Does flight `f` suit the party, and has it seats for all of it?"""
    return world.flights[f].free >= world.passengers[i].party and suits(world, i, f, closes)


@compiled(float64(world_type, int64, int64), inline=True)
def there_at(world, i, f):
    """When the party would be where it wants to be if it took flight `f`."""
    flight = world.flights[f]
    row = int64(world.passengers[i].cohort) * len(world.places)
    return flight.arrival + world.travels[row + flight.destination].after


@compiled(int64(world_type, int64, int64))
def find_seat(world, i, o):
    """The flight of operator `o` that is still open, helps the party and brings it there first; of equal ones the one
    that leaves first; or NOBODY.
    """
    passenger = world.passengers[i]
    now = world.clock[0].now
    skip_spent(world, o)
    best = int64(NOBODY)
    first = NEVER
    for f in range(world.operators[o].first_free, len(world.flights)):
        flight = world.flights[f]
        if flight.departure > passenger.deadline or flight.departure >= first:
            break  # flights are in order of departure, and nobody arrives before leaving
        if flight.operator != o or flight.departed or flight.check_in <= now:
            continue
        if helps(world, i, f, flight.check_in) and there_at(world, i, f) < first:
            best = int64(f)
            first = there_at(world, i, f)
    return best


@compiled(int64(world_type, float64))
def first_after(world, moment):
    """The first flight that leaves after a moment; flights are in order of departure."""
    first, last = int64(0), int64(len(world.flights))
    while first < last:
        middle = (first + last) // 2
        if world.flights[middle].departure > moment:
            last = middle
        else:
            first = middle + 1
    return first


@compiled(boolean(world_type, int64, int64))
def has_hope(world, i, o):
    """Is there a flight of operator `o` ahead that would help the party if seats came back?"""
    passenger = world.passengers[i]
    for f in range(first_after(world, world.clock[0].now), len(world.flights)):
        flight = world.flights[f]
        if flight.departure > passenger.deadline:
            return False
        large = not flight.cancelled and flight.capacity >= passenger.party
        if flight.operator == o and large and suits(world, i, f, flight.departure):
            return True
    return False


@compiled(void(world_type, int64, int64))
def release(world, f, party):
    """Booked seats come back, as long as check-in is open; on a flight that does not fly there are none."""
    flight = world.flights[f]
    if not flight.cancelled and flight.check_in > world.clock[0].now and flight.booked >= party:
        flight.booked -= party
        flight.free += party
        operator = world.operators[flight.operator]
        operator.first_free = min(operator.first_free, f)
        immediately(world, Event.OFFER, f)


@transition
def leave_waitlist(world, i):
    """Marked only: `offer` unlinks the row when it next walks the list."""
    world.passengers[i].waitlisted = 0


@compiled(void(world_type, int64, int64))
def give_seat(world, i, f):
    """The party travels on flight `f`; the seats it held elsewhere come free."""
    passenger = world.passengers[i]
    flight = world.flights[f]
    flight.free -= passenger.party
    flight.taken += passenger.party
    passenger.seat = f
    leave_waitlist(world, i)
    if passenger.flight != NOBODY:
        release(world, passenger.flight, passenger.party)
        passenger.flight = NOBODY


@compiled(boolean(world_type, int64, int64))
def take_seat(world, i, o):
    """The party travels on the first flight of the operator with room for it, if there is one."""
    f = find_seat(world, i, o)
    if f == NOBODY:
        return False
    give_seat(world, i, f)
    return True


@transition
def cancel_booking(world, i):
    """A refund: a share of the seats that are given up can be sold again."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    if passenger.flight != NOBODY:
        share = world.operators[world.flights[passenger.flight].operator].cancelled_return
        if happens(share, clock.luck, passenger.key, Purpose.CANCELLED_SEAT, 0):
            release(world, passenger.flight, passenger.party)
        passenger.flight = NOBODY


@compiled(boolean(world_type, int64, int64))
def provide(world, i, o):
    """Let the party have what meets its need at operator `o`: a seat, the money for its booking, a room, or no more
    than that somebody acts. False: there is no seat or room.
    """
    need = int64(world.passengers[i].need)
    if (BY_SEAT >> need) & 1:
        return take_seat(world, i, o)
    if (BY_REFUND >> need) & 1:
        cancel_booking(world, i)
    return house(world, i, o)


@compiled(void(world_type, int64, int64))
def join_waitlist(world, i, o):
    """That of operator `o`: one list, whatever way its parties go."""
    passenger = world.passengers[i]
    operator = world.operators[o]
    passenger.waitlisted = 1
    passenger.next_waiting = NOBODY
    if operator.last_waiting == NOBODY:
        operator.first_waiting = i
    else:
        world.passengers[operator.last_waiting].next_waiting = i
    operator.last_waiting = i


@compiled(float64(world_type, int64, int64))
def claim(world, i, rule):
    """Great is first, by the operator's rule; equal claims go by order of arrival on the waitlist."""
    passenger = world.passengers[i]
    if rule == SeatRule.NEED:
        return -passenger.deadline
    if rule == SeatRule.LOUDEST:
        return anger_now(world, i) * (1.0 + followers_of(world, i))
    return 0.0


@compiled(int64(world_type, int64))
def next_on_waitlist(world, f):
    """Who gets the free seats of flight `f`, or NOBODY: of those whom it helps.

    Whoever waits at the gate may board until it leaves. Those who no longer wait are struck off on the way.
    """
    flight = world.flights[f]
    operator = world.operators[flight.operator]
    rule = int64(operator.seat_rule)
    best = int64(NOBODY)
    most = 0.0
    before = int64(NOBODY)
    i = int64(operator.first_waiting)
    while i != NOBODY:
        passenger = world.passengers[i]
        following = int64(passenger.next_waiting)
        if not (passenger.waitlisted and passenger.status == Status.SEEKING):
            if before == NOBODY:
                operator.first_waiting = following
            else:
                world.passengers[before].next_waiting = following
            if following == NOBODY:
                operator.last_waiting = before
        else:
            before = i
            if helps(world, i, f, flight.departure) and (best == NOBODY or claim(world, i, rule) > most):
                best = i
                most = claim(world, i, rule)
        i = following
    return best


@transition
def offer(world, f):
    """Seats that came back go to the waitlist; whoever gets one is told, and is done."""
    flight = world.flights[f]
    while flight.free > 0 and not flight.departed:
        i = next_on_waitlist(world, f)
        if i == NOBODY:
            return
        give_seat(world, i, f)
        soothe(world, i, world.behaviour[0].relief)
        note_useful(world, case_row(world, i, flight.operator))
        resolve(world, i, flight.operator)


@transition
def check_in(world, f):
    """Check-in closes: the seats of those who did not come go to whoever stands by."""
    flight = world.flights[f]
    if flight.cancelled:
        return
    luck = uniform(world.clock[0].luck, flight.key, Purpose.NO_SHOW, 0)
    absent = int64(flight.booked * flight.no_show + luck)
    absent = min(absent, int64(flight.booked))
    flight.booked -= absent
    flight.free += absent
    if absent > 0:
        immediately(world, Event.OFFER, f)


@transition
def depart(world, f):
    """What is free has perished."""
    world.flights[f].departed = 1
