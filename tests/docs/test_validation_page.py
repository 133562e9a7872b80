"""docs/validation.md says what was measured: its tables are those of the aggregates beside it, and so are its words."""

from __future__ import annotations

import pandas as pd
import pytest
from benchmarks import validation as benchmark
from benchmarks.overflow import found
from tests.support.centre import loaded
from tests.support.two_desks import BUSY, OVERFLOW, OWN, QUIET, history

from caresim.tasks.backtest.history.evaluate import ABANDONED, CONTACTS, NAIVE, OURS, WAIT
from caresim.tasks.backtest.history.settings import FORECAST, GIVEN
from caresim.tasks.backtest.history.words import beaten, near_days, score_row
from caresim.tasks.calibrate.desks import Desk
from caresim.tasks.calibrate.rules import Rules


@pytest.fixture(scope="module")
def scores() -> pd.DataFrame:
    return pd.read_csv(benchmark.SCORES)


@pytest.fixture(scope="module")
def days() -> pd.DataFrame:
    return pd.read_csv(benchmark.DAYS)


def test_the_tables_of_the_page_are_those_of_the_files(monkeypatch, tmp_path) -> None:
    copy = tmp_path / "validation.md"
    written = benchmark.PAGE.read_text(encoding="utf-8")
    copy.write_text(written, encoding="utf-8")
    monkeypatch.setattr(benchmark, "PAGE", copy)
    benchmark.page()
    assert copy.read_text(encoding="utf-8") == written


def test_the_targets_of_the_given_track_are_reached(scores, days) -> None:
    assert near_days(days, GIVEN) == (6, 6)
    wait = score_row(scores, GIVEN, WAIT, "hour")
    assert wait["correlation"] >= 0.62
    assert 0.85 <= wait["covered_90"] <= 0.95
    assert score_row(scores, GIVEN, ABANDONED, "two_hours")["correlation"] >= 0.80
    for measure in (WAIT, ABANDONED):
        assert beaten(scores, GIVEN, measure, "hour")[1] == []


def test_what_is_said_of_the_forecast_holds(scores, days) -> None:
    assert near_days(days, FORECAST) == (5, 6)
    for measure in (WAIT, ABANDONED, CONTACTS):
        assert beaten(scores, FORECAST, measure, "hour")[1] == []
    wait, naive = (score_row(scores, FORECAST, WAIT, "hour", model) for model in (OURS, NAIVE))
    assert (round(wait["correlation"], 2), round(naive["correlation"], 2)) == (0.35, 0.32)
    lost, before = (score_row(scores, FORECAST, ABANDONED, "hour", model) for model in (OURS, NAIVE))
    assert lost["correlation"] < before["correlation"]
    assert round(wait["covered_90"], 2) == 0.84
    assert round(score_row(scores, FORECAST, ABANDONED, "two_hours")["covered_90"], 2) == 0.74
    counts = days[(days["track"] == FORECAST) & (days["measure"] == CONTACTS)]
    fewer = 1 - counts["observed"] / counts[NAIVE]
    assert (round(100 * fewer.min()), round(100 * fewer.max())) == (16, 29)
    assert round(100 * (1 - counts["predicted"] / counts[NAIVE]).max()) == 7


def test_the_readme_says_what_the_days_say(days) -> None:
    readme = " ".join((benchmark.PAGE.parents[1] / "README.md").read_text(encoding="utf-8").split())
    assert ("is within two points on all six days" in readme) == (near_days(days, GIVEN) == (6, 6))
    assert ("as a forecast of both it is on five of them." in readme) == (near_days(days, FORECAST) == (5, 6))


def test_another_seed_says_nearly_the_same() -> None:
    wait = score_row(pd.read_csv(benchmark.OTHER_SEED), GIVEN, WAIT, "hour")
    assert f"{wait['correlation']:.2f} and {100 * wait['covered_90']:.0f} %" == "0.68 and 89 %"
    wait = score_row(pd.read_csv(benchmark.OTHER_SEED), FORECAST, WAIT, "hour")
    assert f"{wait['correlation']:.2f} and {100 * wait['covered_90']:.0f} %" == "0.32 and 76 %"
    assert near_days(pd.read_csv(benchmark.OTHER_SEED_DAYS), FORECAST) == (4, 6)


def test_the_forecast_of_the_week_before_is_as_it_is_told() -> None:
    scores = pd.read_csv(benchmark.WEEK_BEFORE)
    ours, naive = (score_row(scores, FORECAST, WAIT, "hour", model)["crps"] for model in (OURS, NAIVE))
    assert (round(ours, 1), round(naive, 1)) == (39.0, 28.2)


def test_no_observation_of_single_calls_is_kept(scores, days) -> None:
    assert set(days["width"]) == {"day"}
    assert days["contacts"].min() > 900


def test_the_bad_hour_is_as_it_is_told() -> None:
    hour = pd.read_csv(benchmark.BAD_HOUR).set_index("measure")
    assert hour.loc[ABANDONED, "observed"] > 0.5
    assert hour.loc[WAIT, "contacts"] == 210
    assert 50 < hour.loc[WAIT, "observed"] < 70
    assert hour.loc[WAIT, "predicted"] > 180


def test_nine_tenths_of_the_intervals_hold_the_truth() -> None:
    known = pd.read_csv(benchmark.KNOWN_TRUTH).set_index(["of", "what"])
    for of in (benchmark.LIST, benchmark.REPORT):
        assert known.loc[(of, "all"), "intervals"] >= 200
    assert known["covered_90"].between(0.85, 0.95).all()


def test_whatever_may_be_chosen_has_words_in_the_table_of_overflows(tmp_path) -> None:
    calls = loaded(history(tmp_path / "history.csv", OWN, 0, 2))
    desks = Desk((BUSY,)), Desk((QUIET,))
    helps = desks[0]._replace(to=1, after_min=2.0), desks[1]
    other = desks[0], desks[1]._replace(to=0, after_min=5.0)
    rules = [Rules(desks=helps), Rules(desks=other), Rules(), Rules(shared=True)]
    rows = [(OVERFLOW, 2.0, *found(one, calls), 3) for one in rules]
    table = pd.DataFrame(rows, columns=["truth", "after_min", "chosen", "chosen_after_min", "histories"])
    assert benchmark.table_of_overflows(table).splitlines()[2:] == [
        "| the others help out after 2 min | 12 | 3 | they help the others out after 5 min (3), agents serve the kinds "
        "that they have had (3), everybody serves every kind (3) |"
    ]


def test_an_overflow_of_two_minutes_is_always_found_and_none_where_there_is_none() -> None:
    known = pd.read_csv(benchmark.KNOWN_OVERFLOW)
    right = (known["chosen"] == known["truth"]) & (known["chosen_after_min"] == known["after_min"])
    assert right[known["after_min"] != 1.0].all()
    early = known[known["after_min"] == 1.0]
    assert early.loc[right, "histories"].sum() >= 0.7 * early["histories"].sum()
