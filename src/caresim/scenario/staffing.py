"""Desks, their people and their shifts, as tables of the world."""

from __future__ import annotations

import math

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.staffing import Desk
from caresim.model import traits
from caresim.model.codes import NOBODY, EndOfDuty, Kind, Medium, Need, Routing
from caresim.model.draws import name_key
from caresim.model.records import NEEDS, rows
from caresim.model.world import World
from caresim.scenario.names import Names
from caresim.scenario.places import code, machine_of
from caresim.scenario.roster import Turn, openings, plan, whole_heads
from caresim.scenario.rules import sigma_of

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
        row.live = row.text = row.free_head = row.free_tail = NOBODY
        row.hand_over = names.desks.index(desk.hand_over) if desk.hand_over and desk.hand_over != name else NOBODY
        row.routing = code(Routing, desk.routing)
        row.end_of_duty = code(EndOfDuty, desk.end_of_duty)
        row.overtime_low, row.overtime_mode, row.overtime_high = (q.value for q in (desk.overtime.low, desk.overtime.mode, desk.overtime.high))
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


def people(world: World, experiment: Experiment, staffing: str, names: Names) -> list[list[Turn]]:
    """Fill `staff`, `shifts` and `openings`; gives the plan of turns back.

    A person is a seat of a shift pattern, the same on every day the pattern has that many heads.
    """
    model = experiment.staffing[staffing]
    turns = plan(experiment, staffing)
    heads = [whole_heads(desk) for desk in turns]
    seats = seats_of(model, turns, heads)
    table = rows(len(seats) + (model.assistant is not None), "staff")
    world.place("staff", table)
    desks = list(model.desks.items())
    for s, (d, pattern, number) in enumerate(seats):
        name, desk = desks[d]
        row = table[s]
        row.key = name_key("staff", name, pattern, number)
        row.desk = d
        row.kind = code(Kind, desk.kind)
        row.text_first = prefers_text(desk, number)
        row.cost_per_minute = desk.cost_per_hour.value / 60.0
        names.staff.append(f"{name}/{pattern}/{number}")
        names.staff_kind.append(desk.kind)
        traits.draw_person(world, s)
    if model.assistant:
        machine_of(model, names, table, len(seats))
        names.staff.append("assistant")
        names.staff_kind.append("assistant")
        for channel in model.assistant.channels:
            world.channels[names.channels.index(channel)].assistant = len(seats)
    lay_out(world, experiment, turns, heads, {seat: s for s, seat in enumerate(seats)})
    world.place("openings", openings_of(experiment, staffing, turns, names))
    return turns


def seats_of(model, turns, heads) -> list[tuple[int, int, int]]:
    """(desk, pattern, number) of every person who is ever rostered."""
    seats = []
    for d, (desk, counts) in enumerate(zip(turns, heads, strict=True)):
        for pattern in range(len(list(model.desks.values())[d].shifts)):
            most = max((int(n) for turn, n in zip(desk, counts, strict=True) if turn.pattern == pattern), default=0)
            seats += [(d, pattern, number) for number in range(most)]
    return seats


def lay_out(world: World, experiment: Experiment, turns, heads, seats) -> None:
    """Stretches of duty between breaks, by start, and what each person is paid for."""
    days_of_people = sum(int(counts.sum()) for counts in heads)
    table = rows(days_of_people * STRETCHES, "shifts")
    world.place("shifts", table)
    used = 0
    for desk, counts in zip(turns, heads, strict=True):
        for turn, count in zip(desk, counts, strict=True):
            paid = turn.hours_within(0.0, experiment.window.value) * 60.0
            for number in range(int(count)):
                s = seats[turn.desk, turn.pattern, number]
                world.staff[s].paid_minutes += paid
                used += traits.lay_out_duty(world, used, s, turn.start, turn.end, turn.day)
    table = table[:used]
    table = table[np.lexsort((table.staff, table.start))].view(np.recarray)
    world.place("shifts", np.ascontiguousarray(table).view(np.recarray))


def openings_of(experiment: Experiment, staffing: str, turns, names: Names) -> np.recarray:
    """When each channel that is waited for on the spot is open; one with an assistant always is."""
    model = experiment.staffing[staffing]
    found = []
    for d, desk in enumerate(model.desks.values()):
        hours = openings(experiment, desk, turns[d])
        for channel in desk.serves:
            if names.media[channel] in ("phone", "counter") and channel not in (*model.closed, *model.unanswered):
                always = model.assistant is not None and channel in model.assistant.channels
                spans = [(experiment.begins, experiment.ends)] if always else hours
                found += [(start, end, names.channels.index(channel)) for start, end in spans]
    table = rows(len(found), "openings")
    for row, (start, end, channel) in zip(table, sorted(found), strict=True):
        row.start, row.end, row.channel = start, end, channel
    return table
