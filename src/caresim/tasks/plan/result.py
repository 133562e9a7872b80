"""What a plan gives: the roster under its rules, what it was planned from, and its runs on fresh luck."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.errors import BadInput
from caresim.tasks.plan.judging import BEFORE, BESIDE, HOURS, PLAN, Judging, hours_name
from caresim.tasks.plan.measures import aims
from caresim.tasks.plan.shift_table import after_the_window, shifts
from caresim.tasks.plan.words import differs, rules_in_words

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.tasks.plan.demand import Demand
    from caresim.tasks.plan.half_hours import HalfHours
    from caresim.tasks.plan.measures import Condition
    from caresim.tasks.plan.parts import Parts
    from caresim.tasks.plan.rules import Rules, Weights
    from caresim.tasks.plan.runs import Roster
    from caresim.tasks.plan.settings import PlanSettings
    from caresim.tasks.plan.template import People

FIGURE, DAYS = "caresim.tasks.plan.figure", "caresim.tasks.plan.day_table"

MOST_SHOWN = 20
"""Shifts in a notebook."""


@dataclass(frozen=True)
class Choice:
    """The roster that was taken, and how it was found."""

    roster: Roster
    weights: Weights
    times: float
    """The paid hours, or the cost, of the shifts that may be changed, times this."""
    reached: bool
    """Did everything hold in the search, with the probability that is asked for?"""
    searched: pd.DataFrame | None
    """The runs that it was chosen by; None: there was nothing to choose."""
    floors: People | None = None
    """People whom days and half hours need, by half hour of the demand; None: nothing must hold in them."""
    emphasis: NDArray[np.float64] | None = None
    """How much more days count than they are worth, by half hour of the demand; None: none does."""
    name: str = ""
    """Of the roster among `searched`; empty: it is called after its weights."""


@dataclass(frozen=True)
class Plan:
    """A roster under rules, what it was planned from, and its runs on fresh luck."""

    experiment: Experiment
    settings: PlanSettings
    rules: Rules
    demand: Demand
    choice: Choice
    conditions: tuple[Condition, ...]
    rosters: Mapping[str, Roster]
    """Everything that was judged, by name."""
    judged: pd.DataFrame
    """A row a roster and fresh replication, a column a measure."""
    half_hours: Mapping[str, HalfHours]
    """What became of the desk's contacts in the same runs, as it was and as planned."""
    parts: Mapping[str, Parts]
    """What must hold on every day or in every half hour, in the same runs; empty where nothing must."""
    runs: int
    """That it took, at most."""
    durations: dict[str, float] = field(default_factory=dict)

    def __repr__(self) -> str:
        rules = self.rules
        return f"Plan({self.experiment.name}: {rules.staffing}, {rules.desk}; {len(self.rosters)} rosters judged)"

    def _repr_html_(self) -> str:
        """The first shifts of the roster: what fits a screen."""
        return f"<p><b>{escape(repr(self))}</b></p>{self.shifts().head(MOST_SHOWN).to_html(index=False)}"

    @property
    def aim(self) -> str:
        """The measure that the plan is for."""
        return aims(self.experiment)[0]

    @cached_property
    def judging(self) -> Judging:
        """The fresh runs, to be asked for means and differences."""
        return Judging(self.judged, self.experiment.study.confidence.value)

    @property
    def text(self) -> str:
        """The planned roster as the file of a staffing model that stands alone."""
        rules = self.rules
        notes = [f"task=plan for {rules.desk} of {rules.staffing}:", *rules_in_words(self), *after_the_window(self)]
        return rules.template.text(self.choice.roster.people, differs(self), notes)

    def plot(self, *, ax: Any = None) -> Any:
        """The figure: people by day and hour, before and planned.

        On Matplotlib's `ax`, which is returned; None: a page.
        """
        # By name and at the last moment: Matplotlib takes seconds to load.
        figures = importlib.import_module(FIGURE)
        return figures.plan(self) if ax is None else figures.people_on_axes(ax, self)

    def plot_frontier(self, metric: str | Sequence[str] | None = None, *, ax: Any = None) -> Any:
        """The figure: what more or less money buys, in the measures of `metric` (None: the aim and three beside it).

        On Matplotlib's `ax`, which is returned, one measure; None: a page with all of them. BadInput for a measure that
        there is not, or where the plan has no frontier.
        """
        if not self.settings.frontier:
            raise BadInput("plan.frontier", False, "leaves no other rosters to show; allowed: plan.frontier=true")
        figures = importlib.import_module(FIGURE)
        return figures.frontier(self, metric) if ax is None else figures.frontier_on_axes(ax, self, metric)

    def table(self) -> pd.DataFrame:
        """People by the moments at which that changes: `start`, `end` (local), `start_min`, `end_min`, people before
        and as planned, the work that was offered (erlangs), and whom that would keep busy: people on the roster, a part
        of whose paid time is breaks and absence (shrinkage).
        """
        import pandas as pd

        from caresim.measure.clock import wall_clock

        template, edges = self.rules.template, self.rules.edges
        there = template.present(edges) > 0.5
        before, planned = there @ template.before, there @ self.choice.roster.people
        half_hour = np.searchsorted(self.demand.edges, (edges[:-1] + edges[1:]) / 2.0, side="right") - 1
        frame = pd.DataFrame({"start_min": edges[:-1], "end_min": edges[1:], "before": before, "planned": planned})
        frame["offered_erlangs"] = self.demand.load()[half_hour]
        frame["busy_people"] = frame["offered_erlangs"] / self.rules.on_duty
        for place, name in enumerate(("start", "end")):
            frame.insert(place, name, wall_clock(self.experiment, frame[f"{name}_min"]))
        return frame

    def shifts(self) -> pd.DataFrame:
        """The roster to be published: date, start, end and heads of each shift within the window (shifts.csv)."""
        return shifts(self)

    def days(self) -> pd.DataFrame:
        """What contacts of the desk met on each day, as it was and as planned (the columns of days.csv)."""
        return importlib.import_module(DAYS).days(self)

    def frontier(self) -> pd.DataFrame:
        """Money against what it buys: a row a roster of the frontier and measure (the columns of frontier.csv)."""
        names = {BEFORE, PLAN, BESIDE, *(hours_name(times) for times in HOURS)}
        rows = self.figures()
        return rows[rows["roster"].isin(names)].reset_index(drop=True)

    def figures(self) -> pd.DataFrame:
        """Means of all measures of every roster, and differences to before, with intervals: a row of each pair.

        In `worlds_above` of `worlds` the mean difference is above zero.
        """
        import pandas as pd

        measures = [name for name in self.judged.columns if self.judged[name].dtype == np.float64]
        rows = []
        for roster in self.rosters:
            for measure in measures:
                mean, apart = self.judging.mean(roster, measure), self.judging.difference(roster, BEFORE, measure)
                of_mean = mean.value, mean.low, mean.high
                of_difference = apart.value, apart.low, apart.high, apart.above, apart.worlds
                rows.append((roster, measure, *of_mean, *of_difference))
        columns = ["roster", "measure", "mean", "ci_low", "ci_high", "difference", "difference_low", "difference_high"]
        return pd.DataFrame(rows, columns=[*columns, "worlds_above", "worlds"])
