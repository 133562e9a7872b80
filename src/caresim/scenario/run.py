"""One run: one staffing model, one replication, from the warm-up to the end of the drain."""

from __future__ import annotations

from dataclasses import dataclass

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.model.engine import advance
from caresim.model.own_rules import NO_RANK, OWN
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.names import Names


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
    """EUR within the window: rostered hours, overtime, and what an assistant's contacts cost."""
    events: int


def run(experiment: Experiment, staffing: str, replication: int) -> Run:
    """Simulate `staffing` in replication number `replication` of an experiment whose uncertain values are set."""
    world, names = build(experiment, staffing, replication)
    try:
        advance(world, experiment.ends)
    except ValueError as error:
        raise _of_a_users_rule(error, experiment, staffing) from error
    return Run(experiment, staffing, replication, world, names, cost_of(world), int(world.clock[0].events))


def _of_a_users_rule(error: ValueError, experiment: Experiment, staffing: str) -> ValueError:
    """BadInput where it was a routing rule of the user that failed; else the error itself."""
    if str(error) != NO_RANK:
        return error
    desks = experiment.staffing[staffing].desks.items()
    name, rule = next((name, desk.routing) for name, desk in desks if desk.routing in OWN)
    allowed = (
        "failed, or returned NaN, for a contact; a post of a bystander has passenger -1 (caresim.model.codes.NOBODY)"
    )
    return BadInput(f"staffing.{staffing}.desks.{name}.routing", rule, allowed)


def cost_of(world: World) -> float:
    """EUR: paid and overtime minutes at each person's rate, and the assistant's contacts at theirs."""
    staff = world.staff
    hours = (staff["paid_minutes"] + staff["overtime_minutes"]) * staff["cost_per_minute"]
    return float((hours + staff["contacts"] * staff["cost_per_contact"]).sum())
