"""Random valid worlds, small enough to be watched: plain configurations, told by what differs from a minimal one."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from typing import Any

from hypothesis import strategies as st

from caresim.config.composition import resolved
from caresim.model.routing import RULES
from tests.support.properties.options import LANGUAGES, ZONES, one, percent, shares, some
from tests.support.properties.unusual_behaviour import NEEDS, draw_behaviour
from tests.support.properties.unusual_disruption import draw_disruption
from tests.support.properties.unusual_overflow import draw_overflow

STARTS = ("2011-03-11 05:46 UTC", "2011-03-11 00:00 UTC", "2011-03-26 20:00 UTC", "2011-10-29 22:00 UTC")
"""Two of them before a night in which clocks change."""
HOURS = (
    *(("00:00", "24:00"), ("09:00", "17:00"), ("05:00", "13:00"), ("13:00", "21:00"), ("22:00", "06:00+1")),
    *(("08:00", "08:00+1"), ("10:00", "10:20"), ("12:00", "12:01"), ("02:30", "03:30"), ("23:50", "00:10+1")),
)
"""Around the clock, office hours, nights, short ones, one in the hour that a change of clocks skips or repeats."""
POWERS = ("informs", "rebooks", "refunds", "assists", "sees_booking", "waitlists")


@lru_cache(maxsize=1)
def _defaults() -> dict[str, Any]:
    composed = resolved(["experiment=tokyo"])
    return {key: composed[key] for key in ("behaviour", "staff", "study")} | {
        "behaviour": {**composed["behaviour"], "questions": {}}
    }


def minimal() -> dict[str, Any]:
    """One operator, one line of phone, one desk with one person around the clock, a cohort of two who want to know."""
    return {
        **deepcopy(_defaults()),
        "name": "small",
        "question": "Does it hold?",
        "start": STARTS[0],
        "timezone": "UTC",
        "window": "24 h",
        "warm_up": "0 h",
        "drain": "8 h",
        "bin": "30 min",
        "replications": 1,
        "seed": 0,
        "operators": {"a": operator({"a_phone": phone("1000 lines")}, {})},
        "population": {"cohorts": {"some": cohort(["a"], ["a_phone"])}},
        "disruption": {"facts": {}, "notices": {}, "bystanders": None},
        "staffing": {"model": staffing({"a_desk": desk("a", ["a_phone"])})},
    }


def operator(channels: dict[str, Any], flights: dict[str, Any]) -> dict[str, Any]:
    return {
        "channels": channels,
        "flights": flights,
        "cancelled_seats_return": "0 %",
        "seat_rule": "order_of_arrival",
    }


def staffing(desks: dict[str, Any]) -> dict[str, Any]:
    return {"differs": "nothing", "desks": desks, "unanswered": [], "closed": []}


def phone(lines: str) -> dict[str, Any]:
    return {"medium": "phone", "lines": lines, "languages": list(LANGUAGES)}


def desk(operator: str, serves: list[str]) -> dict[str, Any]:
    return {
        "operator": operator,
        "serves": serves,
        "kind": "call_center_agent",
        "timezone": "UTC",
        "headcount": "1 people",
        "shifts": [{"start": "00:00", "end": "24:00", "share": "1 x", "days": "daily"}],
        "opening": "when staffed",
        "shrinkage": "0 %",
        "absence": "0 %",
        "overtime": {"low": "0 min", "mode": "0 min", "high": "0 min"},
        "routing": "first_come",
        "text_first": "0 %",
        "expires": None,
        "languages": list(LANGUAGES),
        **dict.fromkeys(POWERS, True),
        "promise": "0 %",
        "promise_kept": "0 %",
        "promise_delay": "1 h",
        "end_of_duty": "finish",
    }


def cohort(operators: list[str], channels: list[str]) -> dict[str, Any]:
    return {
        "people": "2 people",
        "need": {"information": "100 %"},
        "contacting": "100 %",
        "onset": {"kind": "pulses", "pulses": [{"at": "2 h", "weight": "1 x"}], "spread": "1 h"},
        "party": {1: "100 %"},
        "languages": {"en": "100 %"},
        "preference": dict.fromkeys(channels, "0 logit"),
        "deadline": None,
        "priority": "0",
        "anger": "0 %",
        "followers_median": "100 followers",
        "followers_sigma": "1 sd",
        "operators": operators,
    }


def told(configuration: Mapping[str, Any]) -> str:
    """The keys in which a configuration differs from the minimal one, as on a command line."""
    return "\n".join(differences(minimal(), configuration)) or "the minimal world"


def differences(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> list[str]:
    """`key=value` of what is new or other, a whole group at once where the minimal world has none; `~key` if gone."""
    lines = []
    for key in (*after, *(key for key in before if key not in after)):
        inner = f"{path}{key}"
        if key not in after:
            lines.append(f"~{inner}")
        elif key in before and isinstance(before[key], Mapping) and isinstance(after[key], Mapping):
            lines += differences(before[key], after[key], f"{inner}.")
        elif key not in before or before[key] != after[key]:
            lines.append(f"{inner}={after[key]}")
    return lines


@st.composite
def small_worlds(draw: Any) -> dict[str, Any]:
    """A valid configuration; every key starts from the minimal world, to which failures shrink."""
    whole = minimal()
    whole["seed"] = draw(st.integers(0, 999))
    whole["start"] = draw(one(*STARTS))
    whole["warm_up"] = draw(one("0 h", "5 h"))
    whole["window"] = draw(one("24 h", "36 h"))
    whole["drain"] = draw(one("8 h", "20 h"))
    whole["bin"] = draw(one("30 min", "45 min", "7 h"))
    for name in ("a", "b", "c")[1 : draw(one(1, 1, 2, 3))]:
        whole["operators"][name] = {}
    for name in whole["operators"]:
        whole["operators"][name] = draw(operators(name, whole["start"]))
    draw_staffing(draw, whole)
    draw_population(draw, whole)
    draw_disruption(draw, whole)
    draw_behaviour(draw, whole["behaviour"])
    return whole


@st.composite
def operators(draw: Any, name: str, start: str) -> dict[str, Any]:
    """Channels of any media, and a few small flights."""
    media = draw(st.lists(one("phone", "counter", "public", "private", "email", "web"), max_size=4, unique=True))
    channels: dict[str, Any] = {}
    for medium in media or ["phone"]:
        channel: dict[str, Any] = {"medium": medium, "languages": list(LANGUAGES)}
        if draw(one(False, False, False, True)):
            channel["languages"] = some(draw, list(LANGUAGES), 1)
        if medium == "phone":
            channel["lines"] = draw(one("1000 lines", "1 lines", "2 lines", "5 lines"))
        if medium == "web":
            channel |= {
                "visit": draw(one("8 min", "1 min", "2 h")),
                "solves": {need: draw(percent()) for need in NEEDS},
            }
        channels[f"{name}_{medium}"] = channel
    flights = {f"{name}_flight_{k}": draw(series(start)) for k in range(draw(one(0, 1, 2)))}
    about = operator(channels, flights)
    about["cancelled_seats_return"] = draw(percent())
    about["seat_rule"] = draw(one("order_of_arrival", "need", "loudest"))
    return about


@st.composite
def series(draw: Any, start: str) -> dict[str, Any]:
    day, month = start[:10], start[:8]
    return {
        "from": "here",
        "to": "away",
        "departs": draw(one("12:00", "00:00", "23:59", "18:00")),
        "timezone": draw(one(*ZONES)),
        "first": day,
        "last": f"{month}{int(day[8:]) + 2:02d}" if int(day[8:]) < 29 else f"{month}31",
        "capacity": draw(st.integers(8, 40).map(lambda n: f"{n} seats")),
        "free": draw(percent(0, 60)),
        "no_show": draw(percent(0, 40)),
        "check_in_close": draw(one("60 min", "0 min", "5 h")),
    }


def draw_staffing(draw: Any, whole: dict[str, Any]) -> None:
    """Every channel has a desk, or nobody, or is closed; then an assistant, perhaps."""
    desks: dict[str, Any] = {}
    model = staffing(desks)
    for name, company in whole["operators"].items():
        groups: dict[str, list[str]] = {}
        for channel, about in company["channels"].items():
            if about["medium"] == "web":
                continue
            own, second = f"{name}_desk", f"{name}_second"
            place = draw(one(own, own, own, own, second, second, "unanswered", "closed"))
            groups.setdefault(place, []).append(channel)
        for place, serves in groups.items():
            if place in ("unanswered", "closed"):
                model[place] += serves
            else:
                desks[place] = draw(desks_of(name, serves, whole["start"]))
    for about in desks.values():
        to = draw(st.none() | st.sampled_from(list(desks)))
        if to is not None:
            about["hand_over"] = to
            about["end_of_duty"] = draw(one("finish", "drop", "hand_over"))
    for name in whole["operators"]:
        draw_overflow(draw, desks, name)
    open_ones = [
        channel for company in whole["operators"].values() for channel, about in company["channels"].items()
        if about["medium"] != "web" and channel not in model["closed"]
    ]  # fmt: skip
    if open_ones and draw(one(False, False, True)):
        model["assistant"] = draw(assistants(open_ones, whole["start"]))
    whole["staffing"] = {"model": model}


@st.composite
def desks_of(draw: Any, operator: str, serves: list[str], start: str) -> dict[str, Any]:
    about = desk(operator, serves)
    about["kind"] = draw(one("call_center_agent", "community_manager", "counter_staff"))
    about["timezone"] = draw(one(*ZONES))
    about["headcount"] = draw(one("1 people", "2 people", "3 people", "5 people"))
    if draw(one(False, False, True)):
        about |= {"headcount_before": "1 people", "reinforced_from": start}
    about["shifts"] = draw(one(about["shifts"], draw(st.lists(shifts(), min_size=1, max_size=3))))
    about["opening"] = draw(one("when staffed", "always", "hours"))
    if about["opening"] == "hours":
        about["opening"] = [{"start": "08:00", "end": "20:00"}]
    about["shrinkage"] = draw(one("0 %", "30 %", "60 %"))
    about["absence"] = draw(one("0 %", "0 %", about["shrinkage"]))
    low, more, most = (draw(one(0, 10, 60)) for _ in range(3))
    about["overtime"] = {"low": f"{low} min", "mode": f"{low + more} min", "high": f"{low + more + most} min"}
    about["routing"] = draw(one(*RULES))
    about["routing_in_writing"] = draw(one(None, None, *RULES))
    if "head_start" in (about["routing"], about["routing_in_writing"]):
        about["head_start"] = draw(one("5 min", "0 min", "10 h"))
    about["text_first"] = draw(percent())
    about["expires"] = draw(one(None, "3 h", "20 min"))
    about |= {power: draw(one(True, True, False)) for power in POWERS}
    about |= {"promise": draw(percent()), "promise_kept": draw(percent()), "promise_delay": draw(one("1 h", "5 min"))}
    about["end_of_duty"] = draw(one("finish", "drop"))
    about["converses"] = draw(one(False, False, True))
    if any(channel.endswith("phone") for channel in serves) and draw(one(False, False, True)):
        about["callback"] = draw(callbacks())
    if draw(one(False, False, False, True)):
        about["reserve"] = draw(reserves())
    if draw(one(False, False, False, True)):
        about["replans"] = draw(replans())
    return about


@st.composite
def callbacks(draw: Any) -> dict[str, Any]:
    """A virtual hold: from never offered in practice to everybody at once."""
    return {
        "offered_above": draw(one("10 min", "0 min", "3 h")),
        "accepts": draw(percent()),
        "reached": draw(percent()),
        "ring": draw(one("1 min", "0 min", "30 min")),
    }


@st.composite
def reserves(draw: Any) -> dict[str, Any]:
    """People on call, some of whom are called in by a single post."""
    return {
        "headcount": draw(one("1 people", "3 people")),
        "call_in": draw(signals()),
        "standby": draw(one("0 %", "15 %")),
        "again_below": draw(one(None, "60 %", "0 %")),
        "delay": draw(one("1 h", "1 min", "7 h")),
        "length": draw(one("4 h", "20 min", "30 h")),
    }


@st.composite
def signals(draw: Any) -> dict[str, Any]:
    """One or more of what calls them in."""
    options = {
        "posts": one("3 posts/h", "0 posts/h", "20 posts/h"), "calls": one("6 calls/h", "0 calls/h"),
        "waiting": one("3", "0", "30"), "wait": one("20 min", "1 min"),
    }  # fmt: skip
    return {name: draw(options[name]) for name in some(draw, list(options), 1)}


@st.composite
def replans(draw: Any) -> dict[str, Any]:
    """A desk that plans tomorrow anew, a little or a lot."""
    return {
        "at": draw(one("18:00", "00:00", "12:00")),
        "notice": draw(one("4 h", "0 h", "20 h")),
        "between": draw(one(["50 %", "180 %"], ["0 %", "400 %"], ["100 %", "100 %"])),
        "weight": draw(one("1 root", "0 roots", "3 roots")),
    }


@st.composite
def shifts(draw: Any) -> dict[str, Any]:
    """Office hours, nights, short ones, around the clock, in part, on some days."""
    start, end = draw(one(*HOURS))
    return {
        "start": start,
        "end": end,
        "share": draw(one("1 x", "1 x", "0.5 x", "0.1 x", "2 x")),
        "days": draw(one("daily", "daily", "daily", "weekdays", "weekend")),
    }


@st.composite
def assistants(draw: Any, channels: list[str], start: str) -> dict[str, Any]:
    """Some take messages where nobody is on duty, some fail for most of the first day, some leave needs to people."""
    message = {"leaves": draw(percent()), "reached": draw(percent()), "ring": draw(one("1 min", "0 min"))}
    takes = draw(one(False, True))
    fails = draw(one(False, False, True))
    return {
        "when_nobody": "message" if takes else "call_again",
        "message": message if takes else None,
        "outages": [{"from": start, "to": f"{start[:10]} 23:30 UTC"}] if fails else [],
        "harder": draw(one("1 x", "1.5 x")),
        "excludes": some(draw, list(NEEDS)) if draw(one(False, False, True)) else [],
        "channels": some(draw, channels, 1),
        "languages": some(draw, list(LANGUAGES), 1),
        "solves": {need: draw(percent(0, 50)) for need in NEEDS},
        "errs": {need: draw(percent(0, 50)) for need in NEEDS},
        "hands_over": draw(percent()),
        "handle": draw(one("0.3 min", "1 s", "2 h")),
        "quality": draw(percent()),
        "cost_per_contact": "0.10 EUR",
    }


def draw_population(draw: Any, whole: dict[str, Any]) -> None:
    cohorts = {}
    sold = {
        flight: int(int(about["capacity"].split()[0]) * (100 - int(about["free"].split()[0])) / 100)
        for company in whole["operators"].values()
        for flight, about in company["flights"].items()
    }
    for key in ("some", "others", "more")[: draw(one(1, 2, 3))]:
        journey = some(draw, list(whole["operators"]), 1)
        channels = [channel for name in journey for channel in whole["operators"][name]["channels"]]
        about = cohort(journey, draw(one(channels, some(draw, channels, 1))))
        about["need"] = shares(draw, NEEDS)
        about["party"] = shares(draw, (1, 2, 3, 8))
        about["languages"] = draw(one({"en": "100 %"}, shares(draw, LANGUAGES)))
        about["contacting"] = draw(one("100 %", "100 %", "50 %"))
        about["preference"] = {name: draw(one("0 logit", "3 logit")) for name in about["preference"]}
        about["deadline"] = draw(one(None, None, None, "10 h", "2 h", "3 d", "1 min"))
        about["deadline_law"] = draw(one("exponential", "fixed"))
        about["anger"] = draw(percent())
        about["priority"] = draw(one("0", "1", "-1", "2.5"))
        flights = [flight for name in journey for flight in whole["operators"][name]["flights"]]
        booked = [flight for flight in flights if sold[flight] // 3 >= fewest(about["party"])]
        about["people"] = f"{max(draw(one(2, 300, 40, 150, 600)), fewest(about['party']))} people"
        draw_onset(draw, about, booked, sold)
        cohorts[key] = about
    for key in [key for key, about in cohorts.items() if about["deadline"] and "people" in about]:
        if draw(one(False, True)):
            cohorts[f"{key}_later"] = later(draw, key, cohorts[key], list(whole["operators"]), whole)
    whole["population"] = {"cohorts": cohorts}


def fewest(party: dict[int, str]) -> int:
    """How many people make a contact person: more than half a mean party, because less rounds to nobody."""
    return sum(size * int(share.split()[0]) for size, share in party.items()) // 200 + 1


def later(draw: Any, key: str, leader: dict[str, Any], operators: list[str], whole: dict[str, Any]) -> dict[str, Any]:
    """What the same people want when the time for the first matter is up, of the same operator or another."""
    journey = some(draw, operators, 1)
    about = cohort(journey, [channel for name in journey for channel in whole["operators"][name]["channels"]])
    del about["people"]
    about["need"] = shares(draw, NEEDS)
    about["party"] = leader["party"]
    about["languages"] = leader["languages"]
    about["contacting"] = draw(one("100 %", "50 %"))
    about["anger"] = draw(percent())
    about["onset"] = {"kind": "after", "cohort": key, "spread": draw(one("1 h", "0 h"))}
    about["onset"]["regardless"] = draw(one(False, True))
    if draw(st.booleans()):
        about["onset"]["not_before"] = draw(one("5 h", "20 h"))
    return about


def draw_onset(draw: Any, about: dict[str, Any], booked: list[str], sold: dict[str, int]) -> None:
    kind = draw(one("pulses", "before_departure", "ordinary", "poisson"))
    if kind in ("ordinary", "poisson"):
        del about["people"]
        about["onset"] = {"kind": kind, "per_hour": draw(one("1 calls/h", "3 calls/h", "8 calls/h"))}
        if kind == "ordinary":
            about["ordinary"] = True
            about["onset"]["timezone"] = draw(one(*ZONES))
        else:
            about["onset"] |= {"swing": draw(one("0 %", "50 %", "100 %")), "cycle": draw(one("24 h", "30 min"))}
        return
    if booked and draw(st.booleans()):
        about["booked_on"] = booked[:1]
        about["people"] = f"{sold[booked[0]] // 3} people"
    if kind == "before_departure":
        about["onset"] = {
            "kind": kind,
            "spread": draw(one("2 h", "5 h", "0 h")),
            "lead": draw(one("20 h", "5 h", "0 h")),
        }
        about["onset"]["departure_within"] = draw(one("1 d", "3 d"))
    else:
        times = draw(st.lists(st.integers(0, 20), min_size=1, max_size=3, unique=True))
        about["onset"]["pulses"] = [{"at": f"{hour} h", "weight": "1 x"} for hour in times]
        about["onset"]["spread"] = draw(one("1 h", "0 h", "12 h"))
