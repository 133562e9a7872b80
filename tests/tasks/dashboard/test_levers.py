"""A switch makes a staffing model of its own out of the one that is shown; nonsense is refused in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from caresim.config.errors import BadInput
from caresim.tasks.dashboard.levers import ALWAYS, OFFICE, PLANNED, levers_of, read, varied
from caresim.tasks.dashboard.side import Side, paid_hours


@pytest.fixture
def social(experiment):
    return levers_of(experiment, "social_team")


def test_they_stand_as_the_model_has_it(experiment, social):
    assert (social.team, social.hours, social.opens, social.closes) == (2, OFFICE, "09:00", "18:00")
    assert (social.weekdays, social.access, social.assistant) == (True, False, False)
    centre = levers_of(experiment, "call_center_24_7")
    assert (centre.hours, centre.access) == (PLANNED, True)
    assert levers_of(experiment, "assistant_first").assistant


def test_as_planned_is_no_change_where_the_shifts_are_planned_so(experiment, social):
    assert varied(experiment, "social_team", replace(social, hours=PLANNED)) is experiment


@pytest.mark.parametrize("staffing", ["social_team", "call_center_24_7", "hybrid", "assistant_first"])
def test_untouched_they_change_nothing(experiment, staffing):
    assert varied(experiment, staffing, levers_of(experiment, staffing)) is experiment


def test_each_reaches_its_key(experiment, social):
    def desk(**change):
        return varied(experiment, "social_team", replace(social, **change)).staffing["social_team"].desks["social"]

    assert desk(team=7).headcount.value == 7
    assert [str(shift.start) for shift in desk(hours=ALWAYS).shifts] == ["06:00", "14:00", "22:00"]
    assert str(desk(opens="07:00", closes="22:00").shifts[0].end) == "22:00"
    assert len(desk(weekdays=False).shifts[0].days) == 7
    able = desk(access=True)
    assert (able.sees_booking, able.rebooks, able.refunds) == (True, True, True)
    with_machine = varied(experiment, "social_team", replace(social, assistant=True)).staffing["social_team"]
    assert with_machine.assistant == experiment.staffing["assistant_first"].assistant


def test_other_desks_and_models_stay(experiment, social):
    other = varied(experiment, "social_team", replace(social, team=5))
    kept = dict(other.staffing["social_team"].desks)
    del kept["social"]
    before = dict(experiment.staffing["social_team"].desks)
    del before["social"]
    assert kept == before
    assert other.staffing["hybrid"] == experiment.staffing["hybrid"]


def test_a_model_at_equal_money_keeps_its_heads_when_its_hours_are_set(experiment):
    """The slider shows the heads that equal paid hours make, and from there on counts people."""
    standing = levers_of(experiment, "call_center_24_7")
    more = varied(experiment, "call_center_24_7", replace(standing, team=standing.team + 10))
    before, after = (paid_hours(each, "call_center_24_7") for each in (experiment, more))
    assert more.staffing["call_center_24_7"].paid_hours is None
    assert after > before * 1.2


def test_the_same_luck_meets_the_changed_team(experiment):
    side = Side(experiment, "social_team")
    before = side.model.world.passengers["key"].copy()
    side.change({"team": 9})
    assert (side.model.world.passengers["key"] == before).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"team": 0}, "1 to 500"),
        ({"team": 10**9}, "1 to 500"),
        ({"team": 2.5}, "whole number"),
        ({"team": None}, "whole number"),
        ({"team": True}, "whole number"),
        ({"hours": "never"}, "allowed"),
        ({"access": "yes"}, "true or false"),
        ({"closes": "08:00"}, "after the start"),
        ({"opens": "25:00"}, "clock time"),
        ({"opens": 9}, "clock time"),
        ({"opens": "<b>"}, "clock time"),
        ({"headcount": 3}, "no switch"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(experiment, change, said):
    side = Side(experiment, "social_team")
    model, standing = side.model, side.levers
    with pytest.raises(BadInput, match=said):
        side.change(change)
    assert side.model is model
    assert side.levers == standing


def test_an_assistant_has_to_come_from_somewhere(experiment, social):
    alone = experiment.model_copy(update={"staffing": {"social_team": experiment.staffing["social_team"]}})
    with pytest.raises(BadInput, match="no staffing model"):
        varied(alone, "social_team", replace(social, assistant=True))


def test_what_the_page_sends_is_read_onto_what_stands(social):
    assert read({"team": 4}, social) == replace(social, team=4)
