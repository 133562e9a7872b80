"""A run as a Mesa model: to step, watch, query and extend."""

from __future__ import annotations

import shlex
import types
from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from caresim.agents.framework import DataCollector, Priority, When
from caresim.agents.gauges import REPORTED, Gauges
from caresim.agents.played import PLAYED
from caresim.agents.scheduling import Recurring, ScheduledFunction, ScheduledFunctions, one_time
from caresim.agents.view import CareAgent
from caresim.config import price
from caresim.config.arguments import amount, replication_of, staffing_of
from caresim.config.compose import compose
from caresim.config.errors import BadInput, choice
from caresim.config.experiment import Experiment
from caresim.model.engine import run
from caresim.model.events import Event
from caresim.model.jit import entry
from caresim.run.uncertain import drawn
from caresim.scenario.run import rules_of_users

if TYPE_CHECKING:
    import pandas as pd

    from caresim.run.outcome import Outcome


class CareModel(Gauges):
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
        number = _replication(replication, rng)
        whole = _experiment(experiment)
        price.check(whole, runs=1)
        values = drawn(whole, number)
        super().__init__(values, staffing_of(values, staffing), number, agents)
        self._step_as_called()
        self.step_length = amount("step_length", values.bin.value if step_length is None else step_length, above=0.0)
        self._brought_forward: dict[int, float] = {}
        self._is_advancing = False
        self._damage = ""
        self._functions = ScheduledFunctions(self)
        self.datacollector = DataCollector(model_reporters={name: name for name in REPORTED})

    # --- time ---

    def run_until(self, end_time: When) -> None:
        """Let everything happen up to and at `end_time`, and no further than the end of the run."""
        if self._is_advancing:
            raise RuntimeError("the model is running: what is to happen later goes through schedule_event")
        self._refuse_if_damaged()
        until = min(self.to_come(end_time), self.experiment.ends)
        self._is_advancing = True
        try:
            with rules_of_users(self.world, self.experiment, self.staffing):
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

    # --- what happens ---

    def _advance(self, until: float) -> None:
        """Let the compiled loop run, and play what comes back from it."""
        world, enter, watched = self.world, entry(run), {Event.PUBLISH: set(), **self.cast.watched()}
        mask = sum(1 << kind for kind in (*watched, Event.CALL))
        while True:
            kind, subject = enter(world, until, mask)
            if kind == Event.NOTHING:
                return
            if kind == Event.GROW:
                self.grow_tables()
            elif kind == Event.CALL:
                self._functions.call(subject)
            elif kind != Event.PUBLISH or not self._is_stale(subject):
                self._play(kind, subject, watched[kind])

    def _play(self, kind: int, subject: int, classes: set[type]) -> None:
        """Let the agent do it whose class has its own way with events of this kind; else do it compiled."""
        event = Event(kind)
        played = PLAYED[event]
        agent = self.cast.player(*played.agent_of(self.columns, subject), classes)
        if agent is None:
            self.bring_about(kind, subject)
        else:
            self._due.hand(event, subject)
            getattr(agent, played.method)(*self.cast.arguments(event, subject))

    # --- scheduling ---

    def schedule_event(
        self,
        function: Callable[[], Any],
        *,
        at: When | None = None,
        after: float | None = None,
        priority: int = Priority.DEFAULT,
    ) -> ScheduledFunction:
        """Let `function` be called once, `at` a time or `after` some minutes, after all else of its moment."""
        return self._functions.add(function, one_time(self, at, after), priority)

    def schedule_recurring(
        self, function: Callable[[], Any], schedule: Any, priority: int = Priority.DEFAULT
    ) -> Recurring:
        """Let `function` be called again and again, as a Schedule (ours or Mesa's) says."""
        return Recurring(self._functions, function, schedule, priority)

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
        """Has the notice been brought forward, so that nothing is left to do at the time planned for it?"""
        return self._brought_forward.get(k) == self.time

    # --- results ---

    def course(self) -> pd.DataFrame:
        """The timeline so far: one row per bin that has ended."""
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


def _experiment(experiment: Experiment | str | Sequence[str]) -> Experiment:
    """An experiment in any of its forms."""
    if isinstance(experiment, Experiment):
        return experiment
    words = shlex.split(experiment) if isinstance(experiment, str) else list(experiment)
    if len(words) == 1 and "=" not in words[0]:
        words = [f"experiment={words[0]}"]
    return _composed(tuple(words))


@lru_cache(maxsize=8)
def _composed(words: tuple[str, ...]) -> Experiment:
    return compose(words)


def _replication(replication: int | None, rng: int | None) -> int:
    """The replication, under our name for it or Mesa's."""
    if replication is not None and rng is not None:
        raise BadInput("rng", rng, "is Mesa's word for the replication: give one of the two")
    if rng is not None:
        return replication_of(rng, "rng")
    return replication_of(0 if replication is None else replication)
