"""What a desk has to expect: the work that passengers will bring, by when they are affected; no desk is simulated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.records import NEEDS
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.names import Names

REPLICATIONS = 8
"""Populations that are drawn: a mean over them is what a planner would expect."""


@dataclass(frozen=True)
class Demand:
    """Handling minutes that come to a desk, a row a passenger of REPLICATIONS populations."""

    affected: np.ndarray
    """Minutes since the start."""
    minutes: np.ndarray
    """Of handling that this passenger is expected to take, divided by REPLICATIONS."""
    ordinary: np.ndarray
    """Whether the passenger is one of any other day."""

    def load(self, start: float, end: float, ordinary: bool) -> float:
        """Offered load between two moments (minutes): people who would be busy all the time (erlangs)."""
        these = (self.ordinary == ordinary) & (self.affected >= start) & (self.affected < end)
        return float(self.minutes[these].sum()) / (end - start)


def expected(experiment: Experiment, staffing: str, desk: str, contacts: float) -> Demand:
    """The demand for a desk at the central values of all assumptions.

    A passenger with a need brings `contacts` contacts, each to a channel of the desk with the share that the cohort's
    preferences give it, and takes the mean handling time of the need there.
    """
    affected, minutes, ordinary = [], [], []
    for replication in range(REPLICATIONS):
        world, names = build(experiment, staffing, replication)
        passengers = world.passengers
        of_each = handling(world, names, desk)
        times = np.where(passengers["ordinary"] != 0, 1.0, contacts) * (passengers["contacting"] != 0)
        affected.append(passengers["affected"].copy())
        minutes.append(of_each[passengers["cohort"], passengers["need"]] * times / REPLICATIONS)
        ordinary.append(passengers["ordinary"] != 0)
    return Demand(np.concatenate(affected), np.concatenate(minutes), np.concatenate(ordinary))


def handling(world: World, names: Names, desk: str) -> np.ndarray:
    """Minutes that a contact takes the desk, times the share of contacts that come to it: by cohort and need."""
    d = names.desks.index(desk)
    mean = np.asarray(world.desks["handle"][d]).reshape(-1, NEEDS)
    weights = np.exp(world.cohorts["preference"][:, : len(names.channels)])
    shares = weights / weights.sum(axis=1, keepdims=True)
    served = np.flatnonzero(world.channels["desk"] == d)
    return shares[:, served] @ mean[world.channels["medium"][served]]
