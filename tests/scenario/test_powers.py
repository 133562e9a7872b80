"""Who may do what, and from when: small worlds of one company, whose customers want their money back."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.support.properties.small_worlds import desk, minimal, operator
from tests.support.refusing import refusal_of
from tests.support.tokyo_runs import tokyo

from caresim.config.compose import validate
from caresim.model.codes import Result, Status
from caresim.model.draws import Purpose, exponential, happens, name_key
from caresim.model.needs import Need
from caresim.scenario.run import Run, run

DAY = "2011-03-11"
REFUND = int(Need.REFUND)
NEVER = {"rebooks": False, "refunds": False, "assists": False}


def world(*, at: str = f"{DAY} 14:00 UTC", reaches: str = "1 h", entitled: str = "30 %", **more: Any) -> dict[str, Any]:
    """A phone with more people than callers, who all do their work alike, and a waiver that allows refunds."""
    whole = minimal()
    alike = {"headcount": "200 people", "speed_cv": "0", "quality_spread": "0 %", "novices": "0 %"}
    whole["staffing"]["model"]["desks"]["a_desk"] |= alike | {"refunds": "waiver"}
    cohort = whole["population"]["cohorts"]["some"]
    cohort |= {"people": "300 people", "need": {"refund": "100 %"}, "entitled": {"refund": entitled}}
    cohort["onset"] = {"kind": "pulses", "pulses": [{"at": "2 h", "weight": "1 x"}], "spread": "2 h"}
    waiver = {"operator": "a", "at": at, "allows": ["refund"], "reaches": reaches}
    whole["disruption"]["instructions"] = {"waiver": waiver | more}
    return whole


def at_desk(whole: dict[str, Any], name: str = "a_desk") -> dict[str, Any]:
    return whole["staffing"]["model"]["desks"][name]


def ran(whole: dict[str, Any]) -> Run:
    return run(validate(whole), "model", 0)


def reached(of: Run, name: str = "waiver") -> float:
    """Minutes: when desks have the instruction."""
    about = of.experiment.disruption.instructions[name]
    luck = of.world.clock[0].luck
    delay = exponential(about.reaches.value, luck, name_key("instruction", name), Purpose.INSTRUCTED, 0)
    return of.experiment.minutes(about.at) + delay


def entitled(of: Run, share: float) -> np.ndarray:
    luck, keys = of.world.clock[0].luck, of.world.passengers["key"]
    return np.array([happens(share, luck, key, Purpose.ENTITLED, REFUND) for key in keys])


def replies(of: Run) -> np.recarray:
    contacts = of.world.contacts[: int(of.world.clock[0].contacts)]
    return contacts[~np.isnan(contacts["reply"])]


def results(of: Run) -> list[int]:
    return replies(of)["result"].tolist()


def test_before_the_instruction_reaches_the_desk_only_those_get_it_whose_ticket_allows_it():
    of = ran(world())
    early = of.world.cases["resolved"] < reached(of)
    assert early.mean() > 0.15
    assert np.array_equal(early, entitled(of, 0.3) & (of.world.passengers["affected"] < reached(of) - 60.0) | early)
    assert not (early & ~entitled(of, 0.3)).any()
    assert (of.world.cases["resolved"] >= reached(of)).mean() > 0.5


def test_a_desk_that_does_not_see_the_booking_cannot_see_what_a_ticket_allows():
    whole = world(entitled="100 %")
    at_desk(whole)["sees_booking"] = False
    assert np.isnan(ran(whole).world.cases["resolved"]).all()


def test_a_power_that_is_never_given_is_not_given_by_an_instruction_either():
    whole = world(entitled="100 %")
    at_desk(whole)["refunds"] = False
    of = ran(whole)
    assert np.isnan(of.world.cases["resolved"]).all()
    assert Result.NOT_YET not in results(of)  # another company's phone would do it at once


def test_not_yet_is_said_once_and_is_empty_from_then_on():
    of = ran(world(entitled="0 %", at=f"{DAY} 23:00 UTC"))
    mine = replies(of)
    mine = mine[mine["closed"] < reached(of)]
    first = set()
    for row in mine[np.argsort(mine["reply"], kind="stable")]:
        assert row["result"] == (Result.EMPTY if row["passenger"] in first else Result.NOT_YET)
        first.add(row["passenger"])
    assert len(mine) > len(first) + 20 > 220


def test_nobody_loses_heart_over_what_is_not_possible_yet():
    whole = world(entitled="0 %")
    whole["behaviour"]["follow_up"]["persist"] = "0 %"
    status = ran(whole).world.passengers["status"]
    assert not (status == Status.GAVE_UP).any()
    assert (status == Status.RESOLVED).mean() > 0.8


def announced(whole: dict[str, Any], at: str) -> dict[str, Any]:
    whole["disruption"]["facts"]["allowed"] = {"operator": "a", "what": "it is allowed now"}
    whole["disruption"]["instructions"]["waiver"]["says"] = ["allowed"]
    whole["disruption"]["notices"]["told"] = {
        "operator": "a", "at": at, "media": ["sms"], "languages": ["en"], "reach": {"some": "100 %"}, "delay": "1 s",
        "clarity": "100 %", "prompts": "0 %", "says": ["allowed"],
    }  # fmt: skip
    return whole


def test_who_reads_that_it_is_possible_now_asks_at_once():
    of = ran(announced(world(entitled="0 %", reaches="0 min"), f"{DAY} 14:00 UTC"))
    told = of.world.passengers["affected"] < reached(of) - 60.0
    assert told.mean() > 0.9
    assert (of.world.cases["resolved"][told] < reached(of) + 120.0).mean() > 0.95


def test_a_notice_that_runs_ahead_of_its_instruction_sends_people_to_desks_that_cannot_act():
    ahead, together = (ran(announced(world(entitled="0 %"), f"{DAY} {clock} UTC")) for clock in ("12:00", "14:00"))
    hour = ahead.experiment.minutes(ahead.experiment.disruption.notices["told"].at)
    vain = [((replies(of)["reply"] >= hour) & (replies(of)["reply"] < hour + 60.0)).sum() for of in (ahead, together)]
    assert vain[0] > 5 * vain[1]
    assert not (ahead.world.cases["resolved"] < reached(ahead)).any()


def test_whoever_misunderstands_the_instruction_does_so_for_good():
    of = ran(world(entitled="0 %", misunderstood="40 %", reaches="0 min", at=f"{DAY} 05:46 UTC"))
    mine = replies(of)
    refused, solved = (set(mine["staff"][mine["result"] == result]) for result in (Result.REFUSED, Result.SOLVED))
    assert len(refused) > 10
    assert len(solved) > 10
    assert not refused & solved
    assert (of.world.passengers["status"] == Status.RESOLVED).mean() > 0.8  # the next one does it


@pytest.mark.parametrize("seed", range(6))
def test_an_earlier_date_brings_every_refund_forward_where_nobody_queues(seed):
    early, late = world(at=f"{DAY} 10:00 UTC"), world(at=f"{DAY} 16:00 UTC")
    early["seed"] = late["seed"] = seed
    sooner, later = (np.nan_to_num(ran(whole).world.cases["resolved"], nan=np.inf) for whole in (early, late))
    assert (sooner <= later).all()
    assert (sooner < later).sum() > 50


def two_desks(first: Any, second: Any, **more: Any) -> dict[str, Any]:
    """A written account whose desk passes on to a desk that serves a phone, whose power is `second`."""
    whole = world(entitled="0 %", **more)
    channels = {"a_phone": whole["operators"]["a"]["channels"]["a_phone"]}
    whole["operators"]["a"] = operator(channels | {"a_account": {"medium": "private", "languages": ["en"]}}, {})
    desks = whole["staffing"]["model"]["desks"]
    desks["a_desk"]["refunds"] = second
    desks["a_team"] = desk("a", ["a_account"]) | NEVER | {"refunds": first, "hand_over": "a_desk"}
    desks["a_team"] |= {"headcount": "50 people"}
    whole["population"]["cohorts"]["some"]["preference"] = {"a_account": "0 logit"}
    return whole


def test_a_desk_passes_on_only_when_the_other_one_may_act():
    of = ran(two_desks(False, "waiver"))
    passed = of.world.cases["hand_overs"] > 0
    assert passed.sum() > 50
    assert (of.world.cases["hand_overs"] <= of.world.cases["contacts"]).all()
    assert not (of.world.cases["resolved"] < reached(of)).any()
    assert (replies(of)["reply"][replies(of)["result"] == Result.NOT_YET] < reached(of)).all()
    assert (results(of)).count(Result.NOT_YET) > 50


def test_nothing_goes_into_a_desk_that_cannot_act_either_and_nothing_comes_round():
    whole = two_desks(False, False)
    at_desk(whole)["hand_over"] = "a_team"
    of = ran(whole)
    assert not of.world.cases["hand_overs"].any()
    assert Result.HANDED_OVER not in results(of)


def test_who_cannot_act_is_passed_over_on_the_way():
    whole = two_desks(False, False)
    whole["staffing"]["model"]["desks"]["a_office"] = desk("a", ["a_office_mail"]) | {"headcount": "50 people"}
    whole["operators"]["a"]["channels"]["a_office_mail"] = {"medium": "email", "languages": ["en"]}
    at_desk(whole)["hand_over"] = "a_office"
    of = ran(whole)
    solved = replies(of)[replies(of)["result"] == Result.SOLVED]
    assert len(solved) > 100
    assert set(solved["desk"]) == {of.names.desks.index("a_office")}


@pytest.mark.parametrize(
    ("refunds", "kept", "broken"), [(False, False, True), ("waiver", False, True), (True, True, False)]
)
def test_a_promise_is_kept_only_where_somebody_may_do_it_by_then(refunds, kept, broken):
    """The team promises what the desk behind it would have to do; the waiver comes in the evening."""
    whole = two_desks(False, refunds, at=f"{DAY} 23:00 UTC")
    promises = {"promise": "100 %", "promise_kept": "100 %", "promise_delay": "1 h", "hand_over": None}
    at_desk(whole, "a_team").update(promises)
    cases = ran(whole).world.cases
    assert (cases["kept"] == 1).any() == kept
    assert (cases["broken"] == 1).any() == broken


def test_machines_and_notices_act_on_the_instruction_from_its_issue_on():
    whole = world(reaches="8 h")
    solves = dict.fromkeys((need.word for need in Need), "100 %")
    web = {"medium": "web", "languages": ["en"], "visit": "1 min", "solves": solves}
    whole["operators"]["a"]["channels"]["a_web"] = web
    whole["population"]["cohorts"]["some"]["preference"] = {"a_web": "9 logit"}
    of = ran(whole)
    issued = of.experiment.minutes(of.experiment.disruption.instructions["waiver"].at)
    early = of.world.cases["resolved"] < issued
    assert early.any()
    assert not (early & ~entitled(of, 0.3)).any()
    whole = announced(world(entitled="0 %", reaches="8 h"), f"{DAY} 14:10 UTC")
    whole["disruption"]["notices"]["told"]["meets"] = {"refund": "100 %"}
    of = ran(whole)
    assert not (of.world.cases["resolved"] < issued).any()
    assert (of.world.cases["resolved"] < reached(of)).mean() > 0.9
    whole["disruption"]["notices"]["told"]["at"] = f"{DAY} 13:50 UTC"
    of = ran(whole)
    before = of.world.passengers["affected"] < issued - 11.0
    assert before.mean() > 0.8
    assert not (of.world.cases["resolved"][before] < reached(of)).any()


def test_in_tokyo_nobody_is_refunded_before_the_waiver_but_those_whose_ticket_allows_it():
    of = run(tokyo("population.scale=0.1"), "social_team", 0)
    waiver = of.experiment.minutes(of.experiment.disruption.instructions["waiver"].at)
    people = of.world.passengers
    early = (people["need"] == REFUND) & (people["ordinary"] == 0) & (of.world.cases["resolved"] < waiver)
    assert early.sum() > 10
    assert not (early & ~entitled(of, 0.25)).any()


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("staffing.model.desks.a_desk.refunds", lambda w: at_desk(w).update(refunds="wavier")),
        ("staffing.model.desks.a_desk.refunds", lambda w: at_desk(w).update(refunds=3)),
        ("staffing.model.desks.a_desk.rebooks", lambda w: at_desk(w).update(rebooks="waiver")),
        ("staffing.model.instructions.other", lambda w: w["staffing"]["model"].update(instructions={"other": {}})),
        ("disruption.instructions.waiver.allows", lambda w: instruction(w).update(allows=["information"])),
        ("disruption.instructions.waiver.allows", lambda w: instruction(w).update(allows=[])),
        ("disruption.instructions.waiver.says[0]", lambda w: instruction(w).update(says=["nothing"])),
        ("disruption.instructions.waiver.operator", lambda w: instruction(w).update(operator="b")),
        ("disruption.instructions.waiver.at", lambda w: instruction(w).update(at="2012-03-11 14:00 UTC")),
        ("population.cohorts.some.entitled.information", lambda w: w["population"]["cohorts"]["some"].update(
            entitled={"information": "10 %"})),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_its_key(key, wrong):
    whole = world()
    wrong(whole)
    assert refusal_of(whole).key.startswith(key)


def instruction(whole: dict[str, Any]) -> dict[str, Any]:
    return whole["disruption"]["instructions"]["waiver"]
