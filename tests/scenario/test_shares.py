"""Companies of a journey that share what they know: when the others know it, what follows, and what does not."""

from __future__ import annotations

from copy import deepcopy
from functools import lru_cache
from typing import Any

import numpy as np
import pytest
from tests.support.properties.small_worlds import cohort, desk, minimal, operator, phone

from caresim.config.compose import compose, validate
from caresim.config.errors import BadInput
from caresim.config.warnings import warnings_of
from caresim.model.codes import Status
from caresim.model.engine import advance, happen
from caresim.model.events import Event
from caresim.run.uncertain import drawn
from caresim.scenario.build import build
from caresim.scenario.run import run

ARM = "railway_tells_airline"
AT = "2011-03-11 08:00 UTC"
WAIVER = {"operator": "a", "at": "2011-03-11 09:00 UTC", "allows": ["rebooking"], "says": ["waiver"]}


def two_companies(**shares: Any) -> dict[str, Any]:
    """Company a knows what the customers of b ask; both answer the phone."""
    whole = minimal()
    whole["operators"]["b"] = operator({"b_phone": phone("1000 lines")}, {})
    whole["staffing"]["model"]["desks"]["b_desk"] = desk("b", ["b_phone"])
    whole["population"]["cohorts"]["theirs"] = cohort(["b"], ["b_phone"]) | {"people": "40 people"}
    whole["disruption"]["facts"] = {
        "first": {"operator": "a", "at": AT, "what": "It is off", "wrong": True},
        "second": {"operator": "a", "at": "2011-03-11 12:00 UTC", "what": "It is on", "corrects": ["first"]},
        "waiver": {"operator": "a", "what": "It may be changed"},
    }
    if shares:
        whole["operators"]["a"]["shares"] = {"delay": "10 min", "with": ["b"]} | shares
    return whole


def knowledge(whole: dict[str, Any], operator: str = "b") -> dict[str, list[float]]:
    """When a company comes to know what, and when it no longer does: minutes by fact."""
    experiment = validate(whole)
    world, names = build(experiment, "model", 0)
    o, known = names.operators.index(operator), 0
    changes: dict[str, list[float]] = {}
    while True:
        kind, subject = advance(
            world, experiment.ends, (1 << Event.LEARN) | (1 << Event.PUBLISH) | (1 << Event.INSTRUCT)
        )
        if kind == Event.NOTHING:
            return changes
        happen(world, kind, subject)
        now = int(world.operators["knows"][o])
        for k, name in enumerate(names.facts):
            if (now ^ known) >> k & 1:
                changes.setdefault(name.partition(" ")[0], []).append(round(float(world.clock[0].now), 6))
        known = now


def minutes(moment: str) -> float:
    """From the start of the small world, 05:46."""
    hour, minute = (int(part) for part in moment.split(":"))
    return 60.0 * hour + minute - 346.0


def test_what_one_company_learns_the_other_knows_a_while_later():
    assert not knowledge(two_companies())
    assert knowledge(two_companies(delay="10 min"))["first"][0] == minutes("08:10")
    assert knowledge(two_companies(delay="0 min"))["first"][0] == minutes("08:00")


def test_a_correction_follows_what_it_corrects():
    assert knowledge(two_companies(delay="30 min")) == {
        "first": [minutes("08:30"), minutes("12:30")],
        "second": [minutes("12:30")],
    }


def test_what_is_learnt_by_an_instruction_or_a_notice_is_told_too_and_no_power_is():
    whole = two_companies(delay="10 min")
    whole["disruption"]["instructions"] = {"waiver": WAIVER}
    assert knowledge(whole)["waiver"] == [minutes("09:10")]
    world, _ = build(validate(whole), "model", 0)
    while advance(world, 1e6, 1 << Event.FINISH)[0] != Event.FINISH:
        pass
    assert world.operators["issued"].tolist() == [1, 0]
    assert world.desks["reached"].tolist() == [1, 0]

    del whole["disruption"]["instructions"]
    whole["disruption"]["notices"]["page"] = {
        "operator": "a", "at": "2011-03-11 10:00 UTC", "media": ["web"], "languages": ["en"], "reach": {},
        "delay": "1 min", "clarity": "50 %", "prompts": "0 %", "says": ["waiver"],
    }  # fmt: skip
    assert knowledge(whole)["waiver"] == [minutes("10:10")]


def test_what_was_known_before_the_run_is_told_as_if_the_run_had_begun_before():
    whole = two_companies(delay="10 min")
    whole["disruption"]["facts"]["first"]["at"] = "2011-03-11 05:46 UTC"
    assert knowledge(whole)["first"][0] == 10.0


def test_nobody_passes_on_what_they_have_been_told_so_that_all_may_share_with_all():
    whole = two_companies(delay="10 min")
    whole["operators"]["c"] = operator({"c_phone": phone("1000 lines")}, {})
    whole["staffing"]["model"]["closed"] = ["c_phone"]
    whole["operators"]["b"]["shares"] = {"with": ["a", "c"], "delay": "10 min"}
    assert knowledge(whole, "b")["second"] == [minutes("12:10")]
    assert not knowledge(whole, "c")
    whole["operators"]["a"]["shares"]["with"] = ["b", "c"]
    assert knowledge(whole, "c")["second"] == [minutes("12:10")]


