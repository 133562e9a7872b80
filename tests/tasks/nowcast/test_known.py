"""What is known at a moment is what the file says of the time until then, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from tests.support.centre import loaded, written
from tests.tasks.nowcast.conftest import NOW

from caresim.tasks.nowcast.known import known_at

MOMENT = datetime.fromisoformat(NOW).replace(tzinfo=UTC)


def of(table: pd.DataFrame, path, open_at_most: float = 180.0):
    return known_at(loaded(written(table, path)), MOMENT, open_at_most)


def arrivals(known, rows) -> list[datetime]:
    start = known.history.start
    return [(start + timedelta(minutes=minute)).replace(tzinfo=None) for minute in known.history.arrival[rows].tolist()]


def ends(whole: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """When each wait ends, and when each contact does."""
    begun = whole["arrival"] + pd.to_timedelta(whole["wait_s"], unit="s")
    return begun, begun + pd.to_timedelta(whole["service_s"].fillna(0.0), unit="s")


def test_who_waits_and_who_is_in_a_call_are_those_of_the_file(whole, tmp_path) -> None:
    now = pd.Timestamp(NOW)
    begun, ended = ends(whole)
    came = whole["arrival"] <= now
    waiting = whole[came & (begun > now)]
    handled = whole[came & (begun <= now) & (ended > now) & (whole["outcome"] == "answered")]
    known = of(whole, tmp_path / "a.csv")
    near = pd.Timedelta("1ms")
    for rows, table in ((known.waiting, waiting), (known.handled, handled)):
        found = arrivals(known, rows)
        assert len(found) == len(table)
        assert all(abs(a - b) < near for a, b in zip(found, table["arrival"], strict=True))
    assert len(handled) == 6  # everybody is at work
    assert len(waiting) > 0
    names = [known.history.agents[code] for code in known.history.agent[known.handled].tolist()]
    assert names == handled["agent"].tolist()


def test_of_what_goes_on_only_that_is_known(whole, tmp_path) -> None:
    known = of(whole, tmp_path / "a.csv")
    history = known.history
    assert np.isnan(history.wait_s[known.waiting]).all()
    assert not history.answered[known.waiting].any()
    assert np.isnan(history.service_s[known.handled]).all()
    assert (history.arrival <= known.now).all()
    closed = ~np.isnan(history.service_s)
    assert (history.ended[closed] <= known.now).all()


def test_open_contacts_may_have_no_end_in_the_file(whole, tmp_path) -> None:
    """A file that was cut at the moment says the same as one that goes on."""
    now = pd.Timestamp(NOW)
    begun, ended = ends(whole)
    cut = whole[whole["arrival"] <= now].copy()
    cut.loc[ended > now, "service_s"] = np.nan
    waits = begun > now
    cut.loc[waits, ["wait_s", "outcome", "agent"]] = [np.nan, "", ""]
    one, other = of(whole, tmp_path / "a.csv"), of(cut, tmp_path / "b.csv")
    for name in ("arrival", "kind", "agent", "wait_s", "answered", "abandoned", "service_s"):
        assert getattr(one.history, name).tobytes() == getattr(other.history, name).tobytes(), name
    assert one.waiting.tolist() == other.waiting.tolist()
    assert one.handled.tolist() == other.handled.tolist()


def test_a_contact_without_an_end_that_is_hours_old_is_not_open(whole, tmp_path) -> None:
    forgotten = whole.copy()
    row = forgotten.index[forgotten["arrival"] > "2026-03-06T12:05"][0]
    forgotten.loc[row, ["wait_s", "outcome", "service_s", "agent"]] = [np.nan, "", np.nan, ""]
    late = of(forgotten, tmp_path / "a.csv", open_at_most=60.0)
    assert len(late.lost_sight_of) == 1
    assert late.lost_sight_of[0] not in late.waiting
    assert len(of(forgotten, tmp_path / "a.csv").waiting) == len(of(whole, tmp_path / "b.csv").waiting) + 1


def test_whoever_has_had_another_contact_since_has_ended_this_one(whole, tmp_path) -> None:
    unwritten = whole.copy()
    now = pd.Timestamp(NOW)
    early = unwritten.index[(unwritten["agent"] == "A1") & (unwritten["arrival"] > now - pd.Timedelta("2h"))][0]
    unwritten.loc[early, "service_s"] = np.nan
    assert len(of(unwritten, tmp_path / "a.csv").handled) == len(of(whole, tmp_path / "b.csv").handled)


def test_a_contact_of_which_only_the_wait_is_not_given_has_ended(whole, tmp_path) -> None:
    blank = whole.copy()
    answered = blank.index[blank["outcome"] == "answered"]
    blank.loc[answered[::2], "wait_s"] = np.nan
    known = of(blank, tmp_path / "a.csv")
    usual = of(whole, tmp_path / "b.csv")
    assert np.isfinite(known.history.service_s).sum() >= np.isfinite(usual.history.service_s).sum()
    assert len(known.handled) <= 6


@pytest.mark.parametrize("rest", [10.0, 30.0])
def test_everybody_is_on_duty(whole, tmp_path, rest) -> None:
    assert len(of(whole, tmp_path / "a.csv").on_duty(rest)) == 6
