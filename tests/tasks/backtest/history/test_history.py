"""A history is predicted on days that were not fitted: cells, rivals, scores and sentences follow from each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from tests.support.centre import history_of, loaded, some_truth, written

from caresim.config.errors import BadInput
from caresim.tasks.backtest.history.backtest import backtest
from caresim.tasks.backtest.history.command import lines, write
from caresim.tasks.backtest.history.rivals import erlang, seasonal_naive
from caresim.tasks.backtest.history.settings import OfHistory, words
from caresim.tasks.backtest.history.words import against, answer, beaten, near_days, score_row, trust
from caresim.tasks.calibrate.arrivals import arrivals_of, to_come
from caresim.tasks.calibrate.cells import cells_of
from caresim.tasks.calibrate.coming import last_week
from caresim.tasks.calibrate.duty import PRIOR_PEOPLE
from caresim.theory.erlang_a import erlang_a

TRAIN_TO, TEST_FROM, TEST_TO = "2026-03-09", "2026-03-10", "2026-03-12"
REPLICATIONS = 20


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    luck = np.random.default_rng(11)
    folder = tmp_path_factory.mktemp("history")
    return written(history_of(some_truth(luck, days=11), luck), folder / "history.csv")


@pytest.fixture(scope="module")
def held(path):
    asked = OfHistory(
        contacts=str(path), train_to=TRAIN_TO, test_from=TEST_FROM, test_to=TEST_TO, draws=20, choosing=2,
        replications=REPLICATIONS, output_dir=str(path.parent / "outputs"),
    )  # fmt: skip
    return backtest(asked)


def test_nothing_of_the_predicted_days_is_fitted(held) -> None:
    assert held.calibrated.fit.history.days[-1] == date(2026, 3, 9)
    assert [str(day) for day in held.days] == ["2026-03-10", "2026-03-11", "2026-03-12"]


def test_an_hour_of_the_table_is_that_of_the_file(held, path) -> None:
    file = pd.read_csv(path, parse_dates=["arrival"])
    hour = held.cells.query("track == 'given' and measure == 'wait_s' and width == 'hour'").iloc[3]
    here = file[
        (file["arrival"].dt.date.astype(str) == hour["day"]) & (file["arrival"].dt.hour == int(hour["begins"][:2]))
    ]
    assert hour["contacts"] == len(here)
    assert hour["observed"] == pytest.approx(here["wait_s"].mean())
    assert hour["low_90"] <= hour["low_50"] <= hour["high_50"] <= hour["high_90"]


def test_a_model_of_the_same_kind_as_the_truth_predicts_it(held) -> None:
    """First come, first served, everybody serves all: r near what an exact model reaches, better than each rival."""
    row = score_row(held.scores, "given", "wait_s", "hour")
    assert row["correlation"] > 0.8 * row["ceiling"]
    assert row["covered_90"] > 0.7
    better, not_better = beaten(held.scores, "given", "wait_s", "hour")
    assert set(better) >= {"Erlang A", "the same time a week before"}
    assert "Erlang A" not in not_better


def test_both_tracks_are_scored_by_half_hour_hour_two_hours_and_day(held) -> None:
    ours = held.scores[held.scores["model"] == "caresim"]
    assert set(zip(ours["track"], ours["width"], strict=True)) == {
        (track, width) for track in ("given", "forecast") for width in ("half_hour", "hour", "two_hours", "day")
    }
    assert set(ours[ours["track"] == "forecast"]["measure"]) == {"wait_s", "abandoned", "contacts"}


def test_sentences_follow_from_the_rows(held) -> None:
    said = "\n".join(lines(held))
    near, days = near_days(held.cells, "given")
    row = score_row(held.scores, "given", "wait_s", "hour")
    assert f"within 2 points on {near} of {days} days" in said
    assert f"r {row['correlation']:.2f} (an exact model: {row['ceiling']:.2f})" in said
    assert "Fitted to 2026-03-02 to 2026-03-09 alone" in said
    rules, rest = held.calibrated.fit.rules, held.calibrated.carried.rest_min
    assert (
        f"Rules that were chosen: {rules.text}; in the roster that the forecast carries over, a rest of {rest:g}"
        in said
    )


@pytest.mark.parametrize("track", ["given", "forecast"])
def test_it_is_said_who_is_better_by_wait_and_by_lost_calls_of_the_day(held, track) -> None:
    scores = held.scores.copy()
    lost = (scores["track"] == track) & (scores["measure"] == "abandoned") & (scores["width"] == "day")
    scores = scores[~(lost & (scores["model"] == "erlang_c"))]
    scores.loc[lost, "crps_caresim"] = 0.03
    for model, crps in (("caresim", 0.03), ("erlang_a", 0.02), ("seasonal_naive", 0.05)):
        scores.loc[lost & (scores["model"] == model), "crps"] = crps
    said = " ".join(against(scores, track, "abandoned", "day"))
    assert said == (
        "Its P(abandon) by day (CRPS 3.0 points) is better than the same time a week before and not better than "
        "Erlang A."
    )
    assert all(line in answer(replace(held, scores=scores)) for line in against(scores, track, "wait_s", "hour"))
    assert said in answer(replace(held, scores=scores))


def test_what_is_bad_is_not_to_be_trusted(held) -> None:
    cells = held.cells.assign(predicted=held.cells["observed"] + 0.5)
    worse = held.scores.assign(covered_90=0.2, correlation=0.1)
    said = trust(type(held)(held.settings, held.calibrated, worse, cells, held.days, [], {}), "given")
    assert said == (
        "With arrivals and roster known, do not trust it: neither for how many are lost in a day nor for which hours "
        "are bad nor for the width of its bands."
    )


@pytest.mark.parametrize(
    ("half", "nine_tenths", "trusted"),
    [(0.5, 0.9, True), (0.36, 0.9, False), (0.75, 0.9, False), (0.5, 0.7, False), (0.36, 0.8, False)],
)
def test_the_width_is_trusted_where_both_bands_hold_what_they_say(held, half, nine_tenths, trusted) -> None:
    scores = held.scores.assign(covered_50=half, covered_90=nine_tenths)
    said = trust(replace(held, scores=scores), "given")
    good, _, bad = said.partition("not ")
    assert ("the width of its bands" in good, "the width of its bands" in bad) == (trusted, not trusted)


@pytest.mark.parametrize(("by", "word"), [(5.0, "too short: the mean wait is above"), (-5.0, "too long"), (0.0, "")])
def test_waits_that_are_off_to_one_side_on_all_days_are_said_to_be(held, by, word) -> None:
    predicted = held.cells["observed"] - by
    said = " ".join(answer(replace(held, cells=held.cells.assign(predicted=predicted))))
    assert (f"Waits come out {word}" if word else "") in said
    assert ("Waits come out" in said) == bool(word)
    assert f"{len(held.days)} days are few" in said


def test_the_folder_holds_tables_figures_page_and_workbook(held) -> None:
    place = write(held, "python -m caresim task=backtest backtest=history")
    names = {str(path.relative_to(place)) for path in place.rglob("*") if path.is_file()}
    figures = {f"figures/history_{track}.{kind}" for track in ("given", "forecast") for kind in ("png", "svg")}
    assert names == figures | {
        *("scores.csv", "cells.csv", "candidates.csv", "report.html", "results.xlsx", "manifest.json"),
    }
    assert "Erlang A" in (place / "report.html").read_text(encoding="utf-8")
    assert len(pd.read_csv(place / "cells.csv")) == len(held.cells)


def test_counts_to_come_are_those_of_the_weekday(path) -> None:
    """Of each draw as many as the report offers at most; the mean of a day near the level of its weekday."""
    history = loaded(path)
    found = arrivals_of(history)
    report, counts = to_come(history, [date(2026, 3, 16)], 400, np.random.default_rng(1))
    most = counts.groupby(counts["of"].astype(int))["value"].max()
    assert most.tolist() == report["offered"].tolist()
    day = counts.groupby("draw")["value"].sum()
    assert day.mean() == pytest.approx(found.level[0], rel=4 * day.std() / day.mean() / 20)
    assert report["interval_start"].str[11:13].astype(int).between(9, 16).all()


def test_the_roster_of_last_week_is_moved_by_whole_weeks(path) -> None:
    history = loaded(path)
    spells = last_week(history, [date(2026, 3, 16)], 15.0)
    days = {spell.start // 1440 for spell in spells}
    assert days == {14}  # two weeks after the first day, at the times of Monday the 9th
    first = min(spell.start for spell in spells)
    monday = history.of(history.day == date(2026, 3, 9).toordinal())
    assert first - 14 * 1440 == pytest.approx(monday.began.min() - 7 * 1440)


def test_the_week_before_is_read_off_the_file(path) -> None:
    history = loaded(path)
    train, test = (history.between(*days) for days in ((date(2026, 3, 2), date(2026, 3, 8)), (date(2026, 3, 9),) * 2))
    cells = cells_of(test, 60)
    found = seasonal_naive(train, cells, 60)
    monday = train.of((train.day == date(2026, 3, 2).toordinal()) & (train.hour == cells[0].minute // 60))
    assert found["wait_s"][0] == pytest.approx(monday.wait_s.mean())


def test_erlang_takes_the_people_who_are_there(held) -> None:
    from caresim.tasks.calibrate.duty import Spell

    fitted = held.calibrated.fit
    spells = [Spell(0, 0.0, 60.0), Spell(1, 0.0, 60.0), Spell(2, 30.0, 90.0)]
    a, c = erlang(fitted, np.array([0.3, 9.0]), np.array([0.0, 0.0]), 60, spells)
    patience = fitted.history.wait_s[fitted.patience.rows].sum() / 60.0 / fitted.patience.hung_up.sum()
    by_hand = erlang_a(0.3, fitted.handling.normal.mean(), 2, patience)  # 2.5 people, rounded to even
    assert a["wait_s"][0] == pytest.approx(60 * by_hand.mean_wait)
    assert np.isnan(c["wait_s"][1])  # nine calls a minute are too many for Erlang C


@pytest.mark.parametrize(
    ("asked", "key", "said"),
    [
        (["backtest=history"], "contacts", "is required: contacts=FILE.csv"),
        (["backtest=history", "contacts=x.csv", "train_to=2026-03-01"], "test_to", "is required: a date"),
        (
            ["backtest=history", "contacts=x.csv", "train_to=2026-03-09", "test_from=2026-03-09", "test_to=2026-03-12"],
            "test_from",
            "must be after train_to",
        ),
        (["backtest=history", "contacts=x.csv", "facts=3"], "facts", "unknown key"),
    ],
)
def test_words_that_do_not_fit(asked, key, said) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        words(asked)
    assert refused.value.key == key


def test_days_without_contacts_and_a_file_without_waits(path, tmp_path) -> None:
    asked = {"contacts": str(path), "train_to": TRAIN_TO, "test_from": "2026-05-01", "test_to": "2026-05-02"}
    with pytest.raises(BadInput, match="the file has 2026-03-02 to 2026-03-12"):
        backtest(OfHistory(**asked, choosing=2, draws=20, replications=20, train_from="2026-03-07"))
    bare = tmp_path / "bare.csv"
    pd.read_csv(path)[["arrival", "kind"]].to_csv(bare, index=False)
    with pytest.raises(BadInput, match="has no column wait_s"):
        backtest(OfHistory(**{**asked, "contacts": str(bare), "test_from": TEST_FROM, "test_to": TEST_TO}))


def test_a_file_without_agents_and_with_holes_is_still_predicted(path, tmp_path) -> None:
    """Everybody is equally quick and ten people are there; a wait that the file does not say is passed over."""
    table = pd.read_csv(path).drop(columns="agent")
    table.loc[::7, "wait_s"] = np.nan
    bare = tmp_path / "bare.csv"
    table.to_csv(bare, index=False)
    asked = OfHistory(
        contacts=str(bare), train_to=TRAIN_TO, test_from=TEST_FROM, test_to=TEST_FROM, draws=20, replications=20,
        tracks="given", output_dir=str(tmp_path),
    )  # fmt: skip
    found = backtest(asked)
    warning = "NO ROSTER: the file has no column agent, so 10 people around the clock are assumed (prior)"
    assert found.calibrated.notes[0].startswith(warning)
    said = lines(found)
    assert said[1].startswith(warning)
    assert not any("agents' own contacts" in sentence for sentence in said)
    place = write(found, "caresim")
    assert warning in (place / "manifest.json").read_text(encoding="utf-8")
    assert warning in (place / "report.html").read_text(encoding="utf-8")
    conf = yaml.safe_load((Path(__file__).parents[4] / "conf/experiment/replay.yaml").read_text(encoding="utf-8"))[
        "replay"
    ]
    assert conf["default_servers"]["value"] == f"{PRIOR_PEOPLE} people"
    assert "erlang_a" not in set(found.scores["model"])
    assert np.isfinite(found.cells["observed"]).all()
