"""The longest wait at a desk: of whom, and since when."""

from __future__ import annotations

import pytest
from tests.support.worlds import bare_world

from caresim.model.codes import NEVER, NOBODY
from caresim.model.media import Medium
from caresim.model.on_call import waits_beyond
from caresim.model.queue import join_queue, leave_queue

NOW = 1000.0


def waiting(*contacts: tuple[float, float], medium=Medium.PUBLIC, expires=720.0):
    """A desk at which contacts wait that arrived, and whose authors last wrote, at these minutes."""
    world = bare_world(contacts=max(1, len(contacts)))
    world.clock[0].now = NOW
    world.clock[0].contact_end = len(contacts)
    world.desks[0].expires = expires
    for c, (arrival, posted) in enumerate(contacts):
        world.contacts[c].arrival, world.contacts[c].posted = arrival, posted
        world.contacts[c].medium = medium
        world.contacts[c].synchronous = medium == Medium.PHONE
        world.contacts[c].passenger = NOBODY
        join_queue(world, c)
    return world


def test_who_writes_back_waits_from_then_on():
    world = waiting((100.0, 990.0))
    assert not waits_beyond(world, 0, NEVER, 10.0)
    assert waits_beyond(world, 0, NEVER, 9.0)


def test_a_post_that_arrives_after_it_was_written_waits_from_its_arrival():
    assert not waits_beyond(waiting((990.0, 100.0), expires=2000.0), 0, NEVER, 10.0)


@pytest.mark.parametrize("left", range(3))
def test_each_who_waits_is_found_and_nobody_who_left(left):
    world = waiting(*[(900.0 + c, 0.0) for c in range(3)], medium=Medium.PHONE)
    leave_queue(world, left)
    assert waits_beyond(world, 0, 1, NEVER)
    assert not waits_beyond(world, 0, 2, NEVER)
    longest = NOW - (901.0 if left == 0 else 900.0)
    assert waits_beyond(world, 0, NEVER, longest - 0.5)
    assert not waits_beyond(world, 0, NEVER, longest)


def test_what_is_too_old_to_be_answered_does_not_wait():
    world = waiting((100.0, 100.0), (990.0, 990.0), expires=60.0)
    assert not waits_beyond(world, 0, 1, NEVER)
    assert not waits_beyond(world, 0, NEVER, 30.0)


def test_rows_are_looked_at_only_until_all_who_wait_are_found():
    """An old row that says that it waits, and is not counted, would be found by a look at every row."""
    world = waiting((900.0, 900.0), (990.0, 990.0), medium=Medium.PHONE)
    world.desks[0].waiting_synchronous = 1
    assert not waits_beyond(world, 0, NEVER, 50.0)
