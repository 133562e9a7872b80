"""What only a run shows: a peak behind an average, and a backlog that never falls."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.tasks.compare.after_run import warnings_after

START = datetime(2011, 3, 11, tzinfo=UTC)
HALVES = 96


def made(offered: Any, waiting: Any, *, staff: float = 10.0, desks: Any = "any") -> Any:
    """Two days of one desk whose people take five minutes for each contact."""
    starts = [START + timedelta(minutes=30 * k) for k in range(HALVES)]
    intervals = pd.DataFrame(
        {
            "staffing": "hybrid", "interval_start": starts, "desk": "phones", "channel": "phone", "offered": offered,
            "blocked": 0, "answered": 10, "aht_s": 300.0, "staff": staff,
        }
    )  # fmt: skip
    times = 30.0 * np.arange(1, HALVES + 1)
    courses = pd.DataFrame({"staffing": "hybrid", "replication": 0, "time_min": times, "waiting": waiting})
    experiment = SimpleNamespace(
        start=START,
        window=SimpleNamespace(value=HALVES * 30.0),
        moment=lambda minutes: START + timedelta(minutes=minutes),
        staffing={"hybrid": SimpleNamespace(desks=desks)},
    )
    return SimpleNamespace(experiment=experiment, staffings=["hybrid"], intervals=intervals, courses=courses)


def peak(height: int, hours: float = 4) -> np.ndarray:
    """Half of what ten people can do, and for some hours `height` times as much as they can."""
    offered = np.full(HALVES, 30)
    offered[20 : 20 + int(2 * hours)] = 60 * height
    return offered


def test_a_peak_behind_an_average_names_the_desk_its_average_and_its_worst_four_hours():
    (line,) = warnings_after(made(peak(5), 0))
    assert "Hybrid, Phones: 0.9 on average, 5.0 in the worst four hours" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    "offered",
    [peak(3), peak(5, hours=1), np.full(HALVES, 600)],
    ids=["a lower peak", "a short one", "too much all the time"],
)
def test_nothing_is_said_of_other_loads(offered):
    assert not warnings_after(made(offered, 0))


def test_a_backlog_that_grows_to_the_end_is_named():
    (line,) = warnings_after(made(0, np.arange(HALVES) * 10))
    assert "Hybrid: what waits never falls, and 950 passengers wait when the run ends" in line


@pytest.mark.parametrize(
    ("waiting", "desks"),
    [
        (np.concatenate((np.arange(80) * 10, np.full(16, 100))), "any"),
        (np.full(HALVES, 300), "any"),
        (np.arange(HALVES) / 10, "any"),
        (np.arange(HALVES) * 10, {}),
    ],
    ids=["it falls", "as many as ever", "a few", "nobody works there"],
)
def test_nothing_is_said_of_other_backlogs(waiting, desks):
    assert not warnings_after(made(0, waiting, desks=desks))


@pytest.mark.parametrize("experiment", ["compiegne", "messenger", "insourcing"])
def test_packaged_experiments_are_silent(experiment):
    results = caresim.compare(caresim.load(f"experiment={experiment}", "replications=1"), workers=1)
    assert warnings_after(results) == []
