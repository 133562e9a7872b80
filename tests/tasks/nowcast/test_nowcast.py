"""A nowcast from a file: nothing of what comes later is in it, and it says and writes what it found."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.support.centre import written
from tests.support.on_axes import drawn_on_axes
from tests.tasks.nowcast.conftest import NOW

import caresim
from caresim.config.errors import BadInput
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.nowcast.ahead import observed
from caresim.tasks.nowcast.command import write
from caresim.tasks.nowcast.figure import from_where_it_differs
from caresim.tasks.nowcast.mood import anger_of
from caresim.tasks.nowcast.nowcast import nowcast
from caresim.tasks.nowcast.rules import rules_of
from caresim.tasks.nowcast.settings import from_values
from caresim.tasks.nowcast.settings import words as asked
from caresim.tasks.nowcast.words import answer, caution, changed

MORE = {"three_more": [{"headcount": "3 people", "start": "13:30", "end": "17:00"}]}


@pytest.fixture(scope="module")
def found(words):
    return nowcast(from_values({**words, "alternatives": MORE}))


def test_what_comes_later_changes_nothing(words, whole, tmp_path, found) -> None:
    """Later rows are gone; of what was open, waits, ends, outcomes and agents are others; a kind is new."""
    now = pd.Timestamp(NOW)
    other = whole.copy()
    begun = other["arrival"] + pd.to_timedelta(other["wait_s"], unit="s")
    ended = begun + pd.to_timedelta(other["service_s"].fillna(0.0), unit="s")
    goes_on = (other["arrival"] <= now) & (ended > now) & (begun <= now) & (other["outcome"] == "answered")
    other.loc[goes_on, "service_s"] += 1000.0
    waits = (other["arrival"] <= now) & (begun > now)
    other.loc[waits, ["wait_s", "outcome", "service_s", "agent"]] = [5000.0, "abandoned", np.nan, ""]
    assert goes_on.any()
    assert waits.any()
    later = (
        whole[whole["arrival"] > now]
        .head(40)
        .assign(kind="another", agent="B9", wait_s=1.0, outcome="answered", service_s=9.0)
    )
    path = written(pd.concat([other[other["arrival"] <= now], later]), tmp_path / "other.csv")
    again = nowcast(from_values({**words, "contacts": str(path)}))
    assert again.table.to_csv() == as_given(found).to_csv()
    assert again.open_contacts.to_csv() == found.open_contacts.to_csv()
    assert answer(again)[:2] == answer(found)[:2]


def as_given(found) -> pd.DataFrame:
    return found.table[found.table["alternative"] == "as_given"]


def test_half_hours_follow_each_other_with_bands_around_their_means(found) -> None:
    table = found.table
    assert set(table["alternative"]) == {"as_given", "three_more"}
    assert len(table) == 2 * 5 * 6
    assert table["begins"].iloc[0] == "2026-03-06T13:30+00:00"
    known = table.dropna()
    assert (known["low_90"] <= known["low_50"]).all()
    assert (known["high_50"] <= known["high_90"]).all()


def test_people_on_top_meet_the_same_contacts_and_shorten_the_queue(found) -> None:
    base, more = found.ahead["as_given"].values, found.ahead["three_more"].values
    assert base["contacts"].tobytes() == more["contacts"].tobytes()
    assert more["backlog"].mean() < base["backlog"].mean()
    assert np.nanmean(more["first_response_s"]) < np.nanmean(base["first_response_s"])


def test_the_sentences_say_what_the_file_says(found) -> None:
    state, ahead, change = answer(found)
    waiting = (found.open_contacts["state"] == "waiting").sum()
    assert f"{waiting} customer" in state
    assert "6 are in a call; 6 agents are on duty" in state
    assert "In the next 3 h" in ahead
    assert "three more" in change


def test_why_there_is_no_mood_is_said_with_the_numbers_of_the_law(found) -> None:
    """The law has no anger below the wait that is expected: five minutes on the phone."""
    expected = anger_of("phone").expected_min
    assert anger_of("phone").after(np.array([0.0, expected])).tolist() == [0.0, 0.0]
    assert anger_of("phone").after(np.array([2.0 * expected]))[0] > 0.1
    line = caution(found)[-1]
    assert f"nobody is angry who has waited for less than {expected:.0f} min" in line
    longest = np.nanmax(np.nanmean(found.ahead["as_given"].values["first_response_s"], axis=1)) / 60.0
    assert ("next to nothing" in line) == (longest <= expected)


def test_changes_are_told_by_their_size_whichever_way_they_go() -> None:
    assert changed(np.full(20, -0.14), 1, "points", "fewer", "more") == "0.1 points more (90 %: 0.1 to 0.1)"
    assert changed(np.full(20, -0.04), 1, "points", "fewer", "more") == "0.0 points fewer (90 %: 0.0 to 0.0)"
    assert changed(np.linspace(-2.0, 6.0, 21), 0, "s", "shorter", "longer") == "2 s shorter (90 %: −2 to 6)"


def test_an_alternative_is_drawn_from_the_half_hour_before_it_differs() -> None:
    line = from_where_it_differs(np.array([1.0, np.nan, 2.0, 3.0]), np.array([1.0, np.nan, 2.0, 4.0]))
    assert np.isfinite(line).tolist() == [False, False, True, True]
    assert np.isnan(from_where_it_differs(np.ones(2), np.ones(2))).all()


def test_the_half_hours_until_now_hold_those_who_wait_still(found) -> None:
    known = found.known
    marks = np.array([known.now - 30.0, known.now])
    seen = observed(known.history, marks, anger_of("phone"), known.waiting)
    assert len(known.waiting) > 0
    assert seen["backlog"].tolist() == [len(known.waiting)]
    assert seen["contacts"].tolist() == [(known.history.arrival >= marks[0]).sum()]


def test_the_folder_holds_tables_figure_page_and_manifest(found, tmp_path) -> None:
    moved = found.settings.model_copy(update={"output_dir": str(tmp_path)})
    place = write(type(found)(**{**vars(found), "settings": moved}), "python -m caresim task=nowcast")
    names = {path.name for path in place.iterdir()}
    assert {"nowcast.csv", "open_contacts.csv", "figures", "manifest.json", "report.html", "results.xlsx"} <= names
    assert (place / "figures" / "hours_ahead.png").is_file()
    page = (place / "report.html").read_text(encoding="utf-8")
    assert "the next 3 hours" in page
    assert "three more" in page


def test_from_python_with_any_number_of_workers_the_bytes_are_the_same(words, found) -> None:
    settings = {key: value for key, value in words.items() if key not in ("contacts", "now")}
    again = caresim.nowcast(words["contacts"], NOW, **settings, workers=2)
    assert again.table.to_csv() == as_given(found).to_csv()


def test_keys_may_be_written_with_the_name_of_the_task() -> None:
    plain = asked(["task=nowcast", "nowcast=a.csv", "now=2026-03-06T12:00", "hours=6"])
    assert asked(["task=nowcast", "nowcast=a.csv", "nowcast.now=2026-03-06T12:00", "nowcast.hours=6"]) == plain


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"now": "2026-03-06"}, "now", "is a date without a time"),
        ({"now": "noon"}, "now", "must be a date and time such as"),
        ({"now": "31/03/2026 14:00"}, "now", "must be a date and time such as"),
        ({"now": "2026-03-01T12:00"}, "now", "before the first contact"),
        ({"now": "2026-03-20T12:00"}, "now", "days after the last contact"),
        ({"train_to": "2026-03-06"}, "train_to", "must be before the day of now"),
        ({"calibration": "nowhere"}, "calibration", "has no candidates.csv"),
        ({"alternatives": {"as_given": MORE["three_more"]}}, "alternatives", "another name"),
        ({"alternatives": {"more": [MORE["three_more"][0] | {"headcount": "2.5 people"}]}}, "alternatives", "whole"),
        ({"hours": 0}, "hours", "1"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_error(words, changes, key, said) -> None:
    with pytest.raises(BadInput, match=said) as refused:
        nowcast(from_values({**words, **changes}))
    assert refused.value.key.startswith(key)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("contacts.csv", b"arrival\n2026-03-06T09:00:00.000\n", "until 2026-03-06.*train_to=2026-03-05 or earlier"),
        ("candidates.csv", b"", "candidates.csv that is empty or no CSV file in UTF-8"),
        ("candidates.csv", b"rules,chosen\nR\xe9gime,True\n", "empty or no CSV file in UTF-8"),
        ("candidates.csv", b"other\n1\n", "is no folder of task=calibrate"),
    ],
)  # fmt: skip
def test_rules_that_cannot_be_read_or_know_the_future_are_refused(words, folder, tmp_path, name, content, said) -> None:
    for each in ("candidates.csv", "contacts.csv"):
        (tmp_path / each).write_bytes((folder / each).read_bytes())
    assert rules_of(from_values({**words, "calibration": str(tmp_path)})) == Rules(after_call=False)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=said):
        rules_of(from_values({**words, "calibration": str(tmp_path)}))


def test_now_is_required() -> None:
    with pytest.raises(BadInput, match="now=2026-03-31T14:00"):
        asked(["task=nowcast", "nowcast=a.csv"])


def test_without_a_column_of_waits_nobody_can_be_said_to_wait(words, whole, tmp_path) -> None:
    path = written(whole.drop(columns="wait_s"), tmp_path / "short.csv")
    with pytest.raises(BadInput, match="has no column wait_s"):
        nowcast(from_values({**words, "contacts": str(path)}))


def test_without_agents_people_are_assumed_and_that_is_said(words, whole, tmp_path) -> None:
    path = written(whole.drop(columns="agent"), tmp_path / "nameless.csv")
    found = nowcast(from_values({**words, "contacts": str(path)}))
    assert caution(found)[0].startswith("NO ROSTER")
    assert len(found.roster.spells) == 10


def test_the_figure_is_a_page_or_one_quantity_on_axes(found) -> None:
    assert len(found.plot().axes) == 4
    assert drawn_on_axes(found.plot).get_title(loc="left") == "Contacts in a half hour"
    backlog = drawn_on_axes(lambda ax: found.plot("backlog", ax=ax))
    assert backlog.get_title(loc="left").startswith("Waiting at the end")
    with pytest.raises(BadInput, match="unknown quantity, did you mean backlog"):
        found.plot("backlogs", ax=Figure().subplots())
    with pytest.raises(BadInput, match="add ax="):
        found.plot("backlog")
