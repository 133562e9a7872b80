"""A small Tokyo to look at, and its finished runs."""

from __future__ import annotations

import pytest

from caresim.config.compose import compose
from caresim.config.experiment import Experiment
from caresim.run.outcome import Outcome, simulate
from caresim.tasks.dashboard.scene import Scene
from caresim.tasks.dashboard.side import Side

SMALL = ["experiment=tokyo", "population.scale=0.05"]


@pytest.fixture(scope="session")
def experiment() -> Experiment:
    return compose(SMALL)


@pytest.fixture(scope="session")
def finished(experiment) -> dict[str, Outcome]:
    """What the tables say of the same run, by staffing model."""
    return {name: simulate(experiment, name) for name in ("social_team", "assistant_first")}


@pytest.fixture
def at(experiment):
    """A staffing model at a moment (minutes)."""

    def side(time: float, staffing: str = "social_team") -> Side:
        made = Side(experiment, staffing)
        made.go(time)
        return made

    return side


@pytest.fixture
def scene_at(at):
    def scene(time: float, staffing: str = "social_team") -> Scene:
        return Scene(at(time, staffing).model)

    return scene
