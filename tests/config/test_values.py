"""Uncertain quantities and copies with drawn values in their place."""

from __future__ import annotations

import time

import pytest

from caresim.config.compose import compose
from caresim.config.values import numbers_drawn
from caresim.report.page import of_experiment


def test_every_quantity_with_a_range_is_uncertain_once(tokyo):
    paths = [path for path, _ in tokyo.uncertain()]
    assert paths == sorted(set(paths))
    assert "reinforcement" in paths
    assert "operators.air_france.free_seats" in paths
    assert "disruption.bystanders.pulses.0.weight" in paths
    assert not [path for path in paths if path.endswith(".free")]  # shared: drawn with free_seats
    for _, quantity in tokyo.uncertain():
        assert quantity.low <= quantity.value <= quantity.high


def test_what_several_staffing_models_share_is_one_number(tokyo):
    shared = [pair for pair in tokyo.uncertain() if pair[0].endswith(".desks.paris_counter.headcount")]
    assert len(shared) == len(tokyo.staffing)
    assert numbers_drawn(shared) == 1
    assert numbers_drawn(tokyo.uncertain()) == 285 < len(tokyo.uncertain()) == 298


def test_the_page_counts_numbers_and_says_how_many_keys_they_have(tokyo):
    section = of_experiment.assumptions(tokyo)
    assert section.title == "The 285 numbers that are not certain"
    (table,) = section.parts
    assert "298 keys" in table.caption
    assert len(table.rows) == 298


def test_values_are_replaced_and_the_rest_is_shared(tokyo):
    other = tokyo.with_values({"behaviour.anger.kappa": 0.3, "disruption.bystanders.pulses.0.weight": 0.7})
    assert other.behaviour.anger.kappa.value == 0.3
    assert other.disruption.bystanders.pulses[0].weight.value == 0.7
    assert tokyo.behaviour.anger.kappa.value == 0.25
    assert other.population is tokyo.population
    assert other.behaviour.justice is tokyo.behaviour.justice
    assert other.disruption.bystanders.pulses[1] is tokyo.disruption.bystanders.pulses[1]
    assert other.behaviour.anger.kappa.low == tokyo.behaviour.anger.kappa.low


def test_a_shared_quantity_is_replaced_wherever_it_stands(tokyo):
    other = tokyo.with_values({"operators.air_france.free_seats": 0.07, "staff.call_center_agent.quality": 0.5})
    assert {series.free.value for series in other.operators["air_france"].flights.values()} == {0.07}
    for model in other.staffing.values():
        for desk in model.desks.values():
            expected = 0.5 if desk.kind == "call_center_agent" else tokyo.staff[desk.kind].quality.value
            assert desk.quality.value == expected


def test_own_words_of_a_desk_or_a_table_win_over_shared_ones():
    told = compose(["staffing.social_team.desks.paris_phone.quality=0.9", "behaviour.handling.private.refund=4 min"])
    assert told.staffing["social_team"].desks["paris_phone"].quality.value == 0.9
    assert (
        told.staffing["social_team"].desks["tokyo_phone"].quality.value == told.staff["call_center_agent"].quality.value
    )
    assert told.behaviour.handling.private["refund"].value == 4
    assert told.behaviour.handling.private["rebooking"] == told.behaviour.handling.email["rebooking"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("behaviour.anger.kapa", "behaviour.anger.kapa is not there"),
        ("behaviour.anger", "behaviour.anger is no quantity"),
        ("name", "name is no quantity"),
        ("behaviour.anger.kappa.value", "behaviour.anger.kappa is no quantity"),
    ],
)
def test_a_path_that_leads_to_no_quantity_is_refused(tokyo, path, said):
    with pytest.raises(KeyError, match=said):
        tokyo.with_values({path: 1.0})


def test_sixty_values_are_replaced_within_two_milliseconds(tokyo):
    values = {path: quantity.high for path, quantity in tokyo.uncertain()[:60]}
    tokyo.with_values(values)
    spent = []
    for _ in range(20):
        start = time.thread_time()
        tokyo.with_values(values)
        spent.append(time.thread_time() - start)
    assert min(spent) < 0.002
