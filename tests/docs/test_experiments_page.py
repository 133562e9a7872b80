"""What experiments/README.md and docs/cases.md conclude of each case holds of a run with its defaults."""

from __future__ import annotations

from functools import cache

import pytest
from tests.support.readme_table import Reading

import caresim


@cache
def reading(experiment: str) -> Reading:
    return Reading(caresim.compare(caresim.load(f"experiment={experiment}", "record=none")))


def gain(experiment: str, staffing: str, metric: str) -> float:
    run = reading(experiment)
    return run.mean(staffing, metric) - run.mean(run.baseline, metric)


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
