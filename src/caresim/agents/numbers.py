"""Mesa's `unique_id` of the agents: counted by table and row, whichever of them is looked at first."""

from __future__ import annotations

import itertools

from caresim.model.world import World

NUMBERED = ("operators", "channels", "desks", "flights", "staff", "cohort_parameters", "passengers")
"""Tables whose rows are agents, in the order of their numbers. Of the cohorts, the bystanders alone are an agent."""


def agents_in(world: World, table: str) -> int:
    """How many agents a table holds."""
    return 1 if table == "cohort_parameters" else len(getattr(world, table))


class Numbers:
    """The numbers of one world's agents, and of those who join: people called in, and agents of a user's."""

    def __init__(self, world: World) -> None:
        sizes = [agents_in(world, table) for table in NUMBERED]
        self._first = dict(zip(NUMBERED, itertools.accumulate(sizes, initial=1), strict=False))
        self._staff_before = agents_in(world, "staff")
        self._free = itertools.count(1 + sum(sizes))
        self._called_in: dict[int, int] = {}

    def of(self, table: str, row: int) -> int:
        """The number of the agent in a row."""
        if table == "cohort_parameters":
            return self._first[table]
        if table == "staff" and row >= self._staff_before:
            return self._called_in.setdefault(row, next(self._free))
        return self._first[table] + row

    def new(self) -> int:
        """The next number that no agent has."""
        return next(self._free)
