"""One run: one staffing model, one replication, from the warm-up to the end of the drain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.model import standing, tally  # noqa: F401 (laws that runs are measured by are compiled with the others)
from caresim.model.engine import advance
from caresim.model.own_rules import NO_RANK
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
    with rules_of_users(world, experiment, staffing):
        advance(world, experiment.ends)
    return Run(experiment, staffing, replication, world, names, cost_of(world), int(world.clock[0].events))


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
        raise BadInput(f"staffing.{staffing}.desks.{name}.routing", chosen.routing, allowed) from error


def cost_of(world: World) -> float:
    """EUR: paid and overtime minutes at each person's rate, and the assistant's contacts at theirs."""
    staff = world.staff
    hours = (staff["paid_minutes"] + staff["overtime_minutes"]) * staff["cost_per_minute"]
    return float((hours + staff["contacts"] * staff["cost_per_contact"]).sum())
