"""Routing rules: each puts waiting contacts in its order, and every desk can name it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.worlds import bare_world

from caresim.model.codes import NOBODY
from caresim.model.media import Medium
from caresim.model.own_rules import OWN, every_rule, rank
from caresim.model.queue import call_next, join_queue
from caresim.model.records import rows
from caresim.model.routing import RULES, rule
from caresim.model.waiting import remind


def waiting(routing, *contacts, passengers=4):
    """A desk with this rule and contacts (dicts of record fields), one passenger each unless said otherwise."""
    world = bare_world(contacts=len(contacts) + 1, passengers=passengers)
    world.desks[0].routing = world.desks[0].routing_deferred = RULES[routing].number
    world.clock[0].contacts = len(contacts)
    for c, fields in enumerate(contacts):
        contact = world.contacts[c]
        contact.medium, contact.passenger, contact.key = Medium.PUBLIC, NOBODY, c + 1
        contact.queued = 0
        for name, value in fields.items():
            contact[name] = value
    return world


def served(world):
    for c in range(world.clock[0].contacts):
        join_queue(world, c)
    order = []
    while (c := call_next(world, 0, False)) != NOBODY:
        order.append(c)
    return order


def test_a_reminder_makes_a_post_the_newest():
    """Ranked by the author's last post and not by the first: whoever asks again is on top of the feed."""
    early, late = {"arrival": 1.0, "posted": 9.0}, {"arrival": 5.0, "posted": 5.0}
    assert served(waiting("newest", early, late)) == [0, 1]
    assert served(waiting("newest", early | {"posted": 1.0}, late)) == [1, 0]


def test_a_post_that_expired_is_ranked_by_its_reminder():
    """The way through the model: put aside as too old, asked about again, and up again before what came in between."""
    world = waiting("newest", {"arrival": 0.0, "posted": 0.0, "expired": 1}, {"arrival": 5.0, "posted": 5.0})
    join_queue(world, 1)
    world.contacts[0].medium = Medium.PRIVATE  # not shown to all: no feed in this small world
    world.clock[0].now = 7.0
    remind(world, 0)
    assert world.contacts[0].rank < world.contacts[1].rank


def test_whoever_is_angriest_is_next_and_bystanders_are_last():
    world = waiting("angriest", {"passenger": NOBODY}, {"passenger": 0}, {"passenger": 1})
    world.passengers["anger"][:2] = 0.2, 0.7
    assert served(world) == [2, 1, 0]


def test_the_nearest_deadline_is_next_and_bystanders_are_last():
    world = waiting("nearest_deadline", {"passenger": NOBODY}, {"passenger": 0}, {"passenger": 1})
    world.passengers["deadline"][:2] = 50.0, 40.0
    assert served(world) == [2, 1, 0]


def test_the_highest_priority_is_next_and_bystanders_are_last():
    world = waiting("priority", {"passenger": NOBODY}, {"passenger": 0}, {"passenger": 1})
    world.set_table("cohorts", type(world.cohorts)(2, dtype=world.cohorts.dtype))
    world.cohorts["priority"] = 1.0, 3.0
    world.passengers["cohort"][:2] = 0, 1
    assert served(world) == [2, 1, 0]


def test_a_head_start_moves_a_priority_up_by_minutes_and_bystanders_are_last():
    """10 minutes for a priority of 1: the ranks are 30 - 3 * 10 = 0, 5 - 10 / 2 = 0 and 2, and a post has none."""
    arrivals = {1: 30.0, 2: 5.0, 3: 2.0}
    posts = [{"passenger": NOBODY}, *({"passenger": c - 1, "arrival": time} for c, time in arrivals.items())]
    world = waiting("head_start", *posts)
    world.desks[0].head_start = 10.0
    world.set_table("replay_inputs", rows(3, "replay_inputs"))
    world.replay_inputs["priority"] = 3.0, 0.5, 0.0
    assert served(world) == [1, 2, 3, 0]


@pytest.mark.parametrize("name", sorted(RULES))
@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 9).map(float), min_size=2, max_size=30))
def test_equal_ranks_go_by_order_of_arrival(name, posted):
    """Rows are in order of arrival: among equal ranks the lower row is next."""
    world = waiting(name, *({"arrival": float(n), "posted": time} for n, time in enumerate(posted)))
    ranks = [rank(world, c) for c in range(len(posted))]
    assert served(world) == sorted(range(len(posted)), key=lambda c: (ranks[c], c))


def test_every_rule_says_what_it_does_and_has_a_number_of_its_own():
    assert [one.number for one in every_rule().values()] == list(range(len(RULES) + len(OWN)))
    assert all(one.meaning.endswith(".") for one in RULES.values())


def test_two_rules_of_one_name_are_refused():
    def newest(world, c):
        """Another one."""
        return 0.0

    with pytest.raises(TypeError, match="two routing rules newest"):
        rule(newest)


def test_a_rule_that_does_not_say_what_it_does_is_refused():
    with pytest.raises(TypeError, match="needs a docstring"):
        rule(lambda world, c: 0.0)
    assert "<lambda>" not in RULES
