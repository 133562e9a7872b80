"""A run as a Mesa model: to step, watch, query and extend."""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from caresim.agents import _repr
from caresim.agents.agent import CareAgent
from caresim.agents.arguments import experiment_of, replication_given
from caresim.agents.cast import PLAYED, Cast
from caresim.agents.framework import DataCollector, Priority, When
from caresim.agents.gauges import Levels
from caresim.agents.guards import Turns
from caresim.agents.people import People
from caresim.agents.scheduling import Call, Calls, Recurring, one_time
from caresim.agents.times import clock_time, minutes_of
from caresim.agents.view import Columns
from caresim.config.arguments import amount, staffing_of
from caresim.config.errors import BadInput, choice
from caresim.model.agenda import schedule
from caresim.model.draws import luck_of
from caresim.model.engine import bring_about, grow_tables, is_short, run
from caresim.model.events import Event
from caresim.model.jit import entry
from caresim.scenario.build import build
from caresim.scenario.run import Run, cost_of

if TYPE_CHECKING:
    import pandas as pd

    from caresim.config.experiment import Experiment
    from caresim.run.outcome import Outcome


class CareModel(Levels, People):
    """One staffing model of an experiment in one replication, from the warm-up to the end of the drain.

    `experiment`: a loaded one, its name ("tokyo"), or words as on the command line ("experiment=tokyo seed=1").
    `staffing`: None for the baseline. `replication`: whose passengers, seats, luck and uncertain values. `agents`:
    classes that derive from Passenger, CommunityManager, ... and play their parts. `step_length`: minutes (None: a bin
    of the timeline, so that a step ends where a row of it does). `rng`: Mesa's word for the replication.

    Times are minutes since the disruption's start; what runs is `caresim.simulate` to the last bit, apart from what the
    classes change and what is done to the model from outside. BadInput says what is allowed.
    """

    def __init__(
        self,
        experiment: Experiment | str | Sequence[str],
        staffing: str | None = None,
        replication: int | None = None,
        *,
        agents: Sequence[type[CareAgent]] = (),
        step_length: float | None = None,
        rng: int | None = None,
    ) -> None:
        number = replication_given(replication, rng)
        drawn = experiment_of(experiment, number)
        name = staffing_of(drawn, staffing)
        super().__init__(rng=int(luck_of(drawn.seed, number)))
        self._step_as_called()
        self.experiment = drawn
        self.staffing = name
        self.replication = number
        self.step_length = amount("step_length", drawn.bin.value if step_length is None else step_length, above=0.0)
        self.world, self.names = build(drawn, name, number)
        self.columns = Columns(self.world)
        self._count()
        self._laws: dict[Any, Callable] = {}
        self._brought_forward: dict[int, float] = {}
        self._is_advancing = False
        self._damage = ""
        self._turns = Turns(self)
        self._calls = Calls(self)
        self.cast = Cast(self, agents)
        self.datacollector = DataCollector(model_reporters={name: name for name in _repr.REPORTED})

    # --- time ---

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
        return clock_time(self.experiment, self.time)

    def minutes(self, when: When) -> float:
        """Minutes since the start of a time: minutes, a datetime, "2011-03-12 18:00", or the next "18:00"."""
        return minutes_of(self.experiment, when, self.time)

    def to_come(self, when: When) -> float:
        """The same of a time that must not have passed."""
        minutes = self.minutes(when)
        if not minutes >= self.time:
            raise BadInput("at", when, f"must not lie in the past: it is {self.time:g} minutes")
        return minutes

    def run_until(self, end_time: When) -> None:
        """Let everything happen up to and at `end_time`, and no further than the end of the run."""
        if self._is_advancing:
            raise RuntimeError("the model is running: what is to happen later goes through schedule_event")
        self._refuse_if_damaged()
        until = min(self.to_come(end_time), self.experiment.ends)
        self._is_advancing = True
        try:
            self._advance(until)
        except BaseException as problem:
            self.running, self._damage = False, f"{type(problem).__name__} at {self.time:g} minutes: {problem}"
            raise
        finally:
            self._is_advancing = False
        if self.time >= self.experiment.ends:
            self.running = False

    def _refuse_if_damaged(self) -> None:
        """An event that failed half-way is lost: what would come of it is no run of the experiment."""
        if self._damage:
            raise RuntimeError(f"the run broke off ({self._damage}) and can be neither continued nor measured")

    def run_for(self, duration: float) -> None:
        """Let everything happen in the next `duration` minutes."""
        self.run_until(self.time + amount("duration", duration, least=0.0))

    def step(self) -> None:
        """Let everything happen in the next `step_length` minutes, then collect data."""
        self.run_for(self.step_length)
        self.datacollector.collect(self)

    def _step_as_called(self) -> None:
        """Count steps when `step()` is called, whatever this version of Mesa does then (3.5: time + 1.0)."""
        if hasattr(self, "_default_schedule"):
            self._default_schedule.stop()
        self._user_step = types.MethodType(type(self).step, self)
        self.step = self._counted_step  # type: ignore[method-assign]

    def _counted_step(self) -> None:
        self.steps += 1
        self._user_step()

    # --- the driver ---

    def _advance(self, until: float) -> None:
        """Let the compiled loop run, and play what comes back from it."""
        world, enter, watched = self.world, entry(run), {Event.PUBLISH: set(), **self.cast.watched()}
        mask = sum(1 << kind for kind in (*watched, Event.CALL))
        while True:
            kind, subject = enter(world, until, mask)
            if kind == Event.NOTHING:
                return
            if kind == Event.GROW:
                self.make_room()
            elif kind == Event.CALL:
                self._calls.happen(subject)
            elif kind != Event.PUBLISH or not self._is_stale(subject):
                self._play(kind, subject, watched[kind])

    def _play(self, kind: Event, subject: int, classes: set[type]) -> None:
        """Let the agent do it whose class has its own way with events of this kind; else do it compiled."""
        table, row, method, arguments = PLAYED[kind](self, subject)
        agent = self.cast.player(table, row, classes)
        if agent is None:
            self.bring_about(kind, subject)
        else:
            self._turns.hand(kind, subject)
            getattr(agent, method)(*arguments)

    def let_happen(self, kind: Event, subject: int, agent: CareAgent) -> None:
        """Let an event happen to what is the agent's, in its turn or as a call from outside; BadInput if it cannot."""
        self._turns.take(kind, subject, agent, PLAYED[kind](self, subject)[:2])
        self.bring_about(kind, subject)

    def bring_about(self, kind: int, subject: int) -> None:
        """Let an event happen to a row now, in compiled code."""
        while not self.ask(bring_about, int(kind), subject):
            self.make_room()

    def ask(self, law: Callable, *arguments: Any) -> Any:
        """Call a law of the model on this world."""
        found = self._laws.get(law)
        if found is None:
            found = self._laws[law] = entry(law)
        return found(self.world, *arguments)

    def make_room(self) -> None:
        """Give the next event the rows that it may need; before any law is asked that fills tables."""
        if self.ask(is_short):
            grow_tables(self.world)
            for name in ("events", "far_events", "contacts"):
                self.columns.pop(name, None)

    def put_on_agenda(self, time: float, kind: Event, subject: int) -> None:
        self.make_room()
        self.ask(schedule, float(time), int(kind), subject, 0)

    # --- scheduling ---

    def schedule_event(
        self,
        function: Callable[[], Any],
        *,
        at: When | None = None,
        after: float | None = None,
        priority: int = Priority.DEFAULT,
    ) -> Call:
        """Let `function` be called once, `at` a time or `after` some minutes, after all else of its moment."""
        return self._calls.plan(function, one_time(self, at, after), priority)

    def schedule_recurring(
        self, function: Callable[[], Any], schedule: Any, priority: int = Priority.DEFAULT
    ) -> Recurring:
        """Let `function` be called again and again, as a Schedule (ours or Mesa's) says."""
        return Recurring(self, function, schedule, priority)

    def publish(self, name: str) -> None:
        """Bring a notice of the experiment forward to this moment (`Operator.publish_notice` makes a new one)."""
        if name not in self.names.notices:
            raise BadInput("name", name, choice(self.names.notices, name))
        k = self.names.notices.index(name)
        column = self.columns["notices"]
        if column["published"][k] or k in self._brought_forward:
            raise BadInput("name", name, "has been published already")
        planned = column["time"].item(k)
        if planned <= self.time:
            return  # it is on the agenda for this very moment
        self._brought_forward[k] = planned
        column["time"][k] = self.time
        self.put_on_agenda(self.time, Event.PUBLISH, k)

    def _is_stale(self, k: int) -> bool:
        """Is it the time at which a notice would have been published that has been brought forward?"""
        return self._brought_forward.get(k) == self.time

    # --- results ---

    @property
    def last_run(self) -> Run:
        """The run as it stands, as functions of analysis want it."""
        events = int(self.columns["clock"]["events"].item(0))
        return Run(
            self.experiment, self.staffing, self.replication, self.world, self.names, cost_of(self.world), events
        )

    def course(self) -> pd.DataFrame:
        """The timeline so far: one row a bin that has ended."""
        from caresim.measure.tables import timeline

        return timeline(self.last_run)

    def outcome(self) -> Outcome:
        """Metrics and row tables, as of `caresim.simulate`; BadInput before the end of the run."""
        from caresim.run.outcome import Outcome

        self._refuse_if_damaged()
        if self.running or self.time < self.experiment.ends:
            raise BadInput(
                "time", self.time, f"the run ends at {self.experiment.ends:g}: run_until(model.experiment.ends)"
            )
        return Outcome(self.last_run)

    def metric(self, name: str) -> float:
        """One metric of the finished run; NaN as long as it runs, so that a DataCollector can ask at any time."""
        if self.time < self.experiment.ends:
            return float("nan")
        measured = self._measured
        if name not in measured:
            raise BadInput("name", name, choice(measured, name))
        return measured[name]

    @cached_property
    def _measured(self) -> dict[str, float]:
        return self.outcome().metrics

    def __repr__(self) -> str:
        return _repr.line(self)

    def _repr_html_(self) -> str:
        return _repr.table(self)
