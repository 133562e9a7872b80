"""Seats with a direction, cancelled journeys and rooms, in worlds that can be counted by hand."""

from __future__ import annotations

from copy import deepcopy

import numpy as np
import pytest
from tests.support.properties.small_worlds import desk, minimal
from tests.support.refusing import refusal_of

from caresim.config.compose import validate
from caresim.config.directions import lines_about_routes
from caresim.config.errors import BadInput
from caresim.model.codes import Status
from caresim.scenario.run import run

DAY = "2011-03-11"
FREE = {
    "timezone": "UTC", "first": DAY, "last": DAY, "capacity": "200 seats", "free": "100 %", "no_show": "0 %",
    "check_in_close": "0 min",
}  # fmt: skip


def flight(origin: str, destination: str, departs: str, **more):
    return {"from": origin, "to": destination, "departs": departs, **FREE, **more}


def world(flights, travels=None, **cohort):
    """Forty who need a seat, from six in the morning on; a hundred people answer at once."""
    whole = minimal()
    whole["start"] = f"{DAY} 00:00 UTC"
    whole["staffing"]["model"]["desks"]["a_desk"]["headcount"] = "100 people"
    whole["operators"]["a"]["flights"] = flights
    some = whole["population"]["cohorts"]["some"]
    some |= {"people": "40 people", "need": {"rebooking": "100 %"}, "asks": {}}
    some["onset"] |= {"pulses": [{"at": "6 h", "weight": "1 x"}], "spread": "1 min"}
    some |= ({"travels": travels} if travels else {}) | cohort
    return whole


def ran(whole):
    return run(validate(whole), "model", 0)


def won(whole):
    """The name of the series on which each passenger won a seat, by how many did."""
    of = ran(whole)
    seats = of.world.passengers["seat"]
    names = [of.names.flights[seat].split(" ")[0] for seat in seats if seat >= 0]
    return {name: names.count(name) for name in sorted(set(names))}


BOTH_WAYS = {"out": flight("here", "there", "12:00"), "back": flight("there", "here", "11:00")}


def test_nobody_is_put_on_a_train_that_leaves_where_they_are_not():
    assert won(world(BOTH_WAYS, {"from": {"here": "0 h"}, "to": {"there": "0 h"}})) == {"out": 40}
    assert won(world(BOTH_WAYS, {"from": {"there": "0 h"}, "to": {"here": "0 h"}})) == {"back": 40}


def test_the_seat_that_arrives_first_is_taken_and_not_the_one_that_leaves_first():
    slow = flight("here", "there", "11:00", takes="6 h")
    fast = flight("here", "there", "12:00", takes="2 h")
    assert won(world({"slow": slow, "fast": fast})) == {"fast": 40}
    assert won(world({"slow": slow, "fast": fast | {"takes": "5 h"}})) == {"slow": 40}  # at the same time: leaves first


def test_what_it_takes_to_get_there_and_away_counts():
    flights = {
        "near": flight("here", "there", "12:00", takes="2 h"),
        "far": flight("afar", "there", "12:00", takes="1 h"),
        "beyond": flight("here", "beyond", "12:00", takes="1 h"),
    }
    some = {"from": {"here": "0 h", "afar": "2 h"}, "to": {"there": "0 h", "beyond": "30 min"}}
    assert won(world(flights, some)) == {"far": 40}
    some["from"]["afar"] = "7 h"  # too late to be there at noon
    assert won(world(flights, some)) == {"beyond": 40}
    some["to"]["beyond"] = "2 h"
    assert won(world(flights, some)) == {"near": 40}


def test_so_many_accept_another_place_and_always_the_same_ones():
    flights = {
        "far": flight("afar", "there", "12:00", capacity="400 seats"),
        "near": flight("here", "there", "20:00", capacity="400 seats"),
    }
    some = {"from": {"here": "0 h", "afar": {"value": "1 h", "accepted": "40 %"}}, "to": {"there": "0 h"}}
    seats = won(world(flights, some, people="400 people"))
    served = seats["far"] + seats["near"]
    assert served > 350  # the others have hung up for good
    assert abs(seats["far"] - 0.4 * served) < 4 * np.sqrt(served * 0.4 * 0.6)  # standard deviations of a binomial
    less = deepcopy(some)
    less["from"]["afar"]["accepted"] = "20 %"
    more, fewer = (ran(world(flights, travels, people="400 people")).world.passengers for travels in (some, less))
    assert set(fewer["key"][fewer["seat"] == 0]) < set(more["key"][more["seat"] == 0])


