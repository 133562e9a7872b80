"""What can hardly be meant is said in one line, and nothing is said of what is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.properties.small_worlds import minimal
from tests.support.refusing import refusal_of

import caresim
from caresim.config import paths
from caresim.config.compose import validate
from caresim.config.warnings import warnings_of

COMMITTED = sorted(file.stem for file in (paths.conf() / "experiment").glob("*.yaml") if file.stem != "replay")
DAY = "2011-03-11"


def some(whole: dict[str, Any]) -> dict[str, Any]:
    cohort: dict[str, Any] = whole["population"]["cohorts"]["some"]
    return cohort


def own_minutes(whole: dict[str, Any]) -> dict[str, Any]:
    """A world that says how long its calls take."""
    for need in whole["behaviour"]["handling"]["phone"]:
        whole["behaviour"]["handling"]["phone"][need] = {"value": "4 min", "source": "our own report"}
    return whole


def rebooking(whole: dict[str, Any], **flight: Any) -> None:
    some(whole).update(need={"rebooking": "100 %"}, deadline="6 h", deadline_law="fixed")
    if flight:
        usual = {
            "from": "here", "to": "away", "timezone": "UTC", "first": DAY, "last": DAY, "capacity": "20 seats",
            "free": "50 %", "no_show": "0 %", "check_in_close": "60 min", "departs": "13:00",
        }  # fmt: skip
        whole["operators"]["a"]["flights"] = {"away": usual | flight}


def other_way(whole: dict[str, Any], **place: Any) -> None:
    """A flight in time from away to here, and one late from here to away, where some want to go."""
    rebooking(whole, departs="13:00", **{"from": "away", "to": "here"})
    flights = whole["operators"]["a"]["flights"]
    flights["there"] = flights["away"] | {"from": "here", "to": "away", "departs": "23:00"}
    some(whole)["travels"] = {"from": {"here": "0 h"}, "to": {"away": {"value": "0 h"} | place}}


def far_off(whole: dict[str, Any], takes: str) -> None:
    """A flight in time for whoever is there in time."""
    rebooking(whole, departs="13:00")
    some(whole)["travels"] = {"from": {"here": takes}, "to": {"away": "0 h"}}


def ordinary(whole: dict[str, Any]) -> None:
    onset = {"kind": "ordinary", "per_hour": "1 calls/h", "timezone": "UTC"}
    whole["population"]["cohorts"]["usual"] = some(whole) | {"ordinary": True, "onset": onset}
    del whole["population"]["cohorts"]["usual"]["people"]


def scaled(whole: dict[str, Any]) -> None:
    ordinary(whole)
    whole["population"]["scale"] = "2 x"


def larger_crisis(whole: dict[str, Any]) -> None:
    ordinary(whole)
    whole["population"]["crisis_scale"] = "2 x"


def untold(whole: dict[str, Any], **more: Any) -> None:
    whole["disruption"]["facts"]["secret"] = {"operator": "a", "what": "nobody says it"} | more


def asking(whole: dict[str, Any], share: str) -> None:
    whole["disruption"]["questions"] = ["run"]
    untold(whole, at=f"{DAY} 07:00 UTC", answers={"run": share})
    some(whole)["asks"] = {"run": "100 %"}


def told_without_facts(whole: dict[str, Any]) -> None:
    """A notice that says no facts is one of its own, which answers all questions."""
    asking(whole, "10 %")
    whole["disruption"]["notices"]["frank"] = {
        "operator": "a", "at": f"{DAY} 08:00 UTC", "media": ["sms"], "languages": ["en"], "reach": {"some": "100 %"},
        "delay": "1 min", "clarity": "100 %", "prompts": "0 %",
    }  # fmt: skip


WARNED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "language": (
        lambda w: some(w).update(languages={"en": "90 %", "pl": "10 %"}),
        "population.cohorts.some.languages.pl = 10 %",
    ),
    "language of the desk": (
        lambda w: w["staffing"]["model"]["desks"]["a_desk"].update(languages=["fr"]),
        "population.cohorts.some.languages.en",
    ),
    "no channel": (
        lambda w: w["staffing"]["model"].update(desks={}, closed=["a_phone"]),
        "population.cohorts.some.preference",
    ),
    "no flight": (rebooking, "population.cohorts.some.need.rebooking: no flight of a has a seat"),
    "flight without seats": (lambda w: rebooking(w, free="0 %"), "no flight of a has a seat"),
    "flight too early": (lambda w: rebooking(w, departs="08:30"), "leaves between when they are affected and"),
    "flight too late": (lambda w: rebooking(w, departs="23:00"), "leaves between when they are affected and"),
    "flights in time only the other way": (other_way, "no flight that they accept with a seat for them leaves"),
    "a way that nobody accepts": (
        lambda w: other_way(w, accepted="0 %"),
        "flights with a seat for them go away to here or here to away, which none accept",
    ),
    "a flight that nobody reaches": (lambda w: far_off(w, "5 h"), "no flight that they accept with a seat for them"),
    "scale": (scaled, "population.crisis_scale"),
    "secret": (untold, "disruption.facts.secret: nobody ever knows it"),
    "unanswerable": (lambda w: asking(w, "10 %"), "nobody can ever tell more than 30% of those who ask run"),
}
MEANT: dict[str, Callable[[dict[str, Any]], None]] = {
    "as it is": lambda w: None,
    "a language that a channel speaks": lambda w: some(w).update(languages={"en": "90 %", "fr": "10 %"}),
    "a flight in time": lambda w: rebooking(w, departs="13:00"),
    "a flight that they reach": lambda w: far_off(w, "1 h"),
    "a larger crisis": larger_crisis,
    "a scale without ordinary traffic": lambda w: w["population"].update(scale="2 x"),
    "a fact with a moment": lambda w: untold(w, at=f"{DAY} 07:00 UTC"),
    "an answer for most": lambda w: asking(w, "80 %"),
    "a notice that says all": told_without_facts,
}


@pytest.mark.parametrize("name", WARNED)
def test_what_can_hardly_be_meant_is_said_in_one_line(name):
    change, said = WARNED[name]
    whole = own_minutes(minimal())
    change(whole)
    (line,) = warnings_of(validate(whole))
    assert said in line
    assert "\n" not in line


@pytest.mark.parametrize("name", MEANT)
def test_nothing_is_said_of_what_is_meant(name):
    whole = own_minutes(minimal())
    MEANT[name](whole)
    assert not list(warnings_of(validate(whole)))


def test_minutes_taken_over_from_the_defaults_are_named_with_desk_and_needs():
    (line,) = warnings_of(validate(minimal()))
    assert line.startswith("behaviour.handling.phone: the minutes for information at a_desk are the default's")


@pytest.mark.parametrize("experiment", COMMITTED)
def test_the_packaged_experiments_mean_what_they_say(experiment):
    assert not list(warnings_of(caresim.load(f"experiment={experiment}")))


@pytest.mark.parametrize(
    ("key", "wrong"),
    [
        ("staffing.model.desks.a_desk.news_promise", lambda w: w["staffing"]["model"]["desks"]["a_desk"].update(
            informs=False, news_promise={"share": "10 %", "within": "1 h"})),
        ("behaviour.questions.information", lambda w: (
            asking(w, "80 %"), w["behaviour"].update(questions={"information": "run"}))),
        ("disruption.over", lambda w: w["disruption"].update(over="2011-04-11 00:00 UTC")),
        ("disruption.notices.frank.says[1]", lambda w: (
            told_without_facts(w), w["disruption"]["notices"]["frank"].update(says=["secret", "secret"]))),
    ],
)  # fmt: skip
def test_what_would_have_no_effect_is_refused_by_its_key(key, wrong):
    whole = minimal()
    wrong(whole)
    assert refusal_of(whole).key == key
