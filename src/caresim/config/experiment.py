"""An experiment: a scenario and the staffing models to compare on it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field, StrictBool, StrictInt, model_validator

from caresim.config.base import NO_EFFECT, Frozen, Named, Prose, Text, one_of
from caresim.config.behaviour import Behaviour
from caresim.config.clock import Moment, Zone
from caresim.config.desk import Kind, StaffTraits
from caresim.config.disruption import Disruption
from caresim.config.errors import choice, complaint
from caresim.config.feeds import Feeds
from caresim.config.file_names import FileName, PathText
from caresim.config.labels import check_labels
from caresim.config.observations import Observation
from caresim.config.operators import Operator
from caresim.config.population import Population
from caresim.config.quantity import Duration, PositiveDuration, PositiveFactor, Quantity, exactly
from caresim.config.queue import Queue
from caresim.config.replay import Replay
from caresim.config.staffing import Staffing
from caresim.config.study import Study
from caresim.config.values import effective, links, replaced, uncertain
from caresim.model.codes import LAWS
from caresim.tasks.registry import DEFAULT, FIELDS, TASKS

if TYPE_CHECKING:
    # The types of these keys are known to the registry alone: see `Experiment.setting`.
    KeysOfTasks = Frozen
else:
    from caresim.tasks.registry import KeysOfTasks


CHANGES = "caresim.config.changes"
MOST_NAMED, MOST_SHOWN = 4, 20
"""Staffing models in a line, and in a notebook."""


def _precision(raw: Any) -> Any:
    """A number between 0 and 1, or a table of them by metric."""
    if raw is None:
        return None
    if isinstance(raw, Mapping) and not raw:
        raise complaint("must name at least one metric, such as {csat_all: 0.01}", raw)
    for name, value in raw.items() if isinstance(raw, Mapping) else (("", raw),):
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1:
            raise complaint("must be between 0 and 1, such as 0.05, or a table {metric: 0.05}", value, str(name))
    return {str(name): float(value) for name, value in raw.items()} if isinstance(raw, Mapping) else float(raw)


class Experiment(KeysOfTasks):
    """All that a run depends on, and the keys of every task. Frozen; times in minutes since `start`."""

    name: Annotated[FileName, NO_EFFECT]
    """Of the experiment; it stands in names of files."""
    question: Prose
    """What it asks, in one line."""
    start: Moment
    """Of the disruption: minute 0."""
    timezone: Zone
    """Of the times in reports and figures."""
    window: PositiveDuration
    """Results are taken from cases opened between the start and this."""
    warm_up: Duration
    """Ordinary traffic runs so long before the start."""
    drain: Duration
    """The run goes on so long after the window."""
    bin: PositiveDuration
    """Of the timeline and the interval report."""
    population: Population
    """Who is affected."""
    disruption: Disruption
    """What happens."""
    operators: Annotated[dict[str, Operator], Named]
    """The companies, by name."""
    behaviour: Behaviour
    """How people behave."""
    reinforcement: PositiveFactor = exactly(1, "number")
    """Factor on the people added to desks with `reinforcement: true`."""
    staff: Annotated[dict[Kind, StaffTraits], Named] = Field(default_factory=dict)
    """What the people of a kind are like, where a desk says nothing else."""
    feeds: Feeds | None = None
    """How desks work public posts, where they say nothing else; None: as everything else."""
    staffing: Annotated[dict[str, Staffing], Named]
    """The staffing models, by name."""
    study: Study
    """What is reported."""
    observations: Annotated[dict[str, Observation], Named] = Field(default_factory=dict)
    """What is known of the crisis, held against what comes out."""
    queue: Queue | None = None
    """A queue as textbooks have it, which other sections follow from."""
    replay: Replay | None = None
    """Real or given traffic, which other sections follow from."""

    satisfaction: one_of(*LAWS) = LAWS[0]  # type: ignore[valid-type]
    """The law by which satisfaction is told; the same histories are settled under both."""

    task: Annotated[one_of(*TASKS), NO_EFFECT] = DEFAULT  # type: ignore[valid-type]
    seed: Annotated[StrictInt, Field(ge=0)] = 0
    """Everything random follows from it."""
    replications: Annotated[StrictInt, Field(ge=1), NO_EFFECT]
    """Of every staffing model; paired."""
    precision: Annotated[Any, BeforeValidator(_precision), NO_EFFECT] = None
    """Go on until the headline intervals are this narrow (relative), all or those named; None: `replications` decide.
    """
    baseline: Annotated[Text, NO_EFFECT] = ""
    """The staffing model the others are compared with; left empty, the first of those that are run."""
    only: Annotated[tuple[Text, ...] | None, NO_EFFECT] = None
    """The staffing models that are run; None: all. The others stay, so that a model may refer to them."""
    workers: Annotated[Annotated[StrictInt, Field(ge=1)] | None, NO_EFFECT] = None
    """How many compute side by side; None: one for each core."""
    cluster: Annotated[Text | None, NO_EFFECT] = None
    """Address of a Dask scheduler, instead of workers of this machine."""
    i_have_time: Annotated[StrictBool, NO_EFFECT] = False
    """It may take longer than a day."""
    record: Annotated[one_of("none", "first", "all"), NO_EFFECT] = "first"  # type: ignore[valid-type]
    """Which replications keep full rows."""
    output_dir: Annotated[PathText, NO_EFFECT] = "outputs"
    """Where the run's folder goes."""

    @model_validator(mode="before")
    @classmethod
    def _baseline_is_the_first(cls, raw: Any) -> Any:
        if isinstance(raw, Mapping) and raw.get("baseline") is None and isinstance(raw.get("staffing"), Mapping):
            models = [name for name, model in raw["staffing"].items() if model is not None]
            if not models:
                raise complaint("must hold at least one staffing model", {}, "staffing")
            only = raw.get("only")
            picked = [name for name in models if name in only] if isinstance(only, list | tuple) else []
            return {**raw, "baseline": (picked or models)[0]}
        return raw

    @model_validator(mode="after")
    def _models_known(self) -> Experiment:
        for key, names in (("only", self.only or ()), ("baseline", (self.baseline,))):
            for name in names:
                if name not in self.staffing:
                    raise complaint(f"unknown staffing model, {choice(self.staffing, name)}", name, key)
        if self.only == ():
            raise complaint(f"must name at least one staffing model, {choice(self.staffing)}", [], "only")
        if self.baseline not in self.compared:
            allowed = f"is not among those of only: add it there, or write baseline={self.compared[0]}"
            raise complaint(allowed, self.baseline, "baseline")
        return self

    @model_validator(mode="after")
    def _labels_apart(self) -> Experiment:
        check_labels(self)
        return self

    def __repr__(self) -> str:
        """What it compares, in a line: its numbers would fill a book. `as_text()` has them all."""
        models = ", ".join(self.compared[:MOST_NAMED])
        more = f" and {len(self.compared) - MOST_NAMED} more" if len(self.compared) > MOST_NAMED else ""
        return (
            f"Experiment({self.name}: {models}{more}; {self.replications} replications, seed {self.seed}, "
            f"baseline {self.baseline})"
        )

    __str__ = __repr__

    def _repr_html_(self) -> str:
        """The question, and a line for each staffing model."""
        rows = "".join(
            f"<tr><td>{escape(name)}</td><td>{escape(str(self.staffing[name].differs))}</td></tr>"
            for name in self.compared[:MOST_SHOWN]
        )
        return f"<p><b>{escape(repr(self))}</b></p><p>{escape(str(self.question))}</p><table>{rows}</table>"

    @property
    def compared(self) -> tuple[str, ...]:
        """The staffing models that are run, in the order of `staffing`."""
        return tuple(name for name in self.staffing if self.only is None or name in self.only)

    def setting(self, key: str) -> Any:
        """The value of a key that a task adds (see its `settings.py` for the type)."""
        return getattr(self, key)

    @property
    def named(self) -> tuple[str, ...]:
        """The passengers who have a name."""
        return tuple(name for name, cohort in self.population.cohorts.items() if cohort.named)

    @property
    def begins(self) -> float:
        """Minutes: the start of the warm-up (negative)."""
        return -self.warm_up.value

    @property
    def ends(self) -> float:
        """Minutes: the end of the drain."""
        return self.window.value + self.drain.value

    def moment(self, minutes: float) -> datetime:
        """The moment (UTC) so many minutes after the start."""
        return self.start + timedelta(minutes=minutes)

    def minutes(self, moment: datetime) -> float:
        """Minutes from the start to an aware moment."""
        return (moment - self.start).total_seconds() / 60

    def uncertain(self) -> list[tuple[str, Quantity]]:
        """Every quantity with a range, with its dotted path, sorted by path."""
        return uncertain(self)

    @cached_property
    def is_uncertain(self) -> bool:
        """Is there any quantity with a range? If not, replications differ by luck alone."""
        return bool(self.uncertain())

    def with_values(self, values: Mapping[str, float]) -> Experiment:
        """A copy with these quantities (dotted paths) at other values (canonical units); shares what is unchanged.

        KeyError names a path that leads to no quantity. Values are not checked against bounds: they are draws from
        ranges that were.
        """
        return replaced(self, values, self.shared_paths)

    def with_(self, values: Mapping[str, Any]) -> Experiment:
        """A copy with these values by dotted key, such as {"population.scale": 0.1}: as if composed with them.

        A value is written as in a file ("11 min", "35 %", 4, a list, a table, which is merged into the one that is
        there). It takes milliseconds, as only what is new is read; everything is checked. BadInput as `caresim.load`
        raises it. A copy that was made otherwise (drawn, or with fields replaced) is read from its text, and whole.
        """
        # By name: it reads experiments, and so knows this file.
        made: Experiment = importlib.import_module(CHANGES).changed(self, values)
        return made

    @cached_property
    def shared_paths(self) -> dict[str, list[str]]:
        """The paths that share a quantity, by its path (see shared.py)."""
        return links(self)

    def effective(self) -> dict[str, Any]:
        """All that changes a run, as plain mappings, lists, text and numbers; without the keys of tasks."""
        whole = effective(self, self.as_text())
        return {key: value for key, value in whole.items() if key not in FIELDS}

    def as_text(self, of_tasks: bool = True) -> dict[str, Any]:
        """The resolved configuration as plain mappings, lists, text and numbers, which `validate` reads back.

        `of_tasks`: with the keys that tasks add, which come last.
        """
        whole = self.model_dump(mode="json", by_alias=True)
        return {key: whole[key] for key in sorted(whole, key=FIELDS.__contains__) if of_tasks or key not in FIELDS}


if taken := FIELDS.keys() & Experiment.__annotations__.keys():
    raise TypeError(f"a task has a key that every experiment has: {', '.join(sorted(taken))}")
