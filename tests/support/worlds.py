"""Small worlds made by hand for the tests of single laws."""

from __future__ import annotations

import numpy as np

from caresim.model.codes import NEVER, NOBODY
from caresim.model.jit import prepare
from caresim.model.records import rows
from caresim.model.world import World


def bare_world(contacts: int = 64, passengers: int = 4, end: float = NEVER, width: float = 1.0) -> World:
    """An agenda, one operator, one channel, one desk, nobody on duty."""
    prepare()
    world = World(
        contacts=rows(contacts, "contacts"),
        passengers=rows(passengers, "passengers"),
        cases=rows(passengers, "cases"),
        events=rows(8192, "events"),
        far_events=rows(8192, "far_events"),
        buckets=rows(65, "buckets"),
        immediate=rows(1024, "immediate"),
        ticks=rows(2, "ticks"),
        spontaneous_posts=rows(0, "spontaneous_posts"),
    )
    clock = world.clock[0]
    clock.end = end
    clock.width = clock.edge = width
    clock.spare = clock.free_contact = NOBODY
    clock.next_affected = passengers
    world.buckets["last"] = NOBODY
    world.contacts["number"] = np.arange(contacts)
    desk = world.desks[0]
    desk.synchronous_queue = desk.deferred_queue = desk.free_head = desk.free_tail = NOBODY
    return world
