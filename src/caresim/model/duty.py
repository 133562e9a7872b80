"""Duty as it is rostered: a day of a person in stretches between breaks, and what the person is paid for it."""

from __future__ import annotations

from .codes import NEVER
from .draws import Purpose, happens, uniform
from .jit import compiled, float64, int64, void, world_type


@compiled(void(world_type, int64, int64, int64, float64, float64, float64))
def write_duty_period(world, row, shift_row, number, start, end, rest):
    duty = world.duty_periods[row]
    shift = world.shift_instances[shift_row]
    duty.staff = shift.first + number
    duty.shift = shift_row
    duty.number = number
    duty.start = start
    duty.end = end
    duty.day = shift.day
    duty.break_minutes = rest
    duty.last = 0


@compiled(float64(world_type, int64, int64))
def break_moment(world, shift_row, number):
    """Where between two breaks of others person `number` of a shift rests, 0 to 1: spread evenly, as planners do.

    Multiples of the golden section fill an interval evenly however many there are, from a start drawn for the shift.
    """
    shift = world.shift_instances[shift_row]
    first = world.staff[shift.first].key
    start = uniform(world.clock[0].luck, first, Purpose.BREAK, int64(shift.day))
    return (start + 0.6180339887498949 * number) % 1.0


@compiled(int64(world_type, int64, int64, int64))
def lay_out_day(world, row, shift_row, number):
    """One day's duty of one person, as stretches between breaks, from row `row` of `duty_periods`: how many rows.

    Shrinkage is partly absence for the whole day, partly breaks: as many as there are blocks of about two hours, of
    equal length, at equal distances, and spread over the whole shift, so that as many people are at work all the time.
    A share so large that they would run into each other is one long break.
    """
    shift = world.shift_instances[shift_row]
    s = int64(shift.first) + number
    start, end, day = shift.start, shift.end, int64(shift.day)
    person = world.staff[s]
    traits = world.desk_traits[person.desk]
    luck = world.clock[0].luck
    if happens(traits.absence, luck, person.key, Purpose.ABSENCE, day):
        return int64(0)
    breaks = max(1, int64((end - start) / traits.block + 0.5))
    if traits.breaks * (breaks + 1) >= breaks:
        breaks = 1
    rest = traits.breaks * (end - start) / breaks
    distance = (end - start - rest) / breaks
    used = 0
    since = start
    if rest > 0.0:
        moment = break_moment(world, shift_row, number)
        for b in range(breaks):
            pause = start + (b + moment) * distance
            write_duty_period(world, row + used, shift_row, number, since, pause, rest)
            used += 1
            since = pause + rest
    write_duty_period(world, row + used, shift_row, number, since, end, 0.0)
    world.duty_periods[row + used].last = 1
    return int64(used + 1)


@compiled(int64(world_type), by_python=True)
def lay_out_duty(world):
    """All duty of all people, from `shift_instances` into `duty_periods`, and what each is paid for: how many rows.

    A shift whose heads are decided on the day before is laid out for as many as there may be, and paid for then.
    """
    used = 0
    for k in range(len(world.shift_instances)):
        shift = world.shift_instances[k]
        for number in range(shift.most):
            if not shift.replanned:
                world.staff[shift.first + number].paid_minutes += shift.paid
                world.staff[shift.first + number].premium_minutes += shift.premium
            used += lay_out_day(world, used, k, number)
    return int64(used)


@compiled(float64(world_type, int64))
def on_duty_again(world, d):
    """When somebody comes on duty at the desk next; NEVER: nobody does in this run, as far as is known.

    It is looked up once and kept until then, or until the duty at the desk changes.
    """
    desk = world.desks[d]
    now = world.clock[0].now
    if desk.again_known and desk.again_at > now:
        return desk.again_at
    soonest = NEVER
    for k in range(len(world.duty_periods)):
        duty = world.duty_periods[k]
        if now < duty.start < soonest and world.staff[duty.staff].desk == d:
            soonest = duty.start
    desk.again_known = 1
    desk.again_at = soonest
    return soonest
