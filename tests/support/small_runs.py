"""A small tokyo, and models of it."""

from __future__ import annotations

from functools import lru_cache

import caresim
from caresim.agents import CareModel

SMALL = ("experiment=tokyo", "population.scale=0.05")


@lru_cache(maxsize=4)
def small(*words: str):
    return caresim.load(*(words or SMALL))


def model_of(*agents: type, until: float | None = None, staffing: str | None = None, **keywords) -> CareModel:
    """A model of the small tokyo, run to a time."""
    model = CareModel(small(), staffing, agents=agents, **keywords)
    if until is not None:
        model.run_until(until)
    return model


@lru_cache(maxsize=1)
def usual() -> CareModel:
    """The baseline as it is, finished: to be looked at only."""
    return finished()


def finished(*agents: type, **keywords) -> CareModel:
    model = model_of(*agents, **keywords)
    model.run_until(model.experiment.ends)
    return model
