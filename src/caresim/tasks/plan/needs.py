"""How many people each half hour needs, so that what must hold on every day or in every half hour does: cutting planes.

The cheapest roster that has the people found so far runs; wherever it falls short, more people are asked for, until
nothing falls short. It is the scheme of Atlason, Epelman & Henderson (2004) and of Ingolfsson, Campello, Wu & Cabral
(2010), with cuts of one half hour each. Who of them can be spared again is another question: see `sparing`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.tasks.plan.covering import NoRosterError
from caresim.tasks.plan.measures import HALF_HOUR
from caresim.tasks.plan.parts import SURELY, Parts, holds_by, parts_of
from caresim.tasks.plan.runs import Roster

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.tasks.plan.demand import Demand
    from caresim.tasks.plan.measures import Condition
    from caresim.tasks.plan.rules import Rules, Weights

    Whole = NDArray[np.int64]
    Run = Callable[[dict[str, Roster], Sequence[int]], pd.DataFrame]

BEGIN = 0.8
"""People at first, times those whom the work would keep busy all the time: fewer than any promise on calls needs."""
ROUNDS = 40
"""Of asking for more people, at most: with few runs, and again with all."""
FEW = 32
"""Runs that are enough to see where people are surely missing."""
STEP = 0.5
"""People who are added where something falls short: the shortfall times those who are there, times this; or one."""
SLIGHTLY = 1e-6
"""What is missing where something holds, though not surely."""
MIDDLE = 15.0
"""Minutes from the start of a half hour to its middle."""


@dataclass
class Need:
    """People by half hour, and the cheapest roster that was found with which all parts hold."""

    floors: Whole
    """By half hour of the demand."""
    roster: Roster | None = None
    holds: bool = False
    """Does everything that must hold on every day or in every half hour, on the runs of the search?"""
    tables: list[pd.DataFrame] = field(default_factory=list)
    """The runs, each named after its round."""


@dataclass(frozen=True)
class Needing:
    """Looks for a Need: `run` plays rosters on replications, of which `replications` are those of the search."""

    rules: Rules
    demand: Demand
    conditions: Sequence[Condition]
    """Of days and half hours."""
    by_cost: bool
    weights: Weights
    run: Run
    replications: Sequence[int]
    before: Parts
    """What the roster before has in them."""

    @property
    def experiment(self) -> Experiment:
        return self.rules.experiment

    def found(self) -> Need:
        """The people that are needed; `holds` is False where the rules do not allow so many.

        At first few runs tell where people are surely missing, and then all of them where they surely are not.
        """
        load = np.ceil(BEGIN * self.demand.load() / self.rules.on_duty).astype(np.int64)
        need = Need(np.minimum(load, self.rules.most))
        few = self.replications[:FEW]
        self.raised(need, few, -SURELY)
        need.holds = self.raised(need, self.replications, SURELY)
        return need

    def raised(self, need: Need, replications: Sequence[int], slack: float) -> bool:
        """Raise the floors until nothing falls short, by `slack` standard errors; False where that was not reached."""
        for _ in range(ROUNDS):
            try:
                people = self.rules.covered(self.demand, self.weights, None, self.by_cost, need.floors)
            except NoRosterError:
                return False
            need.roster = Roster(self.rules.template, people)
            runs, (now,) = self.played({f"round {len(need.tables) + 1}": need.roster}, replications)
            need.tables.append(runs)
            asked = self.asked(now, need, slack)
            if asked is None:
                return True
            if (asked <= need.floors).all():
                return False
            need.floors = asked
        return False

    def played(self, rosters: dict[str, Roster], replications: Sequence[int]) -> tuple[pd.DataFrame, list[Parts]]:
        """Their runs, and what each of them does by half hour."""
        runs = self.run(rosters, replications)
        return runs.drop(columns="parts"), [Parts.of(runs[runs["staffing"] == name]) for name in rosters]

    def asked(self, now: Parts, need: Need, slack: float) -> Whole | None:
        """The floors, raised where something falls short; None where nothing does."""
        floors, fell = need.floors.copy(), False
        assert need.roster is not None
        there, half_hour = self.there(need.roster), self.places(now)
        had = self.there(Roster(self.rules.template, self.rules.template.before))
        for condition in self.conditions:
            # As many people as before are as good as before, and the hours before pay for them.
            most = had if condition.is_met_before else np.full(len(floors), self.rules.most)
            groups = now.groups(condition.each, self.experiment)
            below, missing = self.below(condition, now), np.zeros(len(groups))
            for start, apart in self.short(condition, now, slack):
                fell = True
                part = groups == groups[int(np.flatnonzero(now.starts == start)[0])]
                within = part & below  # of a half hour that holds, though not surely, there is none
                missing[within if within.any() else part] = min(-apart, 1.0) or SLIGHTLY
            wanting = missing > 0
            if condition.each == HALF_HOUR:  # what follows is short of what it leaves over, too
                wanting[1:] &= missing[:-1] == 0
            for place in np.flatnonzero(wanting):
                at = half_hour[place]
                more = max(1, int(STEP * missing[place] * there[at]))
                floors[at] = max(floors[at], min(there[at] + more, most[at]))
        return floors if fell else None

    def places(self, now: Parts) -> Whole:
        """The half hour of the demand in which each of the parts has its middle."""
        place = np.searchsorted(self.demand.edges, now.starts + MIDDLE, side="right") - 1
        return np.clip(place, 0, len(self.demand.edges) - 2)

    def short(self, condition: Condition, now: Parts, slack: float) -> list[tuple[float, float]]:
        """Start, and how it lies to its bound, of each part that does not hold."""
        told = parts_of(condition, now, self.had(now), self.experiment)
        return [(one.start, min(one.apart.value, 0.0)) for one in told if not holds_by(one, condition, slack)]

    def had(self, now: Parts) -> Parts:
        """What the roster before has in the same runs."""
        return self.before.first(len(now.draws))

    def below(self, condition: Condition, now: Parts) -> NDArray[np.bool_]:
        """Half hours that are below what the part they belong to must have; those that are not, need nobody more.

        Where the roster before is the bound, what that roster had in the same half hour.
        """
        value = self.level(condition.measure, now)
        had = self.level(condition.measure, self.had(now)) + condition.more
        bound = had if condition.value is None else condition.value
        worse = value <= bound if condition.at_least else value >= bound
        return worse & (now.bottoms[condition.measure].sum(axis=0) > 0)

    @staticmethod
    def level(measure: str, parts: Parts) -> Any:
        """By half hour, of all runs together; NaN where nobody came."""
        top, bottom = parts.tops[measure].sum(axis=0), parts.bottoms[measure].sum(axis=0)
        return np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)

    def there(self, roster: Roster) -> Whole:
        """People on the roster, by half hour of the demand; the fewest where that changes within it."""
        template, edges = roster.template, self.rules.edges
        pieces = (template.present(edges) > 0.5) @ roster.people
        half_hour = np.searchsorted(self.demand.edges, (edges[:-1] + edges[1:]) / 2.0, side="right") - 1
        found = np.full(len(self.demand.edges) - 1, np.iinfo(np.int64).max)
        np.minimum.at(found, half_hour, pieces)
        return found
