"""An experiment, a staffing model and a replication become a world, with its first events on the agenda."""

from __future__ import annotations

from caresim.config.counts import come_one_by_one
from caresim.config.experiment import Experiment
from caresim.config.pace import announce
from caresim.model.agenda import BLOCK, plan_ahead
from caresim.model.codes import NOBODY
from caresim.model.draws import luck_of
from caresim.model.engine import HEADROOM
from caresim.model.jit import prepare
from caresim.model.own_rules import BUILT_IN, addresses
from caresim.model.records import rows
from caresim.model.spill import FROM
from caresim.model.world import World
from caresim.scenario.blueprint import blueprint_of
from caresim.scenario.names import Names
from caresim.scenario.population import MANY, begin_streams, draw_population, expected
from caresim.scenario.posterior import keep_busy, set_speeds
from caresim.scenario.staff import put_to_work

CONTACTS_EACH = 4
"""Contacts of a passenger, more than there will hardly be."""
FEW = FROM
"""So many contacts always have a row each: a million."""
OPEN = 4 * HEADROOM
OPEN_PASSENGERS = 4096
"""Rows of contacts and of passengers to begin with, where they are used again: what the processor keeps at hand (1 MB
each).
"""
PAST = FROM + 2 * OPEN
"""Rows of what is over: more than are measured in one go. What is not written takes no memory."""
RELAYS = 256
"""What is passed on of one thing that the company says, at most; one or two are usual."""
STRETCH = 256
"""Arrivals that are drawn in one go, where passengers come into being while the run goes on."""
BUCKETS = 8192
"""Buckets of the agenda over the whole run: about two minutes each in a crisis of ten days."""


def build(experiment: Experiment, staffing: str, replication: int, reuses_rows: bool = False) -> tuple[World, Names]:
    """The world at its beginning and the names of its rows.

    `reuses_rows`: nobody will look at contacts one by one, so that their rows are used again once they are over.
    """
    prepare()
    blueprint = blueprint_of(experiment, staffing)
    names = blueprint.names
    world = World(
        **blueprint.copies(),
        replay_inputs=rows(0, "replay_inputs"),
        own_rules=addresses(),
        reserves=rows(0, "reserves"),
    )
    set_clock(world, experiment, replication)
    put_to_work(world, experiment, staffing, blueprint.crew)
    set_speeds(world, experiment, names)
    keep_busy(world, experiment, names)
    people = expected(world, experiment)
    if people >= MANY:
        announce(f"building a world of {people:,.0f} passengers")
    world.reuses_rows = reuses_rows and may_reuse_rows(world, people)
    world.reuses_passengers = world.reuses_rows and come_one_by_one(experiment)
    if world.reuses_passengers:
        begin_streams(world, experiment, names, OPEN_PASSENGERS, STRETCH)
    else:
        draw_population(world, experiment, names)
    if people >= MANY:
        announce("putting all that is to come into its order")
    allocate_tables(world, experiment, names)
    plan_ahead(world)
    return world, names


def set_clock(world: World, experiment: Experiment, replication: int) -> None:
    """The one row of `clock`: minutes since the start, and the luck of the replication."""
    clock = world.clock[0]
    clock.now = clock.origin = experiment.begins
    clock.end = experiment.ends
    clock.window = experiment.window.value
    clock.bin = experiment.bin.value
    clock.luck = luck_of(experiment.seed, replication)
    clock.width = (experiment.ends - experiment.begins) / BUCKETS
    clock.edge = clock.origin + clock.width
    clock.spare = clock.free_contact = NOBODY


def may_reuse_rows(world: World, passengers: float) -> bool:
    """Where there may be many contacts, unless a routing rule of a user could look at any of the past ones.

    To write down a few brings nothing and takes a tenth of the time of a run.
    """
    own = (world.desks["routing"] >= BUILT_IN) | (world.desks["routing_deferred"] >= BUILT_IN)
    return CONTACTS_EACH * passengers > FEW and not own.any()


def allocate_tables(world: World, experiment: Experiment, names: Names) -> None:
    """Tables that fill up during the run. What turns out too small grows."""
    passengers = len(world.passengers)
    bins = int(-(-(experiment.ends - experiment.begins) // experiment.bin.value)) + 1
    dated = (
        len(world.duty_periods)
        + 2 * (len(world.openings) + len(world.flights))
        + len(world.facts)
        + len(world.notices)
        + len(world.orders)
    )
    world.set_table("events", rows(dated + 4 * HEADROOM, "events"))
    world.set_table("far_events", rows(2 * passengers + dated + BLOCK * (BUCKETS + 2 * HEADROOM), "far_events"))
    all_contacts = min(CONTACTS_EACH * passengers, FROM) + 4 * HEADROOM
    world.set_table("contacts", rows(OPEN if world.reuses_rows else all_contacts, "contacts"))
    past_contacts = PAST if world.reuses_passengers else min(all_contacts, PAST) if world.reuses_rows else 0
    past_passengers = PAST if world.reuses_passengers else 0
    world.set_table("past_contacts", rows(past_contacts, "past_contacts"))
    world.set_table("past_passengers", rows(past_passengers, "past_passengers"))
    world.set_table("past_cases", rows(past_passengers * len(world.operators), "past_cases"))
    world.set_table("buckets", rows(BUCKETS + 1, "buckets"))
    world.buckets["last"] = NOBODY
    ring = 8192
    while ring < 4 * len(world.staff):
        ring *= 2
    world.set_table("immediate", rows(ring, "immediate"))
    world.set_table("ticks", rows(bins, "ticks"))
    world.set_table("relays", rows(RELAYS, "relays"))
    world.set_table("desk_ticks", rows(bins * max(1, len(names.desks)), "desk_ticks"))
