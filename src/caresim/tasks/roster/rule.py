"""The rule: square-root staffing, shift by shift, within the paid hours there are.

What is known: ordinary work by the hour, and of the crisis what has been seen. A shift is planned for the crisis work
of the same hours of the day before. Each day gets what that takes; the money for ordinary days is kept back. Where the
money left is more than all remaining days would take if they were like this one, each gets the same part more. Nothing
here looks at an outcome.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

MOST_WEIGHT = 64.0
"""Square roots that hindsight may add at most."""
STEPS = 60
"""Halvings until the hours are met to the last bit that matters."""


@dataclass(frozen=True)
class PlannedShift:
    """A shift of a day: load in erlangs, people on the roster, hours of one person that are paid."""

    shift: int
    day: date
    start: float
    end: float
    paid: float
    ordinary: float
    crisis: float
    seen: float
    before: float
    """People that the desk has here as configured."""
    people: float = 0.0


def roots(load: float, weight: float) -> float:
    """People on duty by square-root staffing: the load, and so many roots of it."""
    return load + weight * math.sqrt(load)


def cost(shifts: Sequence[PlannedShift], people: Callable[[PlannedShift], float]) -> float:
    """Paid hours of these shifts with so many people each."""
    return math.fsum(people(shift) * shift.paid for shift in shifts)


def kept(shift: PlannedShift, floor: float, on_duty: float) -> float:
    """People on the roster for ordinary work and `floor` roots of it, of whom the share `on_duty` is there."""
    return roots(shift.ordinary, floor) / on_duty


def wanted(shift: PlannedShift, seen: float, weight: float, floor: float, on_duty: float) -> float:
    """People on the roster for ordinary work and the load `seen` of the crisis, with `weight` roots of both."""
    return max(roots(shift.ordinary + seen, weight) / on_duty, kept(shift, floor, on_duty))


def as_seen(
    ahead: Sequence[PlannedShift], left: float, on_duty: float, weight: float, floor: float
) -> list[PlannedShift]:
    """Day by day, from what was seen the day before; `left` paid hours are spent in the end."""
    done: list[PlannedShift] = []
    for day in sorted({shift.day for shift in ahead}):
        today = [shift for shift in ahead if shift.day == day]
        later = [shift for shift in ahead if shift.day > day]
        seen = {shift.shift: shift.seen for shift in ahead if shift.day <= day}
        people = {shift.shift: wanted(shift, shift.seen, weight, floor, on_duty) for shift in today}
        least = {shift.shift: kept(shift, floor, on_duty) for shift in today}
        takes = math.fsum(people[shift.shift] * shift.paid for shift in today)
        if_alike = math.fsum(
            wanted(shift, seen.get(shift.shift, 0.0), weight, floor, on_duty) * shift.paid for shift in later
        )
        more = left / (takes + if_alike)
        affordable = left - math.fsum(kept(shift, floor, on_duty) * shift.paid for shift in later)
        at_least = math.fsum(least[shift.shift] * shift.paid for shift in today)
        part = 1.0 if takes <= affordable else (affordable - at_least) / (takes - at_least)
        for shift in today:
            low, high = least[shift.shift], people[shift.shift]
            heads = high * more if more > 1.0 else low + part * (high - low)
            done.append(replace(shift, people=max(0.0, heads)))
            left -= heads * shift.paid
    return done


def with_hindsight(ahead: Sequence[PlannedShift], left: float, on_duty: float) -> tuple[float, list[PlannedShift]]:
    """From what comes: as many square roots in every shift as `left` paid hours allow."""

    def planned(weight: float) -> list[PlannedShift]:
        return [replace(shift, people=roots(shift.ordinary + shift.crisis, weight) / on_duty) for shift in ahead]

    low, high = 0.0, MOST_WEIGHT
    for _ in range(STEPS):
        middle = (low + high) / 2.0
        if cost(planned(middle), lambda shift: shift.people) > left:
            high = middle
        else:
            low = middle
    return low, planned(low)
