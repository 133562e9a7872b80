"""Anger follows its law: nothing within the expected wait, e-folds beyond it, relaxing when nothing is awaited."""

from __future__ import annotations

import math

import pytest
from tests.support.worlds import bare_world

from caresim.model.anger import anger_now, feel, provoke, soothe, start_waiting, stop_waiting
from caresim.model.codes import MISSING, Status


def passenger(anger=0.2, temper=1.2, kappa=0.25):
    world = bare_world()
    world.behaviour[0].kappa = kappa
    world.behaviour[0].unexplained = 1.5
    world.behaviour[0].anger_half_life = 720.0
    person = world.passengers[0]
    person.anger = anger
    person.temper = temper
    person.status = Status.SEEKING
    person.waits_since = MISSING
    return world


def law(a0, w, tau, kappa, theta, m):
    return 1 - (1 - a0) * max(1.0, w / tau) ** (-kappa * theta * m)


def test_no_anger_grows_within_the_expected_time():
    world = passenger()
    start_waiting(world, 0, 60.0)
    world.clock[0].now = 59.0
    assert anger_now(world, 0) == 0.2


@pytest.mark.parametrize("minutes", [61.0, 120.0, 600.0, 6000.0])
@pytest.mark.parametrize("explained", [0, 1])
def test_past_it_anger_grows_by_the_e_fold(minutes, explained):
    world = passenger()
    world.passengers[0].explained = explained
    start_waiting(world, 0, 60.0)
    world.clock[0].now = minutes
    expected = law(0.2, minutes, 60.0, 0.25, 1.2, 1.0 if explained else 1.5)
    assert anger_now(world, 0) == pytest.approx(expected, rel=1e-12)


def test_looking_at_it_on_the_way_changes_nothing():
    world = passenger()
    start_waiting(world, 0, 60.0)
    for now in (10.0, 70.0, 200.0, 350.0, 900.0):
        world.clock[0].now = now
        feel(world, 0)
    assert world.passengers[0].anger == pytest.approx(law(0.2, 900.0, 60.0, 0.25, 1.2, 1.5), rel=1e-12)


def test_between_cases_half_of_it_is_gone_after_the_half_life():
    world = passenger(anger=0.6)
    stop_waiting(world, 0)
    world.clock[0].now = 720.0
    assert anger_now(world, 0) == pytest.approx(0.3, rel=1e-12)


def test_provoking_goes_part_of_the_way_to_one_and_soothing_takes_a_share():
    world = passenger(anger=0.2, temper=1.0)
    provoke(world, 0, 0.25)
    assert world.passengers[0].anger == pytest.approx(0.4)
    soothe(world, 0, 0.5)
    assert world.passengers[0].anger == pytest.approx(0.2)
    assert world.cases[0].anger_peak == pytest.approx(0.4)
    assert world.cases[0].anger_end == pytest.approx(0.2)


def test_anger_never_leaves_zero_to_one():
    world = passenger(anger=0.9, temper=30.0)
    provoke(world, 0, 0.25)
    assert world.passengers[0].anger <= 1.0
    start_waiting(world, 0, 1e-3)
    world.clock[0].now = 1e7
    assert 0.0 <= anger_now(world, 0) <= 1.0
    assert math.isfinite(anger_now(world, 0))
