"""What all agents of the world share: a Mesa agent that is a view of its record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from caresim.agents.framework import Agent
from caresim.agents.view import View

if TYPE_CHECKING:
    from caresim.agents.model import CareModel


class CareAgent(View, Agent):
    """A record that acts. Made by the model, when somebody looks at it; numbered by table and row."""

    pos: Any

    def __init__(self, model: CareModel, row: int) -> None:
        # Mesa's own would count the agent in order of creation, and keep the model alive with it (Mesa 3.3).
        self.__dict__.update(model=model, row=row, unique_id=model.number(self.table, row), pos=None)

    def remove(self) -> NoReturn:
        """Nobody leaves the world: what would become of their contacts?"""
        raise TypeError(f"{self!r} belongs to the world and cannot be removed")
