"""Nights and Sundays cost more, by the clock where people work, and nothing but the cost depends on it."""

from __future__ import annotations

import pytest
from tests.support.tokyo_runs import digest, tokyo

import caresim
from caresim.agents import CareModel
from caresim.config.errors import BadInput
from caresim.scenario.build import build
from caresim.scenario.run import cost_of, run

SMALL = ("population.scale=0.01",)
SOCIAL = "staffing.social_team.desks.social"
BOTH = 'premium={night: 25 %, from: "21:00", to: "06:00", sunday: 50 %}'


def premiums(desk: str, staffing: str, *words: str) -> list[tuple[str, float, float]]:
    """Weekday, hours paid and hours' worth of premium of each shift of a desk that has people."""
    world, names = build(tokyo(*SMALL, *words), staffing, 0)
    here = world.staff["desk"][world.shift_instances["first"]] == names.desks.index(desk)
    experiment = tokyo(*SMALL, *words)
    return [
        (f"{experiment.moment(shift.start):%a}", shift.paid / 60, shift.premium / 60)
        for shift in world.shift_instances[here]
        if shift.paid
    ]


def test_a_shift_is_paid_more_for_its_hours_at_night_and_on_sunday():
    """22:30 to 06:30 in Paris: seven and a half hours of night; of Saturday's, six and a half are on the Sunday."""
    desk = "contact_center"
    found = premiums(desk, "call_center_24_7", f"staffing.call_center_24_7.desks.{desk}.{BOTH}")
    assert ("Tue", 8.0, pytest.approx(7.5 * 0.25)) in found
    assert ("Sat", 8.0, pytest.approx(7.5 * 0.25 + 6.5 * 0.5)) in found
    assert ("Sun", 8.0, pytest.approx(7.5 * 0.25 + 1.5 * 0.5)) in found  # the first hour and a half of the night
    assert ("Mon", 8.0, 0.0) in found
    assert ("Sun", 8.0, pytest.approx(8 * 0.5)) in found


def test_the_clock_is_that_of_where_people_work():
    """Of three sites that work by day none works at night, though two of them do by the clock of Paris."""
    words = (
        "+staffing/tokyo@staffing.follow_the_sun=follow_the_sun",
        'staffing.follow_the_sun.desks.contact_center.premium={night: 25 %, from: "21:00", to: "06:00"}',
    )
    found = premiums("contact_center", "follow_the_sun", *words)
    assert len(found) > 20
    assert {premium for _, _, premium in found} == {0.0}


def test_a_premium_of_a_kind_of_staff_is_that_of_all_its_desks():
    told = f"staff.call_center_agent.{BOTH}"
    desks = tokyo(told).staffing["social_team"].desks
    assert desks["paris_phone"].premium is not None
    assert desks["paris_phone"].premium.sunday.value == desks["tokyo_phone"].premium.sunday.value == 0.5
    assert desks["social"].premium is None
    drawn = tokyo("staff.call_center_agent.premium={sunday: {value: 50 %, range: [0 %, 100 %], source: assumption}}")
    other = drawn.with_values({"staff.call_center_agent.premium.sunday": 0.75})
    assert {
        other.staffing["social_team"].desks[name].premium.sunday.value for name in ("paris_phone", "tokyo_phone")
    } == {0.75}


def test_only_the_cost_depends_on_it():
    with_it = f"{SOCIAL}.shifts=[{{start: '00:00', end: '24:00'}}]", f"{SOCIAL}.{BOTH}"
    plain, dear = (run(tokyo(*SMALL, *words), "social_team", 0) for words in (with_it[:1], with_it))
    assert (plain.world.staff["premium_minutes"] == 0.0).all()
    dear_minutes, dear.world.staff["premium_minutes"] = dear.world.staff["premium_minutes"].copy(), 0.0
    assert digest(plain) == digest(dear)
    assert cost_of(dear.world) == plain.cost
    assert dear.cost - plain.cost == pytest.approx(dear_minutes.sum() / 60 * 32)  # community managers: 32 EUR/h


def test_the_table_of_staff_adds_up_to_the_cost():
    outcome = caresim.simulate(tokyo(*SMALL, f"staff.call_center_agent.{BOTH}"), "call_center_24_7", 0)
    assert outcome.staff["cost"].sum() == pytest.approx(outcome.metrics["cost"], rel=1e-12)


def test_people_who_are_called_in_are_paid_it_too():
    model = CareModel(tokyo(*SMALL, f"{SOCIAL}.{BOTH}"), "social_team")
    (person,) = model.desks["social"].call_in(1, at="2011-03-12 20:00", length=360)
    assert model.world.staff[person.row].premium_minutes == pytest.approx(300 * 0.25 + 120 * 0.5)


@pytest.mark.parametrize(
    ("premium", "key", "told"),
    [
        ("{night: 25 %}", "premium.from", "required where night is above 0"),
        ('{night: 25 %, from: "21:00"}', "premium.to", "required where night is above 0"),
        ('{night: 25 %, from: "21:00", to: "06:00+1"}', "premium.to", "between '00:00' and '23:59'"),
        ('{night: 25 %, from: "21:00", to: "21:00"}', "premium.to", "must differ"),
        ("{sunday: 2, saturday: 25 %}", "premium.saturday", "unknown key"),
    ],
)
def test_what_cannot_be_meant_is_refused(premium, key, told):
    with pytest.raises(BadInput, match=told) as refused:
        tokyo(f"{SOCIAL}.premium={premium}")
    assert refused.value.key.endswith(key)
