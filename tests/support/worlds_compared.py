"""Two runs compared table by table, and agents that let everything pass through Python."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from caresim.agents.cast import ROLES
from caresim.agents.overrides import overridable
from caresim.model.world import TABLES

HERE = Path(__file__).parents[1] / "agents"
REPLAY = HERE.parents[1] / "experiments" / "replay"
CUT_DOWN = {
    "tokyo": ("population.scale=0.02",),
    "ash_cloud": (
        "population.scale=0.0003",
        "reinforcement=0.001",
        "operators.european_airlines.flights.cancelled.a_day=100 flights",
        "operators.european_airlines.flights.resumed.a_day=18 flights",
    ),
    "compiegne": ("population.scale=0.2",),
    "activism": ("population.scale=0.1",),
    "insourcing": ("population.scale=0.05",),
    "messenger": ("population.scale=0.05",),
    "storm": ("population.scale=0.05",),
    "desks": ("population.scale=0.02",),
    "queue": ("queue.customers=2000",),
    "replay": (f"replay.contacts={REPLAY / 'contacts.csv'}", f"replay.staff={REPLAY / 'staff.csv'}"),
}
BOOKKEEPING = {"events", "far_events", "buckets", "immediate"}
"""Of the agenda: what is left in them says in which rows something lay, not what happened."""

OF_THE_AGENDA = {
    *("clock.events", "clock.far_rows", "clock.spare", "clock.pending", "clock.far_pending"),
    *("clock.bucket", "clock.laps", "clock.edge"),
    *(f"head_slot.{column}" for column in ("time", "kind", "order", "subject", "stamp")),
}
"""Columns that move when something is put on the agenda that changes nothing: its rows, how far it was looked
through when the run was over, and what lay ready to come next (all of it after the end).
"""


def passing(role: type) -> type:
    """The role with every method that may be overridden overridden, to do what it does anyway."""

    def through(name: str):
        def method(self, *arguments):
            self.model.passed[name] = self.model.passed.get(name, 0) + 1
            return getattr(role, name)(self, *arguments)

        return method

    return type(f"Passing{role.__name__}", (role,), {name: through(name) for name in overridable(role)})


EVERYBODY = tuple(passing(role) for role in ROLES)


def differences(one, other) -> list[str]:
    """Columns in which two worlds are not the same, bit for bit."""
    found = []
    used = [int(world.clock[0].contacts) for world in (one, other)]
    for name in TABLES:
        if name in BOOKKEEPING:
            continue
        first, second = (np.asarray(getattr(world, name)) for world in (one, other))
        if name == "contacts":
            first, second = first[: used[0]], second[: used[1]]
        if len(first) != len(second):
            found.append(f"{name}: {len(first)} and {len(second)} rows")
            continue
        for column in first.dtype.names:
            if np.ascontiguousarray(first[column]).tobytes() != np.ascontiguousarray(second[column]).tobytes():
                found.append(f"{name}.{column}")
    return found
