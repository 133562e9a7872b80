"""Days that would fall short count for more, until what must hold on them does with the hours that there are."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from benchmarks import plan as tokyo

import caresim
from caresim.config.errors import BadInput
from caresim.tasks.plan.demand import Demand, edges_of
from caresim.tasks.plan.emphasis import Emphasis
from caresim.tasks.plan.measures import DAY, condition_of
from caresim.tasks.plan.needs import Need, Needing
from caresim.tasks.plan.parts import Parts
from caresim.tasks.plan.planning import SPREAD_WEIGHTS, UNSEEN, Planner
from caresim.tasks.plan.rules import rules_of
from caresim.tasks.plan.runs import Roster
from caresim.tasks.plan.words import condition_words

RUNS = 4
MEASURE, AIM = "ordinary_answered", "useful_60"


@pytest.fixture(scope="module")
def rules():
    changes = 'plan.changes_from="2011-03-11 14:30 Europe/Paris"'
    experiment = caresim.load(*tokyo.WORDS, changes)
    return rules_of(experiment, experiment.setting("plan"))


def needing(rules, condition: str) -> Needing:
    """Of a desk that answers everybody on a day with as many hours as before, and in proportion with fewer.

    The work comes on the first three days: the covering takes the hours there, if nobody stops it.
    """
    edges = edges_of(rules.experiment.window.value)
    starts = edges[:-1]
    busy, zeros = np.where(starts < 3 * 1440.0, 24.0, 12.0), np.zeros(len(starts))
    demand = Demand(edges, busy * np.diff(edges), zeros, zeros, zeros, zeros)

    def days(there):
        groups = blank.groups(DAY, rules.experiment)
        return np.bincount(groups, weights=there)[groups]

    def told(roster):
        share = np.minimum(1.0, days(found.there(roster)) / days(found.there(before)))
        return {"starts": starts.tolist(), MEASURE: [(10.0 * share).tolist(), np.full(len(starts), 10.0).tolist()]}

    def play(rosters, replications):
        rows = [
            {"staffing": name, "replication": n, "draw": n, "parts": told(roster)}
            for name, roster in rosters.items()
            for n in replications
        ]
        return pd.DataFrame(rows)

    before = Roster(rules.template, rules.template.before)
    come = np.full((RUNS, len(starts)), 10.0)
    blank = Parts(starts, {MEASURE: come}, {MEASURE: come}, np.arange(RUNS))
    found = Needing(rules, demand, (condition_of(condition),), False, UNSEEN, play, range(RUNS), blank)
    return found


def budget(rules) -> float:
    free = rules.template.free
    return float(rules.template.paid[free] @ rules.template.before[free])


def shares(looks: Needing, roster: Roster) -> np.ndarray:
    """Of the hours before that each day has."""
    _, (now,) = looks.played({"one": roster}, range(RUNS))
    return now.tops[MEASURE][0] / 10.0


def test_the_hours_are_moved_back_until_every_day_holds(rules) -> None:
    looks = needing(rules, f"{MEASURE} >= before - 20 % {DAY}")
    spread = Emphasis(looks, budget(rules), None)
    for one in spread.nearest(SPREAD_WEIGHTS):
        plain = spread.roster(one.weights, np.ones_like(one.emphasis))
        assert shares(looks, plain).min() < 0.8
        assert one.lacks <= 0.0
        assert shares(looks, one.roster).min() >= 0.8
        free = rules.template.free
        assert rules.template.paid[free] @ one.roster.people[free] <= budget(rules) + 1e-6
        assert one.emphasis[0] == 1.0  # the first days count for what they are worth
        assert one.emphasis[-1] > 1.0


def test_where_no_spread_does_the_nearest_is_given(rules) -> None:
    looks = needing(rules, f"{MEASURE} >= before + 5 % {DAY}")
    spread = Emphasis(looks, budget(rules), None)
    for one in spread.nearest(SPREAD_WEIGHTS):
        plain = spread.roster(one.weights, np.ones_like(one.emphasis))
        assert one.lacks > 0.0
        assert shares(looks, one.roster).min() >= shares(looks, plain).min()


def test_a_condition_may_ask_for_more_or_less_than_before() -> None:
    less = condition_of(f"ordinary_answered >= before - 2 % {DAY}")
    assert (less.value, less.more, less.each) == (None, -0.02, DAY)
    assert less.holds(0.79, 0.8)
    assert not less.holds(0.77, 0.8)
    assert condition_words(less).endswith("at least as before less 2 points on every day")
    more = condition_of("phone_asa <= before + 5")
    assert more.holds(24.0, 20.0)
    assert condition_words(more).endswith("at most as before plus 5 s")


def test_a_day_that_cannot_be_mended_does_not_hide_the_others(rules) -> None:
    """Saturday must have more than all hours there are; a spread that starves the other days is no nearer to that."""
    looks = needing(rules, f"{MEASURE} >= before {DAY}")
    spread = Emphasis(looks, budget(rules), None)
    plain = spread.roster(SPREAD_WEIGHTS[0], np.ones(len(looks.demand.edges) - 1))
    _, (now,) = looks.played({"plain": plain}, range(RUNS))
    _, lacks = spread.shortfalls(now)
    assert lacks > now.groups(DAY, rules.experiment).max() * 0.05  # all the late days, not the worst of them
    assert lacks > 1.0 - shares(looks, plain).min()
    found = spread.nearest(SPREAD_WEIGHTS[:1])[0]
    assert found.lacks < lacks


def test_more_than_before_may_take_more_people_than_before(rules) -> None:
    """In a half hour, as the roster before meets a bound that asks for no more than it has."""
    for bound, allowed in (("before", False), ("before - 2 %", False), ("before + 5 %", True)):
        condition = f"{MEASURE} >= {bound} in every half hour"
        assert condition_of(condition).is_met_before is not allowed
        looks = needing(rules, condition)
        before = Roster(rules.template, rules.template.before)
        _, (now,) = looks.played({"before": before}, range(RUNS))
        asked = looks.asked(now, Need(looks.there(before), before), 0.0)
        assert (asked is not None and bool((asked > looks.there(before)).any())) is allowed
    assert condition_of("phone_asa <= before + 5").is_met_before
    assert not condition_of("phone_asa <= before - 5").is_met_before


def frame(**aims: float) -> pd.DataFrame:
    rows = [
        {"staffing": name, "draw": n, "replication": n, AIM: aim, "ordinary_days": [0.9]}
        for name, aim in aims.items()
        for n in range(RUNS)
    ]
    return pd.DataFrame(rows)


@pytest.mark.parametrize(
    ("good", "nearest", "taken"),
    [
        (["before", "day"], [], "before"),  # it holds, and has more of the aim
        (["day"], [], "day"),  # before does not hold
        (["day", "plain"], [], "plain"),
        ([], ["day"], "day"),  # nothing holds: what comes nearest
        ([], [], "plain"),
    ],
)
def test_what_holds_goes_before_what_has_more_of_the_aim(rules, good, nearest, taken) -> None:
    runs = frame(before=0.60, day=0.58, plain=0.65)
    experiment = rules.experiment
    task = Planner(SimpleNamespace(experiment=experiment), experiment.setting("plan"), (), rules)
    assert task.taken(runs, good, nearest) == taken


@pytest.mark.parametrize("bound", ["before - 2", "before -", "before * 2 %", "before - 2 % - 1 %", "beforehand"])
def test_what_cannot_be_read_is_refused(bound: str) -> None:
    with pytest.raises(BadInput, match="or the word before, or before - 2 %; behind it may stand"):
        condition_of(f"ordinary_answered >= {bound}")
