"""Rosters: which shifts there are on each day, and how many people each has.

From a headcount in conf/ to whole people: `heads` says how many people a shift has at its start, `from_patterns` lays
the shifts out over the days of the run, `build` scales them where the staffing model has the paid hours of another one,
and `in_whole_people` rounds. staff.py makes people of them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caresim.config.desk import Dated, Desk
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.staffing import PaidHours, Staffing
from caresim.scenario.calendar import days, wall_clock
from caresim.scenario.patterns import EXTRA, pattern_of, patterns_at, patterns_of
from caresim.scenario.premium import periods_of, premium_minutes
from caresim.scenario.recent import Recent

MINUTES = 60.0
_hours: Recent[float] = Recent(4)
"""Paid hours, or EUR, of the models that others follow."""


@dataclass(frozen=True)
class ShiftInstance:
    """One shift of one day at a desk: `heads` people (with a fraction before rounding) from `start` to `end`, minutes.

    `pattern` is the number of its hours at the desk (patterns.py), or of a seat that a replay gives; `day` that of the
    local day.
    """

    desk: int
    pattern: int
    day: int
    start: float
    end: float
    heads: float

    def hours_within(self, start: float, end: float) -> float:
        """Hours of one person within a period (minutes)."""
        return max(0.0, min(self.end, end) - max(self.start, start)) / MINUTES

    def of(self, heads: float) -> ShiftInstance:
        """The same shift with so many people."""
        return ShiftInstance(self.desk, self.pattern, self.day, self.start, self.end, heads)


Roster = list[ShiftInstance]
"""All shifts of one desk over the run, by start."""


def shift_instances(experiment: Experiment, d: int, name: str, desk: Desk) -> Roster:
    """All duty at a desk over the run, by start: its shifts or the spells that a replay gives, and who comes on top."""
    roster = from_patterns(experiment, d, desk) if desk.roster == "shifts" else given(experiment, d, name)
    if not desk.extra:
        return roster
    return sorted([*roster, *extra(experiment, d, desk)], key=lambda shift: (shift.start, shift.pattern))


def given(experiment: Experiment, d: int, name: str) -> Roster:
    """The spells of duty at a desk that a replay gives, seat by seat."""
    if experiment.replay is None:
        return []
    spells = [
        (start, end, seat, number)
        for seat, person in enumerate(experiment.replay.seats(name))
        for number, (start, end) in enumerate(person.spells)
    ]
    return [ShiftInstance(d, seat, number, start, end, 1.0) for start, end, seat, number in sorted(spells)]


def from_patterns(experiment: Experiment, d: int, desk: Desk) -> Roster:
    """All shifts of a desk over the run, by start; heads as configured, reinforced as drawn."""
    shares = laid_out(experiment, d, desk, [(shift, shift.share.value) for shift in desk.shifts])
    return [shift.of(heads(experiment, desk, shift.start) * shift.heads) for shift in shares]


def extra(experiment: Experiment, d: int, desk: Desk) -> Roster:
    """The people who come on top of a desk's roster; they are patterns of their own, so that nobody else is moved."""
    return laid_out(experiment, d, desk, [(more, more.headcount.value) for more in desk.extra], EXTRA)


def laid_out(experiment: Experiment, d: int, desk: Desk, rows: Sequence[tuple[Dated, float]], first: int = 0) -> Roster:
    """One shift for each pattern and day that some rows have, by start, with the sum of their heads (or shares).

    So it does not matter how a roster is divided into rows, or how these are ordered. `first` is the number of the
    first pattern.
    """
    numbers = {pattern: n for n, pattern in enumerate(patterns_of((row for row, _ in rows), desk), first)}
    times: dict[tuple[int, int], tuple[float, float]] = {}
    parts = defaultdict(list)
    for row, part in rows:
        number = numbers[pattern_of(row, desk)]
        for day, start, end in days_of(experiment, desk, row):
            times[number, day] = start, end
            parts[number, day].append(part)
    shifts = [ShiftInstance(d, *key, *times[key], math.fsum(parts[key])) for key in times]
    return sorted(shifts, key=lambda shift: (shift.start, shift.pattern))


def days_of(experiment: Experiment, desk: Desk, shift: Dated) -> list[tuple[int, float, float]]:
    """Number of the day, start and end (minutes) of each day that has the shift within the run."""
    zone = shift.timezone or desk.timezone
    found = []
    for number, day in enumerate(days(experiment, zone)):
        if day.weekday() not in shift.days or (shift.first and day < shift.first) or (shift.last and day > shift.last):
            continue
        start = wall_clock(experiment, day, shift.start.minutes, zone)
        end = wall_clock(experiment, day, shift.end.minutes, zone)
        if end > experiment.begins and start < experiment.ends:
            found.append((number, start, end))
    return found


