"""Posts that wait are noticed as those are which have waited for so long; people on top answer what lies there."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy.stats import kstest, lognorm

from caresim.tasks.backtest.desks.engine import Load
from caresim.tasks.backtest.desks.posterior import Desk
from caresim.tasks.backtest.desks.posts import Posts
from caresim.tasks.backtest.desks.queue import ALWAYS, OLDEST, Hours, open_minutes
from caresim.tasks.nowcast.desk.courses import Queued, played
from caresim.tasks.nowcast.desk.known import KnownDesk
from caresim.tasks.nowcast.desk.unanswered import unanswered_until_now

MEDIAN, SIGMA = 30.0, 0.8
QUICK = Desk(50, OLDEST, float(np.log(0.001)), float(np.log(MEDIAN)), SIGMA, (0.0,), 0.0, 0.0, 0.0)
SLOW = Desk(1, OLDEST, float(np.log(20.0)), float(np.log(1e-3)), 0.1, (0.0,), 0.0, 0.0, 0.0)


def known(posted: np.ndarray, now: float) -> KnownDesk:
    """Posts that wait."""
    size = len(posted)
    posts = Posts(
        "north", posted, np.full(size, np.nan), np.zeros(size, np.int64), ("mention",), np.zeros(size, bool), False
    )
    return KnownDesk(posts, now, 0.0, datetime(2026, 3, 2, tzinfo=ZoneInfo("UTC")))


@pytest.mark.parametrize("waited", [1.0, 40.0, 400.0])
def test_the_rest_of_a_wait_follows_the_law_of_noticing_given_how_long_it_was(waited) -> None:
    """A desk with plenty of people: the wait is a lognormal time, given that it is longer than what was waited."""
    now, size = 1000.0, 400
    state = known(np.full(size, now - waited), now)
    work = unanswered_until_now(state, QUICK, np.arange(size), ALWAYS, 0.0, np.random.default_rng(2))
    law = lognorm(SIGMA, scale=MEDIAN)
    below = law.cdf(waited)
    rest = (law.cdf(work.ready - (now - waited)) - below) / (1.0 - below)
    assert (work.ready > now - 1e-3).all()
    # Uniform if the law is right; a right one fails once in a thousand seeds, and the seed is fixed.
    assert kstest(rest, "uniform").pvalue > 0.001


def test_what_waits_at_a_congested_desk_is_noticed_and_waits_for_somebody() -> None:
    """Ten posts within a minute, one person, twenty minutes each: half an hour later one is done or begun."""
    now = 1000.0
    state = known(now - 30.0 + 0.1 * np.arange(10), now)
    work = unanswered_until_now(state, SLOW, np.arange(1, 10), ALWAYS, 0.0, np.random.default_rng(2))
    assert (work.ready <= now + 1e-3).all()
    assert (np.diff(work.ready) > 0.0).all()  # they keep their order
    begun = work.rank < 0.0
    assert begun.sum() == 1
    assert 0.0 < work.handling[begun][0] <= 20.0


def test_people_on_top_shorten_the_queue_from_when_they_come() -> None:
    """Twelve posts of ten minutes lie there: one person needs two hours, three need forty minutes."""
    now, posts = 600.0, 12
    load = Load(np.full(posts, now) + 1e-6 * np.arange(posts), np.full(posts, 10.0), np.zeros(posts), 1, ALWAYS)
    queued = [Queued(load, np.full(posts, now - 5.0), np.arange(posts))]
    alone, more, later = (
        np.nanmax(played(queued, people)[0].replied) - now
        for people in ((), [(now, now + 600.0, 2)], [(now + 60.0, now + 600.0, 2)])
    )
    assert alone == pytest.approx(120.0, abs=0.01)
    assert more == pytest.approx(40.0, abs=0.01)
    assert later == pytest.approx(80.0, abs=0.01)  # six are done in the first hour, and then two each


def test_minutes_count_while_the_desk_is_open() -> None:
    hours = Hours(480.0, 1200.0)
    assert open_minutes(600.0, 660.0, ALWAYS) == 60.0
    assert open_minutes(1170.0, 1440.0 + 510.0, hours) == 60.0
    assert open_minutes(0.0, 480.0, hours) == 0.0
