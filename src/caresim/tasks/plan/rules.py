"""The rules of a plan: what may change, from when, for how many people; and the roster that covers a demand."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from caresim.config.clock import Clock
from caresim.config.errors import BadInput
from caresim.scenario.patterns import pattern_of
from caresim.tasks.plan.baseline import check_length, nobody_gave, way_to_give
from caresim.tasks.plan.covering import Stretch, cover, shortfall_saved
from caresim.tasks.plan.template import Template, template_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.tasks.plan.demand import Demand
    from caresim.tasks.plan.settings import PlanSettings
    from caresim.tasks.plan.template import Floats, People

EVERY = 240
"""Minutes from one start to the next, where none are named."""
DAY = 1440
HALF_AGAIN = 1.5
TIE = 0.1
"""Of the price of the cheapest shift: what all gains together are worth where the cheapest roster is looked for."""


@dataclass(frozen=True)
class Weights:
    """How demand is weighed when it is covered: the two numbers in which candidates differ."""

    roots: float
    """Spread of the work about its mean, in square roots of the load: more keeps more in hand at quiet hours."""
    least_worth: float
    """What an answer is worth that hardly helps, from 0 to 1."""

    def __str__(self) -> str:
        return f"{self.roots:g} roots of the load, an answer that does not help counts {self.least_worth:g}"


@dataclass(frozen=True)
class Rules:
    """What a roster may be."""

    experiment: Experiment
    staffing: str
    desk: str
    changes_from: float
    """Minutes since the start."""
    starts: tuple[Clock, ...]
    length: float
    """Minutes."""
    most: int
    """People on the roster at once."""
    least: int

    @cached_property
    def template(self) -> Template:
        """The rows that rosters under these rules are written in."""
        return template_of(self.experiment, self.staffing, self.desk, self.starts, self.length, self.changes_from)

    @cached_property
    def on_duty(self) -> float:
        """Share of paid time that is worked."""
        return 1.0 - self.experiment.staffing[self.staffing].desks[self.desk].shrinkage.value

    @cached_property
    def is_given(self) -> bool:
        """Did somebody say who works now? If not, the roster before is only where the search begins."""
        return not nobody_gave(self.experiment, self.staffing, self.desk)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Slots in which a plan may have people: those that it may change, but for people around the clock whom nobody
        gave.
        """
        template = self.template
        if self.is_given:
            return template.free
        desk = self.experiment.staffing[self.staffing].desks[self.desk]
        own = {pattern_of(shift, desk) for shift in desk.shifts}
        others = [pattern_of(shift, desk) not in own for shift in template.patterns]
        return template.free & np.array([others[slot.pattern] for slot in template.slots], dtype=bool)

    @cached_property
    def edges(self) -> Floats:
        """Moments in the window at which a shift begins or ends, and its half hours."""
        from caresim.tasks.plan.demand import edges_of

        window = self.experiment.window.value
        moments = [moment for slot in self.template.slots for moment in (slot.start, slot.end)]
        within = [moment for moment in moments if 0.0 < moment < window]
        return np.unique(np.round(np.concatenate([edges_of(window), within]), 6))

    def covered(
        self,
        demand: Demand,
        weights: Weights,
        budget: float | None,
        by_cost: bool = False,
        floors: People | None = None,
    ) -> People:
        """The roster that meets the most of a demand for so many paid hours, or EUR, of the slots that may change.

        `floors`: people who must be there, by half hour of the demand. Without a budget, the cheapest that has them.
        """
        template = self.template
        return self.filled(demand, weights, budget, template.before, template.free, by_cost, floors)

    def filled(
        self,
        demand: Demand,
        weights: Weights,
        budget: float | None,
        people: People,
        free: People,
        by_cost: bool = False,
        floors: People | None = None,
    ) -> People:
        """The same, with `people` in all slots that are not `free`. NoRosterError where none keeps to the rules."""
        template = self.template
        planned = people.copy()
        planned[free & ~self.usable] = 0
        where = np.flatnonzero(free & self.usable)
        prices = (template.rates if by_cost else template.paid)[where]
        stretches = self.stretches(demand, weights, planned, where, floors)
        if budget is None:  # all that is gained together is worth less than one person: it decides between equal costs
            gained = sum(float(stretch.gains.sum()) for stretch in stretches)
            scale = TIE * float(prices[prices > 0].min(initial=1.0)) / max(gained, 1.0)
            stretches = [replace(stretch, gains=scale * stretch.gains) for stretch in stretches]
        planned[where] = cover(stretches, prices, budget, self.most)
        return planned

    def stretches(
        self, demand: Demand, weights: Weights, people: People, where: People, floors: People | None = None
    ) -> list[Stretch]:
        """The window, cut wherever a shift begins or ends, with what people are worth in each piece."""
        template, edges = self.template, self.edges
        middle, minutes = (edges[:-1] + edges[1:]) / 2.0, np.diff(edges)
        half_hour = np.clip(np.searchsorted(demand.edges, middle, side="right") - 1, 0, len(demand.edges) - 2)
        worth = demand.worth(weights.least_worth)[half_hour]
        saved = shortfall_saved(demand.load()[half_hour], worth, minutes, self.on_duty, weights.roots, self.most)
        there = template.present(edges) > 0.5
        held = np.ones(len(template.slots), dtype=bool)
        held[where] = False
        fixed = there[:, held] @ people[held]
        now = there @ template.before
        pieces: dict[tuple[tuple[int, ...], int, int], Floats] = {}
        for piece in range(len(minutes)):
            shifts = tuple(np.flatnonzero(there[piece, where]).tolist())
            least = min(self.least, int(now[piece]))
            if floors is not None:
                least = max(least, min(int(floors[half_hour[piece]]), self.most))
            key = shifts, int(fixed[piece]), least
            pieces[key] = pieces[key] + saved[piece] if key in pieces else saved[piece]
        return [
            Stretch(shifts, held_still, gains, least, self.most)
            for (shifts, held_still, least), gains in pieces.items()
        ]

    def at_once(self, people: People) -> int:
        """The most people who are on the roster at the same time within the window."""
        return int(((self.template.present(self.edges) > 0.5) @ people).max())

    def earlier(self, minutes: float) -> Rules:
        """The same, with changes from so much earlier on."""
        return replace(self, changes_from=self.changes_from - minutes)

    def with_more(self, people: int) -> Rules:
        """The same, with so many more at once."""
        return replace(self, most=self.most + people)


