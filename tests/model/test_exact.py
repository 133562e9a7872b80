"""Our own log, exp and normal quantile are those of the textbooks, to the last few bits."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from caresim.model.exact import exp, halved, log, normal_below, normal_quantile

RNG = np.random.default_rng(0)


@pytest.mark.parametrize("x", [*np.exp(RNG.uniform(-690, 690, 300)), 1.0, 0.5, 2.0, math.nextafter(1.0, 0.0)])
def test_log_is_within_two_units_in_the_last_place(x):
    assert abs(log(x) - math.log(x)) <= 2 * math.ulp(math.log(x)) + 5e-324


@pytest.mark.parametrize("x", [*RNG.uniform(-690, 690, 300), 0.0, 1.0, -1.0])
def test_exp_is_within_two_units_in_the_last_place(x):
    assert abs(exp(x) - math.exp(x)) <= 2 * math.ulp(math.exp(x))


def test_exp_of_a_very_negative_number_is_zero_and_of_a_very_large_one_finite():
    assert exp(-1e9) == 0.0
    assert math.isfinite(exp(1e9))


@pytest.mark.parametrize("u", [1e-12, 1e-6, 0.02, 0.0243, 0.3, 0.5, 0.7, 0.9757, 0.999, 1 - 1e-9])
def test_normal_quantile_has_the_relative_error_its_author_states(u):
    assert normal_quantile(u) == pytest.approx(ndtri(u), rel=1.2e-9, abs=1e-9)


def test_half_is_left_after_a_half_life():
    assert halved(12.0, 12.0) == pytest.approx(0.5, rel=1e-15)


def test_the_share_below_is_that_of_the_normal_distribution():
    for x in np.linspace(-12, 12, 2401):
        assert normal_below(x) == pytest.approx(float(ndtr(x)), rel=1e-7, abs=1e-300)
