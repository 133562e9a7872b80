"""People are known by the clock hours that they work: in whatever rows a roster is written, they are the same."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.properties.small_worlds import desk, minimal

from caresim.config.clock import Clock
from caresim.config.compose import validate
from caresim.config.experiment import Experiment
from caresim.scenario.build import build
from caresim.scenario.patterns import names_at
from caresim.scenario.roster import build as rosters_of
from caresim.scenario.roster import in_whole_people
from caresim.tasks.explain.hybrid import effect
from caresim.tasks.plan.template import template_of

DAY = {"start": "08:00", "end": "16:00"}
NIGHT = {"start": "22:00", "end": "06:00+1"}
WEEKEND = ["sat", "sun"]


def roster(*shifts: dict[str, Any], **keys: Any) -> Experiment:
    """A weekend and the Friday before it, with one desk of five people in each of these shifts."""
    whole = minimal() | {"start": "2011-03-11 00:00 UTC", "window": "72 h"}
    about = desk("a", ["a_phone"]) | {"timezone": "Europe/Paris", "headcount": "5 people", "shifts": list(shifts)}
    whole["staffing"]["model"]["desks"]["a_desk"] = about | keys
    return validate(whole)


def people(experiment: Experiment) -> list[str]:
    return build(experiment, "model", 0)[1].staff


def heads(experiment: Experiment) -> list[tuple[float, float, int]]:
    """Start, end and whole people of each shift."""
    (planned,) = rosters_of(experiment, "model")
    return [(shift.start, shift.end, int(shift.heads)) for shift in in_whole_people(planned)]


def seats(hours: str, count: int) -> set[str]:
    return {f"a_desk/{hours}/{number}" for number in range(count)}


def test_somebody_is_called_by_desk_hours_and_number():
    assert set(people(roster(DAY, NIGHT))) == seats("08:00-16:00", 5) | seats("22:00-06:00+1", 5)


def test_the_time_zone_is_in_the_name_where_it_is_another_than_the_desks():
    tokyo = {**DAY, "timezone": "Asia/Tokyo"}
    assert set(people(roster(DAY, tokyo))) == seats("08:00-16:00", 5) | seats("08:00-16:00 Asia/Tokyo", 5)
    assert people(roster({**DAY, "timezone": "Europe/Paris"})) == people(roster(DAY))
    assert people(roster(DAY, timezone="Asia/Tokyo")) == people(roster(DAY))


def test_a_row_at_other_hours_renames_nobody():
    """Not even at hours that come before: nothing counts the rows."""
    assert set(people(roster(DAY))) < set(people(roster({"start": "06:00", "end": "14:00"}, DAY, NIGHT)))


def test_on_days_with_fewer_people_the_same_ones_come_as_on_others():
    fewer = roster({**DAY, "days": "weekdays"}, {**DAY, "days": WEEKEND, "share": "0.4 x"})
    assert set(people(fewer)) == seats("08:00-16:00", 5)
    assert [count for _, _, count in heads(fewer)] == [5, 2, 2, 5]  # Friday to Monday


def test_those_who_come_on_top_are_other_people_at_whatever_hours():
    more = {**DAY, "headcount": "2 people"}
    assert set(people(roster(DAY, extra=[more]))) == seats("08:00-16:00", 5) | seats("extra/08:00-16:00", 2)


@pytest.mark.parametrize("rows", [
    [{**DAY, "days": WEEKEND}, {**DAY, "days": "weekdays"}],
    [{**DAY, "first": "2011-03-12"}, {**DAY, "last": "2011-03-11"}],
    [{**DAY, "share": "0.4 x"}, {**DAY, "share": "0.6 x"}],
    [{**DAY, "share": "0.5 x"}, {**DAY, "share": "0 x"}, {**DAY, "share": "0.5 x"}],
    [{**DAY, "timezone": "Europe/Paris"}],
])  # fmt: skip
def test_one_roster_in_other_rows_has_the_same_shifts(rows):
    assert heads(roster(*rows)) == heads(roster(DAY))
    assert people(roster(*rows)) == people(roster(DAY))


def test_heads_are_summed_before_they_are_rounded():
    """Twice 1.5 people at the same hours are three every day, and not two on one day and four on another."""
    assert [count for _, _, count in heads(roster(*[{**DAY, "share": "0.3 x"}] * 2))] == [3, 3, 3, 3]


def test_rounding_does_not_depend_on_the_order_of_the_rows():
    rows = [{**DAY, "share": "0.3 x"}, {**DAY, "end": "12:00", "share": "0.5 x"}, {**NIGHT, "share": "0.7 x"}]
    assert heads(roster(*rows)) == heads(roster(*reversed(rows)))
    assert people(roster(*rows)) == people(roster(*reversed(rows)))


def test_midnight_is_one_time_in_two_words():
    assert Clock.at(1440) == "24:00"
    assert people(roster({"start": "16:00", "end": "00:00+1"})) == people(roster({"start": "16:00", "end": "24:00"}))


def test_a_premium_is_paid_by_the_clock_of_the_row_in_whatever_order():
    premium = {"night": "50 %", "from": "22:00", "to": "06:00", "sunday": "0 %"}
    rows = [{**DAY, "timezone": "Asia/Tokyo"}, DAY, NIGHT]
    paid = []
    for written in (rows, rows[::-1]):
        world, names = build(roster(*written, premium=premium), "model", 0)
        paid.append(dict(zip(names.staff, world.staff["premium_minutes"].tolist(), strict=True)))
    assert paid[0] == paid[1]
    assert {name for name, minutes in paid[0].items() if minutes} == seats("22:00-06:00+1", 5)


def test_two_writings_of_one_roster_do_not_differ_for_explain():
    def effects(*rows: dict[str, Any]) -> Any:
        experiment = roster(*rows)
        return effect(experiment, experiment.staffing["model"])

    nobody = {"start": "06:00", "end": "14:00", "share": "0 x"}
    assert effects(nobody, NIGHT, DAY) == effects(DAY, NIGHT)
    assert effects(DAY, NIGHT) != effects({"start": "08:00", "end": "16:30"}, NIGHT)


def test_a_plan_from_other_rows_has_the_same_shifts_and_writes_the_same_rows():
    weekly = [{**NIGHT, "days": WEEKEND}, DAY, {**NIGHT, "days": "weekdays"}]

    def template(*rows: dict[str, Any]) -> Any:
        starts = [Clock.read(text) for text in ("16:00", "08:00")]
        return template_of(roster(*rows), "model", "a_desk", starts, 480.0, 0.0)

    one, other = template(DAY, NIGHT), template(*weekly)
    assert [str(shift.start) for shift in one.patterns] == ["08:00", "16:00", "22:00"]
    assert one.slots == other.slots
    assert one.rows(one.before) == other.rows(one.before)
    assert {slot.before for slot in one.slots} == {0, 5}


def test_a_start_that_a_plan_may_use_is_there_on_every_day():
    """Also where the desk works these hours on some days alone."""
    weekdays = roster({**DAY, "days": "weekdays"})
    found = template_of(weekdays, "model", "a_desk", [Clock.read("08:00")], 480.0, 0.0)
    assert len(found.patterns) == 1
    before = {slot.day.weekday(): slot.before for slot in found.slots}
    assert {day: before[day] for day in (4, 5, 6)} == {4: 5, 5: 0, 6: 0}


def test_who_a_replay_names_keeps_a_number_and_not_hours():
    given = roster(DAY, extra=[{**DAY, "headcount": "1 people"}])
    of_file = given.staffing["model"].desks["a_desk"].model_copy(update={"roster": "given"})
    assert set(names_at(of_file).values()) == {"extra/08:00-16:00"}
