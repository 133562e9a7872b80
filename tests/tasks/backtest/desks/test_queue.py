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


def busy(answered: np.ndarray, handling: np.ndarray) -> int:
    """At most how many were at work at once."""
    begun = answered - handling
    return max(int(np.count_nonzero((begun <= at + 1e-9) & (answered > at + 1e-6))) for at in begun)


def test_who_is_idle_answers_no_post_before_it_is_noticed() -> None:
    ready, work, luck = np.array([10.0, 10.0, 11.0]), np.full(3, 5.0), np.array([0.3, 0.2, 0.1])
    assert replies(ready, work, luck, 2, ALWAYS).tolist() == [15.0, 15.0, 20.0]
    closed = replies(np.array([100.0, 200.0, 500.0]), work, luck, 2, Hours(480.0, 1320.0))
    assert closed.tolist() == [485.0, 485.0, 505.0]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("hours", [ALWAYS, DAYTIME, OVER_MIDNIGHT])
def test_posts_noticed_at_the_same_minute_are_answered_as_all_others(seed: int, hours: Hours) -> None:
    """Posts are alike in work: the moments of the replies do not depend on who is next."""
    rng = np.random.default_rng(seed)
    people = int(rng.integers(1, 6))
    ready = np.floor(rng.uniform(0.0, 3000.0, 120) / 20.0) * 20.0
    work = np.full(120, rng.uniform(2.0, 60.0))
    moments = []
    for order in (OLDEST, NEWEST, ANY):
        answered = replies(ready, work, ranks(order, ready, rng.random(120)), people, hours)
        assert np.isfinite(answered).all()
        assert (answered - work >= ready - 1e-9).all()
        assert busy(answered, work) <= people
        moments.append(np.sort(answered))
    assert moments[1] == pytest.approx(moments[0], abs=1e-6)
    assert moments[2] == pytest.approx(moments[0], abs=1e-6)
