"""A plan, step by step: the demand, the rosters that cover it, the best of them, and what it is worth on fresh luck."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from caresim.config import price
from caresim.config.errors import BadInput
from caresim.run.progress import Nobody, Watch
from caresim.run.uncertain import PAIR
from caresim.tasks.plan.covering import NoRosterError
from caresim.tasks.plan.emphasis import ROUNDS as MOST_ROUNDS
from caresim.tasks.plan.emphasis import Emphasis, Spread
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
from caresim.tasks.plan.measures import DAY as ON_EVERY_DAY
from caresim.tasks.plan.measures import aims, condition_of, wanted
from caresim.tasks.plan.needs import FEW, ROUNDS, Need, Needing
from caresim.tasks.plan.parts import Parts, holds_by, parts_of
from caresim.tasks.plan.result import Choice, Plan
from caresim.tasks.plan.rules import Rules, Weights, rules_of
from caresim.tasks.plan.runs import Roster, Runs
from caresim.tasks.plan.search import LEVELS, best, cheapest, finer, held
from caresim.tasks.plan.settings import CHEAPEST, EACH_DAY, PlanSettings
from caresim.tasks.plan.sparing import LEAN, Sparing
from caresim.tasks.plan.template import template_of

if TYPE_CHECKING:
    import pandas as pd

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
SPREAD_WEIGHTS = tuple(weights for weights in FEW_WEIGHTS if weights.least_worth < 1.0)
"""Those with which days are made to count for more: where all answers are alike, the first days take turns."""
UNSEEN = Weights(2.0, 1.0)
"""What each day is planned with from what was seen: the convention of square-root staffing, and all answers alike."""
PRICED = 2
"""Rules that are moved to say what they are worth."""
NEVER = "takes more than the {} people at once, or other shifts; write more in plan.most_people, or ask for less"


def plan(experiment: Experiment, store: Store, watch: Watch | None = None) -> Plan:
    """Plan one desk of one staffing model as the key `plan` says. BadInput for rules that no roster keeps to."""
    started = time.perf_counter()
    settings: PlanSettings = experiment.setting("plan")
    conditions = tuple(condition_of(text) for text in settings.must)
    if not aims(experiment):
        raise BadInput("study.headline", list(experiment.study.headline), "names no measure of which more is better")
    rules = rules_of(experiment, settings)
    beside = beside_of(experiment, settings, rules)
    parted = tuple(dict.fromkeys(condition.measure for condition in conditions if condition.each))
    runs = Runs(experiment, store, watch or Nobody(), wanted(experiment, conditions), parted)
    task = Planner(runs, settings, conditions, rules)
    price.check(experiment, runs=task.most)
    task.runs.watch.expect(task.most)
    before = Roster(rules.template, rules.template.before)
    demand = task.runs.demand(before, task.of_demand)
    try:
        choice = task.cheapest(demand, before) if settings.hours == CHEAPEST else task.best(demand, before)
    except NoRosterError:
        if task.of_floors:
            told = "; ".join(condition.text for condition in task.of_floors)
            raise BadInput("plan.must", told, NEVER.format(rules.most)) from None
        allowed = "the paid hours do not pay for so many at all hours; write less"
        raise BadInput("plan.at_least", settings.at_least.text, allowed) from None
    rosters = {BEFORE: before, PLAN: choice.roster, **beside, **task.around(demand, choice)}
    judged, half_hours = split(task.runs.compare(rosters, task.of_judging, (BEFORE, PLAN)), (BEFORE, PLAN))
    judged, parts = task.parts(judged)
    spent = {"plan_s": time.perf_counter() - started}
    return Plan(
        experiment, settings, rules, demand, choice, conditions, rosters, judged, half_hours, parts, task.most, spent
    )


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
        elif settings.hours == CHEAPEST and self.of_parts and not self.of_runs:
            search = LEAN * settings.search_runs
        elif settings.hours == CHEAPEST:
            steps = 1 + sum(math.ceil(math.log2(len(levels))) for levels in (LEVELS, finer(LEVELS[-1])))
            search = (1 + steps * len(FEW_WEIGHTS)) * settings.search_runs
        else:
            search = (1 + len(WEIGHTS)) * settings.search_runs
        if self.of_floors and settings.hindsight != EACH_DAY:
            search += settings.search_runs + ROUNDS * (FEW + settings.search_runs)
        if self.of_days and settings.hindsight != EACH_DAY:
            search += settings.search_runs * (1 + (MOST_ROUNDS + 1) * len(SPREAD_WEIGHTS))
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

    @property
    def of_parts(self) -> tuple[Condition, ...]:
        """What must hold on every day or in every half hour."""
        return tuple(condition for condition in self.conditions if condition.each)

    @property
    def of_days(self) -> tuple[Condition, ...]:
        """Those of days, where the hours that there are have to do: days on which they must do more count for more."""
        same = self.settings.hours != CHEAPEST
        return tuple(condition for condition in self.of_parts if same and condition.each == ON_EVERY_DAY)

    @property
    def of_floors(self) -> tuple[Condition, ...]:
        """Those that people are asked for by the half hour for."""
        return tuple(condition for condition in self.of_parts if condition not in self.of_days)

    @property
    def of_runs(self) -> tuple[Condition, ...]:
        """What must hold over the whole window, run by run."""
        return tuple(condition for condition in self.conditions if not condition.each)

    def parts(
        self, runs: pd.DataFrame, rosters: Sequence[str] = (BEFORE, PLAN)
    ) -> tuple[pd.DataFrame, dict[str, Parts]]:
        """The runs without what was counted by half hour, and that of some rosters."""
        if "parts" not in runs:
            return runs, {}
        return runs.drop(columns="parts"), {name: Parts.of(runs[runs["staffing"] == name]) for name in rosters}

    def needing(self, demand: Demand, was: Parts, conditions: tuple[Condition, ...]) -> Needing:
        """Who looks for what days and half hours need."""
        return Needing(
            self.rules, demand, conditions, self.by_cost, UNSEEN, self.runs.compare, self.of_search, was,
        )  # fmt: skip

    def needed(self, demand: Demand, before: Roster) -> tuple[Need, Parts] | None:
        """The people that days and half hours need, and what they had before; None where none are asked for."""
        if not self.of_floors:
            return None
        was = self.had(before)
        return self.needing(demand, was, self.of_floors).found(), was

    def had(self, before: Roster) -> Parts:
        """What days and half hours had before, in the search."""
        return Parts.of(self.runs.compare({BEFORE: before}, self.of_search))

    def spread(self, demand: Demand, before: Roster, floors: People | None) -> dict[str, Spread]:
        """By name, rosters for which days count for more that would fall short; the nearest to what must hold first."""
        if not self.of_days:
            return {}
        needing = self.needing(demand, self.had(before), self.of_days)
        found = Emphasis(needing, self.budget(self.rules), floors).nearest(SPREAD_WEIGHTS)
        nearest = sorted((one for one in found if one.emphasis.max() > 1.0), key=lambda one: one.lacks)
        return {f"{one.weights}, days that fall short count for more": one for one in nearest}

    def holding(
        self, runs: pd.DataFrame, was: pd.DataFrame, parts: Mapping[str, Parts], had: Parts | None
    ) -> list[str]:
        """The candidates with which everything holds that must."""
        found = []
        for name, part in runs.groupby("staffing", sort=False):
            share = float(held(part, was, self.of_runs).mean())
            if share >= self.settings.probability.value and (had is None or self.all_hold(parts[str(name)], had)):
                found.append(str(name))
        return found

    def all_hold(self, now: Parts, had: Parts) -> bool:
        """Does everything hold in the search that must on every day or in every half hour?"""
        return all(
            holds_by(part, condition)
            for condition in self.of_parts
            for part in parts_of(condition, now, had, self.runs.experiment)
        )

    def best(self, demand: Demand, before: Roster) -> Choice:
        """The best use of the same hours, of those with which everything holds that must, if there are any."""
        if self.settings.hindsight == EACH_DAY:
            return Choice(self.planned(self.rules, demand, UNSEEN, 1.0), UNSEEN, 1.0, True, None)
        need = self.needed(demand, before)
        floors = None if need is None else need[0].floors
        try:
            candidates = self.candidates(demand, 1.0, WEIGHTS, floors)
        except NoRosterError:  # the hours do not pay for what half hours need
            if floors is None:
                raise
            candidates, floors = self.candidates(demand, 1.0, WEIGHTS), None
        spread = self.spread(demand, before, floors)
        candidates |= {name: (one.weights, one.roster) for name, one in spread.items()}
        rosters = {BEFORE: before, **{name: roster for name, (_, roster) in candidates.items()}}
        runs, parts = self.parts(self.runs.compare(rosters, self.of_search), tuple(rosters))
        good = self.holding(runs, runs[runs["staffing"] == BEFORE], parts, parts.get(BEFORE)) if self.conditions else []
        name = self.taken(runs, good, list(spread)[:1])
        weights, roster = (UNSEEN, before) if name == BEFORE else candidates[name]
        emphasis = spread[name].emphasis if name in spread else None
        return Choice(roster, weights, 1.0, not self.conditions or name in good, runs, floors, emphasis, name)

    def taken(self, runs: pd.DataFrame, good: Sequence[str], nearest: Sequence[str]) -> str:
        """The best of those with which all holds (`good`), else of those that come `nearest`, else of all.

        The roster before itself, where that has more of the aim, unless what must hold does not hold with it.
        """
        experiment = self.runs.experiment
        aim, margin = aims(experiment)[0], experiment.study.margins.share.value
        allowed = [name for name in good if name != BEFORE] or list(nearest)
        among = runs[runs["staffing"].isin({BEFORE, *allowed})] if allowed else runs
        name = best(among, BEFORE, aim, margin)
        if name == BEFORE and allowed and BEFORE not in good:
            means = runs.groupby("staffing", sort=False)[aim].mean()
            return max(allowed, key=lambda one: float(means[one]))
        return name

    def cheapest(self, demand: Demand, before: Roster) -> Choice:
        """The cheapest roster with which everything holds that must, with the probability that is asked for.

        In wide steps of cost, then in narrow ones about the one that is found. Equal rosters run once.
        """
        import pandas as pd

        need = self.needed(demand, before)
        if need is not None and not self.of_runs:
            return self.leanest(need[0], self.needing(demand, need[1], self.of_floors))
        floors = None if need is None else need[0].floors
        was, had = self.parts(self.runs.compare({BEFORE: before}, self.of_search), (BEFORE,))
        found: dict[float, dict[str, tuple[Weights, Roster]]] = {}
        tables, shares = [was], dict[bytes, float]()

        def tried(level: float) -> dict[str, float]:
            try:
                found[level] = self.candidates(demand, level, FEW_WEIGHTS, floors)
            except NoRosterError:
                if level == LEVELS[-1]:
                    raise
                return {"": 0.0}
            rosters = {name: roster for name, (_, roster) in found[level].items()}
            new = {name: roster for name, roster in rosters.items() if roster.people.tobytes() not in shares}
            if new:
                runs, parts = self.parts(self.runs.compare(new, self.of_search), tuple(new))
                tables.append(runs.assign(staffing=runs["staffing"] + f", {level:g} of the cost"))
                for name, part in runs.groupby("staffing", sort=False):
                    share = float(held(part, was, self.of_runs).mean())
                    if parts and not self.all_hold(parts[str(name)], had[BEFORE]):
                        share = 0.0
                    shares[new[str(name)].people.tobytes()] = share
            return {name: shares[roster.people.tobytes()] for name, roster in rosters.items()}

        probability = self.settings.probability.value
        level, name, reached = cheapest(LEVELS, tried, probability)
        if reached:
            level, name, reached = cheapest(finer(level), tried, probability)
        weights, roster = found[level][name]
        return Choice(roster, weights, level, reached, pd.concat(tables, ignore_index=True), floors)

    def leanest(self, need: Need, needing: Needing) -> Choice:
        """The cheapest roster that days and half hours need, where nothing else must hold."""
        import pandas as pd

        if need.roster is None:
            raise NoRosterError("what must hold in some half hour takes more people than may be there")
        if need.holds:
            need = Sparing(needing).spared(need)
        assert need.roster is not None
        template = self.rules.template
        prices = (template.rates if self.by_cost else template.paid)[template.free]
        times = float(prices @ need.roster.people[template.free]) / self.budget(self.rules)
        return Choice(need.roster, UNSEEN, times, need.holds, pd.concat(need.tables, ignore_index=True), need.floors)

    def candidates(
        self, demand: Demand, times: float, several: Sequence[Weights], floors: People | None = None
    ) -> dict[str, tuple[Weights, Roster]]:
        """A roster for each of several weights at so many times the hours or the cost, equal ones once, by name."""
        found: dict[bytes, tuple[str, Weights, Roster]] = {}
        for weights in several:
            roster = self.planned(self.rules, demand, weights, times, floors)
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
        demand = demand if choice.emphasis is None else demand.emphasised(choice.emphasis)
        for name, (rules, times) in ways.items():
            with suppress(NoRosterError):  # fewer hours may not pay for the fewest people there must be
                found[name] = self.planned(rules, demand, choice.weights, times, choice.floors)
        if self.rules.is_given:
            return found
        plan = choice.roster.people.tobytes()  # more hours than people at once can work change nothing
        return {name: roster for name, roster in found.items() if roster.people.tobytes() != plan}

    def planned(
        self, rules: Rules, demand: Demand, weights: Weights, times: float, floors: People | None = None
    ) -> Roster:
        """The roster that covers the demand, or what is expected of it day by day."""
        budget, template = self.budget(rules, times), rules.template
        if self.settings.hindsight == EACH_DAY:
            return Roster(template, self.each_day(rules, budget))
        return Roster(template, rules.covered(demand, weights, budget, self.by_cost, floors))

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
