"""What experiments/README.md and docs/cases.md conclude of each case holds of a run with its defaults."""

from __future__ import annotations

from functools import cache

import pytest
from tests.support.readme_table import Reading, played

import caresim


@cache
def reading(experiment: str) -> Reading:
    return Reading(caresim.compare(caresim.load(f"experiment={experiment}", "record=none")))


def gain(experiment: str, staffing: str, metric: str) -> float:
    run = reading(experiment)
    return run.mean(staffing, metric) - run.mean(run.baseline, metric)


def test_in_tokyo_a_planned_centre_helps_more_and_only_the_waiver_settles_more() -> None:
    run = Reading(played())
    for name in ("call_center_24_7", "main_channels_first", "hybrid", "notice_and_waiver_friday"):
        assert run.verdict(name, "useful_60") == "better"
    settled = [name for name in run.models[1:] if run.verdict(name, "resolved_in_time") == "better"]
    assert settled == ["notice_and_waiver_friday"]
    for name in ("call_center_24_7", "main_channels_first", "hybrid"):
        assert run.verdict(name, "csat_all") != "better"  # not under both laws
    hung_up = {name: run.mean(name, "ordinary_abandonment") for name in run.models}
    assert 1.3 < hung_up["call_center_24_7"] / hung_up["social_team"] < 1.6
    assert run.verdict("main_channels_first", "ordinary_abandonment") == "no difference"


def test_in_tokyo_people_on_call_help_fewer_and_an_assistant_no_more() -> None:
    run = Reading(played())
    assert run.mean("people_on_call", "useful_60") < run.mean("call_center_24_7", "useful_60")
    assert run.mean("people_on_call", "paid_hours") > 1.1 * run.mean("call_center_24_7", "paid_hours")
    assert run.verdict("assistant_first", "useful_60") == "no difference"
    assert run.verdict("assistant_first", "phone_first_60") == "worse"


def test_in_compiegne_news_reaches_everybody_and_desks_those_with_a_need() -> None:
    run = reading("compiegne")
    informing = ("manager_informs", "railway_tells_airline")
    desks = [name for name in run.models if name not in (run.baseline, *informing)]
    assert run.verdict("manager_informs", "csat_all") == "better"
    for name in desks:
        assert gain("compiegne", name, "csat_all") < 0.1
        assert run.verdict(name, "csat_all") != "better"
    rises = {name: gain("compiegne", name, "csat") for name in desks}
    whole = rises["everybody_like_air_france"]
    assert max(rises, key=lambda name: rises[name]) == "everybody_like_air_france"
    assert rises["sncf_with_access"] > whole / 2
    assert rises["club_med_answers"] > whole / 3
    assert rises["sncf_around_the_clock"] < whole / 8
    for name in ("everybody_like_air_france", "sncf_with_access", "club_med_answers"):
        assert run.verdict(name, "csat") == "better"


def test_in_compiegne_the_desks_settle_matters_and_no_ordinary_customer_pays() -> None:
    run = reading("compiegne")
    assert run.mean("as_it_was", "resolved_in_time") < 0.35
    assert run.mean("everybody_like_air_france", "resolved_in_time") > 0.7
    for name in run.models:
        assert gain("compiegne", name, "ordinary_answered") >= 0
    for name in ("sncf_around_the_clock", "everybody_like_air_france"):
        assert run.mean(name, "ordinary_answered") > 0.98


@pytest.mark.parametrize("staffing", ["messenger_day_and_night", "all_day_and_night"])
def test_the_messenger_is_paid_for_by_those_who_would_phone(staffing: str) -> None:
    run = reading("messenger")
    for metric in ("csat", "useful_60", "resolved_in_time", "ordinary_answered"):
        assert run.verdict(staffing, metric) == "better"
    assert run.verdict(staffing, "phone_first_60") == "worse"


def test_insourcing_is_paid_for_by_those_who_would_phone() -> None:
    run = reading("insourcing")
    for metric in ("csat", "useful_60", "social_first_60"):
        assert run.verdict("customer_service", metric) == "better"
    assert run.verdict("customer_service", "phone_first_60") in ("worse", "undecided")
    assert gain("insourcing", "customer_service", "phone_first_60") < 0
    assert run.verdict("customer_service", "bad_answers") == "no difference"


@pytest.mark.parametrize(("people", "posts"), [("as_found", 160), ("all_new", 40)])
def test_insourcing_has_no_boundary_where_the_page_says_so(people: str, posts: int) -> None:
    words = (
        f"staff/unevenness@staff.call_center_agent={people}",
        f"population.cohorts.authors.onset.per_hour={posts} posts/h",
        "only=[social_team,customer_service]",
    )
    run = Reading(caresim.compare(caresim.load("experiment=insourcing", "record=none", "replications=16", *words)))
    assert run.verdict("customer_service", "csat") == "better"
    assert run.verdict("customer_service", "phone_first_60") == "worse"


def test_insourcing_with_training_gives_fewer_bad_answers_and_pleases_nobody_more() -> None:
    run = reading("insourcing")
    found, trained = ("customer_service", "customer_service_trained")
    assert run.verdict(trained, "bad_answers") == "undecided"
    assert run.comparison[trained, "bad_answers"].ci_high < 0
    assert run.mean(trained, "agent_sd") < 0.85 * run.mean(found, "agent_sd") < run.mean("social_team", "agent_sd") / 5
    for metric, least in (("csat", 0.02), ("useful_60", 0.01)):
        assert abs(run.mean(trained, metric) - run.mean(found, metric)) < least
    assert abs(run.mean(trained, "cost") / run.mean("social_team", "cost") - 1) < 0.01


def test_in_a_storm_early_news_help_at_once_and_nights_are_paid_for_by_others() -> None:
    run = reading("storm")
    assert run.verdict("informs_early", "useful_60") == "better"
    assert run.verdict("informs_early", "resolved_in_time") == "no difference"
    assert run.verdict("day_and_night", "useful_60") == "no difference"
    assert gain("storm", "day_and_night", "resolved_in_time") > 0.02
    assert run.verdict("day_and_night", "ordinary_answered") == "worse"
    for name in ("day_and_night", "informs_early"):
        assert run.verdict(name, "csat_all") == "no difference"
    assert all(run.mean(name, "seats_used") < 0.4 for name in run.models)


def test_care_does_not_calm_a_campaign() -> None:
    run = reading("activism")
    mood = {name: run.mean(name, "mood_area") / run.mean(run.baseline, "mood_area") for name in run.models}
    assert mood.pop("announcement") < 0.35
    assert all(0.9 < ratio < 1.1 for ratio in mood.values())
    assert gain("activism", "enough_for_everybody", "csat") > 0.9
    assert gain("activism", "nobody", "csat") < -0.9


def test_shorter_hours_help_fewer_and_please_less() -> None:
    run = reading("desks")
    by_hours = ["around_the_clock", "daily_07_22", "daily_07_21", "daily_09_20", "daily_09_17", "weekdays_09_18"]
    for metric in ("useful_60", "csat", "paid_hours"):
        means = [run.mean(name, metric) for name in by_hours]
        assert means == sorted(means, reverse=True)
    for name in ("daily_07_21", "daily_09_17", "weekdays_09_18"):
        assert run.verdict(name, "csat") == "worse"
