"""Duty: who is at work from when to when, between breaks, and who can be called in."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.model import duty
from caresim.model.codes import NEVER, NOBODY
from caresim.model.records import rows
from caresim.model.world import World
from caresim.scenario.replanning import largest, moments_of, planned_at
from caresim.scenario.roster import Roster, premiums

Seat = tuple[int, int | str, int]
"""Desk, number of the shift pattern, number within it: a person (staff.py says by which name)."""
RESERVE = "reserve"
"""The pattern of people on call."""
MOST_PERIODS = 32
"""Rows of `duty_periods` that one day of one person may need at most."""


def row_of(seats: Sequence[Seat]) -> dict[Seat, int]:
    """The row of `staff` of each seat."""
    return {seat: s for s, seat in enumerate(seats)}


def lay_out_duty(world: World, experiment: Experiment, model: Staffing, seats: Sequence[Seat]) -> None:
    """Fill `duty_periods` and `reserves`, and what each person is paid for, from `shift_instances`.

    `seats` are the rows of `staff`. Rostered duty is sorted by start; duty on call follows it.
    """
    most = int(world.shift_instances["most"].sum()) * MOST_PERIODS
    world.set_table("duty_periods", rows(most, "duty_periods"))
    rostered = world.duty_periods[: duty.lay_out_duty(world)]
    in_order = np.lexsort((rostered["staff"], rostered["start"]))
    world.set_table("reserves", reserves_of(world, experiment, model, len(rostered)))
    on_call = duty_on_call(world.reserves, row_of(seats))
    for reserve in world.reserves:
        those = np.unique(on_call["staff"][reserve.first - len(rostered) :][: reserve.heads])
        world.staff["premium_minutes"][those] += reserve.standby * experiment.window.value
    world.set_table("duty_periods", np.concatenate([rostered[in_order], on_call]).view(np.recarray))


def shift_instances_of(
    experiment: Experiment, model: Staffing, rosters: Sequence[Roster], row_of: Mapping[Seat, int]
) -> np.recarray:
    """A row a shift of a day that has people; they are paid for what lies within the window."""
    window = experiment.window.value
    shifts = list(chain.from_iterable(rosters))
    table = rows(len(shifts), "shift_instances")
    table["start"] = [shift.start for shift in shifts]
    table["end"] = [shift.end for shift in shifts]
    table["day"] = [shift.day for shift in shifts]
    table["heads"] = table["plan"] = [shift.heads for shift in shifts]
    table["most"] = [shift.heads for shift in chain.from_iterable(largest(experiment, model, rosters))]
    table["first"] = [row_of[shift.desk, shift.pattern, 0] for shift in shifts]
    table["paid"] = [shift.hours_within(0.0, window) * 60.0 for shift in shifts]
    desks = list(model.desks.values())
    moments = [moments_of(experiment, desk) for desk in desks]
    table["replanned"] = [planned_at(desks[shift.desk], moments[shift.desk], shift) != NOBODY for shift in shifts]
    of_each_desk = zip(desks, rosters, strict=True)
    table["premium"] = list(chain.from_iterable(premiums(experiment, desk, roster) for desk, roster in of_each_desk))
    return table


def reserves_of(world: World, experiment: Experiment, model: Staffing, scheduled: int) -> np.recarray:
    """A row a desk with people on call, whose rounds of duty come behind the `scheduled` rows of `duty_periods`."""
    desks = [(d, desk.reserve) for d, desk in enumerate(model.desks.values()) if desk.reserve]
    table = rows(len(desks), "reserves")
    first = scheduled
    for row, (d, reserve) in zip(table, desks, strict=True):
        row.desk, row.operator = d, world.desks[d].operator
        for signal in ("posts", "calls", "waiting", "wait"):
            threshold = getattr(reserve.call_in, signal)
            row[signal] = NEVER if threshold is None else threshold.value
        row.again_below = NEVER if reserve.again_below is None else reserve.again_below.value
        row.standby = reserve.standby.value
        row.quiet = 1
        row.delay, row.length = reserve.delay.value, reserve.length.value
        row.rest_until = experiment.begins
        row.heads = round(reserve.headcount.value)
        row.rounds = math.ceil((experiment.ends - experiment.begins) / (row.delay + row.length))
        row.first = first
        first += int(row.heads * row.rounds)
    return table


def duty_on_call(reserves: np.recarray, row_of: Mapping[Seat, int]) -> np.recarray:
    """The duty of people on call, round after round of each desk: without times until they are called."""
    table = rows(int((reserves["heads"] * reserves["rounds"]).sum()), "duty_periods")
    table["start"] = table["end"] = NEVER
    table["last"] = 1
    table["shift"] = NOBODY
    table["staff"] = [
        row_of[int(reserve.desk), RESERVE, number]
        for reserve in reserves
        for _ in range(reserve.rounds)
        for number in range(reserve.heads)
    ]
    return table
