"""A written desk keeps its local hours over a change of clock: when they are found, fitted and predicted."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.support import history

from caresim.config.paths import conf
from caresim.tasks.backtest.desks import engine, posts
from caresim.tasks.backtest.desks.backtest import hour_table
from caresim.tasks.backtest.desks.forecast import _played as played
from caresim.tasks.backtest.desks.forecast import predicted
from caresim.tasks.backtest.desks.hours import opening_of
from caresim.tasks.backtest.desks.local_clock import DAY, EVEN, LocalClock, local_clock
from caresim.tasks.backtest.desks.nulls import TIME_OF_DAY, forecasts
from caresim.tasks.backtest.desks.queue import ANY, OLDEST, Hours, after_open_time, open_minutes, ranks, replies, spells
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.settings import load

FILE = conf() / "backtest" / "desks.yaml"
ZONE = "Europe/London"
SPRING, AUTUMN = "2026-03-27", "2026-10-23"
"""Fridays: on the Sunday the clock goes from 01:00 to 02:00, or from 02:00 to 01:00."""
BOTH = pytest.mark.parametrize(("first", "shift"), [(SPRING, 60.0), (AUTUMN, -60.0)], ids=["spring", "autumn"])
CHANGE = {SPRING: 2.0 * DAY + 60.0, AUTUMN: 2.0 * DAY + 120.0}
"""Minutes after midnight of the first day."""
DAYTIME = Hours(480.0, 1200.0)


def clock_of(first: str) -> LocalClock:
    return local_clock(datetime.fromisoformat(first).replace(tzinfo=ZoneInfo(ZONE)))


@pytest.fixture(scope="module")
def life() -> tuple[np.ndarray, np.ndarray]:
    """Posts and replies, as the local clock shows them, of two people who are there from 08:00 to 20:00; none at
    night but before midnight, so that each of them exists on every day.
    """
    posted, replied = history.posts(
        np.random.default_rng(7), people=2, handling=2.0, noticing=5.0, share=0.7, hours=DAYTIME, days=4.0, per_hour=8.0
    )
    there = np.mod(posted, DAY) >= 300.0
    return posted[there], replied[there]


def read(life, tmp_path, first: str, zone: str, train: str):
    """The desk whose clock shows these times in a zone, its stretches, and what was asked."""
    file = history.written(tmp_path / f"{first}_{zone[:3]}.csv", {"day": life}, history.local(first, zone))
    words = {"contacts": str(file), "timezone": zone, "train": train, "draws": 40, "steps": 60, "copies": 4}
    settings = load(Desks, FILE, words | {"chains": 1})
    (desk,), stretches, _ = posts.read(settings)
    return desk, stretches, settings


@BOTH
def test_the_clock_is_ahead_or_behind_from_the_change_on(first, shift) -> None:
    clock, change = clock_of(first), CHANGE[first]
    assert clock.at(change - 1.0) == (0.0, change)
    assert clock.at(change)[0] == shift
    assert clock.time_of_day(np.array([600.0, 2.0 * DAY + 600.0])).tolist() == [600.0, 600.0 + shift]
    assert clock.hour(np.array([600.0, 2.0 * DAY + 600.0])).tolist() == [10, 10 + shift / 60.0]
    assert clock.midnight(3.0 * DAY + 600.0) == 3.0 * DAY - shift
    assert clock.since(3.0 * DAY - shift).at(0.0)[0] == 0.0
    assert local_clock(datetime.fromisoformat(first).replace(tzinfo=ZoneInfo("UTC"))) == EVEN == local_clock(None)


def test_a_time_that_is_skipped_is_that_of_the_change_and_one_that_comes_twice_its_first() -> None:
    assert clock_of(SPRING).moment(2.0 * DAY + 90.0) == CHANGE[SPRING]
    assert clock_of(SPRING).moment(2.0 * DAY + 120.0) == CHANGE[SPRING]
    assert clock_of(AUTUMN).moment(2.0 * DAY + 90.0) == 2.0 * DAY + 90.0
    assert clock_of(AUTUMN).moment(2.0 * DAY + 120.0) == CHANGE[AUTUMN] + 60.0


@BOTH
def test_a_desk_opens_at_its_local_hour_and_is_open_as_long_as_ever(first, shift) -> None:
    hours = Hours(480.0, 1200.0, clock_of(first))
    sunday = 2.0 * DAY + 480.0 - shift
    assert spells(hours, 4)[1:3] == [(DAY + 480.0, DAY + 1200.0), (sunday, sunday + 720.0)]
    assert open_minutes(DAY + 1170.0, sunday + 30.0, hours) == 60.0
    noticed = after_open_time(np.array([DAY + 1170.0, DAY + 1300.0, 600.0]), np.array([60.0, 10.0, 5.0]), hours)
    assert noticed.tolist() == [sunday + 30.0, sunday + 10.0, 605.0]
    (late,) = replies(np.array([DAY + 1300.0]), np.array([7.0]), np.zeros(1), 1, hours)
    assert late == sunday + 7.0


@BOTH
def test_a_desk_that_is_open_at_the_change_has_an_hour_more_or_less_that_night(first, shift) -> None:
    night = Hours(1200.0, DAY + 480.0, clock_of(first))
    since, until = DAY + 1200.0, 2.0 * DAY + 480.0 - shift
    assert (since, until) in spells(night, 4)
    assert open_minutes(since, until, night) == 720.0 - shift
    (found,) = after_open_time(np.array([since]), np.array([600.0]), night)
    assert found == since + 600.0


@BOTH
def test_the_engine_and_the_small_queue_give_the_same_replies(first, shift) -> None:
    loads = []
    for order, hours in (
        (OLDEST, DAYTIME),
        (ANY, DAYTIME),
        (OLDEST, Hours(1080.0, 1700.0)),
        (ANY, Hours(420.0, 1500.0)),
    ):
        rng = np.random.default_rng(order)
        local = Hours(hours.opens, hours.closes, clock_of(first))
        posted = np.sort(rng.uniform(0.0, 4.0 * DAY, 300))
        ready = after_open_time(posted, rng.lognormal(1.0, 1.0, 300), local)
        work = rng.lognormal(1.5, 0.8, 300)
        loads.append(engine.Load(ready, work, ranks(order, ready, rng.random(300)), 2, local))
    for one, answered in zip(loads, engine.replies(loads), strict=True):
        ours = replies(one.ready, one.handling, one.rank, one.people, one.hours)
        assert answered == pytest.approx(ours, abs=1e-6)
        begun = one.hours.clock.time_of_day(answered - one.handling)
        assert (np.mod(begun - one.hours.opens + 1e-6, DAY) < one.hours.length).all()


@BOTH
def test_the_hours_found_are_those_of_the_same_posts_without_a_change(life, tmp_path, first, shift) -> None:
    """Fitted are two mornings before the change and one after it."""
    changed, even = (
        opening_of(*read(life, tmp_path, first, zone, f"{first[:8]}{int(first[8:]) + 2}T14:00"))
        for zone in (ZONE, "UTC")
    )
    assert changed.closed
    assert changed.mornings == even.mornings == 3
    for name in ("opens_low", "opens_high", "closes_low", "closes_high", "first_reply", "last_reply"):
        assert getattr(changed, name) == pytest.approx(getattr(even, name)), name
    assert (changed.hours.opens, changed.hours.closes) == pytest.approx((even.hours.opens, even.hours.closes))
    assert changed.hours.opens == pytest.approx(480.0, abs=30.0)


@BOTH
def test_posts_of_the_same_time_of_day_are_those_of_the_local_clock(life, tmp_path, first, shift) -> None:
    """Those of the daytime: of a night in which the clock changes, waits are an hour longer or shorter."""
    parts = []
    for zone in (ZONE, "UTC"):
        desk, stretches, _ = read(life, tmp_path, first, zone, "44 h")
        tested = np.flatnonzero(stretches.tested(desk))
        later = desk.clock.time_of_day(desk.posted[tested])
        parts.append(forecasts(desk, stretches, tested[(later >= 600.0) & (later < 1000.0)])[TIME_OF_DAY])
    np.testing.assert_allclose(parts[0], parts[1])


@BOTH
def test_a_reply_is_predicted_for_the_local_hour_and_none_an_hour_early(life, tmp_path, first, shift) -> None:
    """Fitted until Saturday, 22:00, so that the fit is the same; the change comes in the night after it."""
    at, rows = [], []
    for zone in (ZONE, "UTC"):
        desk, stretches, settings = read(life, tmp_path, first, zone, f"{first[:8]}{int(first[8:]) + 1}T22:00")
        one = predicted(desk, stretches, settings, np.random.default_rng(1), lambda: None)
        rows.append(hour_table([one], stretches).astype(str))
        luck = np.random.default_rng(2)
        minutes = played(desk, stretches, one.opening, one.shares, one.draws, settings, luck)
        night = (desk.posted >= stretches.split) & (desk.clock.shown(desk.posted) < 2.0 * DAY + 480.0)
        assert night.sum() > 10
        at.append(desk.clock.shown((desk.posted + minutes)[:, night]) - 2.0 * DAY)
    np.testing.assert_allclose(at[0], at[1], atol=1e-3)
    assert rows[0].equals(rows[1])
    assert "08:00" <= rows[0]["later_first_reply"].iloc[0] < "08:30"
    assert np.nanmin(at[0]) >= one.opening.opens_low - 30.0
    assert np.count_nonzero(~np.isnan(at[0])) > 100
