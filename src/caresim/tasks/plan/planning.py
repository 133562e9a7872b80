"""A plan, step by step: the demand, the rosters that cover it, the best of them, and what it is worth on fresh luck."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.run.progress import Nobody, Watch
from caresim.tasks.plan.covering import NoRosterError
from caresim.tasks.plan.half_hours import split
from caresim.tasks.plan.judging import (
    BEFORE,
    BESIDE,
    EARLIER,
    EARLIER_NAME,
    HOURS,
    MORE,
    MORE_NAME,
    PLAN,
    hours_name,
)
from caresim.tasks.plan.measures import aims, condition_of, wanted
from caresim.tasks.plan.result import Choice, Plan
from caresim.tasks.plan.rules import Rules, Weights, rules_of
from caresim.tasks.plan.runs import Roster, Runs
from caresim.tasks.plan.search import LEVELS, best, cheapest, finer, held
from caresim.tasks.plan.settings import CHEAPEST, EACH_DAY, PlanSettings
from caresim.tasks.plan.template import template_of

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.run.store import Store
    from caresim.tasks.plan.demand import Demand
    from caresim.tasks.plan.measures import Condition
    from caresim.tasks.plan.template import People

DAY = 1440.0
WEIGHTS = tuple(Weights(roots, worth) for worth in (0.0, 0.3, 1.0) for roots in (1.0, 2.0, 3.0))
"""The candidates: three spreads of the work, and three ways to count an answer that hardly helps."""
FEW_WEIGHTS = tuple(weights for weights in WEIGHTS if weights.roots == 2.0)
"""The candidates at each of several costs."""
UNSEEN = Weights(2.0, 1.0)
"""What each day is planned with from what was seen: the convention of square-root staffing, and all answers alike."""
PRICED = 2
"""Rules that are moved to say what they are worth."""
PAIR = 2
"""Replications that share a world."""


def plan(experiment: Experiment, store: Store, watch: Watch | None = None) -> Plan:
    """Plan one desk of one staffing model as the key `plan` says. BadInput for rules that no roster keeps to."""
    started = time.perf_counter()
    settings: PlanSettings = experiment.setting("plan")
    conditions = tuple(condition_of(text) for text in settings.must)
    if not aims(experiment):
        raise BadInput("study.headline", list(experiment.study.headline), "names no measure of which more is better")
    rules = rules_of(experiment, settings)
    beside = beside_of(experiment, settings, rules)
    task = Planner(
        Runs(experiment, store, watch or Nobody(), wanted(experiment, conditions)), settings, conditions, rules
    )
    price.check(experiment, runs=task.most)
    task.runs.watch.expect(task.most)
    before = Roster(rules.template, rules.template.before)
    demand = task.runs.demand(before, task.of_demand)
    try:
        choice = task.cheapest(demand, before) if settings.hours == CHEAPEST else task.best(demand, before)
    except NoRosterError:
        allowed = "the paid hours do not pay for so many at all hours; write less"
        raise BadInput("plan.at_least", settings.at_least.text, allowed) from None
    rosters = {BEFORE: before, PLAN: choice.roster, **beside, **task.around(demand, choice)}
    judged, half_hours = split(task.runs.compare(rosters, task.of_judging, (BEFORE, PLAN)), (BEFORE, PLAN))
    spent = {"plan_s": time.perf_counter() - started}
    return Plan(experiment, settings, rules, demand, choice, conditions, rosters, judged, half_hours, task.most, spent)


@dataclass(frozen=True)
class Planner:
    """Who plans: where candidates run, the settings, what must hold, and the rules."""

    runs: Runs
    settings: PlanSettings
    conditions: tuple[Condition, ...]
    rules: Rules

    @property
    def of_demand(self) -> list[int]:
        """The replications that the demand is taken from: each in a world of its own."""
        return [PAIR * run for run in range(self.settings.demand_runs)]

    @property
    def of_search(self) -> list[int]:
        """The replications that candidates are compared on."""
        return list(range(self.settings.search_runs))

    @property
    def of_judging(self) -> list[int]:
        """Fresh ones: other luck and other worlds than all that candidates were made from or chosen by."""
        used = max(self.of_demand[-1], self.of_search[-1]) + 1
        size = self.settings.judging_runs + self.settings.judging_runs % PAIR
        first = -(-used // size) * size
        return list(range(first, first + self.settings.judging_runs))

    @property
    def most(self) -> int:
        """Runs that the whole takes, at most."""
        settings, rules = self.settings, self.rules
        others = PRICED * settings.price_rules + len(HOURS) * settings.frontier
        judged = 2 + others + (settings.beside is not None)
        if settings.hindsight == EACH_DAY:
            days = math.ceil((rules.experiment.window.value - rules.changes_from) / DAY)
            search = (1 + others) * days * settings.demand_runs
        elif settings.hours == CHEAPEST:
            steps = 1 + sum(math.ceil(math.log2(len(levels))) for levels in (LEVELS, finer(LEVELS[-1])))
            search = (1 + steps * len(FEW_WEIGHTS)) * settings.search_runs
        else:
            search = (1 + len(WEIGHTS)) * settings.search_runs
        return settings.demand_runs + search + judged * settings.judging_runs

    def budget(self, rules: Rules, times: float = 1.0) -> float:
        """Paid hours, or EUR where the cheapest roster is looked for, of the shifts that may be changed."""
        template = rules.template
        prices = template.rates if self.by_cost else template.paid
        return times * float(prices[template.free] @ template.before[template.free])

    @property
    def by_cost(self) -> bool:
        """Is money counted, and not hours?"""
        return self.settings.hours == CHEAPEST

    def best(self, demand: Demand, before: Roster) -> Choice:
        """The best use of the same hours."""
        if self.settings.hindsight == EACH_DAY:
            return Choice(self.planned(self.rules, demand, UNSEEN, 1.0), UNSEEN, 1.0, True, None)
        candidates = self.candidates(demand, 1.0, WEIGHTS)
        rosters = {BEFORE: before, **{name: roster for name, (_, roster) in candidates.items()}}
        runs = self.runs.compare(rosters, self.of_search)
        study = self.runs.experiment.study
        name = best(runs, BEFORE, aims(self.runs.experiment)[0], study.margins.share.value)
        weights, roster = (UNSEEN, before) if name == BEFORE else candidates[name]
        return Choice(roster, weights, 1.0, True, runs)

    def cheapest(self, demand: Demand, before: Roster) -> Choice:
        """The cheapest roster with which everything holds that must, with the probability that is asked for.

        In wide steps of cost, then in narrow ones about the one that is found. Equal rosters run once.
        """
        import pandas as pd

        was = self.runs.compare({BEFORE: before}, self.of_search)
        found: dict[float, dict[str, tuple[Weights, Roster]]] = {}
        tables, shares = [was], dict[bytes, float]()

        def tried(level: float) -> dict[str, float]:
            try:
                found[level] = self.candidates(demand, level, FEW_WEIGHTS)
            except NoRosterError:
                if level == LEVELS[-1]:
                    raise
                return {"": 0.0}
            rosters = {name: roster for name, (_, roster) in found[level].items()}
            new = {name: roster for name, roster in rosters.items() if roster.people.tobytes() not in shares}
            if new:
                runs = self.runs.compare(new, self.of_search)
                tables.append(runs.assign(staffing=runs["staffing"] + f", {level:g} of the cost"))
                for name, part in runs.groupby("staffing", sort=False):
                    held_in = held(part, was, self.conditions)
                    shares[new[str(name)].people.tobytes()] = float(held_in.mean())
            return {name: shares[roster.people.tobytes()] for name, roster in rosters.items()}

        probability = self.settings.probability.value
        level, name, reached = cheapest(LEVELS, tried, probability)
        if reached:
            level, name, reached = cheapest(finer(level), tried, probability)
        weights, roster = found[level][name]
        return Choice(roster, weights, level, reached, pd.concat(tables, ignore_index=True))

    def candidates(self, demand: Demand, times: float, several: Sequence[Weights]) -> dict[str, tuple[Weights, Roster]]:
        """A roster for each of several weights at so many times the hours or the cost, equal ones once, by name."""
        found: dict[bytes, tuple[str, Weights, Roster]] = {}
        for weights in several:
            roster = self.planned(self.rules, demand, weights, times)
            found.setdefault(roster.people.tobytes(), (str(weights), weights, roster))
        return {name: (weights, roster) for name, weights, roster in found.values()}

    def around(self, demand: Demand, choice: Choice) -> dict[str, Roster]:
        """The plan under other rules, and with less and more hours, all covered with the weights of the plan."""
        ways: dict[str, tuple[Rules, float]] = {}
        if self.settings.price_rules:
            earlier = self.rules.earlier(EARLIER)
            if earlier.changes_from >= 0.0:
                ways[EARLIER_NAME] = earlier, choice.times
            ways[MORE_NAME] = self.rules.with_more(MORE), choice.times
        if self.settings.frontier:
            whole = 1.0 if self.rules.is_given else choice.times  # the hours before, or those of the plan
            ways |= {hours_name(times): (self.rules, times * whole) for times in HOURS}
        found: dict[str, Roster] = {}
        for name, (rules, times) in ways.items():
            with suppress(NoRosterError):  # fewer hours may not pay for the fewest people there must be
                found[name] = self.planned(rules, demand, choice.weights, times)
        if self.rules.is_given:
            return found
        plan = choice.roster.people.tobytes()  # more hours than people at once can work change nothing
        return {name: roster for name, roster in found.items() if roster.people.tobytes() != plan}

    def planned(self, rules: Rules, demand: Demand, weights: Weights, times: float) -> Roster:
        """The roster that covers the demand, or what is expected of it day by day."""
        budget, template = self.budget(rules, times), rules.template
        if self.settings.hindsight == EACH_DAY:
            return Roster(template, self.each_day(rules, budget))
        return Roster(template, rules.covered(demand, weights, budget, self.by_cost))

    def each_day(self, rules: Rules, budget: float) -> People:
        """A roster without hindsight: day by day, the next 24 hours planned from what was seen by then."""
        template = rules.template
        people, left, free, now = template.before.copy(), budget, template.free.copy(), rules.changes_from
        starts = np.array([slot.start for slot in template.slots])
        while free.any():
            seen = self.runs.demand(Roster(template, people), self.of_demand)
            expected = seen.foreseen(now, self.settings.fades.value)
            tomorrow = free & (starts < now + DAY)
            people[tomorrow] = rules.filled(expected, UNSEEN, left, people, free)[tomorrow]
            left -= float(template.paid[tomorrow] @ people[tomorrow])
            free &= ~tomorrow
            now += DAY
        return people


def beside_of(experiment: Experiment, settings: PlanSettings, rules: Rules) -> dict[str, Roster]:
    """The roster of the staffing model that is judged beside the plan, in whole people; none where none is named."""
    if settings.beside is None:
        return {}
    other = experiment.staffing[settings.beside]
    if rules.desk not in other.desks:
        raise BadInput("plan.beside", settings.beside, f"has no desk {rules.desk}")
    template = template_of(experiment, settings.beside, rules.desk, rules.starts, rules.length, rules.changes_from)
    return {BESIDE: Roster(template, template.before)}