def test_the_customers_of_the_other_are_answered_by_what_it_has_been_told():
    """Everybody calls from 12:30 on, when both facts are known: without sharing nobody there knows anything."""
    answered = {}
    for shares in ({}, {"delay": "10 min"}):
        whole = two_companies(**shares)
        whole["population"]["cohorts"]["theirs"]["onset"]["pulses"] = [{"at": "7 h", "weight": "1 x"}]
        whole["staffing"]["model"]["desks"]["b_desk"]["headcount"] = "40 people"  # nobody waits
        world = run(validate(whole), "model", 0).world
        theirs = world.passengers["cohort"] == 1
        answered[bool(shares)] = int((world.passengers["status"][theirs] == Status.RESOLVED).sum())
    assert answered == {False: 0, True: 40}


def test_a_staffing_model_says_for_itself_who_shares():
    whole = two_companies()
    whole["staffing"]["other"] = deepcopy(whole["staffing"]["model"])
    whole["staffing"]["model"]["shares"] = {"a": {"with": ["b"], "delay": "20 min"}}
    assert knowledge(whole)["first"][0] == minutes("08:20")
    _, names = build(validate(whole), "other", 0)
    assert names.facts == ["first", "second", "waiver"]


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        ({"with": ["z"]}, r"operators.a.shares.with\[0\] = 'z'"),
        ({"with": ["a"]}, r"operators.a.shares.with\[0\] = 'a': knows it already; allowed: each of b, once"),
        ({"with": ["b", "b"]}, r"operators.a.shares.with\[1\] = 'b': is named already"),
        ({"with": []}, r"operators.a.shares.with = \[\]: must name at least one operator"),
    ],
)
def test_who_cannot_be_told_is_refused(shares, said):
    with pytest.raises(BadInput, match=said):
        validate(two_companies(**shares))


@pytest.mark.parametrize(
    ("shares", "at", "said"),
    [
        ({}, "2011-03-11 12:00 UTC", "is known to a, not to b; allowed: facts of b, or in the staffing model shares"),
        ({"delay": "10 min"}, "2011-03-11 08:05 UTC", "is told it by a by 2011-03-11 08:10 UTC at the latest"),
    ],
)
def test_a_notice_says_nothing_that_its_company_has_not_been_told(shares, at, said):
    whole = two_companies(**shares)
    notice = {
        "operator": "b", "at": at, "media": ["sms"], "languages": ["en"], "reach": {"theirs": "100 %"},
        "delay": "1 min", "clarity": "100 %", "prompts": "0 %", "says": ["first"],
    }  # fmt: skip
    whole["disruption"]["notices"]["message"] = notice
    with pytest.raises(BadInput, match=said):
        validate(whole)
    whole["operators"]["a"]["shares"] = {"with": ["b"], "delay": "10 min"}
    notice["at"] = "2011-03-11 08:10 UTC"
    validate(whole)


@lru_cache(maxsize=1)
def compiegne():
    return compose(["experiment=compiegne"])


@lru_cache(maxsize=16)
def evening(staffing: str, replication: int):
    return run(drawn(compiegne(), replication), staffing, replication)


def connecting(of) -> np.ndarray:
    """Rows of those whose flight is lost, and of those who are expected at the holiday village."""
    lost = [of.names.cohorts.index(name) for name in ("connecting_rebooking", "connecting_holiday")]
    people = of.world.passengers
    return np.isin(people["cohort"], lost) & (people["status"] != Status.UNAWARE)


def first_news(of) -> np.ndarray:
    """Minutes since the start at which each passenger first hears true news, of anybody; infinite: never."""
    heard = of.world.cases["first_news"].reshape(-1, len(of.names.operators))
    return np.nan_to_num(heard, nan=np.inf).min(axis=1)


def test_in_compiegne_those_connecting_are_informed_earlier_where_the_railway_tells_the_airline():
    informed = {False: 0, True: 0}
    for replication in range(4):
        before, after = (evening(name, replication) for name in ("as_it_was", ARM))
        both = connecting(before) & connecting(after)
        assert both.sum() > 10
        sooner, later = (first_news(of)[both] for of in (after, before))
        assert np.median(sooner) <= np.median(later)
        for arm, heard in ((True, sooner), (False, later)):
            informed[arm] += int(np.isfinite(heard).sum())
    assert informed[True] > 2 * informed[False]


def test_nobody_gets_a_seat_that_does_not_exist():
    for replication in range(4):
        of = evening(ARM, replication)
        flights, people = of.world.flights, of.world.passengers
        seated = people[people["seat"] >= 0]
        taken = np.bincount(seated["seat"], weights=seated["party"], minlength=len(flights))
        assert (taken == flights["taken"]).all()
        assert (flights["free"] >= 0).all()
        assert (flights["taken"] + flights["booked"] + flights["free"] <= flights["capacity"]).all()


def test_without_free_seats_the_airlines_message_rebooks_nobody():
    full = compose(["experiment=compiegne", "operators.air_france.free_seats=0", "operators.air_france.no_show=0"])
    world = run(full, ARM, 0).world
    assert (world.flights["taken"] == 0).all()
    assert not (world.passengers["seat"] >= 0).any()


def test_as_it_was_nobody_is_told_and_nothing_is_sent():
    of = evening("as_it_was", 0)
    assert not any(" " in name for name in of.names.facts)
    messages = [of.names.notices.index(f"{name}_message") for name in ("airline", "tour_operator")]
    assert not of.world.notices["published"][messages].any()


def test_the_new_staffing_model_is_meant():
    assert not [line for line in warnings_of(compiegne()) if "facts" in line or "notices" in line]
