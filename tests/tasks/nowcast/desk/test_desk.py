"""A nowcast of a written desk: it knows nothing of what comes later, and tells a desk of known truth."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.support.on_axes import drawn_on_axes
from tests.tasks.nowcast.desk.conftest import (
    MEDIAN_MIN,
    MORE,
    NOW,
    PER_HOUR,
    QUICK,
    SHARE,
    SIGMA,
    START,
    a_desk,
    written,
)

import caresim
from caresim.config.errors import BadInput
from caresim.tasks.nowcast.command import write_desk
from caresim.tasks.nowcast.desk.ahead import QUANTITIES
from caresim.tasks.nowcast.desk.figure import behind
from caresim.tasks.nowcast.desk.known import known_at
from caresim.tasks.nowcast.desk.nowcast import NowcastedDesk, nowcast, without_state
from caresim.tasks.nowcast.desk.settings import asked, from_values
from caresim.tasks.nowcast.desk.words import NO_MOOD, NONE_EXPIRED, answer, caution
from caresim.tasks.nowcast.settings import values_of

MOMENT = pd.Timestamp(NOW, tz="UTC")
Z_99 = 2.5758


def test_what_comes_later_changes_nothing(words, whole, tmp_path, found) -> None:
    """Later posts are gone or others, of a new kind and a new desk; replies that come later are others, or none."""
    late = whole["replied"] > MOMENT
    early = whole["posted"] <= MOMENT
    assert (early & late).any()
    other = whole[early].copy()
    other.loc[late & early, "replied"] = pd.NaT
    later = whole[~early].head(60).assign(kind="another", replied=lambda t: t["posted"] + pd.Timedelta("1min"))
    for table in (other, pd.concat([other, later, later.assign(desk="south")])):
        again = nowcast(from_values({**words, "contacts": str(written(table, tmp_path / "other.csv"))}))
        assert again.table.to_csv() == as_given(found).to_csv()
        assert again.open_posts.to_csv() == found.open_posts.to_csv()
        assert answer(again)[:2] == answer(found)[:2]


def test_later_replies_change_nothing_at_a_desk_that_answers_every_post(words, tmp_path) -> None:
    """Whether a post without a reply is known is asked of what is known now."""
    table = a_desk(share=1.0)
    late = (table["replied"] > MOMENT) & (table["posted"] <= MOMENT)
    assert late.any()
    moved = table.assign(replied=table["replied"].where(~late, table["replied"] + pd.Timedelta("3h")))
    gone = table.assign(replied=table["replied"].where(~late))
    files = {"all": table, "moved": moved, "gone": gone}
    asked_of = {
        name: from_values({**words, "contacts": str(written(each, tmp_path / f"{name}.csv")), "steps": 40})
        for name, each in files.items()
    }
    states = [known_at(settings)[0] for settings in asked_of.values()]
    for state in states:
        assert not state.posts.answered_only
        assert len(state.waiting) == late.sum()
        for key, value in vars(state.posts).items():
            np.testing.assert_array_equal(value, vars(states[0].posts)[key], key)
    both = [nowcast(asked_of[name]) for name in ("all", "gone")]
    assert both[0].table.to_csv() == both[1].table.to_csv()
    assert both[0].open_posts.to_csv() == both[1].open_posts.to_csv()
    assert (answer(both[0]), caution(both[0])) == (answer(both[1]), caution(both[1]))
    assert NONE_EXPIRED in caution(both[0])


def as_given(found) -> pd.DataFrame:
    return found.table[found.table["alternative"] == "as_given"]


def test_who_waits_and_what_has_expired_are_those_of_the_file(words, whole, found) -> None:
    known, _ = known_at(from_values(words))
    came = whole[whole["posted"] <= MOMENT]
    open_ = came[~(came["replied"] <= MOMENT)]
    took = (came["replied"] - came["posted"])[came["replied"] <= MOMENT].max()
    age = MOMENT - open_["posted"]
    assert len(known.waiting) == (age <= took).sum() > 0
    assert len(known.expired) == (age > took).sum() > 0
    assert known.longest == pytest.approx(took / pd.Timedelta("1min"))
    table = found.open_posts
    assert (table["state"] == "waiting").sum() == len(known.waiting)
    assert table["for_min"].tolist() == pytest.approx((age / pd.Timedelta("1min")).tolist(), abs=1e-3)


def test_a_desk_of_known_truth_is_told(found) -> None:
    """Little's law: as many wait for a reply as come in the time that a reply takes."""
    ahead = found.ahead["as_given"]
    took = MEDIAN_MIN * math.exp(SIGMA**2 / 2.0)
    truth = PER_HOUR * SHARE * took / 60.0
    # The history tells the rate, the share and the mean time from some 840 posts: to a tenth each at 99 %, about.
    assert ahead.values["backlog"].mean() == pytest.approx(truth, rel=0.3)
    per_hour = ahead.values["posts"].mean()
    assert per_hour == pytest.approx(PER_HOUR, rel=0.25)
    minutes = np.concatenate(ahead.first)
    assert np.median(minutes) == pytest.approx(MEDIAN_MIN, rel=0.25)
    assert np.nanmean(ahead.values["share_answered"]) == pytest.approx(SHARE, abs=0.1)


