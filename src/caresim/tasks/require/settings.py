"""`task=require`: which target has to be met, how surely, and at which desks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from caresim.config.base import Frozen, Text, one_of
from caresim.config.errors import BadInput, complaint, known
from caresim.config.quantity import PositiveCount, PositiveDuration, Quantity, Share
from caresim.config.sections import check_certain
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

SERVICE_LEVEL, WAIT, ABANDONMENT, USEFUL = TARGETS = ("service_level", "wait", "abandonment", "useful_60")
AUTO, THEORY, SIMULATION = METHODS = ("auto", "theory", "simulation")
USUAL_LEVEL = {SERVICE_LEVEL: 0.8, ABANDONMENT: 0.05, USEFUL: 0.8}
"""Where `level` does not say it: 80 % within 20 s and at most 5 % lost are conventions of the industry; 80 % usefully
answered within an hour is an assumption (range 60 % to 95 %).
"""
USEFUL_WITHIN = 60.0
"""Minutes: the hour of `useful_60`."""
HOUR = 60.0


def _of(value: float, text: str, dimension: str, source: str, no_range: str = "") -> Quantity:
    return Quantity(value, None, None, source, text, dimension, no_range)


class Requirement(Frozen):
    """What is asked for: a target, with which probability, at which desks."""

    target: one_of(*TARGETS) = SERVICE_LEVEL  # type: ignore[valid-type]
    """Share answered within a time; mean wait; share that gives up; share usefully answered within an hour."""
    level: Share | None = None
    """The share that is wanted at least (of abandonment: at most); None: USUAL_LEVEL."""
    within: PositiveDuration | None = None
    """Of a service level and a wait; None: of calls the study's, elsewhere the reply time that customers expect."""
    probability: Share = _of(
        0.9, "90 %", "share", "assumption: nine days in ten", "part of the question; 50 % to 99 % are asked for"
    )
    """In how many days the target is met."""
    staffing: Text | None = None
    """Whose desks they are; None: the baseline's."""
    desk: Text | None = None
    """None: every desk of that model."""
    method: one_of(*METHODS) = AUTO  # type: ignore[valid-type]
    """auto: theory where it holds, else simulation."""
    interval: PositiveDuration = _of(
        30, "30 min", "duration", "convention: the interval of a contact centre's own reports"
    )
    """For which one number of people is found; a whole part of an hour."""
    block: PositiveDuration = _of(
        120, "2 h", "duration", "design choice: the contacts of a single half hour of a run are too few to judge"
    )
    """Of a simulation: over which the target is judged; whole intervals, a whole part of a day."""
    least: PositiveCount = _of(1, "1 people", "count", "by definition: an open desk has somebody")
    """People on duty whenever the desk is open."""
    day_cv: Share = _of(
        0.1, "10 %", "share", "assumption: how far days are from their forecast", "part of the question; 5 % to 20 %"
    )
    """Of theory: coefficient of variation of the factor on all arrivals of a day."""
    shrinkage: Share | None = None
    """Of paid time; None: that of the desk."""

    @model_validator(mode="after")
    def _coherent(self) -> Requirement:
        check_certain(self)
        if self.target == WAIT and self.level is not None:
            raise complaint("is left out where the target is wait, a mean; set within", self.level.text, "level")
        if self.target == WAIT and self.within is None:
            raise complaint(
                "is required where the target is wait: the longest mean wait, such as '1 min'", None, "within"
            )
        if self.target in (ABANDONMENT, USEFUL) and self.within is not None:
            raise complaint(f"is left out where the target is {self.target}", self.within.text, "within")
        for key in ("level", "probability"):
            value = getattr(self, key)
            if value is not None and not 0 < value.value < 1:
                raise complaint("must be above 0 % and below 100 %", value.text, key)
        if self.shrinkage is not None and self.shrinkage.value >= 1:
            raise complaint("must be below 100 %: nobody would ever be at work", self.shrinkage.text, "shrinkage")
        if not _divides(self.interval.value, HOUR) or self.interval.value < 5:
            raise complaint("must be a whole part of an hour, 5 min or more", self.interval.text, "interval")
        if not _divides(self.interval.value, self.block.value) or not _divides(self.block.value, 24 * HOUR):
            allowed = f"must be whole intervals of {self.interval.text} and a whole part of a day"
            raise complaint(allowed, self.block.text, "block")
        if not float(self.least.value).is_integer():
            raise complaint("must be a whole number of people", self.least.text, "least")
        return self

    @property
    def share(self) -> float:
        """The level that is wanted, as a share; of a wait none."""
        return self.level.value if self.level is not None else USUAL_LEVEL.get(self.target, 0.0)


def _divides(part: float, whole: float) -> bool:
    return abs(whole / part - round(whole / part)) < 1e-9 and whole >= part


def check(experiment: Experiment) -> None:
    """The model and the desk are there, whatever the task."""
    settings: Requirement = experiment.setting("require")
    if settings.staffing is not None:
        known(settings.staffing, experiment.staffing, "require.staffing", "staffing model")
    if settings.desk is not None:
        model = settings.staffing or experiment.baseline
        known(settings.desk, experiment.staffing[model].desks, "require.desk", f"desk of {model}")
    if experiment.task == "require" and experiment.precision is not None:
        raise BadInput("precision", experiment.precision, "is of comparisons; leave it out of task=require")


TASK = Task(
    meaning="how many people each desk needs in each half hour for a target, with a stated probability",
    example='task=require experiment=replay replay.intervals=report.csv require.level="80 %" require.within="20 s"',
    keys=(
        Key("require.target", "service_level, wait, abandonment or useful_60", SERVICE_LEVEL),
        Key("require.level", "the share wanted; of abandonment: the most", "80 %; of abandonment 5 %"),
        Key("require.within", "the time of a service level or a mean wait", "20 s; in writing what customers expect"),
        Key("require.probability", "in how many days the target is met", "90 %"),
        Key("require.staffing", "whose desks", "the baseline's"),
        Key("require.desk", "the desk", "all of that model"),
        Key("require.method", "theory, simulation, or auto: theory where it holds", AUTO),
        Key("require.interval", "how long one number of people holds", "30 min"),
        Key("require.block", "over what a simulation judges the target", "2 h"),
        Key("require.least", "people on duty whenever the desk is open", "1"),
        Key("require.day_cv", "of theory: how far days are from their forecast", "10 %"),
        Key("require.shrinkage", "of paid time", "that of the desk"),
    ),
    fields={"require": (Requirement, Field(default_factory=Requirement))},
    check=check,
    no_sweep="finds one requirement: leave out -m",
)