def heads(experiment: Experiment, desk: Desk, start: float) -> float:
    """People a shift that starts at `start`: those of any other day, and the reinforcement once it is there."""
    before, total = desk.before.value, desk.headcount.value
    if desk.reinforced_from is None:
        return total
    if start < experiment.minutes(desk.reinforced_from):
        return before
    return before + (total - before) * (experiment.reinforcement.value if desk.reinforcement else 1.0)


def paid_hours(experiment: Experiment, roster: Roster) -> float:
    """Hours paid within the window: whole shifts, breaks and absences included."""
    return math.fsum(shift.heads * shift.hours_within(0.0, experiment.window.value) for shift in roster)


def pay(experiment: Experiment, desk: Desk, roster: Roster) -> float:
    """EUR for these shifts within the window: the hours at the loaded cost of one, nights and Sundays at theirs."""
    window = experiment.window.value
    return desk.cost_of_an_hour * math.fsum(
        shift.heads * (shift.hours_within(0.0, window) + premium / MINUTES)
        for shift, premium in zip(roster, premiums(experiment, desk, roster), strict=True)
    )


def premiums(experiment: Experiment, desk: Desk, roster: Roster) -> list[float]:
    """What a person of each shift is paid on top within the window, in minutes at the hourly cost."""
    zones = {number: pattern.zone for number, pattern in patterns_at(desk).items()}
    periods = {zone: periods_of(experiment, desk.premium, zone) for zone in sorted({*zones.values(), desk.timezone})}
    window = experiment.window.value
    return [
        premium_minutes(periods[zones.get(shift.pattern, desk.timezone)], max(shift.start, 0.0), min(shift.end, window))
        for shift in roster
    ]


def build(experiment: Experiment, staffing: str) -> list[Roster]:
    """The roster of each desk of a staffing model.

    Desks that scale with hours have the heads that the paid hours of the model allow, or what they cost.
    """
    model = experiment.staffing[staffing]
    planned = [shift_instances(experiment, d, name, desk) for d, (name, desk) in enumerate(model.desks.items())]
    if model.paid_hours is None:
        return planned
    factor = factor_on_heads(experiment, model, planned, f"staffing.{staffing}.paid_hours")
    return [
        [shift.of(shift.heads * factor) for shift in roster] if desk.scale_with_hours else roster
        for desk, roster in zip(model.desks.values(), planned, strict=True)
    ]


def spent(experiment: Experiment, model: Staffing, rosters: Sequence[Roster], by: str) -> list[float]:
    """What each desk takes within the window: paid hours, or EUR where `by` is cost."""
    return [
        paid_hours(experiment, roster) if by == "hours" else pay(experiment, desk, roster)
        for desk, roster in zip(model.desks.values(), rosters, strict=True)
    ]


def to_spend(experiment: Experiment, paid: PaidHours) -> float:
    """Paid hours of the model that another one follows, or EUR, times the factor."""

    def counted() -> float:
        return math.fsum(spent(experiment, experiment.staffing[paid.as_], build(experiment, paid.as_), paid.by))

    return paid.factor.value * _hours.of(experiment, (paid.as_, paid.by), counted)


def factor_on_heads(experiment: Experiment, model: Staffing, planned: Sequence[Roster], key: str) -> float:
    """By how much the desks that scale are larger than planned, so that all desks together take what they may.

    BadInput, with `key`, where the other desks take it all.
    """
    assert model.paid_hours is not None
    by, target = model.paid_hours.by, to_spend(experiment, model.paid_hours)
    scales = [desk.scale_with_hours for desk in model.desks.values()]
    takes = spent(experiment, model, planned, by)
    fixed = math.fsum(paid for paid, scaled in zip(takes, scales, strict=True) if not scaled)
    open_ended = math.fsum(paid for paid, scaled in zip(takes, scales, strict=True) if scaled)
    factor = (target - fixed) / open_ended
    if factor <= 0:
        unit, what = ("h", f"{fixed:.0f} paid hours") if by == "hours" else ("EUR", f"{fixed:.0f} EUR")
        raise BadInput(
            key,
            f"{target:.0f} {unit}",
            f"the desks that do not scale already take {what}; raise the factor or set scale_with_hours on more desks",
        )
    return factor


def in_whole_people(roster: Roster) -> Roster:
    """The shifts that have people, with whole ones.

    What rounding leaves over is carried on to the next shift, so that the sum is kept to half a head.
    """
    total = np.cumsum([shift.heads for shift in roster])
    people = np.diff(np.floor(total + 0.5 + 1e-9).astype(np.int64), prepend=0)
    return [shift.of(int(count)) for shift, count in zip(roster, people, strict=True) if count]
