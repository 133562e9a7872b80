"""Rosters: which shifts there are, how many people each has, and what they are paid for, in this staffing model."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from caresim.config.desk import Desk
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.scenario.calendar import days, wall_clock

MINUTES = 60.0


@dataclass(frozen=True)
class ShiftInstance:
    """One shift of one day at a desk: `heads` people (a fraction before rounding) from `start` to `end`, minutes."""

    desk: int
    pattern: int
    day: int
    start: float
    end: float
    heads: float

    def hours_within(self, start: float, end: float) -> float:
        """Hours of one person within a period."""
        return max(0.0, min(self.end, end) - max(self.start, start)) / MINUTES


def shift_instances(experiment: Experiment, d: int, name: str, desk: Desk) -> list[ShiftInstance]:
    """All duty at a desk over the run, by start: its shifts, or the spells that a replay gives."""
    if desk.roster == "shifts" or experiment.replay is None:
        return from_patterns(experiment, d, desk)
    spells = [
        (start, end, seat, number)
        for seat, duty in enumerate(experiment.replay.seats(name))
        for number, (start, end) in enumerate(duty)
    ]
    return [ShiftInstance(d, seat, number, start, end, 1.0) for start, end, seat, number in sorted(spells)]


def from_patterns(experiment: Experiment, d: int, desk: Desk) -> list[ShiftInstance]:
    """All shifts of a desk over the run, by start; heads as configured, reinforced as drawn."""
    found = []
    for pattern, shift in enumerate(desk.shifts):
        zone = shift.timezone or desk.timezone
        for number, day in enumerate(days(experiment, zone)):
            if (
                day.weekday() not in shift.days
                or (shift.first and day < shift.first)
                or (shift.last and day > shift.last)
            ):
                continue
            start = wall_clock(experiment, day, shift.start.minutes, zone)
            end = wall_clock(experiment, day, shift.end.minutes, zone)
            if end > experiment.begins and start < experiment.ends:
                found.append(
                    ShiftInstance(d, pattern, number, start, end, heads(experiment, desk, start) * shift.share.value)
                )
    return sorted(found, key=lambda shift: (shift.start, shift.pattern))


def heads(experiment: Experiment, desk: Desk, start: float) -> float:
    """People a shift that starts at `start`: those of any other day, and the reinforcement once it is there."""
    before, total = desk.before.value, desk.headcount.value
    if desk.reinforced_from is None:
        return total
    if start < experiment.minutes(desk.reinforced_from):
        return before
    return before + (total - before) * (experiment.reinforcement.value if desk.reinforcement else 1.0)


def paid_hours(experiment: Experiment, instances: Sequence[ShiftInstance]) -> float:
    """Hours paid within the window: whole shifts, breaks and absences included."""
    return math.fsum(shift.heads * shift.hours_within(0.0, experiment.window.value) for shift in instances)


def build(experiment: Experiment, staffing: str) -> list[list[ShiftInstance]]:
    """The shifts of each desk, day by day.

    Desks that scale with hours have the heads that the paid hours of the model allow.
    """
    model = experiment.staffing[staffing]
    planned = [shift_instances(experiment, d, name, desk) for d, (name, desk) in enumerate(model.desks.items())]
    if model.paid_hours is None:
        return planned
    other = build(experiment, model.paid_hours.as_)
    target = model.paid_hours.factor.value * math.fsum(paid_hours(experiment, desk) for desk in other)
    scales = [desk.scale_with_hours for desk in model.desks.values()]
    hours = [paid_hours(experiment, desk) for desk in planned]
    fixed = math.fsum(paid for paid, scaled in zip(hours, scales, strict=True) if not scaled)
    open_ended = math.fsum(paid for paid, scaled in zip(hours, scales, strict=True) if scaled)
    factor = (target - fixed) / open_ended
    if factor <= 0:
        raise BadInput(
            f"staffing.{staffing}.paid_hours",
            f"{target:.0f} h",
            f"the desks that do not scale already take {fixed:.0f} paid hours; raise the factor or set "
            "scale_with_hours on more desks",
        )
    return [
        [ShiftInstance(t.desk, t.pattern, t.day, t.start, t.end, t.heads * factor) for t in desk] if scaled else desk
        for desk, scaled in zip(planned, scales, strict=True)
    ]


def whole_heads(desk: Sequence[ShiftInstance]) -> np.ndarray:
    """Whole people of each shift: what rounding leaves over is carried on, so that the sum is kept to half a head."""
    total = np.cumsum([shift.heads for shift in desk])
    return np.diff(np.floor(total + 0.5 + 1e-9).astype(np.int64), prepend=0)


def openings(experiment: Experiment, desk: Desk, instances: Sequence[ShiftInstance]) -> list[tuple[float, float]]:
    """When the channels of a desk are open: as configured, or whenever it is rostered."""
    if desk.opening == "always":
        return [(experiment.begins, experiment.ends)]
    if desk.opening == "when staffed":
        hours = [(shift.start, shift.end) for shift in instances if shift.heads > 0]
    else:
        hours = [
            (
                wall_clock(experiment, day, span.start.minutes, desk.timezone),
                wall_clock(experiment, day, span.end.minutes, desk.timezone),
            )
            for span in desk.opening
            for day in days(experiment, desk.timezone)
            if day.weekday() in span.days
        ]
    return merged(hours, experiment.begins, experiment.ends)


def merged(spans: Sequence[tuple[float, float]], begins: float, ends: float) -> list[tuple[float, float]]:
    """The union of spans within a period, in order."""
    union: list[tuple[float, float]] = []
    for start, end in sorted((max(start, begins), min(end, ends)) for start, end in spans):
        if end <= start:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union
