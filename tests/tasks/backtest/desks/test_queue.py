"""The small queue by which desks are fitted: it answers what the engine answers, to the second."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.tasks.backtest.desks import engine
from caresim.tasks.backtest.desks.queue import ALWAYS, ANY, NEWEST, OLDEST, Hours, after_open_time, ranks, replies

DAYTIME, OVER_MIDNIGHT = Hours(420.0, 1260.0), Hours(1080.0, 1700.0)


def load(order: int, people: int, hours: Hours) -> engine.Load:
    rng = np.random.default_rng([order, people])
    posted = np.sort(rng.uniform(0.0, 3000.0, 150))
    ready = after_open_time(posted, rng.lognormal(1.0, 1.0, 150), hours)
    return engine.Load(ready, rng.lognormal(1.5, 0.8, 150), ranks(order, ready, rng.random(150)), people, hours)


def test_the_engine_gives_the_same_replies() -> None:
    loads = [
        load(order, people, hours)
        for order in (OLDEST, NEWEST, ANY)
        for people, hours in ((1, ALWAYS), (3, DAYTIME), (2, OVER_MIDNIGHT))
    ]
    for one, answered in zip(loads, engine.replies(loads), strict=True):
        ours = replies(one.ready, one.handling, one.rank, one.people, one.hours)
        assert answered == pytest.approx(ours, abs=1e-6)


def test_replies_that_take_seconds_are_no_slip_of_units() -> None:
    one = load(OLDEST, 1, ALWAYS)
    quick = engine.Load(one.ready, one.handling / 60.0, one.rank, 1, ALWAYS)
    (answered,) = engine.replies([quick])
    assert answered == pytest.approx(replies(quick.ready, quick.handling, quick.rank, 1, ALWAYS), abs=1e-6)


def test_the_oldest_the_newest_or_any_post_is_next() -> None:
    ready, work = np.array([0.0, 1.0, 2.0, 3.0]), np.full(4, 10.0)
    luck = np.array([0.9, 0.5, 0.7, 0.1])

    def order(which: int) -> list[int]:
        return np.argsort(replies(ready, work, ranks(which, ready, luck), 1, ALWAYS)).tolist()

    assert order(OLDEST) == [0, 1, 2, 3]
    assert order(NEWEST) == [0, 3, 2, 1]
    assert order(ANY) == [0, 3, 1, 2]


def test_time_to_notice_passes_while_the_desk_is_open_only() -> None:
    minutes = np.array([100.0, 1250.0, 1300.0, 500.0])
    assert after_open_time(minutes, np.full(4, 30.0), DAYTIME).tolist() == [450.0, 1880.0, 1890.0, 530.0]
    assert after_open_time(minutes, np.full(4, 30.0), ALWAYS).tolist() == [130.0, 1280.0, 1330.0, 530.0]


def test_who_has_begun_before_closing_finishes() -> None:
    answered = replies(np.array([1255.0, 1256.0]), np.array([20.0, 5.0]), np.zeros(2), 1, DAYTIME)
    assert answered.tolist() == [1275.0, 1860.0 + 5.0]
