"""README's table is what the run gives, and each clause below it holds of that run."""

from __future__ import annotations

import pytest
from tests.support.readme_table import MODELS, PAGE, Reading, played, shown, table

import caresim
from caresim.model.codes import LAWS
from caresim.run.uncertain import _shared

TEAM, CENTRE, FUNDED, NOTICE = "social_team", "call_center_24_7", "call_center_24_7_funded", "notices_first"
CENTRES = (CENTRE, FUNDED, "hybrid")


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


def test_as_many_figures_are_drawn_as_the_page_says() -> None:
    drawn = {_shared(path) for path, _ in caresim.load("experiment=tokyo").uncertain()}
    assert f"draws the {round(len(drawn), -1)} figures" in PAGE.read_text(encoding="utf-8")


def test_the_call_centre_helps_two_thirds_instead_of_a_good_half(reading: Reading) -> None:
    assert (
        "gives two thirds of those with a need a first useful answer within the hour instead of a good half of them"
        in words()
    )
    assert 0.62 <= reading.mean(CENTRE, "useful_60") <= 0.70
    assert 0.50 < reading.mean(TEAM, "useful_60") <= 0.58
    assert reading.verdict(CENTRE, "useful_60") == "better"
    assert reading.mean(CENTRE, "paid_hours") == pytest.approx(reading.mean(TEAM, "paid_hours"), rel=0.01)


@pytest.mark.parametrize("metric", ["phone_first_60", "social_first_60"])
def test_it_hears_more_of_those_who_would_phone_and_who_would_write(reading: Reading, metric: str) -> None:
    assert "hears more of those who would phone and of those who would write" in words()
    assert reading.verdict(CENTRE, metric) == "better"


def test_ordinary_callers_pay_for_it(reading: Reading) -> None:
    assert "Ordinary callers pay for it: they wait twice as long, and nearly twice as many hang up." in words()
    assert 1.8 <= reading.mean(CENTRE, "ordinary_wait") / reading.mean(TEAM, "ordinary_wait") <= 2.2
    assert 1.7 <= reading.mean(CENTRE, "ordinary_abandonment") / reading.mean(TEAM, "ordinary_abandonment") <= 2.0
    for metric in ("ordinary_wait", "ordinary_abandonment"):
        assert reading.verdict(CENTRE, metric) == "worse"


def test_whether_satisfaction_rises_at_equal_hours_is_not_decided(reading: Reading) -> None:
    assert "the gain is 0.08 points under one law of satisfaction and 0.05 under the other" in words()
    assert [round(gain(reading, CENTRE, f"csat_all_{law}"), 2) for law in LAWS] == [0.08, 0.05]
    assert reading.verdict(CENTRE, "csat_all") not in ("better", "worse")


def test_the_earlier_notice_helps_nearly_as_many_and_pleases_more(reading: Reading) -> None:
    assert "helps nearly as many within the hour at the same paid hours" in words()
    assert 0 <= reading.mean(CENTRE, "useful_60") - reading.mean(NOTICE, "useful_60") < 0.05
    assert reading.mean(NOTICE, "paid_hours") == pytest.approx(reading.mean(TEAM, "paid_hours"), rel=0.01)
    assert reading.verdict(NOTICE, "useful_60") == reading.verdict(NOTICE, "csat_all") == "better"
    assert "above all among those who need nothing but to know" in words()
    assert gain(reading, NOTICE, "csat_no_need") > gain(reading, NOTICE, "csat") > 0


def test_half_again_the_hours_do_most_and_nobody_pays_but_the_airline(reading: Reading) -> None:
    assert "Half again the hours do most for those with a need, under both laws" in words()
    for metric in ("useful_60", *(f"csat_{law}" for law in LAWS), "ordinary_answered"):
        assert max(MODELS, key=lambda name: reading.mean(name, metric)) == FUNDED
        assert reading.verdict(FUNDED, metric) == "better"
    assert reading.verdict(FUNDED, "ordinary_abandonment") not in ("worse", "undecided")
    assert "though more of the answers are bad ones" in words()
    assert reading.verdict(FUNDED, "bad_answers") == "worse"
    assert 1.4 < reading.mean(FUNDED, "cost") / reading.mean(TEAM, "cost") < 1.5


def test_no_staffing_model_resolves_many_more_though_sooner(reading: Reading) -> None:
    assert "None of it changes how many matters are resolved in time by more than about 3 points" in words()
    for name in MODELS:
        if name != TEAM:
            assert abs(gain(reading, name, "resolved_in_time")) < 0.035
            assert reading.verdict(name, "resolved_in_time") == "no difference"
    assert "knowing more about what people ask would change more" in words()
    assert "settles half of them within hours instead of a working day" in words()
    assert reading.mean(TEAM, "time_to_resolution") > 8 * 60
    assert all(reading.mean(name, "time_to_resolution") < 4 * 60 for name in CENTRES)


def test_a_few_more_find_a_seat(reading: Reading) -> None:
    assert "of every hundred who need a seat, 4 to 7 more find one" in words()
    assert {round(100 * gain(reading, name, "resolved_in_time_seats")) for name in CENTRES} <= {4, 5, 6, 7}


def test_what_is_resolved_depends_on_what_is_known(reading: Reading) -> None:
    """Were every fact of the case to answer all that it is about, more would change than any staffing model changes."""
    facts = caresim.load("experiment=tokyo").disruption.facts
    wiser = [
        f"disruption.facts.{name}.answers.{kind}=100 %" for name, fact in facts.items() for kind in fact.answers or {}
    ]
    results = caresim.compare(
        caresim.load("experiment=tokyo", "record=none", f"only=[{TEAM}]", "replications=8", *wiser)
    )
    known = float(results.summary().set_index("metric").loc["resolved_in_time", "mean"])
    assert known - reading.mean(TEAM, "resolved_in_time") > max(
        gain(reading, name, "resolved_in_time") for name in MODELS
    )
