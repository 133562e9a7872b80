"""README's table is what the run gives, and each clause below it holds of that run."""

from __future__ import annotations

import pytest
from tests.support.readme_table import MODELS, PAGE, Reading, played, shown, table

import caresim
from caresim.config.values import numbers_drawn
from caresim.model.codes import LAWS

TEAM, CENTRE, FUNDED = "social_team", "call_center_24_7", "call_center_24_7_funded"
CALLS, CALLED, NOTICE = "main_channels_first", "people_on_call", "notice_and_waiver_friday"


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading(played())


def words() -> str:
    """The paragraph below the table, on one line."""
    return " ".join(PAGE.read_text(encoding="utf-8").split("\n\nIn words: ")[1].split("\n\n")[0].split())


def gain(reading: Reading, staffing: str, metric: str) -> float:
    return reading.mean(staffing, metric) - reading.mean(TEAM, metric)


def test_the_table_is_what_the_run_gives() -> None:
    assert shown() == table(played())


def test_as_many_numbers_are_drawn_as_the_page_says() -> None:
    drawn = numbers_drawn(caresim.load("experiment=tokyo").uncertain())
    assert f"draws the {drawn} numbers" in PAGE.read_text(encoding="utf-8")


def test_what_the_airline_decides_helps_more_than_who_answers(reading: Reading) -> None:
    assert "help 69 % of those with a need within the hour instead of 53 %, at the same paid hours" in words()
    assert [round(100 * reading.mean(name, "useful_60")) for name in (NOTICE, TEAM)] == [69, 53]
    assert reading.verdict(NOTICE, "useful_60") == "better"
    assert reading.mean(NOTICE, "paid_hours") == pytest.approx(reading.mean(TEAM, "paid_hours"), rel=0.01)
    at_equal_hours = [name for name in MODELS if name not in (NOTICE, FUNDED)]
    assert max(reading.mean(name, "useful_60") for name in at_equal_hours) < reading.mean(NOTICE, "useful_60")
    assert max(MODELS, key=lambda name: reading.mean(name, "csat_all")) == NOTICE


def test_it_pleases_everybody_more_under_both_laws(reading: Reading) -> None:
    assert "by 0.27 points under one law of satisfaction and by 0.25 under the other" in words()
    assert [round(gain(reading, NOTICE, f"csat_all_{law}"), 2) for law in LAWS] == [0.27, 0.25]
    assert reading.verdict(NOTICE, "csat_all") == "better"


def test_it_resolves_more_in_time_and_no_staffing_model_does(reading: Reading) -> None:
    assert "of every hundred matters 9 more are resolved in time; no staffing model alone moves that by more" in words()
    assert round(100 * gain(reading, NOTICE, "resolved_in_time")) == 9
    assert reading.verdict(NOTICE, "resolved_in_time") == "better"
    for name in set(MODELS) - {TEAM, NOTICE}:
        assert abs(gain(reading, name, "resolved_in_time")) < 0.035
        assert reading.verdict(name, "resolved_in_time") == "no difference"


def test_the_notice_and_the_call_centre_each_find_a_few_more_seats(reading: Reading) -> None:
    assert "the notice and the call centre each find one for 4 or 5 more" in words()
    assert {round(100 * gain(reading, name, "resolved_in_time_seats")) for name in (NOTICE, CENTRE)} <= {4, 5}


def test_the_waiver_comes_more_than_two_days_earlier() -> None:
    assert "decide on the waiver more than two days earlier" in words()
    tokyo = caresim.load("experiment=tokyo")
    late, early = tokyo.disruption.instructions["waiver"].at, tokyo.staffing[NOTICE].instructions["waiver"].at
    assert 2 * 1440 < tokyo.minutes(late) - tokyo.minutes(early) < 3 * 1440


def test_the_call_centre_helps_two_thirds_at_equal_hours(reading: Reading) -> None:
    assert "rostered by the demand of the day before, helps two thirds of those with a need within the hour" in words()
    speaks = caresim.load("experiment=tokyo").staffing[CENTRE].desks["contact_center"].languages
    assert set(speaks) == {"fr", "en", "ja"}
    assert 0.62 <= reading.mean(CENTRE, "useful_60") <= 0.70
    assert reading.verdict(CENTRE, "useful_60") == "better"
    assert reading.mean(CENTRE, "paid_hours") == pytest.approx(reading.mean(TEAM, "paid_hours"), rel=0.01)


@pytest.mark.parametrize("metric", ["phone_first_60", "social_first_60"])
def test_it_hears_more_of_those_who_would_phone_and_who_would_write(reading: Reading, metric: str) -> None:
    assert "hears more of those who would phone and of those who would write" in words()
    assert reading.verdict(CENTRE, metric) == "better"


def test_ordinary_customers_are_answered_as_before_and_sooner_but_more_hang_up(reading: Reading) -> None:
    assert (
        "Ordinary customers are answered as often as before, and sooner; but more of their callers hang up" in words()
    )
    assert reading.verdict(CENTRE, "ordinary_answered") == "no difference"
    assert reading.verdict(CENTRE, "ordinary_wait") == "better"
    assert reading.verdict(CENTRE, "ordinary_abandonment") == "worse"
    assert "and more of the answers are bad ones" in words()
    assert reading.verdict(CENTRE, "bad_answers") == "worse"


def test_whether_satisfaction_rises_at_equal_hours_is_not_decided(reading: Reading) -> None:
    assert "Those with a need are more satisfied with it under both laws" in words()
    assert reading.verdict(CENTRE, "csat") == "better"
    assert "the gain is 0.09 points under one law and 0.07 under the other" in words()
    assert [round(gain(reading, CENTRE, f"csat_all_{law}"), 2) for law in LAWS] == [0.09, 0.07]
    assert reading.verdict(CENTRE, "csat_all") not in ("better", "worse")


def test_calls_first_helps_as_many_and_starves_no_ordinary_caller(reading: Reading) -> None:
    assert "the call centre helps as many, and hardly more ordinary callers hang up than as it was" in words()
    assert abs(reading.mean(CALLS, "useful_60") - reading.mean(CENTRE, "useful_60")) < 0.01
    assert reading.verdict(CALLS, "ordinary_abandonment") == "no difference"
    assert "fewer of those who would write are heard" in words()
    assert reading.mean(CALLS, "social_first_60") < reading.mean(CENTRE, "social_first_60") - 0.1


def test_people_on_call_cost_more_and_help_fewer(reading: Reading) -> None:
    assert "People on call cost a quarter more and help fewer than a better plan does" in words()
    assert 1.2 < reading.mean(CALLED, "cost") / reading.mean(TEAM, "cost") < 1.32
    assert reading.mean(TEAM, "useful_60") < reading.mean(CALLED, "useful_60") < reading.mean(CENTRE, "useful_60")


def test_half_again_the_hours_answer_best_and_the_airline_pays(reading: Reading) -> None:
    assert "help as many within the hour as Friday's notice does and answer ordinary customers best" in words()
    assert abs(reading.mean(FUNDED, "useful_60") - reading.mean(NOTICE, "useful_60")) < 0.015
    for metric in ("ordinary_answered", "phone_first_60", "social_first_60"):
        assert max(MODELS, key=lambda name: reading.mean(name, metric)) == FUNDED
        assert reading.verdict(FUNDED, metric) == "better"
    assert "still more of the answers are bad ones" in words()
    assert reading.mean(FUNDED, "bad_answers") > reading.mean(CENTRE, "bad_answers") + 0.02
    assert 1.4 < reading.mean(FUNDED, "cost") / reading.mean(TEAM, "cost") < 1.5
