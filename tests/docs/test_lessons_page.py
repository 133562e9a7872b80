"""The page of lessons: its table is what the runs give, and each sentence below it holds of them."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.lessons import LESSONS, PAGE, found, shown, table


def words() -> str:
    """The sentences below the table, on one line."""
    return " ".join(PAGE.read_text(encoding="utf-8").split("- **Main channels first.**")[1].split())


def row(change: str, metric: str) -> Any:
    """What one change does to a metric: difference (shares from 0 to 1), interval, verdict."""
    (lesson,) = (lesson for lesson in LESSONS if change in lesson.change)
    return found(lesson).loc[metric]


def test_the_table_is_what_the_runs_give() -> None:
    assert shown() == table()


def test_main_channels_first_is_paid_for_by_those_who_would_write() -> None:
    assert "Those who would write pay: 54 of a hundred are heard within the hour instead of 76" in words()
    deaf = row("answers calls first", "social_first_60")
    assert 100 * deaf["difference"] == pytest.approx(54 - 76, abs=1)  # each of the two is rounded to a whole one
    assert row("answers calls first", "useful_60")["verdict"] == "no difference that matters"
    assert row("answers calls first", "phone_first_60")["ci_low"] > 0
    assert row("answers calls first", "phone_first_60")["verdict"] == "no difference that matters"
    assert row("answers calls first", "social_first_60")["verdict"] == "worse"
    assert row("answers calls first", "csat_all")["verdict"] == "no difference that matters"


def test_powers_and_information_gain_most() -> None:
    assert "no staffing model at the same paid hours gains as much" in words()
    friday = row("on Friday instead of Monday", "useful_60")
    assert friday["verdict"] == "better"
    assert friday["difference"] > row("as many people every day", "useful_60")["difference"]
    assert row("desk may help", "csat")["difference"] > row("stays all night", "csat")["difference"]
    assert row("desk may help", "resolved_in_time")["verdict"] == "better"


def test_notice_and_call_centre_help_different_people() -> None:
    assert "the call centre beside them helps ten more of a hundred within the hour" in words()
    both = row("beside Friday's notice", "useful_60")
    assert both["verdict"] == "better"
    assert round(100 * both["difference"]) == 10


def test_seats_rebook_and_people_do_not() -> None:
    assert "twice the free seats rebook 7 more in time, and half again the hours one or two" in words()
    assert round(100 * row("twice the free seats", "resolved_in_time_seats")["difference"]) == 7
    assert 1 <= round(100 * row("half again the hours", "resolved_in_time_seats")["difference"], 1) <= 2
    assert row("twice the free seats", "useful_60")["verdict"] == "no difference that matters"


def test_around_the_clock_helps_more_and_a_plan_a_few_more() -> None:
    assert "more are helped within the hour around the clock, and a few more when the hours follow" in words()
    assert row("as many people every day", "useful_60")["verdict"] == "better"
    assert row("rostered by the demand", "useful_60")["ci_low"] > 0
    for change in ("as many people every day", "rostered by the demand"):
        assert row(change, "csat_all")["verdict"] == "no difference that matters"


def test_empty_words_are_worth_a_fifth_of_power() -> None:
    assert "by a fifth of what the power to help raises it" in words()
    ratio = row("stays all night", "csat")["difference"] / row("desk may help", "csat")["difference"]
    assert ratio == pytest.approx(0.2, abs=0.04)
    assert row("stays all night", "resolved_in_time")["difference"] > 0


def test_absent_is_better_than_deaf_by_about_the_margin() -> None:
    absent = row("Club Med has no account", "csat")
    assert absent["ci_low"] > 0
    assert absent["verdict"] == "undecided"
    assert absent["difference"] == pytest.approx(absent["margin"], rel=0.2)


def test_unevenness_makes_bad_answers_and_takes_little_satisfaction() -> None:
    assert row("three times as uneven", "bad_answers")["verdict"] == "worse"
    assert row("three times as uneven", "agent_sd")["verdict"] == "worse"
    assert -0.1 < row("three times as uneven", "csat")["difference"] < 0
    trained = row("part of it for training", "bad_answers")
    assert trained["ci_high"] < 0
    assert trained["verdict"] == "undecided"
