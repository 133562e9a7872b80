"""insourcing: before and after at equal paid hours, and the steps of the map."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd
import pytest

from caresim.config.compose import compose
from caresim.measure.metrics import measure
from caresim.scenario.roster import build, pay
from caresim.scenario.run import run
from caresim.tasks.compare.sweep.boundary import signs
from caresim.tasks.compare.sweep.figures import save_sweep

LEVELS = ("none", "as_found", "double", "triple", "all_new")
REPLICATIONS = range(3)


@lru_cache(maxsize=16)
def insourcing(level: str = "as_found", posts: str = "10 posts/h"):
    return compose(
        [
            "experiment=insourcing",
            f"staff/unevenness@staff.call_center_agent={level}",
            f"population.cohorts.authors.onset.per_hour='{posts}'",
        ]
    )


@lru_cache(maxsize=64)
def metrics(level: str, posts: str, staffing: str, replication: int) -> dict[str, float]:
    return measure(run(insourcing(level, posts), staffing, replication))


def gain(level: str, posts: str, metric: str) -> float:
    """Mean of customer service less social team."""
    pairs = [
        [metrics(level, posts, name, r)[metric] for name in ("customer_service", "social_team")] for r in REPLICATIONS
    ]
    return float(np.mean(np.array(pairs) @ [1.0, -1.0]))


@pytest.mark.parametrize("staffing", ["customer_service", "customer_service_trained"])
def test_all_cost_the_same_with_turnover_and_training(staffing):
    """To the rounding of heads: half a person's shift of eight hours."""
    experiment = insourcing()
    rosters = {name: build(experiment, name) for name in ("social_team", staffing)}
    costs = {
        name: sum(
            pay(experiment, desk, roster)
            for desk, roster in zip(experiment.staffing[name].desks.values(), rosters[name], strict=True)
        )
        for name in rosters
    }
    assert costs[staffing] == pytest.approx(costs["social_team"], rel=1e-9)


def test_whose_people_leave_pays_for_those_who_come():
    """37.5 % a year at 9,000 EUR over 1,607 hours: 2.10 EUR an hour."""
    desk = insourcing().staffing["customer_service"].desks["phone"]
    assert desk.cost_of_an_hour - desk.cost_per_hour.value == pytest.approx(2.10, abs=0.005)
    trained = insourcing().staffing["customer_service_trained"].desks["phone"]
    assert trained.cost_of_an_hour < desk.cost_of_an_hour


def test_training_makes_answers_better_for_the_same_money():
    pairs = [
        [
            metrics("as_found", "10 posts/h", name, r)["bad_answers"]
            for name in ("customer_service_trained", "customer_service")
        ]
        for r in REPLICATIONS
    ]
    assert np.mean(np.array(pairs) @ [1.0, -1.0]) < 0


@pytest.mark.parametrize("level", LEVELS)
def test_a_step_of_the_map_sets_what_is_uneven_and_makes_it_certain(level):
    agents = insourcing(level).staff["call_center_agent"]
    share = {"none": 0.0, "as_found": 0.13, "double": 0.26, "triple": 0.39, "all_new": 1.0}[level]
    assert agents.novices.value == share
    for trait in (agents.novices, agents.quality_spread):
        assert not trait.uncertain
    assert insourcing(level).staffing["customer_service"].desks["phone"].novices.value == share
    assert insourcing(level).staffing["social_team"].desks["social"].novices.value == 0


def test_the_steps_rise():
    traits = [insourcing(level).staff["call_center_agent"] for level in LEVELS]
    for name in ("novices", "quality_spread"):
        values = [getattr(agents, name).value for agents in traits]
        assert values == sorted(values)
        assert len(set(values)) >= 4


def test_with_few_posts_the_call_centre_satisfies_more_though_uneven():
    assert gain("as_found", "5 posts/h", "csat") > 0
    assert gain("as_found", "5 posts/h", "resolved") > 0


def test_posts_that_are_answered_first_come_out_of_the_telephone():
    """At equal hours: the more posts, the fewer calls are answered than before."""
    few, many = (gain("as_found", posts, "phone_answered") for posts in ("5 posts/h", "40 posts/h"))
    assert many < few < 0


def test_a_call_centre_of_novices_satisfies_less_than_one_without():
    even, new = (
        np.mean([metrics(level, "15 posts/h", "customer_service", r)["csat"] for r in REPLICATIONS])
        for level in ("none", "all_new")
    )
    assert new < even


def test_the_map_tells_a_certain_sign_from_an_open_one(tmp_path):
    cells = [
        ("even", 5, 0.2, 0.1, 0.3),
        ("even", 40, -0.2, -0.3, -0.1),
        ("new", 5, 0.1, -0.1, 0.3),
        ("new", 40, -0.1, -0.3, 0.1),
    ]
    rows = [
        {
            "job": "a", "unevenness": level, "per_hour": posts, "staffing": staffing, "metric": "csat",
            "against": "before", "margin": 0.1,
            "unit": "score 1-5",
            "mean": 4.0, "ci_low": 3.9, "ci_high": 4.1, "replications": 32, "headline": True, "verdict": "undecided",
            "difference": value if staffing == "after" else np.nan,
            "difference_ci_low": low, "difference_ci_high": high,
            "difference_luck_low": low, "difference_luck_high": high, "verdict_detail": "undecided",
        }
        for level, posts, value, low, high in cells
        for staffing in ("before", "after")
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    assert signs(table)["sign"].tolist() == [1, -1, 0, 0]
    save_sweep(table, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} >= {"map.png", "map.svg", "map.csv", "sweep.png"}
    assert signs(table[table["unevenness"] == "even"]).empty  # one key is a line, no map
