"""Python functions on the agenda: each is called by an event like any other, after everything else of its moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from caresim.agents.driver import Driver
from caresim.agents.framework import Priority, When
from caresim.config.arguments import amount
from caresim.config.errors import BadInput
from caresim.model.events import Event

PLACES = 1 << 27
"""Functions that one run may schedule of each priority: their numbers share 31 bits with it."""


class ScheduledFunction:
    """A function that will be called once; `cancel()` takes it back as long as it has not been called."""

    def __init__(self, functions: ScheduledFunctions, number: int, function: Callable[[], Any], time: float) -> None:
        self._functions, self.number, self.function, self.time = functions, number, function, time

    @property
    def is_pending(self) -> bool:
        """It is still to be called."""
        return self.number in self._functions.pending

    def cancel(self) -> None:
        """Do not call it."""
        self._functions.pending.pop(self.number, None)


class ScheduledFunctions:
    """What is to be called in one run. Held here by strong references: Mesa's own forget a lambda without a word."""

    def __init__(self, model: Driver) -> None:
        self.model = model
        self.pending: dict[int, ScheduledFunction] = {}
        self.made = 0

    def add(self, function: Callable[[], Any], time: float, priority: int) -> ScheduledFunction:
        """Call a function once, at a time to come."""
        if not callable(function):
            raise BadInput("function", function, "must be something to call")
        if priority not in list(Priority):
            raise BadInput("priority", priority, f"must be one of {', '.join(map(repr, Priority))}")
        number = Priority(priority) * PLACES + self.made
        self.made += 1
        scheduled = self.pending[number] = ScheduledFunction(self, number, function, time)
        self.model.put_on_agenda(time, Event.CALL, number)
        return scheduled

    def call(self, number: int) -> None:
        """The agenda has come to a function: call it, unless it was cancelled."""
        scheduled = self.pending.pop(number, None)
        if scheduled is not None:
            scheduled.function()


class Recurring:
    """A function that is called again and again; `stop()` ends it."""

    def __init__(
        self, functions: ScheduledFunctions, function: Callable[[], Any], schedule: Any, priority: int
    ) -> None:
        self._functions, self.model = functions, functions.model
        self.function, self.schedule, self.priority = function, schedule, priority
        self.execution_count = 0
        self.end = None if schedule.end is None else self.model.minutes(schedule.end)
        start = self.model.time + self.interval() if schedule.start is None else self.model.minutes(schedule.start)
        self.next: ScheduledFunction | None = None
        self._schedule_next(start)

    @property
    def is_active(self) -> bool:
        """It will be called again."""
        return self.next is not None

    def interval(self) -> float:
        """Minutes to the next call."""
        interval = self.schedule.interval
        return amount("interval", interval(self.model) if callable(interval) else interval, above=0.0)

    def call(self) -> None:
        """Call the function now, and schedule its next call."""
        this = self.next
        self.execution_count += 1
        self.function()
        if self.next is this:  # not stopped by what was called
            self._schedule_next(self.model.time + self.interval())

    def _schedule_next(self, time: float) -> None:
        over = self.end is not None and time > self.end
        done = self.schedule.count is not None and self.execution_count >= self.schedule.count
        self.next = None if over or done else self._functions.add(self.call, self.model.to_come(time), self.priority)

    def stop(self) -> None:
        """Do not call it again."""
        if self.next is not None:
            self.next.cancel()
            self.next = None


def one_time(model: Driver, at: When | None, after: float | None) -> float:
    """Minutes since the start, from one of the two."""
    if (at is None) == (after is None):
        raise BadInput("at", at, "give either `at` or `after`")
    return model.to_come(at) if at is not None else model.time + amount("after", after, least=0.0)
