"""Mesa, imported without its side effect, and its names for scheduling, which its versions before 3.5 lack."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING, Any

_before = multiprocessing.get_start_method(allow_none=True)
import mesa  # noqa: E402

if multiprocessing.get_start_method(allow_none=True) != _before:  # Mesa 3.3 sets it for the whole program
    multiprocessing.set_start_method(_before, force=True)

if TYPE_CHECKING:
    from mesa import Agent, DataCollector, Model
    from mesa.agent import AgentSet
else:
    Agent, DataCollector, Model = mesa.Agent, mesa.DataCollector, mesa.Model
    AgentSet = mesa.agent.AgentSet

When = float | datetime | str
"""A time: minutes since the disruption's start, a moment, "2011-03-12 18:00", or "18:00" for the next one."""


class Priority(IntEnum):
    """Which of the functions scheduled for one moment is called first; the numbers are Mesa's."""

    HIGH = 1
    DEFAULT = 5
    LOW = 10


@dataclass(frozen=True)
class Schedule:
    """When a function is to be called again and again. Mesa's own class of this name has the same fields and does too.

    `interval` in minutes, or a function of the model that returns them. `start` (None: one interval from now) and `end`
    are times as `schedule_event` takes them; `count` is how often at most.
    """

    interval: float | Callable[[Any], float] = 1.0
    start: When | None = None
    end: When | None = None
    count: int | None = None


__all__ = ["Agent", "AgentSet", "DataCollector", "Model", "Priority", "Schedule", "When"]
