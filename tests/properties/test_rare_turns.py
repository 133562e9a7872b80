"""Turns of events too rare for random worlds to meet often: a world made for each, under the same invariants."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.support.properties import invariants
from tests.support.properties.diary import Diary
from tests.support.properties.onlooker import watch
from tests.support.properties.small_worlds import desk, minimal, phone

from caresim.config.compose import validate
from caresim.config.errors import BadInput
from caresim.model.codes import Callback, Outcome
from caresim.model.events import Event
from caresim.model.media import Medium

LANGUAGES = ["en", "fr", "ja"]
AT_ONCE = {"offered_above": "0 min", "accepts": "100 %", "reached": "100 %", "ring": "1 min"}


def seen(world: dict[str, Any]) -> Diary:
    """The diary of a run in which every invariant holds."""
    diary = watch(validate(world), "model")
    invariants.check(diary)
    return diary


def contacts(diary: Diary) -> np.ndarray:
    world = diary.run.world
    return np.asarray(world.contacts)[: int(world.clock[0].contacts)]


def crowd(world: dict[str, Any], people: int, need: str) -> dict[str, Any]:
    """The cohort of the minimal world, larger and with another need."""
    some = world["population"]["cohorts"]["some"]
    some |= {"people": f"{people} people", "need": {need: "100 %"}}
    return some


def test_who_is_called_back_and_passed_on_is_on_the_line_and_not_called_again() -> None:
    """The second desk calls nobody back: for it, whoever is passed on would never pick up."""
    world = minimal()
    crowd(world, 60, "refund")
    world["behaviour"]["phone"]["patience_law"] = "endless"
    world["operators"]["a"]["channels"]["a_counter"] = {"medium": "counter", "languages": LANGUAGES}
    first = desk("a", ["a_phone"]) | {"refunds": False, "hand_over": "a_second", "callback": AT_ONCE}
    world["staffing"]["model"]["desks"] = {"a_desk": first, "a_second": desk("a", ["a_counter"])}
    table = contacts(seen(world))
    passed_on = (table["callback"] != Callback.NONE) & (table["staff_before"] >= 0)
    assert passed_on.sum() > 10
    assert (table["callback"][passed_on] == Callback.RETURNED).all()
    assert not np.isin(Outcome.ABANDONED, table["outcome"][passed_on & ~np.isnan(table["closed"])])


def called_back(lines: str = "100 lines", **terms: str) -> np.ndarray:
    """Contacts of sixty callers, who all call within minutes and would wait for ever, where calls are returned."""
    world = minimal()
    some = crowd(world, 60, "refund")
    some["onset"] = {"kind": "pulses", "pulses": [{"at": "1 h", "weight": "1 x"}], "spread": "5 min"}
    world["behaviour"]["phone"]["patience_law"] = "endless"
    world["operators"]["a"]["channels"]["a_phone"] = phone(lines)
    told = desk("a", ["a_phone"]) | ({"callback": AT_ONCE | terms} if terms else {})
    world["staffing"]["model"]["desks"] = {"a_desk": told}
    return contacts(seen(world))


def test_a_call_back_is_offered_only_where_the_wait_is_longer_than_agreed() -> None:
    """Waits come one by one: of the first callers none is long enough, of the last all are."""
    table = called_back(offered_above="60 min")
    offered = table["callback"] != Callback.NONE
    assert 0 < offered.sum() < len(table)
    assert table["arrival"][offered].min() > np.sort(table["arrival"])[1]
    assert not called_back(offered_above="30 d")["callback"].any()


def test_who_is_to_be_called_back_holds_no_line() -> None:
    """Three lines: whoever waits on one keeps others out; whoever has hung up does not."""
    waiting, hung_up = called_back("3 lines"), called_back("3 lines", accepts="100 %")
    blocked = [(table["outcome"] == Outcome.BLOCKED).sum() for table in (waiting, hung_up)]
    assert blocked[0] > 30
    assert blocked[1] == 0


def test_who_does_not_pick_up_has_not_been_answered() -> None:
    table = called_back(reached="0 %")
    missed = table["callback"] == Callback.NOT_REACHED
    assert missed.sum() > 10
    assert np.isnan(table["reply"][missed]).all()
    assert not (table["callback"] == Callback.RETURNED).any()


def test_callers_keep_their_place_when_another_channel_of_the_desk_closes() -> None:
    """The counter shuts at 20:00, the phone has a machine before it and stays open. Anger that callers show when they
    join decides whose turn it is, whatever a notice has done to it since.
    """
    world = minimal()
    some = crowd(world, 400, "refund")
    some |= {"preference": {"a_phone": "0 logit", "a_counter": "0 logit"}, "anger": "30 %"}
    some["onset"] = {"kind": "pulses", "pulses": [{"at": "13 h", "weight": "1 x"}], "spread": "30 min"}
    world["operators"]["a"]["channels"] = {
        "a_phone": phone("1000 lines"),
        "a_counter": {"medium": "counter", "languages": LANGUAGES},
    }
    opening = [{"start": "08:00", "end": "20:00"}]
    world["staffing"]["model"]["desks"] = {
        "a_desk": desk("a", ["a_phone", "a_counter"]) | {"routing": "angriest", "opening": opening}
    }
    nothing = dict.fromkeys(("information", "rebooking", "assistance", "refund", "acknowledgement"), "0 %")
    world["staffing"]["model"]["assistant"] = {
        "channels": ["a_phone"], "languages": LANGUAGES, "solves": nothing, "errs": nothing, "hands_over": "100 %",
        "handle": "1 s", "quality": "50 %", "cost_per_contact": "0.10 EUR",
    }  # fmt: skip
    world["disruption"]["notices"]["told"] = {
        "operator": "a", "at": "2011-03-11 19:20 UTC", "media": ["web"], "languages": LANGUAGES,
        "reach": {"some": "60 %"}, "delay": "10 min", "clarity": "0 %", "meets": {}, "prompts": "0 %",
    }  # fmt: skip
    world["behaviour"]["phone"]["patience_law"] = "endless"
    diary = seen(world)
    closing = next(each.time for each in diary.happenings if each.kind == Event.CLOSE)
    waiting = [stay for stay in diary.stays if stay.live and stay.since < closing < stay.until]
    assert sum(stay.left == "TAKEN" for stay in waiting) >= 5


def test_an_author_who_fell_silent_before_it_was_handed_back_was_never_answered() -> None:
    """Somebody writes for hours at an answer whose author has given up, and goes home; nobody takes it up again."""
    world = minimal()
    some = crowd(world, 3, "information")
    some |= {"preference": {"a_email": "0 logit"}, "deadline": "3 h", "deadline_law": "fixed"}
    some["onset"] = {"kind": "pulses", "pulses": [{"at": "4 h", "weight": "1 x"}], "spread": "0 h"}
    world["operators"]["a"]["channels"] = {"a_email": {"medium": "email", "languages": LANGUAGES}}
    shifts = [{"start": "09:00", "end": "17:00", "share": "1 x", "days": "daily"}]
    at_work = desk("a", ["a_email"]) | {"shifts": shifts, "hand_over": "a_desk", "end_of_duty": "hand_over"}
    world["staffing"]["model"]["desks"] = {"a_desk": at_work}
    handling = world["behaviour"]["handling"]
    handling |= {"law": "deterministic"}
    for medium in ("phone", "counter", "public"):
        handling[medium] = dict.fromkeys(handling[medium], "12 h")
    world |= {"drain": "0 h", "window": "20 h"}
    diary = seen(world)
    table = contacts(diary)
    broken_off = [touch.contact for touch in diary.touches if touch.ended == "broken off"]
    assert len(broken_off) == 1
    assert table["outcome"][broken_off[0]] == Outcome.NEVER_ANSWERED


def test_an_assistant_does_not_stand_before_a_website() -> None:
    world = minimal()
    needs = dict.fromkeys(("information", "rebooking", "assistance", "refund", "acknowledgement"), "0 %")
    world["operators"]["a"]["channels"]["a_web"] = {
        "medium": Medium.WEB.name.lower(), "languages": LANGUAGES, "visit": "8 min", "solves": needs,
    }  # fmt: skip
    world["staffing"]["model"]["assistant"] = {
        "channels": ["a_web"], "languages": LANGUAGES, "solves": needs, "errs": needs, "hands_over": "0 %",
        "handle": "1 s", "quality": "50 %", "cost_per_contact": "0.10 EUR",
    }  # fmt: skip
    with pytest.raises(BadInput, match=r"assistant.channels\[0\] = 'a_web': is self-service"):
        validate(world)


def test_a_temper_takes_one_affront_all_the_way_only_in_the_tail() -> None:
    """A broken promise takes a quarter of what calm is left, times the temper: all of it from a temper of four on,
    which fewer than one in a thousand have.
    """
    world = minimal()
    crowd(world, 40_000, "information")
    world |= {"window": "3 h", "drain": "0 h"}
    world["population"]["cohorts"]["some"]["contacting"] = "0 %"
    experiment = validate(world)
    diary = watch(experiment, "model")
    temper = np.asarray(diary.run.world.passengers["temper"])
    affront = experiment.behaviour.anger.broken_promise.value
    assert 0 < (affront * temper >= 1).mean() < 0.001
