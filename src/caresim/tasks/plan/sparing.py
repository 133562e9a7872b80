"""Who can be spared of the people that half hours were found to need, while all that must hold still holds.

People are asked for where something falls short at that moment: some for what earlier half hours had left over. So
floors are taken back by one person, and the shifts covered anew, as long as that is cheaper and all holds. A floor
alone often saves nothing, because one shift covers many half hours: those side by side that have no more people than
their floors are also taken back together. Then shifts lose one person at a time. What has failed is not tried again,
although it might hold after other changes: that keeps the search short.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from caresim.tasks.plan.covering import NoRosterError
from caresim.tasks.plan.parts import SURELY, Parts, holds_by, parts_of
from caresim.tasks.plan.runs import Roster

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from caresim.tasks.plan.needs import Need, Needing

    Whole = NDArray[np.int64]
    Cut = tuple[int, ...]
    Ways = Callable[[Need, set[str]], list["Cheaper"]]

LEAN = 100
"""Rosters with fewer people that are tried, at most: those first that save the most."""
SAVES = 1e-9
"""Paid hours, or EUR: less is nothing."""


@dataclass(frozen=True)
class Cheaper:
    """A roster that costs less than the one that was found."""

    name: str
    roster: Roster
    saves: float
    floors: Whole
    cut: Cut = ()
    """The half hours whose floors are lower."""


@dataclass
class Sparing:
    """Spares people of a Need, cheaper rosters being played on all replications of the search."""

    looks: Needing
    left: int = LEAN
    """Rosters that may still be tried."""

    def spared(self, need: Need) -> Need:
        """The same at less cost; unchanged where nobody can be spared."""
        lean = self.while_it_holds(self.while_it_holds(need, self.lower), self.one_less)
        assert lean.roster is not None
        return replace(lean, floors=np.minimum(lean.floors, self.looks.there(lean.roster)))

    def while_it_holds(self, need: Need, ways: Ways) -> Need:
        """Again and again the roster that saves the most, of those with which all holds."""
        failed: set[str] = set()
        while self.left > 0 and (tried := self.first(ways(need, failed))):
            self.left -= len(tried)
            rosters = {name: one.roster for name, one in tried.items()}
            runs, parts = self.looks.played(rosters, self.looks.replications)
            now = dict(zip(tried, parts, strict=True))
            margins = {name: self.margin(now[name]) for name in tried}
            good = [name for name in tried if margins[name] >= 0.0]
            if good:
                name = max(good, key=lambda name: (tried[name].saves, margins[name]))
                tables = [*need.tables, runs[runs["staffing"] == name]]
                need = replace(need, floors=tried[name].floors, roster=tried[name].roster, tables=tables)
            for name in [name for name in tried if name not in good]:
                if not self.learnt(need, tried[name], now[name]):
                    failed.add(name)
        return need

    def first(self, cheaper: Sequence[Cheaper]) -> dict[str, Cheaper]:
        """Those that save the most, as many as may still be tried."""
        most = sorted(cheaper, key=lambda one: -one.saves)[: self.left]
        return {one.name: one for one in most}

    def learnt(self, need: Need, one: Cheaper, now: Parts) -> bool:
        """Does it fail only for want of people elsewhere, whom the roster that was found has? Then they get floors."""
        assert need.roster is not None
        asked = self.looks.asked(now, replace(need, floors=one.floors, roster=one.roster), SURELY)
        if not one.cut or asked is None or (asked > one.floors)[list(one.cut)].any():
            return False
        floors = np.maximum(need.floors, np.minimum(asked, self.looks.there(need.roster)))
        floors[list(one.cut)] = need.floors[list(one.cut)]
        learnt = bool((floors > need.floors).any())
        need.floors = floors
        return learnt

    def lower(self, need: Need, failed: set[str]) -> list[Cheaper]:
        """The cheapest rosters with lower floors, where they cost less; not those that have failed."""
        assert need.roster is not None
        looks, found = self.looks, []
        for cut in tight(need.floors, looks.there(need.roster)):
            if (name := f"lower {cut}") in failed:
                continue
            floors = need.floors.copy()
            floors[list(cut)] -= 1
            try:
                people = looks.rules.covered(looks.demand, looks.weights, None, looks.by_cost, floors)
            except NoRosterError:
                continue
            roster = Roster(need.roster.template, people)
            found.append(Cheaper(name, roster, self.saves(roster, need.roster), floors, cut))
        return [one for one in found if self.may_be(one, need.roster)]

    def one_less(self, need: Need, failed: set[str]) -> list[Cheaper]:
        """The rosters with one person less in a shift; not those that have failed."""
        assert need.roster is not None
        was, found = need.roster, []
        for slot in np.flatnonzero(was.template.free & (was.people > 0)).tolist():
            if (name := f"one less of shift {slot}") in failed:
                continue
            roster = without(was, slot)
            found.append(Cheaper(name, roster, self.saves(roster, was), need.floors))
        return [one for one in found if self.may_be(one, was)]

    def saves(self, roster: Roster, was: Roster) -> float:
        """Paid hours, or EUR where money is counted."""
        prices = was.template.rates if self.looks.by_cost else was.template.paid
        return float(prices @ (was.people - roster.people))

    def may_be(self, one: Cheaper, was: Roster) -> bool:
        """Does it save anything within the rules?"""
        return one.saves > SAVES and self.has_least(one.roster) and self.stays_open(one.roster, was)

    def has_least(self, roster: Roster) -> bool:
        """Does it have the fewest people that the rules ask for?"""
        rules = self.looks.rules
        pieces = rules.template.present(rules.edges) > 0.5
        least = np.minimum(rules.least, pieces @ rules.template.before)
        changed = pieces[:, rules.template.free].any(axis=1)
        return bool((pieces @ roster.people >= least)[changed].all())

    def stays_open(self, roster: Roster, was: Roster) -> bool:
        """Is somebody there wherever work comes and somebody was? A line that closes has nobody who waits too long."""
        looks = self.looks
        return bool(((looks.there(roster) > 0) | (looks.there(was) == 0) | (looks.demand.load() == 0.0)).all())

    def margin(self, now: Parts) -> float:
        """The smallest slack of all parts; below 0 where one does not hold."""
        looks, slack = self.looks, math.inf
        for condition in looks.conditions:
            for part in parts_of(condition, now, looks.before, looks.experiment):
                slack = min(slack, part.apart.value if holds_by(part, condition) else -1.0)
        return slack


def tight(floors: Whole, there: Whole) -> list[Cut]:
    """Half hours that have no more people than their floors: those side by side together, and each by itself."""
    places = np.flatnonzero((floors > 0) & (there <= floors))
    together = np.split(places, np.flatnonzero(np.diff(places) > 1) + 1)
    cuts: Sequence[Cut] = [tuple(one.tolist()) for one in together] + [(place,) for place in places.tolist()]
    return list(dict.fromkeys(cut for cut in cuts if cut))


def without(roster: Roster, slot: int) -> Roster:
    """The roster with one person less in a slot."""
    people = roster.people.copy()
    people[slot] -= 1
    return Roster(roster.template, people)
