"""The agents of a model: found by name and row, and entered in Mesa's books when somebody asks for them."""

from __future__ import annotations

import itertools
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.agents.cast import Cast
from caresim.agents.framework import Agent, AgentSet, Model
from caresim.agents.staff import Assistant, Staff
from caresim.config.errors import BadInput
from caresim.model.codes import State

if TYPE_CHECKING:
    from caresim.agents.company import Bystanders, Flight, Operator
    from caresim.agents.contact import Contact
    from caresim.agents.desk import Channel, Desk
    from caresim.agents.passenger import Passenger
    from caresim.agents.view import Columns
    from caresim.model.world import World
    from caresim.scenario.names import Names

NUMBERED = ("operators", "channels", "desks", "flights", "staff", "cohort_parameters", "passengers")
"""Tables whose rows are agents, in the order of their numbers."""


class People(Model):
    """A Mesa model whose agents are the rows of a world."""

    if TYPE_CHECKING:
        world: World
        names: Names
        columns: Columns
        cast: Cast

    def _count(self) -> None:
        """Give every row its number, and be ready for agents who join."""
        self._first = dict(zip(NUMBERED, itertools.accumulate(map(self._rows, NUMBERED), initial=1), strict=False))
        self._staff_before = self._rows("staff")
        self._numbers = itertools.count(1 + sum(map(self._rows, NUMBERED)))
        self._hired_numbers: dict[int, int] = {}
        self._registered: dict[str, int] = {}

    def view(self, table: str, row: int) -> Any:
        """The agent (or contact, or notice) in a row of a table; always the same object."""
        return self.cast.view(table, row)

    def _rows(self, table: str) -> int:
        return 1 if table == "cohort_parameters" else len(getattr(self.world, table))

    def number(self, table: str, row: int) -> int:
        """Mesa's `unique_id` of an agent: counted by table and row, whatever was looked at first."""
        if table == "cohort_parameters":
            return self._first[table]
        if table == "staff" and row >= self._staff_before:
            return self._hired_numbers.setdefault(row, next(self._numbers))
        return self._first[table] + row

    @property
    def bystanders(self) -> Bystanders:
        return self.view("cohort_parameters", len(self.world.cohort_parameters) - 1)

    @property
    def operators(self) -> dict[str, Operator]:
        return self._named("operators")

    @property
    def channels(self) -> dict[str, Channel]:
        return self._named("channels")

    @property
    def desks(self) -> dict[str, Desk]:
        return self._named("desks")

    @property
    def flights(self) -> dict[str, Flight]:
        return self._named("flights")

    def _named(self, table: str) -> dict[str, Any]:
        return {name: self.view(table, row) for row, name in enumerate(getattr(self.names, table))}

    @property
    def staff(self) -> AgentSet:
        """All people who answer."""
        return AgentSet([one for one in self._all("staff") if isinstance(one, Staff)], random=self.random)

    @property
    def assistants(self) -> AgentSet:
        """The machines in front of channels."""
        return AgentSet([one for one in self._all("staff") if isinstance(one, Assistant)], random=self.random)

    @cached_property
    def passengers(self) -> AgentSet:
        """All of them, the ordinary ones included, in order of the moment at which they are affected."""
        return AgentSet(self._all("passengers"), random=self.random)

    def _all(self, table: str) -> list[Any]:
        if table == "cohort_parameters":
            return [self.bystanders]
        return [self.view(table, row) for row in range(len(getattr(self.world, table)))]

    def contact(self, row: int) -> Contact:
        if not 0 <= row < self.contacts_made:
            raise BadInput("row", row, f"must be from 0 to {self.contacts_made - 1}")
        return self.view("contacts", row)

    def passenger(self, row: int) -> Passenger:
        if not 0 <= row < len(self.world.passengers):
            raise BadInput("row", row, f"must be from 0 to {len(self.world.passengers) - 1}")
        return self.view("passengers", row)

    @property
    def contacts_made(self) -> int:
        """Rows of contacts in use, bystanders' posts to come among them."""
        return self.columns["clock"]["contacts"].item(0)

    def conversations_of(self, staff: int) -> list[Contact]:
        columns, used = self.columns["contacts"], self.contacts_made
        mine = (columns["staff"][:used] == staff) & (columns["state"][:used] != State.CLOSED)
        return [self.view("contacts", row) for row in np.flatnonzero(mine).tolist()]

    @property
    def agents(self) -> AgentSet:
        """All agents as Mesa has them: those of the world, and yours."""
        self._register()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        self._register()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        self._register()
        return super().agent_types

    def _register(self) -> None:
        """Enter the world's agents in Mesa's books: not before somebody asks, 20,000 take their time.

        They come before yours, which may have been entered already.
        """
        yours = [] if self._registered else list(super().agents)
        for agent in yours:
            super().deregister_agent(agent)
        self._enter_world()
        for agent in yours:
            self._enter(agent, agent.unique_id)

    def _enter_world(self) -> None:
        for table in NUMBERED:
            done = self._registered.get(table, 0)
            if done < self._rows(table):
                self._registered[table] = self._rows(table)
                for agent in self._all(table)[done:]:
                    self._enter(agent, agent.unique_id)

    def register_agent(self, agent: Agent) -> None:
        """Called by Mesa for an agent of yours."""
        self._enter(agent, next(self._numbers))

    def _enter(self, agent: Agent, number: int) -> None:
        super().register_agent(agent)
        agent.unique_id = number
        if hasattr(Agent, "_ids"):  # Mesa 3.3 counts there, and keeps every model alive with it
            Agent._ids.pop(self, None)
