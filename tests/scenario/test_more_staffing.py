"""More staffing models of tokyo, added beside the six: people on call, three sites, longer hours, calls returned."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from tests.support.tokyo_runs import ran, tokyo

from caresim.measure.metrics import measure
from caresim.model.codes import Callback
from caresim.scenario.roster import build

MORE = ("surge", "follow_the_sun", "office_hours_extended", "callback")


def added(name: str) -> str:
    return f"+staffing/tokyo@staffing.{name}={name}"


@lru_cache(maxsize=8)
def more(name: str):
    return ran(name, 0, added(name))


@lru_cache(maxsize=8)
def paid(name: str) -> float:
    return measure(more(name) if name in MORE else ran(name))["paid_hours"]


@pytest.mark.parametrize("name", MORE)
def test_one_word_adds_it_and_leaves_the_others_as_they_are(name):
    with_it = tokyo(added(name))
    assert list(with_it.staffing) == [*tokyo().staffing, name]
    assert with_it.staffing["social_team"] == tokyo().staffing["social_team"]
    assert with_it.baseline == "social_team"


def test_people_on_call_come_when_many_posts_come_and_are_paid():
    of = more("surge")
    (reserve,) = of.world.reserves
    shifts = of.world.duty_periods[reserve["first"] : reserve["first"] + reserve["heads"] * reserve["rounds"]]
    called = shifts[np.isfinite(shifts["start"])]
    assert reserve["called"] > 0
    assert len(called) <= reserve["called"] * reserve["heads"]
    ticks = of.world.ticks[: of.world.clock[0].ticks]
    limit = reserve["posts"] * of.experiment.bin.value
    for start in np.unique(called["start"]):
        before = ticks[np.isclose(ticks["time"], start - reserve["delay"])]
        assert before["posts"].tolist()[0] > limit
    inside = np.minimum(called["end"], of.experiment.window.value) - np.maximum(called["start"], 0.0)
    extra = np.maximum(inside, 0.0).sum() / 60.0
    assert paid("surge") == pytest.approx(paid("social_team") + extra)


def test_nobody_is_called_when_few_posts_come():
    quiet = ran("surge", 0, added("surge"), "staffing.surge.desks.social.reserve.call_in.posts='100000 posts/h'")
    assert quiet.world.reserves[0]["called"] == 0


def test_longer_hours_are_four_more_hours_for_two_people_on_the_weekdays():
    """The window has six weekdays: 11 and 14 to 18 March; half past six hours, then as long again, less nine before."""
    assert paid("office_hours_extended") == pytest.approx(paid("social_team") + 2 * 4 * 6)


def test_three_sites_work_by_their_own_day_at_the_same_paid_hours_and_leave_no_hour_without_people():
    experiment = tokyo(added("follow_the_sun"))
    assert paid("follow_the_sun") == pytest.approx(paid("call_center_24_7"), rel=0.005)  # whole people
    names = list(experiment.staffing["follow_the_sun"].desks)
    duty = build(experiment, "follow_the_sun")[names.index("contact_center")]
    moments = np.arange(0.0, experiment.window.value, 30.0)
    there = [any(turn.start <= moment < turn.end for turn in duty) for moment in moments]
    assert all(there)
    zones = [shift.timezone for shift in experiment.staffing["follow_the_sun"].desks["contact_center"].shifts]
    assert zones == ["Europe/Paris", "America/New_York", "Asia/Tokyo"]


def test_callers_who_would_wait_long_are_called_back_and_more_get_through():
    of = more("callback")
    contacts = of.world.contacts[: of.world.clock[0].contacts]
    returned = contacts["callback"] == Callback.RETURNED
    assert returned.sum() > 100
    assert (contacts["callback"] == Callback.NOT_REACHED).sum() > 0
    assert not ran("social_team").world.contacts["callback"].any()
    before, after = measure(ran("social_team")), measure(of)
    assert after["phone_answered"] > before["phone_answered"]
