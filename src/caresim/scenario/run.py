"""One run: one staffing model, one replication, from the warm-up to the end of the drain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.config.pace import Pace
from caresim.model import own_rules
from caresim.model.engine import advance, finish
from caresim.model.own_rules import NO_RANK
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.names import Names
from caresim.scenario.population import MANY, expected

STOPS = 400
"""Looks at the clock on the way through a run of many passengers."""


@dataclass(frozen=True)
class Run:
    """A world at its end, with the names of its rows.

    `experiment` holds the values drawn for this replication. Times are minutes since the start.
    """

    experiment: Experiment
    staffing: str
    replication: int
    world: World
    names: Names
    cost: float
    """EUR within the window: paid hours, what nights and Sundays cost beyond them, overtime, and what an assistant's
    contacts cost.
    """
    events: int
    tallies: dict[type[Any], Any] = field(default_factory=dict)
    """By their kind: what has counted what the world has forgotten, and has yet to count the rest."""


Measuring = Callable[[Run, str, int], int]
"""Measures the past `contacts` or `passengers` of a run that goes on: so many rows of that table are complete from the
first on. It says how many it has measured, adds them to the run's tallies, and will not see them again.
"""


def run(experiment: Experiment, staffing: str, replication: int, measuring: Measuring | None = None) -> Run:
    """Simulate `staffing` in replication number `replication` of an experiment whose uncertain values are set.

    `measuring`: nobody will look at contacts and passengers one by one; they are measured when they are over and then
    forgotten, where there are many.
    """
    world, names = build(experiment, staffing, replication, measuring is not None)
    tallies: dict[type[Any], Any] = {}
    if measuring:
        so_far = Run(experiment, staffing, replication, world, names, cost=math.nan, events=0, tallies=tallies)
        world.measure_past = lambda what, complete: measuring(so_far, what, complete)
    with rules_of_users(world, experiment, staffing):
        go_on(world, experiment, f"simulating {staffing}, replication {replication + 1}")
    finish(world)
    return Run(experiment, staffing, replication, world, names, cost_of(world), int(world.clock[0].events), tallies)


def go_on(world: World, experiment: Experiment, what: str) -> None:
    """Let everything happen until the end. Where that takes long, whoever waits for it is told how far it is."""
    if expected(world, experiment) >= MANY:
        length = experiment.ends - experiment.begins
        pace = Pace(what, length)
        for stop in range(1, STOPS):
            advance(world, experiment.begins + length * stop / STOPS)
            pace.at(length * stop / STOPS)
    advance(world, experiment.ends)


@contextmanager
def rules_of_users(world: World, experiment: Experiment, staffing: str) -> Iterator[None]:
    """Whatever lets a world go on: BadInput names the desk and the rule where a routing rule of a user fails."""
    try:
        yield
    except ValueError as error:
        if str(error) != NO_RANK:
            raise
        (desk,) = world.own_rules["failed_at"][world.own_rules["failed_at"] > 0][:1] - 1
        name, chosen = list(experiment.staffing[staffing].desks.items())[desk]
        allowed = (
            "failed, or returned NaN, for a contact; a bystander's post has passenger -1 (caresim.model.codes.NOBODY)"
        )
        rules = {"routing": chosen.routing, "routing_in_writing": chosen.routing_in_writing}
        key, rule = next((key, rule) for key, rule in rules.items() if rule in own_rules.OWN)
        raise BadInput(f"staffing.{staffing}.desks.{name}.{key}", rule, allowed) from error


def cost_of(world: World) -> float:
    """EUR: paid, overtime and premium minutes at each person's rate, and the assistant's contacts at theirs."""
    staff = world.staff
    minutes = staff["paid_minutes"] + staff["overtime_minutes"] + staff["premium_minutes"]
    return float((minutes * staff["cost_per_minute"] + staff["contacts"] * staff["cost_per_contact"]).sum())
