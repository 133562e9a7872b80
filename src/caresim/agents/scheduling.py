"""Python code on the agenda: a call is an event like any other, after everything else of its moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from caresim.agents.framework import Priority, When
from caresim.config.arguments import amount
from caresim.config.errors import BadInput
from caresim.model.events import Event

if TYPE_CHECKING:
    from caresim.agents.model import CareModel

PLACES = 1 << 27
"""Calls that one run may have of each priority: their numbers share 31 bits with it."""


class Call:
    """Something that will be called once; `cancel()` it as long as it has not been."""

    def __init__(self, calls: Calls, number: int, function: Callable[[], Any], time: float) -> None:
        self._calls, self.number, self.function, self.time = calls, number, function, time

    @property
    def is_pending(self) -> bool:
        return self.number in self._calls.pending

    def cancel(self) -> None:
        self._calls.pending.pop(self.number, None)


class Recurring:
    """Something that is called again and again; `stop()` ends it."""

    def __init__(self, model: CareModel, function: Callable[[], Any], schedule: Any, priority: int) -> None:
        self.model, self.function, self.schedule, self.priority = model, function, schedule, priority
        self.execution_count = 0
        self.end = None if schedule.end is None else model.minutes(schedule.end)
        start = model.time + self.interval() if schedule.start is None else model.minutes(schedule.start)
        self.next: Call | None = None
        self.plan(start)

    @property
    def is_active(self) -> bool:
        return self.next is not None

    def interval(self) -> float:
        given = self.schedule.interval
        return amount("interval", given(self.model) if callable(given) else given, above=0.0)

    def plan(self, time: float) -> None:
        over = self.end is not None and time > self.end
        done = self.schedule.count is not None and self.execution_count >= self.schedule.count
        self.next = None if over or done else self.model.schedule_event(self.call, at=time, priority=self.priority)

    def call(self) -> None:
        this = self.next
        self.execution_count += 1
        self.function()
        if self.next is this:  # not stopped by what was called
            self.plan(self.model.time + self.interval())

    def stop(self) -> None:
        if self.next is not None:
            self.next.cancel()
            self.next = None


class Calls:
    """What is to be called in one run. Held here by strong references: Mesa's own forget a lambda without a word."""

    def __init__(self, model: CareModel) -> None:
        self.model = model
        self.pending: dict[int, Call] = {}
        self.made = 0

    def plan(self, function: Callable[[], Any], time: float, priority: int) -> Call:
        if not callable(function):
            raise BadInput("function", function, "must be something to call")
        if priority not in list(Priority):
            raise BadInput("priority", priority, f"must be one of {', '.join(map(repr, Priority))}")
        number = Priority(priority) * PLACES + self.made
        self.made += 1
        call = self.pending[number] = Call(self, number, function, time)
        self.model.put_on_agenda(time, Event.CALL, number)
        return call

    def happen(self, number: int) -> None:
        call = self.pending.pop(number, None)
        if call is not None:
            call.function()


def one_time(model: CareModel, at: When | None, after: float | None) -> float:
    """Minutes since the start, from one of the two."""
    if (at is None) == (after is None):
        raise BadInput("at", at, "give either `at` or `after`")
    return model.to_come(at) if at is not None else model.time + amount("after", after, least=0.0)
