"""People on call: every signal calls them by itself, they are not called again and again, and being on call is paid."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from tests.support.tokyo_runs import tokyo

from caresim.config.errors import BadInput
from caresim.measure.metrics import measure
from caresim.scenario.run import run

SMALL = ("population.scale=0.3",)
PHONE = "staffing.social_team.desks.paris_phone"
SIGNALS = {"posts": "30 posts/h", "calls": "40 calls/h", "waiting": "6 calls", "wait": "12 min"}
FEW = (f"{PHONE}.headcount=6", f"{PHONE}.headcount_before=4")
UNIT = {"posts": 1 / 60, "calls": 1 / 60, "waiting": 1.0, "wait": 1.0}


def on_call(call_in: str, more: str = "", headcount: int = 3) -> str:
    return f"{PHONE}.reserve={{headcount: {headcount}, call_in: {call_in}, delay: 60 min, length: 3 h{more}}}"


def ran(*words: str, replication: int = 0):
    return run(tokyo(*SMALL, *FEW, *words), "social_team", replication)


def times_called(of) -> np.ndarray:
    """When people were called in (minutes): as long before they came as it takes."""
    (reserve,) = of.world.reserves
    start = of.world.duty_periods["start"][reserve.first : reserve.first + reserve.heads * reserve.rounds]
    return np.unique(start[np.isfinite(start)]) - reserve.delay


def levels(of, signal: str) -> tuple[np.ndarray, np.ndarray]:
    """The ends of the bins, and a signal there, counted by hand from the rows of contacts and of the timeline."""
    world = of.world
    ticks = world.ticks[: world.clock[0].ticks]
    ends, starts = ticks["time"], ticks["time"] - of.experiment.bin.value
    if signal == "posts":
        return ends, ticks["posts"] / (ends - starts)
    contacts = world.contacts[: world.clock[0].contacts]
    phone = contacts[contacts["channel"] == of.names.channels.index("phone_paris")]
    came, left = phone["arrival"], np.fmin(phone["reply"], phone["closed"])
    if signal == "calls":
        return ends, np.array(
            [((start < came) & (came <= end)).sum() for start, end in zip(starts, ends, strict=True)]
        ) / 30
    waits = [(came <= end) & ~(left <= end) for end in ends]
    if signal == "waiting":
        return ends, np.array([there.sum() for there in waits], dtype=float)
    return ends, np.array([(end - came[there]).max(initial=0.0) for end, there in zip(ends, waits, strict=True)])


def is_open(of, time: float, channel: str = "phone_paris") -> bool:
    """Is a phone or counter open at a time?"""
    own = of.world.openings[of.world.openings["channel"] == of.names.channels.index(channel)]
    return bool(((own["start"] <= time) & (time < own["end"])).any())


def threshold(of, signal: str) -> float:
    return float(of.world.reserves[0][signal])


@pytest.mark.parametrize("signal", SIGNALS)
def test_each_signal_alone_calls_people_in_as_soon_as_it_is_above_its_threshold(signal):
    of = ran(on_call(f"{{{signal}: {SIGNALS[signal]}}}"))
    called = times_called(of)
    assert len(called) > 1
    ends, level = levels(of, signal)
    above = ends[level > threshold(of, signal)]
    expected, free = [], -np.inf
    for time in above:
        if time >= free and is_open(of, time + 60):
            expected.append(time)
            free = time + 60 + 180
    came = [time for time in expected if time + 60 < of.experiment.ends]
    assert called.tolist() == pytest.approx(came)


@pytest.mark.parametrize("signal", SIGNALS)
def test_nobody_is_called_again_before_it_has_been_quiet(signal):
    of = ran(on_call(f"{{{signal}: {SIGNALS[signal]}}}", ", again_below: 30 %"))
    called = times_called(of)
    assert len(called) > 1
    ends, level = levels(of, signal)
    quiet = level <= 0.3 * threshold(of, signal)
    for first, second in pairwise(called):
        assert quiet[(ends > first) & (ends <= second)].any()
        assert second >= first + 60 + 180
    often = times_called(ran(on_call(f"{{{signal}: {SIGNALS[signal]}}}")))
    assert len(called) <= len(often)


def test_all_signals_have_to_be_quiet_and_any_of_them_calls():
    both = ran(on_call("{calls: 40 calls/h, wait: 12 min}", ", again_below: 30 %"))
    called = times_called(both)
    ends, calls = levels(both, "calls")
    _, wait = levels(both, "wait")
    above = (calls > threshold(both, "calls")) | (wait > threshold(both, "wait"))
    quiet = (calls <= 0.3 * threshold(both, "calls")) & (wait <= 0.3 * threshold(both, "wait"))
    assert called[0] == ends[above][0]
    assert all(quiet[(ends > first) & (ends <= second)].any() for first, second in pairwise(called))


def test_who_is_absent_depends_on_the_person_and_the_day_and_not_on_how_often_was_called():
    absent = ("staff.call_center_agent.shrinkage=60 %", "staff.call_center_agent.absence=50 %")

    def there(call_in: str) -> dict[int, set[int]]:
        of = ran(on_call(call_in, headcount=8), *absent)
        (reserve,) = of.world.reserves
        rows = of.world.duty_periods[reserve.first : reserve.first + reserve.heads * reserve.rounds]
        found: dict[int, set[int]] = {}
        for row in rows[np.isfinite(rows["start"])]:
            found.setdefault(int(row["day"]), set()).add(int(row["staff"]))
        return found

    often, seldom = there("{calls: 30 calls/h}"), there("{calls: 60 calls/h}")
    shared = set(often) & set(seldom)
    assert len(shared) > 1
    assert all(often[day] == seldom[day] for day in shared)
    assert len({frozenset(people) for people in often.values()}) > 1


def test_being_on_call_is_paid_for_the_hours_that_are_not_worked():
    never = "{posts: 100000 posts/h}"
    without, with_them = ran(on_call(never)), ran(on_call(never, ", standby: 15 %"))
    hours = with_them.experiment.window.value / 60
    assert measure(with_them)["paid_hours"] == measure(without)["paid_hours"]
    assert with_them.cost - without.cost == pytest.approx(3 * hours * 0.15 * 26)
    unpaid, paid = (ran(on_call("{calls: 40 calls/h}", more)) for more in ("", ", standby: 15 %"))
    at_work = measure(paid)["paid_hours"] - measure(without)["paid_hours"]
    assert at_work > 0
    assert paid.cost - unpaid.cost == pytest.approx((3 * hours - at_work) * 0.15 * 26)


def test_people_called_in_serve_and_fewer_wait():
    nobody, some = ran(), ran(on_call("{calls: 40 calls/h, wait: 12 min}"))
    assert measure(some)["ordinary_answered"] > measure(nobody)["ordinary_answered"] + 0.01


def duty_called(of) -> np.ndarray:
    """The duty of people on call who were called in."""
    (reserve,) = of.world.reserves
    duty = of.world.duty_periods[reserve.first : reserve.first + reserve.heads * reserve.rounds]
    return np.asarray(duty[np.isfinite(duty["start"])])


def test_nobody_is_called_to_closed_doors_and_who_came_goes_when_they_close():
    of = ran(on_call("{posts: 5 posts/h}", ", standby: 15 %"))
    duty = duty_called(of)
    assert len(duty) > 10
    assert all(is_open(of, start) and is_open(of, np.nextafter(end, -np.inf)) for start, end in duty[["start", "end"]])
    lengths = duty["end"] - duty["start"]
    assert lengths.max() == pytest.approx(180)
    assert lengths.min() < 180
    window = of.experiment.window.value
    for s in np.unique(duty["staff"]):
        own = duty[duty["staff"] == s]
        within = np.maximum(0, np.minimum(own["end"], window) - np.maximum(own["start"], 0)).sum()
        assert of.world.staff[s]["paid_minutes"] == pytest.approx(within)
        assert of.world.staff[s]["premium_minutes"] == pytest.approx(0.15 * (window - within))


def test_where_something_is_written_people_come_at_any_hour():
    social = "staffing.social_team.desks.social.reserve"
    call = f"{social}={{headcount: 1, call_in: {{posts: 5 posts/h}}, delay: 60 min, length: 3 h}}"
    hours = (duty_called(ran(call))["start"] + 5 * 60 + 46) % 1440 // 60
    assert {int(hour) for hour in hours} & {0, 1, 2, 3, 4, 5}


@pytest.mark.parametrize("passed_on", [False, True])
def test_calls_that_the_assistant_keeps_call_nobody_in(passed_on):
    """One that hands nothing over, and has lines for everybody; and one that hands over everything."""
    arm = "assistant_first"
    phone = f"staffing.{arm}.desks.paris_phone"
    of = run(
        tokyo(
            *SMALL,
            f"staffing.{arm}.assistant.excludes=[]",
            f"staffing.{arm}.assistant.languages=[fr, en, ja]",
            f"staffing.{arm}.assistant.hands_over={100 if passed_on else 0} %",
            "operators.air_france.channels.phone_paris.lines=100000",
            f"{phone}.reserve={{headcount: 3, call_in: {{calls: 3 calls/h}}, delay: 60 min, length: 3 h}}",
        ),
        arm,
        0,
    )
    assert (of.world.reserves[0]["called"] > 0) == passed_on


def test_the_form_of_earlier_versions_is_understood():
    old = tokyo(f"{PHONE}.reserve={{headcount: 3, above: 40 posts/h, delay: 1 h, length: 8 h}}")
    reserve = old.staffing["social_team"].desks["paris_phone"].reserve
    assert reserve.call_in.posts.value == pytest.approx(40 / 60)
    assert reserve.again_below is None


@pytest.mark.parametrize(
    ("reserve", "key", "told"),
    [
        ("{headcount: 3, delay: 1 h, length: 8 h}", "reserve.call_in", "is required"),
        ("{headcount: 3, call_in: {}, delay: 1 h, length: 8 h}", "reserve.call_in", "at least one of posts, calls"),
        ("{headcount: 3, call_in: {mood: 3}, delay: 1 h, length: 8 h}", "call_in.mood", "unknown key"),
        (
            "{headcount: 3, above: 40 posts/h, call_in: {posts: 30 posts/h}, delay: 1 h, length: 8 h}",
            "reserve.above",
            "call_in.posts now",
        ),
    ],
)
def test_what_cannot_be_meant_is_refused(reserve, key, told):
    with pytest.raises(BadInput, match=told) as refused:
        tokyo(f"{PHONE}.reserve={reserve}")
    assert refused.value.key.endswith(key)