def test_a_waitlist_serves_whom_a_flight_helps():
    """The first in line wants to go the other way, and is passed over; seats come back when check-in closes."""
    flights = {
        way: flight(*ends, "12:00", capacity="20 seats", free="0 %", no_show="100 %")
        for way, ends in {"out": ("here", "there"), "back": ("there", "here")}.items()
    }
    whole = world(flights, {"from": {"here": "0 h"}, "to": {"there": "0 h"}})
    others = deepcopy(whole["population"]["cohorts"]["some"]) | {"people": "5 people"}
    others["travels"] = {"from": {"there": "0 h"}, "to": {"here": "0 h"}}
    others["onset"]["pulses"] = [{"at": "9 h", "weight": "1 x"}]
    whole["population"]["cohorts"]["others"] = others
    of = ran(whole)
    cohort, seat = of.world.passengers["cohort"], of.world.passengers["seat"]
    assert won(whole) == {"back": 5, "out": 20}
    assert {(int(c), of.names.flights[s].split(" ")[0]) for c, s in zip(cohort, seat, strict=True) if s >= 0} == {
        (0, "out"),
        (1, "back"),
    }


def test_whoever_was_cancelled_keeps_the_need_until_the_deadline():
    """All of them hear of it after the departure that was not; none of them has left, some lose heart."""
    flights = {"lost": flight("here", "there", "08:00", free="0 %", cancelled=True)}
    onset = {"pulses": [{"at": "8 h", "weight": "1 x"}], "spread": "10 min"}
    whole = world(flights, booked_on=["lost"], deadline="6 h", deadline_law="fixed")
    whole["population"]["cohorts"]["some"]["onset"] |= onset
    passengers = ran(whole).world.passengers
    assert (passengers["affected"] > 480).all()
    assert np.isin(passengers["status"], (Status.MISSED, Status.GAVE_UP)).all()
    assert (passengers["status"] == Status.MISSED).any()
    assert np.allclose(passengers["deadline"], passengers["affected"] + 360)


def test_nobody_waits_for_a_seat_that_can_never_come():
    """Before their deadline no flight goes where they want to go, however many seats came back."""
    full = {"out": flight("here", "there", "12:00", free="0 %"), "back": flight("there", "here", "13:00")}
    travels = {"from": {"here": "0 h"}, "to": {"there": "0 h"}}
    before, after = (
        ran(world(full, travels=travels, deadline=deadline, deadline_law="fixed")).world.passengers["waitlisted"]
        for deadline in ("30 h", "1 h")
    )
    assert before.any()
    assert not after.any()


def test_rooms_are_given_one_a_party_until_there_are_none():
    whole = world({}, need={"assistance": "100 %"}, party={2: "100 %"}, people="80 people")
    whole["operators"]["a"] |= {"rooms": "15 rooms"}
    of = ran(whole).world
    assert (of.passengers["status"] == Status.RESOLVED).sum() == 15
    assert of.operators["rooms"][0] == 0
    whole["operators"]["a"]["rooms"] = None
    assert (ran(whole).world.passengers["status"] == Status.RESOLVED).all()


def test_a_promised_room_is_a_room_and_a_promise_without_one_is_broken():
    """The desk that is asked only promises; another one, which nobody asks, has the power to keep it."""
    whole = world({}, need={"assistance": "100 %"})
    desks, channels = whole["staffing"]["model"]["desks"], whole["operators"]["a"]["channels"]
    (asked,) = channels
    channels["unasked"] = deepcopy(channels[asked])
    desks["able"] = deepcopy(desks["a_desk"]) | {"serves": ["unasked"], "assists": True}
    desks["a_desk"] |= {
        "assists": False, "promise": "100 %", "promise_kept": "100 %", "promise_delay": "1 h",
    }  # fmt: skip
    whole["operators"]["a"]["channels"]["elsewhere"] = {"medium": "public", "languages": ["en"]}
    whole["staffing"]["model"]["desks"]["who_keeps_it"] = desk("a", ["elsewhere"]) | {"assists": True}
    whole["operators"]["a"] |= {"rooms": "15 rooms"}
    of = ran(whole).world
    assert (of.cases["kept"] == 1).sum() == 15
    assert (of.cases["broken"] == 1).sum() == 25


