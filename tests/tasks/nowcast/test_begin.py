"""A replay begins with those who wait and those who are busy; what is left of both is as queueing theory says."""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import loaded, written

import caresim
from caresim.config.replay import STAFFING
from caresim.run.progress import Nobody
from caresim.run.uncertain import drawn
from caresim.scenario.build import build
from caresim.tasks.calibrate.duty import Spell
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.simulated import replicated
from caresim.tasks.nowcast.begin import Start, midnight, write
from caresim.tasks.nowcast.known import known_at
from caresim.tasks.nowcast.level import stretches
from caresim.tasks.nowcast.people import Roster

AGENTS, WAITING, MEAN = 4, 6, 5.0
NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
REPLICATIONS, DRAWS = 200, 100


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Start:
    """Four agents, whose calls take an exponential time and have lasted 1, 2, 3 and 8 minutes; six customers wait."""
    luck = np.random.default_rng(3)
    begin = datetime(2026, 3, 2, 9)
    rows = []
    for n in range(2000):
        at = begin + timedelta(days=n % 6, minutes=float(luck.uniform(0.0, 480.0)))
        rows.append((at, f"A{n % AGENTS}", 0.0, "answered", 60.0 * luck.exponential(MEAN)))
    now = NOW.replace(tzinfo=None)
    for n, minutes in enumerate((1, 2, 3, 8)):
        rows.append((now - timedelta(minutes=minutes), f"A{n}", 0.0, "answered", np.nan))
    rows += [(now - timedelta(seconds=5 * n), "", np.nan, "", np.nan) for n in range(1, WAITING + 1)]
    table = pd.DataFrame(rows, columns=["arrival", "agent", "wait_s", "outcome", "service_s"]).sort_values("arrival")
    whole = loaded(written(table, tmp_path_factory.mktemp("begin") / "history.csv"))
    known = known_at(whole, NOW, 180.0)
    fitted = fit(whole.between(whole.days[0], whole.days[-2]), Rules(after_call=False), 0)
    _, ahead = stretches(whole, known.now, known.now + 300.0)
    names = known.history.agents
    roster = Roster(names, [Spell(agent, known.now, known.now + 300.0) for agent in range(len(names))])
    return Start(known, fitted, roster, ahead, np.zeros((len(ahead), DRAWS)), 0)


@pytest.fixture(scope="module")
def place(start):
    with tempfile.TemporaryDirectory() as folder:
        write(start, Path(folder), {"as_given": []})
        yield Path(folder)


@pytest.fixture(scope="module")
def left(start, place) -> np.ndarray:
    """Minutes from now until each of those who wait is answered, in each replication."""
    runs = replicated(place, "nowcast_as_given", 0, REPLICATIONS, 1, Nobody())
    shift = midnight(start.known, pd.read_csv(place / "contacts.csv", dtype=str))
    assert runs.arrival[:, 0] + shift == pytest.approx(start.known.history.arrival[start.known.waiting], abs=1e-4)
    return runs.arrival + shift + runs.wait_s / 60.0 - start.known.now


def test_nobody_is_answered_before_now_and_everybody_in_turn(left) -> None:
    assert left.shape == (WAITING, REPLICATIONS)
    assert (left > 0).all()
    assert (np.diff(left, axis=0) >= 0).all()


def test_the_queue_empties_as_theory_says(left, start) -> None:
    """Of exponential times what is left is as long as the whole: the n-th goes after n / agents of a mean."""
    mean = float(start.fitted.handling.normal.mean())
    theory = mean * np.arange(1, WAITING + 1) / AGENTS
    error = left.std(axis=1, ddof=1) / np.sqrt(REPLICATIONS)
    off = np.abs(left.mean(axis=1) - theory)
    assert (off < 3.5 * error + 0.05 * theory).all(), (left.mean(axis=1), theory)


def test_a_call_lasts_at_least_as_long_as_it_has_lasted_and_no_agent_is_taken_twice(start, place) -> None:
    experiment = caresim.load("experiment=nowcast_as_given", config_dir=place)
    starts = []
    for replication in (0, 2, 4):
        world, _ = build(drawn(experiment, replication), STAFFING, replication)
        assert len(world.duty_periods) == AGENTS
        now = start.known.now - midnight(start.known, pd.read_csv(place / "contacts.csv", dtype=str))
        assert (world.duty_periods["start"] > now).all()
        starts.append(sorted(world.duty_periods["start"].tolist()))
    assert starts[0] != starts[1] != starts[2]


def test_those_who_wait_have_the_patience_to_wait_until_now(place) -> None:
    """Also where the law of patience is stretched by a draw of the posterior."""
    experiment = caresim.load("experiment=nowcast_as_given", config_dir=place)
    contacts = experiment.replay.traffic.contacts
    assert contacts.patience_is_least.all()
    assert (60.0 * contacts.patience).tolist() == pytest.approx([5.0 * n for n in range(WAITING, 0, -1)], abs=0.01)
