"""What must hold in every run, on tokyo: a tenth of its passengers, watched event by event, in every staffing model."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.support.properties import invariants
from tests.support.properties.onlooker import watch
from tests.support.tokyo_runs import contacts, digest, ran, tokyo

from caresim.model.codes import Outcome, Status
from caresim.scenario.run import run

MODELS = list(tokyo().staffing)
FEW = "population.scale=0.1"


@lru_cache(maxsize=1)
def watched(staffing: str):
    return watch(tokyo(FEW), staffing)


@pytest.fixture(params=MODELS, scope="module")
def diary(request):
    return watched(request.param)


@pytest.fixture(params=MODELS)
def of(request):
    return ran(request.param)


@pytest.mark.parametrize("invariant", invariants.ALL, ids=lambda invariant: invariant.__name__)
def test_invariant(diary, invariant):
    invariant(diary)


def test_the_invariants_had_something_to_look_at(diary):
    """Touches, seats given, the fates that are no rarity: nothing above holds because nothing happened."""
    assert len(diary.touches) > 1000
    assert len(diary.grants) > 30
    assert {"ANSWERED", "ABANDONED"} <= set(diary.fates.values())
    if diary.run.staffing == "social_team":  # nobody there at night
        assert "NEVER_ANSWERED" in diary.fates.values()


def test_being_watched_changes_nothing(diary):
    invariants.same_tables(run(tokyo(FEW), diary.run.staffing, 0), diary.run, "watched and unwatched")


def test_every_contact_ends_in_one_outcome_that_fits_its_times(of):
    invariants.outcomes_fit_their_times(of)
    assert set(contacts(of)["outcome"]) >= {Outcome.ANSWERED, Outcome.ABANDONED, Outcome.DROPPED}


def test_times_of_a_contact_are_in_order(of):
    table = contacts(of)
    replied, closed = ~np.isnan(table["reply"]), ~np.isnan(table["closed"])
    assert (table["reply"][replied] >= table["arrival"][replied]).all()
    assert (table["closed"][closed] >= table["arrival"][closed]).all()


def test_seats_add_up_to_the_capacity_and_are_those_of_the_parties_that_won_one(of):
    passengers, flights = of.world.passengers, of.world.flights
    assert (np.array([flights["free"], flights["booked"], flights["taken"]]) >= 0).all()
    assert (flights["free"] + flights["booked"] + flights["taken"] == flights["capacity"]).all()
    won = passengers[passengers["seat"] >= 0]
    assert len(won) > 100
    per_flight = np.bincount(won["seat"], weights=won["party"], minlength=len(flights))
    assert (per_flight == flights["taken"]).all()
    resolved = np.fmin.reduce(of.world.cases["resolved"].reshape(len(passengers), -1), axis=1)
    assert (resolved[passengers["seat"] >= 0] <= flights["departure"][won["seat"]]).all()
    assert (flights["departure"][won["seat"]] <= won["deadline"]).all()


def test_the_unresolved_are_those_still_seeking(of):
    passengers = of.world.passengers
    seeking = (passengers["status"] == Status.SEEKING) & (passengers["ordinary"] == 0)
    assert of.world.operators["unresolved"][0] == seeking.sum()


def test_resolved_passengers_have_a_time_and_others_none(of):
    passengers = of.world.passengers
    settled = ~np.isnan(of.world.cases["resolved"]).reshape(len(passengers), -1)
    assert (settled.sum(axis=1) == (passengers["status"] == Status.RESOLVED)).all()


def test_a_run_is_the_same_twice(of):
    assert digest(run(tokyo(), of.staffing, 0)) == digest(of)