def test_the_route_of_earlier_editions_is_understood_with_a_line():
    old = world({"out": flight("here", "there", "12:00")})
    new = validate(old)
    del old["operators"]["a"]["flights"]["out"]["from"], old["operators"]["a"]["flights"]["out"]["to"]
    old["operators"]["a"]["flights"]["out"]["route"] = "Here-There"
    assert won(old) == {"out": 40}
    assert lines_about_routes(new) == []
    assert lines_about_routes(validate(old)) == [
        "Warning: operators.a.flights.out.route is understood for this version only; write from: here and to: there."
    ]
    assert validate(validate(old).as_text()) == validate(old)


def change(path, value):
    def apply(whole):
        *way, last = path.split(".")
        node = whole
        for step in way:
            node = node[step]
        node[last] = value

    return apply


def booked_the_other_way(whole):
    whole["operators"]["a"]["flights"]["back"]["free"] = "0 %"
    whole["population"]["cohorts"]["some"]["booked_on"] = ["back"]


SOME, A = "population.cohorts.some", "operators.a"


@pytest.mark.parametrize(
    ("key", "told", "wrong"),
    [
        (f"{SOME}.travels", "flights go here to there and there to here", change(f"{SOME}.travels", None)),
        (f"{SOME}.travels.from.nowhere", "unknown place",
         change(f"{SOME}.travels.from", {"nowhere": "0 h"})),
        (f"{SOME}.travels.from.here.takes", "needs a unit", change(f"{SOME}.travels.from", {"here": 4})),
        (f"{SOME}.travels.to", "at least one place", change(f"{SOME}.travels.to", {})),
        (f"{SOME}.booked_on[0]", "goes from there to here", booked_the_other_way),
        (f"{A}.flights.out.takes", "because back has it", change(f"{A}.flights.back.takes", "2 h")),
        (f"{A}.flights.out.route", "from: PLACE", change(f"{A}.flights.out.route", "here and away")),
        (f"{A}.flights.out.route", "another way", change(f"{A}.flights.out.route", "there-here")),
        (f"{A}.flights.out.from", "name of a place", change(f"{A}.flights.out.from", "Gare du Nord")),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(key, told, wrong):
    whole = world(deepcopy(BOTH_WAYS), {"from": {"here": "0 h"}, "to": {"there": "0 h"}})
    validate(whole)
    wrong(whole)
    refused = refusal_of(whole)
    assert refused.key == key
    assert told in str(refused)


def test_a_cancelled_journey_needs_a_deadline_and_ordinary_traffic_no_direction():
    whole = world(deepcopy(BOTH_WAYS) | {"lost": flight("here", "there", "08:00", free="0 %", cancelled=True)},
                  {"from": {"here": "0 h"}, "to": {"there": "0 h"}}, booked_on=["lost"])  # fmt: skip
    with pytest.raises(BadInput, match=r"some\.deadline = None: is required where they are booked on lost"):
        validate(whole)
    some = whole["population"]["cohorts"]["some"] | {"deadline": "9 h"}
    ordinary = {**some, "ordinary": True, "booked_on": [], "travels": None}
    ordinary["onset"] = {"kind": "ordinary", "per_hour": "1 calls/h", "timezone": "UTC"}
    del ordinary["people"]
    whole["population"]["cohorts"] = {"some": some, "ordinary": ordinary}
    validate(whole)


def test_preferences_may_be_given_as_shares():
    whole = world({}, need={"information": "100 %"})
    whole["operators"]["a"]["channels"]["a_post"] = {"medium": "public", "languages": ["en"]}
    whole["staffing"]["model"]["unanswered"] = ["a_post"]
    some = whole["population"]["cohorts"]["some"]
    some["preference"] = {"a_phone": "80 %", "a_post": "20 %"}
    experiment = validate(whole)
    assert validate(experiment.as_text()) == experiment
    preference = run(experiment, "model", 0).world.cohorts["preference"][0, :2]
    assert np.exp(preference[0] - preference[1]) == pytest.approx(4)
    for wrong, told in (
        ({"a_phone": "80 %", "a_post": "30 %"}, r"must sum to 1, not 1\.1"),
        ({"a_phone": "80 %", "a_post": "0.2 logit"}, "all shares"),
        ({"a_phone": "100 %", "a_post": "0 %"}, "more than"),
        ({"a_phone": {"value": "80 %", "range": ["70 %", "90 %"]}, "a_post": "20 %"}, "has a range"),
    ):
        some["preference"] = wrong
        with pytest.raises(BadInput, match=told) as refused:
            validate(whole)
        assert refused.value.key.startswith("population.cohorts.some.preference")
