"""Draws are functions of who, for what and which time: uniform, independent across all three, and the same for ever."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from caresim.model.draws import (
    Purpose,
    exponential,
    lognormal_mean,
    luck_of,
    name_key,
    numbered,
    poisson,
    triangular,
    uniform,
    weibull,
)

N = 20_000
ALPHA = 1e-4
"""Level of each statistical test here: a true generator fails one of these dozen once in a thousand changes of it."""
LUCK = luck_of(0, 0)


def sample(draw, *parameters, purpose=Purpose.CHOICE):
    who = name_key("somebody")
    return np.array([draw(*parameters, LUCK, numbered(who, n), int(purpose), 0) for n in range(N)])


def test_uniform_over_entities():
    assert stats.kstest(sample(uniform), "uniform").pvalue > ALPHA


def test_uniform_over_occurrences():
    who = name_key("somebody")
    assert stats.kstest([uniform(LUCK, who, 1, n) for n in range(N)], "uniform").pvalue > ALPHA


def test_uniform_over_replications():
    who = name_key("somebody")
    assert stats.kstest([uniform(luck_of(0, r), who, 1, 0) for r in range(2000)], "uniform").pvalue > ALPHA


@pytest.mark.parametrize("shift", ["purpose", "occurrence", "replication"])
def test_no_correlation_between_neighbours(shift):
    who = [numbered(name_key("somebody"), n) for n in range(N)]
    other = {"purpose": (LUCK, 2, 0), "occurrence": (LUCK, 1, 1), "replication": (luck_of(0, 1), 1, 0)}[shift]
    a = [uniform(LUCK, w, 1, 0) for w in who]
    b = [uniform(other[0], w, other[1], other[2]) for w in who]
    assert stats.pearsonr(a, b).pvalue > ALPHA


def test_every_bit_is_balanced():
    bits = (sample(uniform) * 2.0**52).astype(np.uint64)
    for bit in range(52):
        ones = int(((bits >> np.uint64(bit)) & np.uint64(1)).sum())
        assert stats.binomtest(ones, N).pvalue > ALPHA / 52


@pytest.mark.parametrize(
    ("draw", "parameters", "law"),
    [
        (exponential, (7.0,), stats.expon(scale=7.0)),
        (lognormal_mean, (11.0, 0.8), stats.lognorm(0.8, scale=11.0 * np.exp(-0.32))),
        (weibull, (5.0, 0.8), stats.weibull_min(0.8, scale=5.0)),
        (triangular, (5.0, 15.0, 30.0), stats.triang(0.4, 5.0, 25.0)),
    ],
)
def test_laws(draw, parameters, law):
    assert stats.kstest(sample(draw, *parameters), law.cdf).pvalue > ALPHA


def test_poisson():
    drawn = sample(poisson, 0.6)
    seen = np.bincount(drawn.astype(int), minlength=6)[:6]
    expected = N * stats.poisson(0.6).pmf(np.arange(6))
    expected[-1] += N - expected.sum()
    seen[-1] += N - seen.sum()
    assert stats.chisquare(seen, expected).pvalue > ALPHA


def test_the_same_names_give_the_same_luck_for_ever():
    """Published results depend on it: a change here changes every seed's meaning and belongs in the changelog."""
    assert int(luck_of(0, 0)) == 12461061070427481420
    assert uniform(luck_of(7, 3), name_key("cohort", "seekers"), 5, 2) == 0.6864462150949678


def test_purposes_have_numbers_of_their_own():
    assert len({int(purpose) for purpose in Purpose}) == len(Purpose)
