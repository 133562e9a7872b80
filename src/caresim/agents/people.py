"""The agents of a model: found by name and row, and entered in Mesa's books when somebody asks for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from caresim.agents.cast import Cast
from caresim.agents.company import Bystanders, Flight, Operator
from caresim.agents.contact import Contact
from caresim.agents.desk import Channel, Desk
from caresim.agents.driver import Driver
from caresim.agents.framework import Agent, AgentSet
from caresim.agents.numbers import NUMBERED, agents_in
from caresim.agents.passenger import Passenger
from caresim.agents.staff import Assistant, Staff
from caresim.agents.view import CareAgent
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment


class People(Driver):
    """A Mesa model whose agents are the rows of a world, some of them of a user's classes."""

    cast: Cast

    def __init__(
        self, experiment: Experiment, staffing: str, replication: int, agents: Sequence[type[CareAgent]]
    ) -> None:
        super().__init__(experiment, staffing, replication)
        self._registered: dict[str, int] = {}
        self.cast = Cast(self, agents)

    @property
    def bystanders(self) -> Bystanders:
        """All of them, as one agent."""
        return self.view("cohort_parameters", len(self.world.cohort_parameters) - 1)

    @property
    def operators(self) -> dict[str, Operator]:
        """The operators, by name."""
        return self._named("operators")

    @property
    def channels(self) -> dict[str, Channel]:
        """The channels, by name."""
        return self._named("channels")

    @property
    def desks(self) -> dict[str, Desk]:
        """The desks, by name."""
        return self._named("desks")

    @property
    def flights(self) -> dict[str, Flight]:
        """The flights, by name."""
        return self._named("flights")

    def _named(self, table: str) -> dict[str, Any]:
        return {name: self.view(table, row) for row, name in enumerate(getattr(self.names, table))}

    @property
    def staff(self) -> AgentSet:
        """All people who answer."""
        return AgentSet([one for one in self._all("staff") if isinstance(one, Staff)], random=self.random)

    @property
    def assistants(self) -> AgentSet:
        """The machines that answer before people do."""
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
        """The contact in a row."""
        if not 0 <= row < self.contacts_made:
            raise BadInput("row", row, f"must be from 0 to {self.contacts_made - 1}")
        return self.view("contacts", row)

    def passenger(self, row: int) -> Passenger:
        """The passenger in a row."""
        if not 0 <= row < len(self.world.passengers):
            raise BadInput("row", row, f"must be from 0 to {len(self.world.passengers) - 1}")
        return self.view("passengers", row)

    @property
    def agents(self) -> AgentSet:
        """All agents as Mesa has them: those of the world, then those of a user's."""
        self._register()
        return super().agents

    @property
    def agents_by_type(self) -> dict[type[Agent], AgentSet]:
        """All agents, by their class."""
        self._register()
        return super().agents_by_type

    @property
    def agent_types(self) -> list[type]:
        """The classes of all agents."""
        self._register()
        return super().agent_types

    def _register(self) -> None:
        """Enter the world's agents in Mesa's books when somebody asks for them, because 20,000 of them take a while.

        They come before the agents of a user's, which may have been entered already.
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
            if done < agents_in(self.world, table):
                self._registered[table] = agents_in(self.world, table)
                for agent in self._all(table)[done:]:
                    self._enter(agent, agent.unique_id)

    def register_agent(self, agent: Agent) -> None:
        """Mesa calls this for an agent of a user's."""
        self._enter(agent, self._numbers.new())

    def _enter(self, agent: Agent, number: int) -> None:
        super().register_agent(agent)
        agent.unique_id = number
        if hasattr(Agent, "_ids"):  # Mesa 3.3 counts there, and keeps every model alive with it
            Agent._ids.pop(self, None)
