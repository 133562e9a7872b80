"""Desks, and what the people of a desk are like, as tables of the world."""

from __future__ import annotations

import numpy as np

from caresim.config.desk import Desk
from caresim.config.experiment import Experiment
from caresim.config.traffic import Seat
from caresim.model.codes import NEVER, NOBODY, EndOfDuty
from caresim.model.media import STAFFED
from caresim.model.needs import Need
from caresim.model.own_rules import every_rule
from caresim.model.records import MEDIA, NEEDS, rows
from caresim.scenario.behaviour import sigma_of
from caresim.scenario.names import Names, code
from caresim.scenario.powers import empower

BREAK_EVERY = 120.0
"""Minutes at work with one break each: a convention of rostering, which spreads what shrinkage is not absence."""


def desks_of(experiment: Experiment, staffing: str, names: Names) -> np.recarray:
    """A row a desk, in the order of configuration; times in minutes."""
    model = experiment.staffing[staffing]
    table = rows(len(names.desks), "desks")
    for d, (name, desk) in enumerate(model.desks.items()):
        row = table[d]
        row.operator = names.operators.index(desk.operator)
        row.synchronous_queue = row.deferred_queue = row.free_head = row.free_tail = NOBODY
        row.escalates_to = names.desks.index(desk.hand_over) if desk.hand_over and desk.hand_over != name else NOBODY
        row.overflows_to = names.desks.index(desk.overflow.to) if desk.overflow else NOBODY
        row.overflow_after = desk.overflow.after.value if desk.overflow else NEVER
        row.routing = every_rule()[desk.routing].number
        row.routing_deferred = every_rule()[desk.routing_in_writing or desk.routing].number
        row.end_of_duty = code(EndOfDuty, desk.end_of_duty)
        row.overtime_low = desk.overtime.low.value
        row.overtime_mode = desk.overtime.mode.value
        row.overtime_high = desk.overtime.high.value
        row.converses = desk.converses
        row.replans = desk.replans is not None
        row.expires = desk.expires.value if desk.expires else NEVER
        row.head_start = desk.head_start.value if desk.head_start else 0.0
        row.by_channel = any(unserved_by(seat, desk) for seat in seats_given(experiment, name, desk))
        row.callback_above = NEVER
        if desk.callback:
            row.callback_above = desk.callback.offered_above.value
            row.callback_accepts = desk.callback.accepts.value
            row.callback_reached = desk.callback.reached.value
            row.callback_ring = desk.callback.ring.value
        if desk.news_promise:
            row.news_promise, row.news_within = desk.news_promise.share.value, desk.news_promise.within.value
        row.promise = desk.promise.value
        row.promise_kept = desk.promise_kept.value
        row.promise_delay = desk.promise_delay.value if desk.promise_delay else 0.0
        for power in ("informs", "sees_booking", "waitlists"):
            row[power] = getattr(desk, power)
        empower(row, experiment, desk, names)
        row.handle = handling(experiment)
    return table


def seats_given(experiment: Experiment, name: str, desk: Desk) -> list[Seat]:
    """The people of a desk whose roster a replay gives, by the number of their shift pattern; of others none."""
    return experiment.replay.seats(name) if experiment.replay and desk.roster == "given" else []


def unserved_by(seat: Seat, desk: Desk) -> list[str]:
    """The channels of the desk that somebody does not serve."""
    return [channel for channel in desk.serves if seat.skills and channel not in seat.skills]


def handling(experiment: Experiment) -> list[float]:
    """Mean handling minutes by medium * NEEDS + need; 0 for media that no channel has, and where a machine answers."""
    table = np.zeros(MEDIA * NEEDS)
    for medium in STAFFED:
        for need, mean in experiment.behaviour.handling_of(medium).items():
            table[medium * NEEDS + code(Need, need)] = mean.value
    return list(table)


def desk_traits_of(experiment: Experiment, staffing: str) -> np.recarray:
    """A row a desk: how its people are drawn; shares, and minutes of a block with one break."""
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