def rules_of(experiment: Experiment, settings: PlanSettings) -> Rules:
    """The rules that the settings give. BadInput where the desk cannot be planned."""
    staffing = settings.staffing or experiment.baseline
    name = settings.desk or largest(experiment, staffing)
    check_plannable(experiment, staffing, name)
    check_length(experiment, staffing, name, settings.shift_length is not None)
    desk = experiment.staffing[staffing].desks[name]
    first = desk.shifts[0]
    length = settings.shift_length.value if settings.shift_length else first.end.minutes - first.start.minutes
    starts = settings.shift_starts or every_four_hours(first.start)
    since = settings.lead.value if settings.changes_from is None else experiment.minutes(settings.changes_from)
    if settings.changes_from is None and experiment.replay is not None and "lead" not in settings.model_fields_set:
        since = 0.0  # nothing breaks off on the days of a file: its roster is planned from the beginning
    given = settings.changes_from is not None
    key, told = ("plan.changes_from", str(settings.changes_from)) if given else ("plan.lead", settings.lead.text)
    if not experiment.begins <= since < experiment.window.value:
        begins = f"{experiment.moment(experiment.begins):%Y-%m-%d %H:%M} UTC"
        raise BadInput(key, told, f"changes must begin between {begins} and the end of the window")
    rules = Rules(experiment, staffing, name, since, tuple(starts), float(length), 1, 0)
    if not rules.template.free.any():
        allowed = "no shift begins after it and ends within the window; write an earlier moment"
        raise BadInput(key, told, allowed)
    now = rules.at_once(rules.template.before)
    most = math.ceil(HALF_AGAIN * now) if settings.most_people is None else round(settings.most_people.value)
    least = round(settings.at_least.value)
    if least > most:
        raise BadInput("plan.at_least", settings.at_least.text, f"must not be more than plan.most_people ({most})")
    return replace(rules, most=most, least=least)


def largest(experiment: Experiment, staffing: str) -> str:
    """The desk with the most paid hours (the first of equals)."""
    from caresim.scenario.roster import build, paid_hours

    desks = experiment.staffing[staffing].desks
    hours = [paid_hours(experiment, roster) for roster in build(experiment, staffing)]
    return max(zip(desks, hours, strict=True), key=lambda pair: pair[1])[0]


def every_four_hours(first: Clock) -> tuple[Clock, ...]:
    """Starts around the clock, every four hours, one of which is `first`; by the clock."""
    minutes = sorted((first.minutes + EVERY * number) % DAY for number in range(DAY // EVERY))
    return tuple(Clock.read(f"{minute // 60:02d}:{minute % 60:02d}") for minute in minutes)


def check_plannable(experiment: Experiment, staffing: str, name: str) -> None:
    """BadInput where the desk's people do not come from shifts alone, or other desks follow its hours."""
    model = experiment.staffing[staffing]
    desk, key = model.desks[name], f"staffing.{staffing}.desks.{name}"
    if desk.roster == "given":
        told = (
            "its people are those of a file (replay.staff, or the column staff of the report), and no shift is worked"
        )
        way = f"leave that out, and write the shifts that there are: {way_to_give(name)} replay.servers='20 people'"
        raise BadInput("plan.desk", name, f"{told}; {way}")
    if desk.replans is not None:
        raise BadInput(f"{key}.replans", "...", "a desk that plans by itself cannot be planned; set it to null")
    others = [other for other, one in model.desks.items() if one.scale_with_hours and other != name]
    if model.paid_hours and others:
        raise BadInput(
            f"staffing.{staffing}.paid_hours",
            others[0],
            "also scales with paid hours; plan a model whose other desks do not",
        )
