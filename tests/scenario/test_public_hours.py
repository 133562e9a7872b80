"""Opening hours are public: who knows them, who finds a door closed, and when they come."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.support.properties.diary import Diary
from tests.support.properties.onlooker import watch
from tests.support.properties.small_worlds import cohort, desk, minimal, phone
from tests.support.tokyo_runs import ran

from caresim.config.compose import validate
from caresim.measure.metrics import measure
from caresim.model.codes import Status
from caresim.model.events import Event
from caresim.scenario.run import Run, run

KNOWS = "behaviour.choice.knows_hours"
GAP = 9.0
"""Minutes: behaviour.phone.busy_gap of conf/."""
LANGUAGES = ["en", "fr", "ja"]


def night(knows: str, people: int = 200, **hours: str) -> dict[str, Any]:
    """A phone with far more people than callers, open from 09:00 to 17:00 UTC; all are hit at 02:00, within minutes."""
    world = minimal() | {"start": "2011-03-11 00:00 UTC"}
    world["behaviour"]["choice"]["knows_hours"] = knows
    some = world["population"]["cohorts"]["some"]
    some |= {"people": f"{people} people", "need": {"acknowledgement": "100 %"}}
    some["onset"] = {"kind": "pulses", "pulses": [{"at": "2 h", "weight": "1 x"}], "spread": "5 min"}
    shift = {"start": "09:00", "end": "17:00"} | hours
    crowd = {"headcount": "500 people", "shifts": [shift | {"share": "1 x", "days": "daily"}]}
    world["staffing"]["model"]["desks"]["a_desk"] |= crowd
    return world


def with_account(world: dict[str, Any], liking: str) -> dict[str, Any]:
    """Beside the phone, an account that as many people answer around the clock."""
    world["operators"]["a"]["channels"]["a_account"] = {"medium": "public", "languages": LANGUAGES}
    world["staffing"]["model"]["desks"]["a_night"] = desk("a", ["a_account"]) | {"headcount": "500 people"}
    world["population"]["cohorts"]["some"]["preference"]["a_account"] = liking
    return world


def played(world: dict[str, Any]) -> Run:
    return run(validate(world), "model", 0)


def doors(of: Run) -> np.ndarray:
    """Closed doors that each passenger has met, at any operator."""
    cases = of.world.cases["doors"].astype(int)
    return cases.reshape(len(of.world.passengers), -1).sum(axis=1)


def arrivals(of: Run) -> np.ndarray:
    """When the passengers' contacts came: minutes since midnight."""
    table = of.world.contacts[: of.world.clock[0].contacts]
    return table["arrival"][table["passenger"] >= 0]


def test_whoever_knows_the_hours_never_knocks_at_a_closed_door():
    everybody = ran("social_team", 0, f"{KNOWS}=100 %")
    assert doors(everybody).sum() == 0
    assert (everybody.world.passengers["contacts"] > 0).sum() > 1000


def test_whoever_does_not_finds_one_closed_once():
    nobody = ran("social_team", 0, f"{KNOWS}=0 %")
    assert doors(nobody).max() == 1
    assert doors(nobody).sum() > 2 * doors(ran("social_team")).sum()


def test_ordinary_customers_know_the_hours_too():
    of = ran("social_team")
    ordinary = of.world.passengers["ordinary"] != 0
    met = doors(ran("social_team", 0, f"{KNOWS}=0 %"))[ordinary].sum()
    assert 0 < doors(of)[ordinary].sum() < 0.6 * met


@pytest.mark.parametrize("knows", ["0 %", "100 %"])
def test_where_nothing_is_open_people_come_soon_after_the_opening_and_not_in_one_minute(knows):
    """The gaps are exponential: of n, the mean lies within 4 standard errors of the mean of the law."""
    gaps = arrivals(played(night(knows))) - 9 * 60.0
    first = np.sort(gaps)[:200]
    assert gaps.min() > 0.0
    assert abs(first.mean() - GAP) < 4.0 * GAP / np.sqrt(200)
    assert np.histogram(first, np.arange(0.0, 61.0))[0].max() < 40


