"""What a desk's replies tell of it, on histories of which the truth is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.support import history

from caresim.config.errors import BadInput
from caresim.config.paths import conf
from caresim.inference.scores import crps
from caresim.tasks.backtest.desks import backtest, posts
from caresim.tasks.backtest.desks.hours import opening_of
from caresim.tasks.backtest.desks.posterior import crps_of_seen, spread_luck
from caresim.tasks.backtest.desks.queue import ALWAYS, Hours
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.desks.shares import shares_of
from caresim.tasks.backtest.forecasts.settings import load

FILE = conf() / "backtest" / "desks.yaml"
DAYTIME = Hours(480.0, 1200.0)
QUICK = {"draws": 40, "steps": 60, "chains": 1, "copies": 4}


def settings(file: Path, **words) -> Desks:
    return load(Desks, FILE, {"contacts": str(file), "train": "48 h", **words})


@pytest.fixture(scope="module")
def two_desks(tmp_path_factory) -> Path:
    """A desk open from 08:00 to 20:00, and one that never closes; half of the posts are answered."""
    rng = np.random.default_rng(5)
    alike = {"people": 2, "handling": 2.0, "noticing": 5.0, "share": 0.5, "days": 3.0, "per_hour": 7.0}
    desks = {"day": history.posts(rng, hours=DAYTIME, **alike), "always": history.posts(rng, hours=ALWAYS, **alike)}
    return history.written(tmp_path_factory.mktemp("history") / "posts.csv", desks)


@pytest.fixture(scope="module")
def read(two_desks):
    found, stretches, _ = posts.read(settings(two_desks))
    return {desk.desk: desk for desk in found}, stretches


def test_opening_hours_are_found_within_half_an_hour_and_none_where_there_are_none(read, two_desks) -> None:
    desks, stretches = read
    opening = opening_of(desks["day"], stretches, settings(two_desks))
    assert opening.closed
    assert opening.hours.opens == pytest.approx(480.0, abs=30.0)
    assert opening.hours.closes == pytest.approx(1200.0, abs=30.0)
    assert opening.opens_low <= 480.0 <= opening.opens_high
    assert opening.closes_low <= 1200.0 + 30.0
    assert opening.closes_high >= 1200.0
    assert not opening_of(desks["always"], stretches, settings(two_desks)).closed


def test_who_begins_at_full_hours_alone_is_taken_to_begin_at_one(read, two_desks) -> None:
    desks, stretches = read
    words = {"priors.on_the_hour": "99.9 %", "priors.on_the_half_hour": "0 %"}
    opens = opening_of(desks["day"], stretches, settings(two_desks, **words)).opens
    assert np.mean(opens % 60.0 == 0.0) > 0.9


def test_a_quiet_night_without_posts_that_waited_is_not_taken_for_closing(two_desks) -> None:
    rng = np.random.default_rng(2)
    posted = np.sort(np.concatenate([1440.0 * day + rng.uniform(480.0, 1200.0, 60) for day in range(3)]))
    quiet = posts.Posts(
        "quiet", posted, posted + 5.0, np.zeros(180, dtype=np.int64), ("all",), np.zeros(180, dtype=bool), True
    )
    assert not opening_of(quiet, posts.Stretches(0.0, 2880.0, 4320.0), settings(two_desks)).closed


def test_the_share_answered_allows_for_replies_that_are_still_to_come(read) -> None:
    desks, stretches = read
    shares = shares_of(desks["always"], stretches)
    assert shares.answered[0] / shares.exposed[0] == pytest.approx(0.5, abs=0.1)


def test_what_was_not_known_at_a_moment_is_not_used(read) -> None:
    desks, stretches = read
    early = desks["day"].until(stretches.split)
    assert early.posted.max() < stretches.split
    assert np.nanmax(early.replied) <= stretches.split


def test_a_later_reply_does_not_tell_an_earlier_moment_whether_every_post_is_answered(tmp_path) -> None:
    """Neither where every post of the file has a reply; the share told at that moment is one all the same, nearly."""
    alike = {"people": 2, "handling": 2.0, "noticing": 30.0, "share": 1.0, "days": 3.0, "per_hour": 7.0}
    posted, replied = history.posts(np.random.default_rng(4), hours=ALWAYS, **alike)
    split = 2880.0
    assert ((posted < split) & (replied > split)).any()
    early = []
    for name, seen in (("all", replied), ("gone", np.where(replied > split + posted[0], np.nan, replied))):
        (desk,), stretches, _ = posts.read(
            settings(history.written(tmp_path / f"{name}.csv", {"desk": (posted, seen)}))
        )
        assert desk.answered_only == (name == "all")
        early.append(desk.until(stretches.split))
    for key, value in vars(early[0]).items():
        np.testing.assert_array_equal(value, vars(early[1])[key], key)
    inner = posts.Stretches(stretches.start, stretches.start + 1440.0, stretches.split)
    drawn = [shares_of(early[0], inner).drawn(np.random.default_rng(n)) for n in range(40)]
    assert np.mean(drawn) > 0.97


def test_the_score_without_gaps_is_the_fair_one_of_all_backtests() -> None:
    rng = np.random.default_rng(1)
    samples, seen = rng.normal(size=(30, 5)), rng.normal(size=5)
    assert crps_of_seen(samples, seen) == pytest.approx(crps(seen, samples.T))
    samples[3:, 2] = np.nan
    assert crps_of_seen(samples, seen)[2] == pytest.approx(crps(seen[2:3], samples[:3, 2][None, :])[0])


def test_luck_is_spread_evenly_over_the_copies_of_each_post() -> None:
    luck = spread_luck(10, 7, np.random.default_rng(0))
    ranked = np.sort(np.stack([copy.rank for copy in luck]), axis=0)
    assert (np.floor(10 * ranked) == np.arange(10)[:, None]).all()


@pytest.fixture(scope="module")
def outcome(two_desks):
    return backtest.run(settings(two_desks, seed=1, **QUICK))


def test_a_desk_with_hours_is_predicted_better_than_by_its_earlier_replies(outcome) -> None:
    scores = outcome.tables["scores"].set_index("desk")
    assert scores.loc["day", "gain_low"] > 0
    weights = scores[[column for column in scores if column.startswith("weight_of_")]]
    assert weights.sum(axis=1).tolist() == pytest.approx([1.0, 1.0])


def test_the_answer_counts_the_rows(outcome) -> None:
    scores = outcome.tables["scores"]
    assert f"on {(scores['gain'] > 0).sum()} of 2 desks" in outcome.answer[0]
    assert "These desks close: day (0" in outcome.answer[2]


def test_a_parameter_is_told_where_its_interval_is_less_than_half_as_wide_as_before(outcome) -> None:
    table = outcome.tables["parameters"]
    laws = table[~table["parameter"].str.startswith("order_")]
    assert (laws["low"] <= laws["median"]).all()
    assert (laws["told"] == (laws["width_after_over_before"] < 0.5)).all()
    orders = table[table["parameter"].str.startswith("order_")].groupby("desk")["median"].sum()
    assert orders.tolist() == pytest.approx([1.0, 1.0])


def test_equal_seeds_give_equal_tables(two_desks, outcome) -> None:
    """Of the first desk, whose luck does not depend on those that follow."""
    again = backtest.run(settings(two_desks, seed=1, only=["always"], **QUICK))
    for name, table in outcome.tables.items():
        mine = table[table["desk"] == "always"].reset_index(drop=True)
        assert mine.equals(again.tables[name]), name


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"train": "soon"}, r"train = 'soon': must be a duration such as '36 h', or a moment"),
        ({"train": "90 d"}, r"train = '90 d': must end between the first post and the last"),
        ({"trian": "1 h"}, r"trian = '1 h': did you mean train"),
        ({"train": "2026-03-03"}, r"train = '2026-03-03': is a day: write 2026-03-04T00:00 to take all of it in"),
        ({"train_to": "24 h"}, r"train_to = '24 h': is given twice"),
        ({"test_from": "24 h"}, r"test_from = '24 h': is left out: that stretch begins where train ends"),
        ({"only": ["nobody"]}, r"only = 'nobody': allowed: always, day"),
        ({"fewest": 100000}, r"fewest = 100000: no desk has so many replies"),
        ({"columns": {"replied": "answered_at"}}, r"answered_at"),
        ({"priors.people": "3 people"}, r"priors.people.range.*is required"),
        (
            {"priors.on_the_hour": "80 %"},
            r"priors.on_the_hour = '80 %': and priors.on_the_half_hour must leave something",
        ),
    ],
)
def test_bad_input_is_refused_in_one_line(two_desks, words, told) -> None:
    with pytest.raises(BadInput, match=told):
        backtest.run(settings(two_desks, **words))


def test_a_reply_before_its_post_is_refused_with_its_line(tmp_path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("posted,replied\n2026-03-02T10:00Z,2026-03-02T10:05Z\n2026-03-02T11:00Z,2026-03-02T10:30Z\n")
    with pytest.raises(BadInput, match=r"line 3, replied.*is before the post"):
        posts.read(settings(file))


def test_columns_that_are_missing_are_named_in_a_line(two_desks) -> None:
    notes = posts.read(settings(two_desks))[2]
    assert [note for note in notes if "no column kind" in note or "no column author" in note] == notes
    assert len(notes) == 2
