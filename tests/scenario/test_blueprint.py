"""What runs of a draw share changes nothing: a world built from kept tables has the bytes of one built anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.model.records import DTYPES
from caresim.run.uncertain import drawn
from caresim.scenario import blueprint, population
from caresim.scenario.build import build
from caresim.scenario.recent import Recent
from caresim.scenario.run import run

OF_THE_PROCESS = ("own_rules", "contacts", "events", "far_events", "immediate")
"""Addresses, and tables whose rows are written when they come into use."""


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blueprint, "_blueprints", Recent(16))
    monkeypatch.setattr(blueprint, "_common", Recent(8))
    monkeypatch.setattr(population, "_populations", Recent(4))


def columns(world: Any) -> dict[str, bytes]:
    """Every column of every table; records have gaps that nobody writes."""
    return {
        f"{table}.{name}": np.ascontiguousarray(getattr(world, table)[name]).tobytes()
        for table, dtype in DTYPES.items()
        if table not in OF_THE_PROCESS
        for name in dtype.names or ()
    }


def test_a_run_leaves_what_the_next_begins_with_as_it_was() -> None:
    experiment = compose(["experiment=tokyo", "population.scale=0.02"])
    for staffing in experiment.compared:
        fresh, names = build(drawn(experiment, 1), staffing, 1)
        shared = drawn(experiment, 1)
        for other in experiment.compared:
            run(shared, other, 1)
        again, names_again = build(shared, staffing, 1)
        assert columns(again) == columns(fresh)
        assert names_again == names


def test_people_are_drawn_once_for_all_staffing_models(monkeypatch: pytest.MonkeyPatch) -> None:
    drawings = []
    draw = population._drawn
    monkeypatch.setattr(population, "_drawn", lambda *arguments: drawings.append(1) or draw(*arguments))
    experiment = compose(["experiment=tokyo", "population.scale=0.02"])
    for staffing in experiment.compared:
        build(experiment, staffing, 0)
    assert len(drawings) == 1
    build(experiment, experiment.baseline, 1)
    assert len(drawings) == 2


def test_a_large_population_is_drawn_anew_and_kept_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "MOST_SHARED", 10)
    experiment = compose(["experiment=tokyo", "population.scale=0.02"])
    build(experiment, experiment.baseline, 0)
    assert population._populations._kept == []