def test_posts_that_wait_are_answered_as_often_as_bayes_says(whole, found) -> None:
    """Of those that waited at any earlier full hour and had not expired, so many were answered."""
    known, shares = found.known, []
    for hour in range(12, 41):
        at = START + pd.Timedelta(hours=hour)
        there = whole[(whole["posted"] <= at) & ~(whole["replied"] <= at)]
        there = there[at - there["posted"] <= pd.Timedelta(minutes=known.longest)]
        shares.append(there["replied"].notna().mean())
    usual = float(np.mean(shares))
    told = found.ahead["as_given"].left.mean() / len(known.waiting)
    error = math.sqrt(usual * (1.0 - usual) / len(known.waiting))
    assert abs(told - usual) < Z_99 * error


def test_the_state_narrows_what_is_said_of_the_first_hour(found) -> None:
    """Without it, who waits at the end of the hour is a matter of luck as a whole; with it, of those who come."""
    blind = without_state(found.known, found.fitted, found.settings)
    spread, of_blind = (ahead.values["waiting"][0].std() for ahead in (found.ahead["as_given"], blind))
    assert spread < 0.9 * of_blind


def test_hours_follow_each_other_with_bands_around_their_medians(found) -> None:
    table = found.table
    assert set(table["alternative"]) == {"as_given", "queue_alone", "two_more"}
    assert len(table) == 3 * len(QUANTITIES) * 5
    assert table["begins"].iloc[0] == "2026-03-03T18:00+00:00"
    known = table.dropna()
    for low, high in (("low_90", "low_50"), ("low_50", "median"), ("median", "high_50"), ("high_50", "high_90")):
        assert (known[low] <= known[high]).all()


def test_people_on_top_meet_the_same_posts(found) -> None:
    base, more = (found.ahead[name].values for name in ("queue_alone", "two_more"))
    assert base["posts"].tobytes() == more["posts"].tobytes()
    assert more["backlog"].mean() <= base["backlog"].mean()
    assert (more["backlog"][0] == base["backlog"][0]).all()  # they come at 19:00, when the first hour ends


def test_the_sentences_say_what_the_file_says(found) -> None:
    state, ahead, change = answer(found)
    assert f"{len(found.known.waiting)} posts to north without a reply" in state
    assert f"{len(found.known.expired)} more have expired" in state
    assert "In the next 5 h" in ahead
    assert "two more" in change
    assert NO_MOOD in caution(found)
    assert len(found.known.expired)
    assert NONE_EXPIRED not in caution(found)
    assert "anger" not in set(found.table["quantity"])


def test_dots_leave_out_hours_whose_replies_are_still_to_come(found) -> None:
    """Nine tenths of the replies take less than an hour: the last hour is left out, and earlier ones are as seen."""
    known, seen = found.known, behind(found)
    late = np.nanquantile(known.posts.minutes, 0.9)
    told = np.isfinite(seen.values["backlog"][:, 0])
    ends = seen.begins + 60.0
    assert told.tolist() == (ends <= known.now - late).tolist()
    assert not told[-1]
    assert told[0]
    assert [len(minutes) > 0 for minutes in seen.first] == told.tolist()


def test_the_figure_is_a_page_or_one_quantity_on_axes(found) -> None:
    assert len(found.plot().axes) == 4
    assert drawn_on_axes(found.plot).get_title(loc="left") == "Posts in an hour"
    first = drawn_on_axes(lambda ax: found.plot("first_response_min", ax=ax))
    assert first.get_yscale() == "log"
    with pytest.raises(BadInput, match="unknown quantity, did you mean backlog"):
        found.plot("backlogs", ax=Figure().subplots())
    with pytest.raises(BadInput, match="add ax="):
        found.plot("backlog")


