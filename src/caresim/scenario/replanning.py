"""Desks that plan tomorrow anew: when they do, for which shifts, and how many people each may then have."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import numpy as np

from caresim.config.desk import Desk
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.model.codes import NOBODY
from caresim.model.records import rows
from caresim.model.replanning import SLOTS
from caresim.scenario.calendar import days, wall_clock
from caresim.scenario.patterns import EXTRA
from caresim.scenario.roster import Roster, ShiftInstance

DAY = 1440.0
"""Minutes: nothing is planned before so much has been seen."""


def moments_of(experiment: Experiment, desk: Desk) -> list[float]:
    """When a desk plans tomorrow anew (minutes); empty where it never does."""
    if desk.replans is None:
        return []
    times = (
        wall_clock(experiment, day, desk.replans.at.minutes, desk.timezone) for day in days(experiment, desk.timezone)
    )
    return [time for time in times if experiment.begins + DAY <= time < experiment.ends]


def planned_at(desk: Desk, moments: Sequence[float], shift: ShiftInstance) -> int:
    """The last of the moments that leaves notice enough for a shift; NOBODY: its heads are those of the roster.

    A shift that starts at that very moment has begun before the planning (events.py).
    """
    if desk.replans is None or shift.pattern >= EXTRA:
        return NOBODY
    in_time = bisect_right(moments, shift.start - desk.replans.notice.value)
    return min(in_time, bisect_left(moments, shift.start)) - 1


def most_heads(desk: Desk, shift: ShiftInstance, planned: int) -> int:
    """How many people a shift may have: one more than its bound, so that the hours can be kept to half a head."""
    if planned == NOBODY or desk.replans is None:
        return int(shift.heads)
    return math.ceil(desk.replans.between[1].value * shift.heads) + 1


def largest(experiment: Experiment, model: Staffing, rosters: Sequence[Roster]) -> list[Roster]:
    """The rosters with as many people as each shift may come to have."""
    found = []
    for desk, roster in zip(model.desks.values(), rosters, strict=True):
        moments = moments_of(experiment, desk)
        found.append([shift.of(most_heads(desk, shift, planned_at(desk, moments, shift))) for shift in roster])
    return found


def replans_of(experiment: Experiment, model: Staffing, rosters: Sequence[Roster]) -> np.recarray:
    """A row each time that a desk plans anew, with the shifts (rows of `shift_instances`) that it decides on."""
    found = []
    begin = 0
    for d, (desk, roster) in enumerate(zip(model.desks.values(), rosters, strict=True)):
        moments = moments_of(experiment, desk)
        planned = [planned_at(desk, moments, shift) for shift in roster]
        for n, time in enumerate(moments):
            own = [begin + k for k, moment in enumerate(planned) if moment == n]
            if own:
                found.append((d, time, own[0], own[-1] + 1, begin, begin + len(roster)))
        begin += len(roster)
    table = rows(len(found), "replans")
    desks = list(model.desks.values())
    for row, (d, time, first, last, begin, end) in zip(table, found, strict=True):
        replans = desks[d].replans
        assert replans is not None
        row.desk, row.time, row.first_shift, row.last_shift, row.begin, row.end = d, time, first, last, begin, end
        row.fewest, row.most = (bound.value for bound in replans.between)
        row.weight = replans.weight.value
    return table


def hourly_work_of(model: Staffing) -> np.recarray:
    """Room for the work that comes to each desk, hour by hour; none where no desk plans anew."""
    planning = any(desk.replans for desk in model.desks.values())
    table = rows(len(model.desks) * SLOTS if planning else 0, "hourly_work")
    table["hour"] = NOBODY
    return table
