"""Desks, their people and their shifts, as tables of the world."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.staffing import Desk, Staffing
from caresim.model import traits
from caresim.model.codes import NEVER, NOBODY, EndOfDuty, Kind, Routing
from caresim.model.draws import name_key, name_keys
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import NEEDS, rows
from caresim.model.world import World
from caresim.scenario.names import Names
from caresim.scenario.operators import code, machine_of
from caresim.scenario.roster import ShiftInstance, build, openings, whole_heads
from caresim.scenario.behaviour import sigma_of

Rosters = Sequence[Sequence[ShiftInstance]]
"""The shifts of each desk, day by day."""
Seat = tuple[int, int | str, int]
"""Desk, shift pattern, number: what a person is known by."""
RESERVE = "reserve"
"""The pattern of people on call."""
BREAK_EVERY = 120.0
"""Minutes at work with one break each: a convention of rostering, which spreads what shrinkage is not absence."""
STRETCHES = 32
"""Rows of `shifts` that one day of one person may need at most."""


def desks_of(experiment: Experiment, staffing: str, names: Names) -> np.recarray:
    model = experiment.staffing[staffing]
    table = rows(len(names.desks), "desks")
    for d, (name, desk) in enumerate(model.desks.items()):
        row = table[d]
        row.operator = names.operators.index(desk.operator)
        row.synchronous_queue = row.deferred_queue = row.free_head = row.free_tail = NOBODY
        row.escalates_to = names.desks.index(desk.hand_over) if desk.hand_over and desk.hand_over != name else NOBODY
        row.routing = code(Routing, desk.routing)
        row.end_of_duty = code(EndOfDuty, desk.end_of_duty)
        row.overtime_low = desk.overtime.low.value
        row.overtime_mode = desk.overtime.mode.value
        row.overtime_high = desk.overtime.high.value
        row.converses = desk.converses
        row.expires = desk.expires.value if desk.expires else NEVER
        row.callback_above = NEVER
        if desk.callback:
            row.callback_above = desk.callback.offered_above.value
            row.callback_accepts = desk.callback.accepts.value
            row.callback_reached = desk.callback.reached.value
            row.callback_ring = desk.callback.ring.value
        row.promise = desk.promise.value
        row.promise_kept = desk.promise_kept.value
        row.promise_delay = desk.promise_delay.value if desk.promise_delay else 0.0
        for power in ("informs", "rebooks", "refunds", "assists", "sees_booking", "waitlists"):
            row[power] = getattr(desk, power)
        row.handle = handling(experiment)
    return table


def handling(experiment: Experiment) -> list[float]:
    """Mean handling minutes by medium * NEEDS + need (a website has none)."""
    table = np.zeros(len(Medium) * NEEDS)
    for medium in Medium:
        if medium != Medium.WEB:
            means = getattr(experiment.behaviour.handling, medium.name.lower())
            for need in Need:
                table[medium * NEEDS + need] = means[need.name.lower()].value
    return list(table)


def desk_traits_of(experiment: Experiment, staffing: str) -> np.recarray:
    desks = experiment.staffing[staffing].desks.values()
    table = rows(len(desks), "desk_traits")
    for row, desk in zip(table, desks, strict=True):
        row.speed_sigma = sigma_of(desk.speed_cv.value)
        row.quality = desk.quality.value
        row.quality_spread = desk.quality_spread.value
        row.novices = desk.novices.value
        row.novice_slowness = desk.novice_slowness.value
        row.novice_quality = desk.novice_quality.value
        row.absence = desk.absence.value
        row.breaks = 1.0 - (1.0 - desk.shrinkage.value) / (1.0 - desk.absence.value)
        row.block = BREAK_EVERY
    return table


def prefers_text(desk: Desk, number: int) -> bool:
    """Every so many people of a team look at what was written first: `text_first` of them, evenly."""
    share = desk.text_first.value
    return math.floor((number + 1) * share + 0.5) > math.floor(number * share + 0.5)


def people(world: World, experiment: Experiment, staffing: str, names: Names) -> None:
    """Fill `staff`, `shifts` and `openings`.

    A person is a seat of a shift pattern, the same on every day the pattern has that many heads.
    """
    model = experiment.staffing[staffing]
    shifts = build(experiment, staffing)
    heads = [whole_heads(desk) for desk in shifts]
    seats = seats_of(shifts, heads) + reserve_seats(model)
    table = rows(len(seats) + (model.assistant is not None), "staff")
    world.set_table("staff", table)
    desks = list(model.desks.items())
    hired = table[: len(seats)]
    called = [f"{desks[d][0]}/{pattern}/{number}" for d, pattern, number in seats]
    hired["key"] = name_keys([f"staff/{name}" for name in called])
    hired["desk"] = [d for d, _, _ in seats]
    hired["kind"] = [code(Kind, desks[d][1].kind) for d, _, _ in seats]
    hired["deferred_first"] = [prefers_text(desks[d][1], number) for d, _, number in seats]
    hired["cost_per_minute"] = [desks[d][1].cost_per_hour.value / 60.0 for d, _, _ in seats]
    names.staff.extend(called)
    names.staff_kind.extend(desks[d][1].kind for d, _, _ in seats)
    traits.draw_people(world, len(seats))
    if model.assistant:
        machine_of(model, names, table, len(seats))
        names.staff.append("assistant")
        names.staff_kind.append("assistant")
        for channel in model.assistant.channels:
            world.channels[names.channels.index(channel)].assistant = len(seats)
    lay_out(world, experiment, staffing, shifts, heads, {seat: s for s, seat in enumerate(seats)})
    world.set_table("openings", openings_of(experiment, staffing, shifts, names))


def reserve_seats(model: Staffing) -> list[Seat]:
    """The people on call of every desk that has some."""
    return [
        (d, RESERVE, number)
        for d, desk in enumerate(model.desks.values())
        if desk.reserve
        for number in range(round(desk.reserve.headcount.value))
    ]


def seats_of(shifts: Rosters, heads: Sequence[np.ndarray]) -> list[Seat]:
    """(desk, pattern, number) of every person who is ever rostered."""
    seats: list[Seat] = []
    for d, (desk, counts) in enumerate(zip(shifts, heads, strict=True)):
        most: dict[int, int] = {}
        for shift, count in zip(desk, counts, strict=True):
            most[shift.pattern] = max(most.get(shift.pattern, 0), int(count))
        seats += [(d, pattern, number) for pattern in sorted(most) for number in range(most[pattern])]
    return seats


def lay_out(
    world: World,
    experiment: Experiment,
    staffing: str,
    shifts: Rosters,
    heads: Sequence[np.ndarray],
    seats: Mapping[Seat, int],
) -> None:
    """Stretches of duty between breaks, by start, and what each person is paid for."""
    rostered = [
        (shift, int(count))
        for desk, counts in zip(shifts, heads, strict=True)
        for shift, count in zip(desk, counts, strict=True)
        if count
    ]
    table = rows(len(rostered), "shift_instances")
    table["start"] = [shift.start for shift, _ in rostered]
    table["end"] = [shift.end for shift, _ in rostered]
    table["day"] = [shift.day for shift, _ in rostered]
    table["heads"] = [count for _, count in rostered]
    table["first"] = [seats[shift.desk, shift.pattern, 0] for shift, _ in rostered]
    table["paid"] = [shift.hours_within(0.0, experiment.window.value) * 60.0 for shift, _ in rostered]
    world.set_table("shift_instances", table)
    world.set_table("duty_periods", rows(sum(int(count) for _, count in rostered) * STRETCHES, "duty_periods"))
    used = world.duty_periods[: traits.lay_out_duty(world)]
    order = np.lexsort((used["staff"], used["start"]))
    reserve = on_call(world, experiment, staffing, seats, len(used))
    world.set_table("duty_periods", np.concatenate([used[order], reserve]).view(np.recarray))


def on_call(
    world: World, experiment: Experiment, staffing: str, seats: Mapping[Seat, int], scheduled: int
) -> np.ndarray:
    """Fill `reserves`; their shifts, round after round behind the `scheduled` ones, have no times until called for."""
    desks = list(experiment.staffing[staffing].desks.items())
    reserves = [(d, name, desk.reserve) for d, (name, desk) in enumerate(desks) if desk.reserve]
    table = rows(len(reserves), "reserves")
    periods: list[np.recarray] = []
    for row, (d, name, reserve) in zip(table, reserves, strict=True):
        row.key = name_key("reserve", name)
        row.desk, row.operator = d, world.desks[d].operator
        row.above = reserve.above.value
        row.delay, row.length = reserve.delay.value, reserve.length.value
        row.rest_until = experiment.begins
        row.heads = round(reserve.headcount.value)
        row.rounds = math.ceil((experiment.ends - experiment.begins) / (row.delay + row.length))
        row.first = scheduled + sum(len(rounds) for rounds in periods)
        mine = rows(int(row.heads * row.rounds), "duty_periods")
        mine["start"] = mine["end"] = NEVER
        mine["last"] = 1
        mine["staff"] = [seats[d, RESERVE, number] for _ in range(row.rounds) for number in range(row.heads)]
        mine["day"] = [number for number in range(row.rounds) for _ in range(row.heads)]
        periods.append(mine)
    world.set_table("reserves", table)
    return np.concatenate(periods) if periods else rows(0, "duty_periods")


def openings_of(experiment: Experiment, staffing: str, shifts: Rosters, names: Names) -> np.recarray:
    """When each channel that is waited for on the spot is open; one with an assistant always is."""
    model = experiment.staffing[staffing]
    found = []
    for d, desk in enumerate(model.desks.values()):
        hours = openings(experiment, desk, shifts[d])
        for channel in desk.serves:
            if names.media[channel] in ("phone", "counter") and channel not in (*model.closed, *model.unanswered):
                always = model.assistant is not None and channel in model.assistant.channels
                spans = [(experiment.begins, experiment.ends)] if always else hours
                found += [(start, end, names.channels.index(channel)) for start, end in spans]
    table = rows(len(found), "openings")
    for row, (start, end, c) in zip(table, sorted(found), strict=True):
        row.start, row.end, row.channel = start, end, c
    return table