def test_the_folder_holds_tables_figure_page_and_manifest(found, tmp_path) -> None:
    moved = found.settings.model_copy(update={"output_dir": str(tmp_path)})
    place = write_desk(NowcastedDesk(**{**vars(found), "settings": moved}), "python -m caresim task=nowcast")
    names = {path.name for path in place.iterdir()}
    assert {"nowcast.csv", "open_posts.csv", "figures", "manifest.json", "report.html", "results.xlsx"} <= names
    assert (place / "figures" / "hours_ahead.png").is_file()
    assert "the next 5 hours" in (place / "report.html").read_text(encoding="utf-8")


def test_from_python_it_is_the_same(words, found) -> None:
    settings = {key: value for key, value in words.items() if key not in ("contacts", "now")}
    again = caresim.nowcast(words["contacts"], NOW, **settings)
    assert isinstance(again, NowcastedDesk)
    assert again.table.to_csv() == as_given(found).to_csv()


def test_the_command_line_asks_for_the_same(words) -> None:
    line = [f"{key}={value}" for key, value in words.items() if key != "contacts"]
    assert asked(values_of([f"nowcast={words['contacts']}", *line])) == from_values(words)


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"now": "2026-03-03"}, "now", "is a date without a time|must be a date and time"),
        ({"now": "noon"}, "now", "must be a date and time such as"),
        ({"now": "2026-03-01T12:00"}, "now", "before the first post"),
        ({"now": "2026-03-02T01:00"}, "now", "too early"),
        ({"now": "2026-03-20T12:00"}, "now", "more than a day after the last post"),
        ({"desk": "south"}, "desk", "north"),
        ({"draws": 5}, "draws", "100"),
        ({"train_to": "2026-03-01"}, "train_to", "means nothing for a written desk"),
        ({"alternatives": {"queue_alone": MORE["two_more"]}}, "alternatives", "another name"),
        ({"alternatives": {"more": [MORE["two_more"][0] | {"desk": "south"}]}}, "alternatives.more.desk", "left out"),
        ({"columns": {"posted": "sent"}}, "nowcast", "sent"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error(words, changes, key, said) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        nowcast(from_values({**words, **changes}))
    assert refused.value.key.startswith(key)


def test_of_several_desks_one_is_named(words, whole, tmp_path) -> None:
    two = written(pd.concat([whole, whole.assign(desk="south")]), tmp_path / "two.csv")
    with pytest.raises(BadInput, match=r"has several; allowed: north, south"):
        known_at(from_values({**words, "contacts": str(two)}))
    assert len(known_at(from_values({**words, "contacts": str(two), "desk": "south"}))[0].posts) > 0


def test_a_key_of_written_desks_is_refused_for_calls(tmp_path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text("arrival,wait_s,outcome\n2026-03-02T10:00,1,answered\n", encoding="utf-8")
    with pytest.raises(BadInput, match="no columns posted and replied") as refused:
        asked({"contacts": str(calls), "now": NOW, **QUICK})
    assert refused.value.key == "weighing"


def test_a_file_that_is_not_there_or_names_no_desk_is_said_to_be_so(words, whole, tmp_path) -> None:
    with pytest.raises(BadInput, match="is no file") as refused:
        asked({"contacts": str(tmp_path / "none.csv"), "now": NOW, "desk": "north"})
    assert refused.value.key == "nowcast"
    nameless = written(whole.drop(columns="desk"), tmp_path / "nameless.csv")
    with pytest.raises(BadInput, match="has no column desk; allowed: leave it out"):
        known_at(from_values({**words, "contacts": str(nameless), "desk": "north"}))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "seen_only_through_reply"}, r"kinds that are left out \(seen_only_through_reply\); allowed"),
        ({"replied": pd.NaT}, "has no reply in its column replied"),
    ],
)
def test_a_file_that_tells_nothing_is_refused_by_the_key_that_named_it(words, whole, tmp_path, changes, said) -> None:
    path = written(whole.assign(**changes), tmp_path / "nothing.csv")
    with pytest.raises(BadInput, match=said) as refused:
        known_at(from_values({**words, "contacts": str(path)}))
    assert refused.value.key == "nowcast"


def test_a_reply_before_its_post_is_refused(words, whole, tmp_path) -> None:
    wrong = whole.copy()
    wrong.loc[wrong.index[5], "replied"] = wrong["posted"].iloc[5] - pd.Timedelta("1h")
    path = written(wrong, tmp_path / "wrong.csv")
    with pytest.raises(BadInput, match="is before the post"):
        known_at(from_values({**words, "contacts": str(path)}))
