"""Intervals of handling, speeds and patience hold the truth as often as they say, on histories whose truth is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.support import reports
from tests.support.centre import coverage

from caresim.tasks.calibrate.shrinkage import shrunk

HISTORIES = 8
LEAST, MOST = 0.85, 0.95
"""What benchmarks/calibration.py shows of 40 histories; here with three standard errors of the share on top."""


@pytest.fixture(scope="module")
def intervals(tmp_path_factory):
    return coverage(HISTORIES, tmp_path_factory.mktemp("centre"), first_seed=100)


def test_nine_tenths_of_the_intervals_cover(intervals) -> None:
    error = 3 * math.sqrt(0.9 * 0.1 / len(intervals))
    assert len(intervals) >= 200
    assert LEAST - error <= intervals["covered"].mean() <= MOST + error


def test_nine_tenths_of_those_from_their_interval_reports_cover(tmp_path) -> None:
    found = reports.coverage(HISTORIES, tmp_path, first_seed=100)
    error = 3 * math.sqrt(0.9 * 0.1 / len(found))
    assert set(found["what"]) == {"handling", "hour", "patience", "contacts"}
    assert LEAST - error <= found["covered"].mean() <= MOST + error


def test_the_estimates_are_about_the_truth_and_not_about_one(intervals) -> None:
    """Speeds and patience differ between these centres: whoever says that all are alike is worse by a third."""
    for what in ("speed", "patience"):
        rows = intervals[intervals["what"] == what]
        error = (rows["estimate"] - rows["truth"]).abs().mean()
        assert error < 0.67 * (rows["truth"] - rows["truth"].mean()).abs().mean()


def test_few_calls_are_drawn_further_towards_the_middle() -> None:
    found = shrunk(np.array([0.5, 0.5, -0.5, -0.5]), np.array([0.01, 0.25, 0.01, 0.25]))
    assert found.mean[0] > found.mean[1] > 0 > found.mean[3] > found.mean[2]
    assert found.sd[1] > found.sd[0]
    assert found.centre == pytest.approx(0.0, abs=1e-12)


def test_what_differs_by_luck_alone_is_one_number() -> None:
    """Ten estimates of the same effect: the spread between them is hardly more than nothing."""
    luck = np.random.default_rng(3)
    found = shrunk(luck.normal(0.2, 0.1, 200), np.full(200, 0.01))
    assert found.spread < 0.03
    assert np.abs(found.mean - 0.2).max() < 0.05


def test_a_single_estimate_and_none_stay_what_they_are() -> None:
    alone = shrunk(np.array([0.3]), np.array([0.04]))
    assert (alone.mean.tolist(), alone.sd.tolist()) == ([0.3], [0.2])
    assert len(shrunk(np.zeros(0), np.zeros(0)).mean) == 0
