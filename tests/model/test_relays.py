"""What a company says in public is passed on: a small tree, which is counted and touches nobody."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.properties.small_worlds import minimal

from caresim.config.compose import validate
from caresim.model.draws import name_key
from caresim.model.feed import pass_on_words, weight
from caresim.scenario.build import build

ROOTS = 4000


@pytest.fixture
def world():
    whole = minimal()
    whole["population"]["cohorts"]["some"]["people"] = "2000 people"
    found, _ = build(validate(whole), "model", 0)
    found.behaviour["kernel"] = 1.0
    return found


@pytest.mark.parametrize("relay", [0.05, 0.2, 0.5])
def test_each_root_is_passed_on_relay_by_one_minus_relay_times(world, relay):
    """The total progeny of a Poisson tree has the mean r / (1 - r) and the variance r / (1 - r)^3; four sigma."""
    world.behaviour["relay"], world.behaviour["relay_max"] = relay, 0.6
    for n in range(ROOTS):
        pass_on_words(world, name_key("root", n))
    expected, spread = ROOTS * relay / (1 - relay), (ROOTS * relay / (1 - relay) ** 3) ** 0.5
    assert abs(world.ticks["relays"].sum() - expected) < 4 * spread


def test_more_relay_thins_the_same_tree_less(world):
    world.behaviour["relay_max"] = 0.6
    counts = []
    for relay in (0.0, 0.1, 0.3, 0.6):
        world.behaviour["relay"] = relay
        world.ticks["relays"] = 0
        for n in range(200):
            pass_on_words(world, name_key("root", n))
        counts.append(int(world.ticks["relays"].sum()))
    assert counts[0] == 0
    assert counts == sorted(counts)


def test_what_an_author_sets_off_goes_by_followers_and_is_one_on_average(world):
    """The weight is cut at 20, so that the mean stays below 1 by what lies beyond: little at these powers."""
    people = range(len(world.passengers))
    world.behaviour["follower_power"] = 0.0
    assert {weight(world, i) for i in people} == {1.0}
    for power in (0.3, 1.0):
        world.behaviour["follower_power"] = power
        seen = np.array([weight(world, i) for i in people])
        assert seen.max() <= 20.0
        assert abs(seen.mean() - 1.0) < 4 * seen.std() / len(seen) ** 0.5
