"""Metrics of persons: counted by hand from the rows of real runs, and what must hold whatever the run."""

from __future__ import annotations

import math

import numpy as np
import pytest

import caresim

WORDS = ("population.scale=0.05", "record=all", "replications=1")


@pytest.fixture(scope="module", params=["tokyo", "compiegne"])
def run(request):
    """An experiment, a run of its baseline, and one row a passenger with the earliest moment of any operator."""
    scale = WORDS if request.param == "tokyo" else WORDS[1:]
    experiment = caresim.load(f"experiment={request.param}", *scale)
    outcome = caresim.simulate(experiment)
    rows = outcome.passengers
    first = rows.groupby("passenger").agg(
        affected=("affected_min", "first"),
        help=("first_help_min", "min"),
        news=("first_news_min", "min"),
        reply=("first_response_min", "min"),
        resolved=("resolved_min", "min"),
        outcome=("outcome", "first"),
        ordinary=("ordinary", "first"),
    )
    window = experiment.window.value
    inside = (first["affected"] >= 0) & (first["affected"] < window)
    return outcome, first[inside & (first["outcome"] != "unaware")]


def since(people, what):
    return people[what] - people["affected"]


def test_help_reply_and_news_are_counted_by_person_from_being_affected(run):
    outcome, people = run
    crisis = people[~people["ordinary"]]
    needy = crisis[crisis["outcome"] != "no_need"]
    metrics = outcome.metrics
    assert metrics["useful_15"] == pytest.approx((since(needy, "help") <= 15).mean(), rel=1e-12)
    assert metrics["useful_60"] == pytest.approx((since(needy, "help") <= 60).mean(), rel=1e-12)
    only = ~(since(needy, "help") <= 60) & (since(needy, "reply") <= 60)
    assert metrics["acknowledged_60"] == pytest.approx(only.mean(), rel=1e-12)
    assert metrics["informed_30"] == pytest.approx((since(crisis, "news") <= 30).mean(), rel=1e-12)


def test_who_was_resolved_within_a_day_is_counted_where_everybody_was_seen_for_so_long(run):
    outcome, people = run
    needy = people[~people["ordinary"] & (people["outcome"] != "no_need")]
    soon = (needy["outcome"] == "resolved") & (since(needy, "resolved") <= 1440)
    drain = outcome.run.experiment.drain.value
    found = outcome.metrics["resolved_24h"]
    assert math.isnan(found) if drain < 1440 else found == pytest.approx(soon.mean(), rel=1e-12)


def test_ordinary_customers_are_counted_and_the_closed_door_is_no_answer(run):
    outcome, people = run
    ordinary = people[people["ordinary"]]
    found = outcome.metrics["ordinary_answered"], outcome.metrics["ordinary_wait"]
    if not len(ordinary):
        assert all(map(math.isnan, found))
        return
    waits = since(ordinary, "reply")
    assert found[0] == pytest.approx(waits.notna().mean(), rel=1e-12)
    assert found[1] == pytest.approx(60 * waits.mean(), rel=1e-9)


def test_help_comes_no_later_than_anything_that_helps(run):
    outcome, _ = run
    rows = outcome.passengers
    for what in ("first_useful_min", "resolved_min"):
        there = rows[rows[what].notna() & (rows["outcome"] != "gave_up") & (rows["outcome"] != "missed")]
        assert (there["first_help_min"] <= there[what]).all()
    assert (rows["first_help_min"].dropna() >= rows.loc[rows["first_help_min"].notna(), "affected_min"]).all()


def test_before_anything_is_known_nobody_is_informed_and_empty_words_help_nobody():
    """No facts, no notices, desks that cannot act: replies there are, and nothing in them."""
    words = (
        "experiment=tokyo",
        "population.scale=0.02",
        "only=[social_team]",
        "~staffing.notices_first",
        "replications=1",
    )
    nothing = caresim.load(*words)
    facts = [f"~disruption.facts.{name}" for name in nothing.disruption.facts]
    notices = [f"~disruption.notices.{name}" for name in nothing.disruption.notices]
    desks = [
        f"staffing.social_team.desks.{name}.{power}=false"
        for name in nothing.staffing["social_team"].desks
        for power in ("rebooks", "refunds", "assists", "waitlists")
    ]
    outcome = caresim.simulate(caresim.load(*words, *facts, *notices, *desks))
    assert outcome.metrics["informed_30"] == 0.0
    replied = outcome.passengers[(outcome.passengers["replies"] > 0) & ~outcome.passengers["ordinary"]]
    assert len(replied) > 50
    by_reply = replied[replied["resolved_min"].isna()]
    assert np.isnan(by_reply["first_help_min"]).all()


def test_an_earlier_notice_never_helps_fewer_within_the_hour():
    words = ("experiment=tokyo", "population.scale=0.1", "replications=1")
    found = caresim.load(*words, "only=[social_team,notices_first]")
    late, early = (caresim.simulate(found, name).metrics for name in ("social_team", "notices_first"))
    assert early["informed_30"] > late["informed_30"]
    assert early["useful_60"] >= late["useful_60"]
