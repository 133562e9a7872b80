"""How much more a day must count, so that what must hold on it does with the hours that there are.

The covering puts the hours where they save the most. Where a day then falls short, whatever is saved on it counts for
more, and the hours are spread anew; where it has more than it must, for less again, though never for less than it is
worth. So do the multipliers of a Lagrangian relaxation (Fisher 1981). Other days pay for it, and with them the first
headline metric.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.tasks.plan.parts import Parts, missing, parts_of
from caresim.tasks.plan.runs import Roster

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from caresim.tasks.plan.needs import Needing
    from caresim.tasks.plan.rules import Weights

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

ROUNDS = 16
"""Of moving the emphasis, at most."""
STEEP, MOST = 30.0, 0.5
"""The logarithm of a day's emphasis moves by its shortfall, as a share of its bound, times STEEP; by MOST at most."""
SETTLES = 4.0
"""Rounds after which it moves half as much, and so on: else two days may take turns."""
BEYOND = 0.001
"""A share of the bound, by which more is aimed at than must hold: whole people do not meet it to the last digit."""
TINY = 1e-9


@dataclass(frozen=True)
class Spread:
    """The hours spread over the days: how much each half hour of the demand counted for it, and what it lacks."""

    weights: Weights
    emphasis: Floats
    roster: Roster
    lacks: float
    """Shortfalls of all days that fall short, as shares of their bounds, in sum."""


@dataclass(frozen=True)
class Emphasis:
    """Spreads `budget` until the conditions of `needing` hold on their days; beside the people of `floors`."""

    needing: Needing
    budget: float
    floors: Whole | None

    def nearest(self, several: Sequence[Weights]) -> list[Spread]:
        """For each of several weights the spread with which all days hold, or the one that comes nearest to it.

        NoRosterError where the hours do not pay for the floors.
        """
        emphases = {weights: np.ones(len(self.needing.demand.edges) - 1) for weights in several}
        best: dict[Weights, Spread] = {}
        for number in range(ROUNDS):
            open_ones = [weights for weights in several if weights not in best or best[weights].lacks > 0.0]
            rosters = {
                f"{weights}, round {number + 1}": self.roster(weights, emphases[weights]) for weights in open_ones
            }
            if not rosters:
                break
            _, played = self.needing.played(rosters, self.needing.replications)
            for weights, roster, now in zip(open_ones, rosters.values(), played, strict=True):
                short, lacks = self.shortfalls(now)
                found = Spread(weights, emphases[weights], roster, lacks)
                if weights not in best or found.lacks < best[weights].lacks:
                    best[weights] = found
                calm = 1.0 + number / SETTLES
                moves = np.clip(STEEP * (short + BEYOND), -MOST, MOST) / calm
                emphases[weights] = np.maximum(emphases[weights] * np.exp(moves), 1.0)
        return list(best.values())

    def roster(self, weights: Weights, emphasis: Floats) -> Roster:
        """The hours where they save the most, with this emphasis."""
        needing = self.needing
        demand = needing.demand.emphasised(emphasis)
        people = needing.rules.covered(demand, weights, self.budget, needing.by_cost, self.floors)
        return Roster(needing.rules.template, people)

    def shortfalls(self, now: Parts) -> tuple[Floats, float]:
        """How far the day of each half hour of the demand falls short, as a share of the bound, and the sum over days.

        -inf: nobody looks at it. Days that are over when changes begin are left out.
        """
        needing = self.needing
        short, places, lacks = np.full(len(needing.demand.edges) - 1, -math.inf), needing.places(now), 0.0
        for condition in needing.conditions:
            groups = now.groups(condition.each, needing.experiment)
            for part in parts_of(condition, now, needing.had(now), needing.experiment):
                day = groups == groups[np.searchsorted(now.starts, part.start)]
                if now.starts[day].max() < needing.rules.changes_from:
                    continue
                apart = missing(part, condition) / max(abs(part.bound), TINY)
                short[places[day]] = np.maximum(short[places[day]], apart)
                lacks += max(apart, 0.0)
        return short, lacks
