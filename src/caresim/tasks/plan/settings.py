"""`task=plan`: whose roster is planned, by which rules, for what, and how the candidates are compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, StrictBool, StrictInt, model_validator

from caresim.config.base import Frozen, Text, one_of
from caresim.config.clock import Clock, Moment
from caresim.config.errors import complaint, known
from caresim.config.quantity import Count, PositiveCount, PositiveDuration, Quantity, Share
from caresim.tasks.task import Key, Task

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

SAME, CHEAPEST = "same", "cheapest"
ALL, EACH_DAY = "all", "each_day"
DAY = 1440
"""Minutes."""
FADES = "from 0 % to 40 %: what a planner expects is no part of the world; docs/plan.md says what either end gives"
FTE = "it turns hours into full-time people, and moves no roster"


def _of(value: float, text: str, dimension: str, source: str, no_range: str = "") -> Quantity:
    return Quantity(value, None, None, source, text, dimension, no_range)


class PlanSettings(Frozen):
    """Whose roster is planned, and by which rules."""

    staffing: Text | None = None
    """None: the baseline."""
    desk: Text | None = None
    """None: the desk with the most paid hours."""
    changes_from: Moment | None = None
    """No shift that begins earlier is changed; None: `lead` after the start of the disruption; a replay: its start."""
    lead: PositiveDuration = _of(
        480, "8 h", "duration", "design choice: people are called in for the next shift; from 4 h to 24 h"
    )
    """From the start of the disruption to the first change, where `changes_from` is left out."""
    shift_starts: tuple[Clock, ...] | None = None
    """When shifts may begin, beside those of the desk; None: every four hours from its first."""
    shift_length: PositiveDuration | None = None
    """Of shifts that are not the desk's own; None: as long as its first one."""
    most_people: PositiveCount | None = None
    """On the roster at once; None: half again the most that the desk has now."""
    at_least: Count = _of(2, "2 people", "count", "design choice: nobody works alone; from 1 to 4 people")
    """On the roster at any hour, or as many as the desk has now where that is fewer."""
    hours: one_of(SAME, CHEAPEST) = SAME  # type: ignore[valid-type]
    """same: those that the desk is paid for now, used best; cheapest: the fewest with which `must` holds."""
    must: tuple[Text, ...] = ()
    """What must hold, such as `useful_60 >= 60 %` or `ordinary_answered >= before on every day`."""
    probability: Share = _of(0.8, "80 %", "share", "design choice: four crises out of five; from 50 % to 95 %")
    """Share of luck and worlds in which all of `must` holds at once."""
    hindsight: one_of(ALL, EACH_DAY) = ALL  # type: ignore[valid-type]
    """all: the plan knows the course of the demand; each_day: each day is planned from what was seen by then."""
    fades: Share = _of(0.2, "20 %", "share", "assumption: what a crisis brings falls off in days", FADES)
    """By how much each day's demand beyond an ordinary one falls, as a planner without hindsight expects."""
    fte_week: PositiveDuration = _of(
        2280, "38 h", "duration", "assumption: paid hours of one full-time person in a week; from 35 h to 40 h", FTE
    )
    """What a full-time equivalent (FTE) is paid for in a week; it moves no roster."""
    beside: Text | None = None
    """A staffing model that is judged beside the plan, in whole people: how much of the gap to it is closed?"""
    demand_runs: Annotated[StrictInt, Field(ge=1)] = 4
    """Runs of the starting roster, each in a world of its own, from which the demand is taken."""
    search_runs: Annotated[StrictInt, Field(ge=2)] = 32
    """Replications on which candidates are compared."""
    judging_runs: Annotated[StrictInt, Field(ge=4)] = 64
    """Fresh replications from which all figures come that are reported."""
    frontier: StrictBool = True
    """Whether less and more hours are tried, too."""
    price_rules: StrictBool = True
    """Whether it is said what other rules would be worth."""

    @model_validator(mode="after")
    def _fits(self) -> Any:
        starts = self.shift_starts
        if starts is not None and (not starts or len(set(starts)) < len(starts)):
            raise complaint(
                "must name at least one start, each once, such as ['06:30', '14:30']", list(starts), "shift_starts"
            )
        for start in starts or ():
            if start.minutes >= DAY:
                raise complaint("must be between '00:00' and '23:59'", str(start), "shift_starts")
        if self.shift_length is not None and self.shift_length.value > DAY:
            raise complaint("must be at most 24 h", self.shift_length.text, "shift_length")
        if self.hours == CHEAPEST and self.hindsight == EACH_DAY:
            raise complaint("is planned with hindsight alone; write same, or plan.hindsight=all", self.hours, "hours")
        if self.hours == CHEAPEST and not self.must:
            raise complaint("needs plan.must: what has to hold at the least hours", self.hours, "hours")
        return self


def check(experiment: Experiment) -> None:
    """The model and the desk are there, whatever the task."""
    settings: PlanSettings = experiment.setting("plan")
    if settings.staffing is not None:
        known(settings.staffing, experiment.staffing, "plan.staffing", "staffing model")
    if settings.beside is not None:
        known(settings.beside, experiment.staffing, "plan.beside", "staffing model")
    if settings.desk is not None:
        staffing = settings.staffing or experiment.baseline
        known(settings.desk, experiment.staffing[staffing].desks, "plan.desk", "desk")


TASK = Task(
    meaning="plan which hours to staff, at what cost, and say what it buys",
    example="task=plan plan.staffing=call_center_24_7 plan.most_people=36",
    keys=(
        Key("plan.staffing", "whose roster is planned", "the baseline"),
        Key("plan.desk", "the desk", "the one with the most paid hours"),
        Key("plan.changes_from", "no shift that begins earlier is changed", "plan.lead after the start"),
        Key("plan.lead", "from the start to the first change", "8 h"),
        Key("plan.shift_starts", "when shifts may begin, beside the desk's own", "every four hours"),
        Key("plan.shift_length", "of shifts that are not the desk's own", "as its first"),
        Key("plan.most_people", "on the roster at once", "half again the most there are now"),
        Key("plan.at_least", "on the roster at any hour, or as many as now where that is fewer", "2 people"),
        Key("plan.hours", "same: the best use of the same hours; cheapest: the fewest with which must holds", SAME),
        Key(
            "plan.must",
            "what must hold, such as ['useful_60 >= 60 %', 'ordinary_answered >= before on every day']",
            "nothing",
        ),
        Key("plan.probability", "share of luck and worlds in which it must hold", "80 %"),
        Key("plan.hindsight", "all: the plan knows the course of the demand; each_day: what was seen by then", ALL),
        Key("plan.fades", "by how much crisis work is expected to fall a day, without hindsight", "20 %"),
        Key("plan.fte_week", "paid hours of a full-time equivalent in a week", "38 h"),
        Key("plan.beside", "a staffing model that is judged beside the plan", "none"),
        Key("plan.demand_runs", "runs from which the demand is taken", "4"),
        Key("plan.search_runs", "replications on which candidates are compared", "32"),
        Key("plan.judging_runs", "fresh replications, from which all figures come", "64"),
        Key("plan.frontier", "whether less and more hours are tried, too", "true"),
        Key("plan.price_rules", "whether it is said what other rules would be worth", "true"),
    ),
    fields={"plan": (PlanSettings, Field(default_factory=PlanSettings))},
    check=check,
    no_sweep="plans one roster: leave out -m",
)
