"""A larger crisis on ordinary days: twice its people and the bystanders' news, and the very same ordinary people."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.scenario.build import build

SMALL = ("experiment=tokyo", "population.scale=0.05")


def world(*words: str):
    experiment = caresim.load(*SMALL, *words)
    return experiment, build(experiment, experiment.baseline, 0)[0]


def test_it_multiplies_the_crisis_and_leaves_ordinary_people_as_they_are():
    (one, small), (_, large) = world(), world("population.crisis_scale=2")
    ordinary = [np.sort(each.passengers["key"][each.passengers["ordinary"] != 0]) for each in (small, large)]
    assert np.array_equal(*ordinary)
    assert len(ordinary[0]) > 100
    fixed = {k for k, cohort in enumerate(one.population.cohorts.values()) if cohort.people and not cohort.named}
    for k in fixed:
        before, after = (np.count_nonzero(each.passengers["cohort"] == k) for each in (small, large))
        assert abs(after - 2 * before) <= 1
    assert set(small.passengers["key"]) < set(large.passengers["key"])  # the same people, and more


def test_it_multiplies_the_bystanders_news_and_not_their_ordinary_posts():
    (_, small), (_, large) = world(), world("population.crisis_scale=2")
    before, after = (each.cohort_parameters[-1] for each in (small, large))
    assert np.array_equal(2 * before["pulse_height"], after["pulse_height"])
    assert small.rates[before["first_rate"]].rate == large.rates[after["first_rate"]].rate


def test_a_replay_has_the_contacts_of_its_file():
    file = Path(__file__).parents[2] / "experiments" / "replay" / "contacts.csv"
    with pytest.raises(BadInput, match=r"population\.crisis_scale.*must be 1 in a replay"):
        caresim.load("experiment=replay", f"replay.contacts={file}", "population.crisis_scale=2")


def test_a_crisis_of_nobody_is_refused_by_the_key_that_makes_it_so():
    with pytest.raises(BadInput, match=r"population\.crisis_scale.*leaves no passenger"):
        caresim.load("experiment=activism", "population.crisis_scale=0.000001")
