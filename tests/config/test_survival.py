"""The law of times of which some are censored: the estimate of Kaplan and Meier, and its tail."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.config.survival import kaplan_meier

OBSERVED = [(3, False), (5, True), (6, False), (6, False), (6, True), (9, True), (10, False), (12, True)]


def test_a_small_example_is_what_one_computes_by_hand():
    # At risk 8, 6 and 2: 7/8, then 4/6 of it, then 1/2 of that. 57 minutes were waited, and four gave up.
    law = kaplan_meier(OBSERVED)
    assert law.times == (3, 6, 10)
    assert law.survival == pytest.approx((7 / 8, 7 / 8 * 4 / 6, 7 / 8 * 4 / 6 / 2), rel=1e-12)
    assert law.hazard == pytest.approx(4 / 57, rel=1e-12)
    # The area beneath the curve, and beneath its exponential tail.
    assert law.mean == pytest.approx(3 + 3 * 7 / 8 + 4 * 7 / 12 + 7 / 24 * 57 / 4, rel=1e-12)


def test_the_order_of_what_was_seen_says_nothing():
    assert kaplan_meier(OBSERVED[::-1]) == kaplan_meier(OBSERVED)


def test_where_nothing_is_censored_every_time_is_as_likely_and_there_is_no_tail():
    times = [4.0, 1.0, 2.0, 2.0, 8.0]
    law = kaplan_meier([(time, False) for time in times])
    assert law.survival == pytest.approx((4 / 5, 2 / 5, 1 / 5, 0), abs=1e-15)
    assert law.survival[-1] == 0
    assert law.mean == pytest.approx(sum(times) / 5, rel=1e-12)


def test_who_never_gives_up_counts_as_having_waited_as_long_as_anybody():
    law = kaplan_meier([(2.0, False), (4.0, False), (math.inf, True)])
    assert law.survival == pytest.approx((2 / 3, 1 / 3))
    assert law.hazard == pytest.approx(2 / 10)


def test_exponential_patience_behind_exponential_waits_is_found_again():
    # Of 4,000 callers with patience of mean 5 min the half gives up before an answer after waits of mean 5 min.
    luck = np.random.default_rng(5)
    patience, wait = luck.exponential(5, 4000), luck.exponential(5, 4000)
    law = kaplan_meier([(min(p, w), bool(w < p)) for p, w in zip(patience, wait, strict=True)])
    times, shares = np.array(law.times), np.array(law.survival)
    # Greenwood's variance of the estimate, here (e^(2 t / 5) - 1) / 2 times the square of the share over n: 4.4
    # standard errors hold for the whole curve with 99.9 % (Hall and Wellner's band is narrower in its middle).
    here = times <= 10
    truth = np.exp(-times[here] / 5)
    error = truth * np.sqrt((np.exp(2 * times[here] / 5) - 1) / 2 / 4000)
    assert (np.abs(shares[here] - truth) <= 4.4 * error + 1 / 4000).all()
    # The rate of about 2,000 events lies within 3.3 / sqrt(2000) of the truth with 99.9 %.
    assert 1 / law.hazard == pytest.approx(5, rel=3.3 / math.sqrt(2000))
    assert law.mean == pytest.approx(5, rel=0.1)
