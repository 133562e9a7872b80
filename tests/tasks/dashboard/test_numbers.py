"""The headline numbers at the end of the run are those of the tables, and on the way those of what has happened."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.model.codes import NOBODY, Outcome
from caresim.model.media import WRITTEN
from caresim.tasks.dashboard.crowd import Mark, crowd
from caresim.tasks.dashboard.history import history
from caresim.tasks.dashboard.numbers import numbers
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.side import paid_hours


def headline(side):
    scene = Scene(side.model)
    return numbers(scene, crowd(scene), side.paid_hours)


@pytest.mark.parametrize("staffing", ["social_team", "assistant_first"])
def test_at_the_end_they_are_the_metrics(at, finished, experiment, staffing):
    shown, metrics = headline(at(experiment.ends, staffing)), finished[staffing].metrics
    assert shown["satisfaction"] == pytest.approx(metrics["csat"], abs=1e-12)
    assert shown["answered"] == pytest.approx(metrics["answered_60"], abs=1e-12)
    assert shown["social"] == pytest.approx(metrics["social_answered_60"], abs=1e-12)


def test_paid_hours_are_those_of_the_roster(at, finished):
    side = at(0.0)
    rostered = float(side.model.world.staff["paid_minutes"].sum() / 60)
    # heads are rounded to whole people in the run
    assert side.paid_hours == pytest.approx(rostered, rel=0.02)
    assert side.paid_hours == paid_hours(side.drawn, "social_team")


def test_nothing_is_told_before_there_is_anything(at):
    shown = headline(at(-100.0))
    assert np.isnan([shown["social"], shown["answered"], shown["satisfaction"], shown["anger"]]).all()
    assert shown["waiting"] == shown["resolved"] == 0


def test_only_those_who_asked_an_hour_ago_are_judged(at):
    side = at(700.0)
    shown, cases = headline(side), side.model.world.cases
    asked, heard = (np.asarray(cases[name]) for name in ("first_request", "first_response"))
    with np.errstate(invalid="ignore"):
        ripe = (asked >= 0) & (asked <= 640.0) & ~np.asarray(side.model.world.passengers["ordinary"], dtype=bool)
        in_time = heard - asked <= 60.0
    assert shown["answered"] == pytest.approx(in_time[ripe].mean())


@pytest.mark.parametrize(("time", "wait", "has_expired"), [(3000.0, True, False), (8000.0, False, True)])
def test_never_answered_are_those_let_down_and_not_those_who_still_wait(at, time, wait, has_expired):
    side = at(time)
    world = side.model.world
    contacts = np.asarray(world.contacts)[: int(world.clock[0].contacts)]
    ours = contacts["passenger"] != NOBODY
    ours[ours] = ~np.asarray(world.passengers["ordinary"], dtype=bool)[contacts["passenger"][ours]]
    ours &= np.isin(contacts["medium"], WRITTEN) & (contacts["arrival"] >= 0)
    silent = ours & np.isnan(contacts["reply"])
    let_down = silent & ((contacts["author_waiting"] == 0) | (contacts["expired"] != 0))
    too_late = ours & ~np.isnan(contacts["reply"]) & (contacts["outcome"] == Outcome.TOO_LATE)
    never = headline(side)["never"]
    assert never == np.count_nonzero(let_down) + np.count_nonzero(too_late & (contacts["author_waiting"] == 0)) > 0
    assert (silent & ~let_down & (contacts["queued"] != 0)).any() == wait
    assert (silent & (contacts["expired"] != 0)).any() == has_expired


def test_satisfaction_is_told_when_all_have_rated_and_not_before(at, experiment):
    assert np.isnan(headline(at(experiment.ends - 1.0))["satisfaction"])
    assert 1 <= headline(at(experiment.ends))["satisfaction"] <= 5


def test_anger_is_that_of_those_who_wait(at):
    side = at(3000.0)
    people = crowd(Scene(side.model))
    assert headline(side)["anger"] == pytest.approx(people.anger[people.mark == Mark.WAITING].mean())


def test_series_are_the_rows_of_the_timeline(at, finished, experiment):
    """Up to now, and no further: the same values as in the finished table."""
    past = history(Scene(at(3000.0).model))
    series = dict(zip(past.series, past.values, strict=True))
    table = finished["social_team"].timeline
    table = table[table["time_min"] <= 3000.0]
    hours = experiment.bin.value / 60
    assert np.allclose(series["time"], table["time_min"])
    assert np.allclose(series["posts"], table["posts"] / hours)
    assert np.allclose(series["mood"], table["mood"], rtol=1e-6)
    assert np.allclose(series["seats"], table["seats_free"])
    # What has expired by now waits again if its author asks again later, of which the finished table knows.
    assert np.allclose(series["waiting_phone"], table["waiting_phone"])
    assert (series["waiting_public"] <= table["waiting_public"]).all()
    assert series["waiting_public"].max() > 0


def test_who_waits_is_who_can_still_be_answered_and_the_others_stand_apart(at, finished):
    shown, table = headline(at(3000.0)), finished["social_team"].timeline.set_index("time_min")
    names = ("waiting", "waiting_ordinary", "waiting_bystanders", "expired")
    assert sum(shown[name] for name in names) == table.loc[3000.0, list(names)].sum()
    assert 0 < shown["waiting"] <= table.loc[3000.0, "waiting"] < table.loc[3000.0, "backlog_public"]