def test_luck_sends_the_same_person_at_the_same_time_after_the_opening_of_any_model():
    of_nine = arrivals(played(night("100 %"))) - 9 * 60.0
    of_eight = arrivals(played(night("100 %", start="08:00"))) - 8 * 60.0
    assert np.sort(of_nine) == pytest.approx(np.sort(of_eight))


def seeks(diary: Diary) -> dict[int, list[tuple[float, bool]]]:
    """Of each passenger, when they turned to a channel, and whether it was at once after something else."""
    times: dict[int, list[tuple[float, bool]]] = {}
    for happening in diary.happenings:
        if happening.kind == Event.SEEK:
            times.setdefault(happening.subject, []).append((happening.time, happening.at_once))
    return times


def test_a_closed_door_sends_people_elsewhere_in_the_same_moment():
    diary = watch(validate(with_account(night("0 %", people=40), "-1 logit")), "model")
    met = np.flatnonzero(doors(diary.run))
    assert len(met) > 10
    for i in met:
        (first, _), (second, at_once) = seeks(diary)[int(i)][:2]
        assert at_once
        assert second == first
    table = diary.run.world.contacts[: diary.run.world.clock[0].contacts]
    assert (table["arrival"] < 180.0).sum() > len(met) / 2  # the others wait for the phone


def test_the_longer_until_the_opening_the_fewer_wait_for_it():
    def waiting(start: str) -> int:
        of = played(with_account(night("100 %", start=start), "-1 logit"))
        return int((arrivals(of) > 180.0).sum())

    assert waiting("03:30") > 1.1 * waiting("16:00") > 0


def test_who_cannot_wait_until_the_opening_turns_elsewhere():
    world = with_account(night("100 %"), "-6 logit")
    world["population"]["cohorts"]["some"]["deadline"] = "30 min"
    of = played(world)
    assert (of.world.passengers["status"] == Status.RESOLVED).any()
    assert (arrivals(of) < 9 * 60.0).all()


def test_where_nothing_will_open_people_try_again_and_nobody_knocks_twice():
    world = night("0 %")
    world["staffing"]["model"]["desks"]["a_desk"]["shifts"][0]["days"] = ["mon"]  # the story is of a Friday
    of = played(world)
    assert len(arrivals(of)) == 0
    assert (doors(of) == 1).all()
    assert (of.world.passengers["status"] == Status.SEEKING).all()


@pytest.mark.parametrize("knows", ["0 %", "60 %", "100 %"])
def test_where_nobody_queues_longer_hours_help_more_of_those_who_prefer_the_phone(knows):
    """In each run, on the same luck; the phone is the only channel that anybody answers."""
    before = -1.0
    for start, end in (("11:00", "13:00"), ("09:00", "17:00"), ("06:00", "22:00"), ("00:00", "24:00")):
        world = night(knows, start=start, end=end)
        world["population"]["cohorts"]["some"]["onset"]["spread"] = "6 h"
        share = measure(played(world))["phone_first_60"]
        assert share >= before
        before = share
    assert before == 1.0


def test_the_hours_are_known_by_person_and_by_more_of_the_same_where_more_are():
    some, more = (set(np.flatnonzero(doors(played(night(share))))) for share in ("80 %", "30 %"))
    assert some
    assert some < more


def test_a_second_cohort_with_a_channel_of_its_own_changes_nobodys_hours():
    alone = played(night("60 %"))
    world = night("60 %")
    world["operators"]["a"]["channels"]["a_second"] = phone("10 lines")
    world["staffing"]["model"]["desks"]["a_other"] = desk("a", ["a_second"])
    world["population"]["cohorts"]["others"] = cohort(["a"], ["a_second"])
    both = played(world)
    assert doors(both)[: len(doors(alone))].tolist() == doors(alone).tolist()
