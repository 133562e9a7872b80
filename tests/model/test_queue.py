"""The queues of a desk serve by rank, pass over those who left, and lose nobody."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.worlds import bare_world

from caresim.model.codes import NOBODY
from caresim.model.media import Medium
from caresim.model.queue import call_next, join_queue, leave_queue
from caresim.model.routing import RULES


def queue(ranks, routing="first_come", medium=Medium.PHONE):
    world = bare_world(contacts=max(1, len(ranks)))
    world.desks[0].routing = world.desks[0].routing_deferred = RULES[routing].number
    for c, rank in enumerate(ranks):
        world.contacts[c].arrival = world.contacts[c].posted = rank
        world.contacts[c].medium = medium
        world.contacts[c].passenger = NOBODY
        join_queue(world, c)
    return world


def served(world, live=True):
    out = []
    while (c := call_next(world, 0, live)) != NOBODY:
        out.append(c)
    return out


@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(0, 20).map(float), max_size=60), st.data())
def test_first_come_first_served_whoever_leaves_in_between(arrivals, data):
    world = queue(arrivals)
    left = data.draw(st.sets(st.sampled_from(range(len(arrivals))))) if arrivals else set()
    for c in left:
        leave_queue(world, c)
    order = sorted(set(range(len(arrivals))) - left, key=lambda c: (arrivals[c], c))
    assert world.desks[0].waiting_synchronous == len(order)
    assert served(world) == order
    assert world.desks[0].waiting_synchronous == 0


def test_newest_first():
    assert served(queue([1.0, 3.0, 2.0], "newest")) == [1, 2, 0]


def written(world, c, arrival, posted):
    """A post of a contact that has been waiting since `arrival`."""
    contact = world.contacts[c]
    contact.arrival, contact.posted = arrival, posted
    contact.medium, contact.passenger = Medium.PUBLIC, NOBODY
    join_queue(world, c)


def test_newest_first_goes_by_the_last_post_whenever_the_author_first_wrote():
    """An author who writes again, and whose conversation joins the queue anew, is ranked by that post."""
    world = bare_world(contacts=3)
    world.desks[0].routing = world.desks[0].routing_deferred = RULES["newest"].number
    for c, (arrival, posted) in enumerate([(1.0, 5.0), (3.0, 3.0), (4.0, 4.0)]):
        written(world, c, arrival, posted)
    assert served(world, live=False) == [0, 2, 1]


def test_written_contacts_wait_in_a_queue_of_their_own():
    world = queue([1.0, 2.0], medium=Medium.PUBLIC)
    assert call_next(world, 0, True) == NOBODY
    assert served(world, live=False) == [0, 1]


def test_questions_come_before_the_posts_of_bystanders():
    world = bare_world(contacts=2)
    world.desks[0].routing = world.desks[0].routing_deferred = RULES["questions_first"].number
    for c, (arrival, passenger) in enumerate([(1.0, NOBODY), (5.0, 0)]):
        world.contacts[c].arrival = arrival
        world.contacts[c].passenger = passenger
        world.contacts[c].medium = Medium.PUBLIC
        join_queue(world, c)
    assert served(world, live=False) == [1, 0]
