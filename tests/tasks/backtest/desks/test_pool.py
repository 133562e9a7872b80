"""The pool of a desk's forecasts, and its opening hours: by hand, and on desks of which the truth is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from caresim.config.paths import conf
from caresim.tasks.backtest.desks.hours import opening_of
from caresim.tasks.backtest.desks.pool import MEMBERS, QUEUE, Parts, parts_of, pooled, sets_of_weights, weights_of
from caresim.tasks.backtest.desks.posterior import crps_of_seen
from caresim.tasks.backtest.desks.posts import Posts, Stretches
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.settings import load

RNG = np.random.default_rng
SETTINGS = load(Desks, conf() / "backtest" / "desks.yaml", {"contacts": __file__, "train": "36 h"})
"""Of which the file is not read."""


def test_the_score_of_a_pool_is_that_of_its_draws() -> None:
    """Two members of 4,000 draws each, weights 0.3 and 0.7, against the CRPS of a sample of the mixture."""
    rng, seen = RNG(1), np.array([0.2, 1.5])
    one, two = rng.normal(0.0, 1.0, (4000, 2)), rng.normal(1.0, 0.5, (4000, 2))
    mixed = np.where(rng.random((4000, 2)) < 0.3, one, two)
    found = parts_of([one, two], seen).scores(np.array([0.3, 0.7]))
    assert found == pytest.approx(crps_of_seen(mixed, seen), abs=0.04)
    alone = parts_of([one, two], seen).scores(np.array([1.0, 0.0]))
    assert alone == pytest.approx(crps_of_seen(one, seen), abs=1e-9)


def test_a_member_that_is_better_earns_weight_and_few_scores_say_little() -> None:
    many = len(MEMBERS)
    apart = np.zeros((200, many, many))
    near = np.full((200, many), 1.0)
    near[:, MEMBERS.index(QUEUE)] = 0.5
    parts = Parts(near, apart)
    one, all_of_them = (
        weights_of([parts.which(np.arange(200) < count)], [np.ones(count)], 1.0)[MEMBERS.index(QUEUE)]
        for count in (1, 200)
    )
    assert 0.3 < one < 0.5
    assert all_of_them > 0.9
    assert weights_of([], [], 1.0).sum() == pytest.approx(1.0)


def test_draws_of_a_pool_have_its_shares() -> None:
    members = [np.full((50, 3), float(number)) for number in range(len(MEMBERS))]
    weights = np.array([0.4, 0.3, 0.1, 0.1, 0.1])
    draws = pooled(members, weights, 100, RNG(0))
    assert np.bincount(draws[:, 1].astype(int)).tolist() == [40, 30, 10, 10, 10]
    assert sets_of_weights(3).sum(axis=1) == pytest.approx(np.ones(66))


def desk(rng: np.random.Generator, days: int, opens: float, closes: float, others: np.ndarray | None = None) -> Posts:
    """A desk that answers within minutes, once its first replies have come about an hour after opening."""
    posted = np.sort(rng.uniform(0.0, 1440.0 * days, 80 * days))
    late = opens + rng.exponential(40.0, days + 1)
    ready = posted + rng.exponential(4.0, len(posted))
    day, minute = np.divmod(ready, 1440.0)
    first = late[day.astype(int)]
    replied = np.where(minute < first, 1440.0 * day + first + rng.exponential(20.0, len(posted)), ready)
    after = minute > closes
    replied[after] = 1440.0 * (day[after] + 1) + late[(day[after] + 1).astype(int)] + rng.exponential(20.0, after.sum())
    plain = np.zeros(len(posted), dtype=np.int64)
    seen = np.zeros(0) if others is None else others
    return Posts("desk", posted, replied, plain, ("all",), plain.astype(bool), False, seen)


def test_nine_tenths_of_the_intervals_of_opening_hold_it_and_few_mornings_make_them_wide() -> None:
    """40 desks each of 1 and of 4 nights; three standard errors of 0.9 are 0.14."""
    held, width = {}, {}
    for nights, days in ((1, 1.6), (4, 4.6)):
        found = []
        for seed in range(40):
            one = desk(RNG([nights, seed]), nights + 1, 480.0, 1200.0)
            found.append(opening_of(one, Stretches(700.0, 1440.0 * days, 1e5), SETTINGS))
        closed = [one for one in found if one.closed]
        assert len(closed) >= 38
        held[nights] = np.mean([one.opens_low <= 480.0 <= one.opens_high for one in closed])
        width[nights] = np.mean([one.opens_high - one.opens_low for one in closed])
    assert min(held.values()) >= 0.76
    assert width[4] < width[1]


def test_a_reply_to_a_post_that_is_left_out_says_that_somebody_was_there() -> None:
    early = np.array([1440.0 + 465.0])
    plain, told = (desk(RNG(3), 2, 480.0, 1200.0, others) for others in (None, early))
    stretch = Stretches(700.0, 1440.0 * 1.6, 1e5)
    assert opening_of(plain, stretch, SETTINGS).first_reply > 480.0
    assert opening_of(told, stretch, SETTINGS).first_reply == pytest.approx(465.0)


def test_hours_are_found_however_long_after_minute_0_the_history_begins() -> None:
    """A file may begin with days that are left out."""
    one, days = desk(RNG(3), 2, 480.0, 1200.0), 11 * 1440.0
    later = replace(one, posted=one.posted + days, replied=one.replied + days)
    early, late = (
        opening_of(posts, Stretches(700.0 + shift, 1440.0 * 1.6 + shift, 1e6), SETTINGS)
        for posts, shift in ((one, 0.0), (later, days))
    )
    assert early.closed
    assert late.closed
    assert (late.hours.opens, late.hours.closes) == pytest.approx((early.hours.opens, early.hours.closes))
