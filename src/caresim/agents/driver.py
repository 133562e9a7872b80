"""What agents know of their model: its world, its clock, and the compiled code that lets things happen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from numbers import Real
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import numpy as np

from caresim.agents.columns import Columns
from caresim.agents.framework import Model, When
from caresim.agents.guards import DueEvents
from caresim.agents.numbers import Numbers
from caresim.config.clock import CLOCK
from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.model.agenda import schedule
from caresim.model.codes import State
from caresim.model.draws import luck_of
from caresim.model.engine import bring_about, grow_tables, is_short
from caresim.model.events import Event
from caresim.model.jit import entry
from caresim.scenario.build import build

TIMES = 'must be minutes, a datetime, "2011-03-12 18:00" or "18:00"'


class Casting(Protocol):
    """Who plays whom, as far as agents ask (see cast.py)."""

    picking: set[int]
    called: list[int] | None

    def view(self, table: str, row: int) -> Any: ...

    def hire(self, rows: Iterable[int]) -> None: ...


class Driver(Model):
    """A Mesa model around one world."""

    cast: Casting

    def __init__(self, experiment: Experiment, staffing: str, replication: int) -> None:
        super().__init__(rng=int(luck_of(experiment.seed, replication)))
        self.experiment = experiment
        self.staffing = staffing
        self.replication = replication
        self.world, self.names = build(experiment, staffing, replication)
        self.columns = Columns(self.world)
        self._numbers = Numbers(self.world)
        self._due = DueEvents(self.columns)
        self._compiled: dict[Any, Callable] = {}

    # --- the clock ---

    @property
    def time(self) -> float:  # type: ignore[override]
        """Minutes since the disruption's start; negative in the warm-up."""
        return self.columns["clock"]["now"].item(0)

    @time.setter
    def time(self, value: float) -> None:
        if "world" in vars(self):  # Mesa's own beginning sets it once
            raise AttributeError("time passes by step(), run_for() and run_until()")

    @property
    def now(self) -> datetime:
        """The moment, in the experiment's time zone."""
        return self._clock_time(self.time)

    def _clock_time(self, minutes: float) -> datetime:
        return self.experiment.moment(minutes).astimezone(ZoneInfo(self.experiment.timezone))

    def minutes(self, when: When) -> float:
        """Minutes since the start of a time: minutes, a datetime, "2011-03-12 18:00", or the next "18:00".

        A moment without a zone is one in the experiment's. "18:00" is the next one there, after now or at it.
        """
        if isinstance(when, Real) and not isinstance(when, bool):
            return float(when)
        if isinstance(when, str):
            if CLOCK.fullmatch(when):
                return self._next(when)
            try:
                when = datetime.fromisoformat(when)
            except ValueError:
                raise BadInput("at", when, TIMES) from None
        if not isinstance(when, datetime):
            raise BadInput("at", when, TIMES)
        zone = ZoneInfo(self.experiment.timezone)
        return self.experiment.minutes(when if when.tzinfo else when.replace(tzinfo=zone))

    def _next(self, clock_time: str) -> float:
        hours, minutes = int(clock_time[:2]), int(clock_time[3:5])
        if hours > 23 or minutes > 59 or len(clock_time) > 5:
            raise BadInput("at", clock_time, "must be a clock time from 00:00 to 23:59")
        today = self.now.replace(hour=hours, minute=minutes, second=0, microsecond=0)
        time = self.experiment.minutes(today)
        return time if time >= self.time else self.experiment.minutes(today + timedelta(days=1))

    def to_come(self, when: When) -> float:
        """The same of a time that must not have passed."""
        minutes = self.minutes(when)
        if not minutes >= self.time:
            raise BadInput("at", when, f"must not lie in the past: it is {self.time:g} minutes")
        return minutes

    # --- the compiled model ---

    def ask(self, law: Callable, *arguments: Any) -> Any:
        """Call a compiled function of the model on this world."""
        function = self._compiled.get(law)
        if function is None:
            function = self._compiled[law] = entry(law)
        return function(self.world, *arguments)

    def let_happen(self, kind: Event, subject: int, agent: Any) -> None:
        """Let an event happen to what is the agent's, in its turn or as a call from outside; BadInput if it cannot."""
        self._due.take(kind, subject, agent)
        self.bring_about(kind, subject)

    def bring_about(self, kind: int, subject: int) -> None:
        """Let an event happen to a row now, in compiled code."""
        while not self.ask(bring_about, int(kind), subject):
            self.grow_tables()

    def grow_tables(self) -> None:
        """Give the next event the rows that it may need. To be called before `ask` is, of a function that adds rows."""
        if self.ask(is_short):
            grow_tables(self.world)
            for name in ("events", "far_events", "contacts"):
                self.columns.pop(name, None)

    def put_on_agenda(self, time: float, kind: Event, subject: int) -> None:
        """Let an event happen to a row at a time."""
        self.grow_tables()
        self.ask(schedule, float(time), int(kind), subject, 0)

    # --- the records as agents ---

    def view(self, table: str, row: int) -> Any:
        """The agent (or contact, or notice) in a row of a table; always the same object."""
        return self.cast.view(table, row)

    def number(self, table: str, row: int) -> int:
        """Mesa's `unique_id` of the agent in a row."""
        return self._numbers.of(table, row)

    @property
    def contacts_made(self) -> int:
        """Rows of contacts in use, bystanders' posts to come among them."""
        return self.columns["clock"]["contacts"].item(0)

    def conversations_of(self, staff: int) -> list[Any]:
        """The open contacts of a member of staff, in hand or not."""
        columns, used = self.columns["contacts"], self.contacts_made
        mine = (columns["staff"][:used] == staff) & (columns["state"][:used] != State.CLOSED)
        return [self.view("contacts", row) for row in np.flatnonzero(mine).tolist()]
