"""Replications of a replay that play whole days drawn from the file: which days, whose luck, and what stays."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.model.draws import luck_of
from caresim.scenario.build import build
from caresim.scenario.played import played_in

FIRST = datetime(2026, 3, 2)  # a Monday
"""The clock is put forward on the 28th day after it, in Paris."""


@pytest.fixture
def experiment(tmp_path):
    """A replay of so many calls on each day, one a minute from nine o'clock on; the n-th day's take n minutes."""

    def made(calls, *words, dates=True):
        rows = []
        for day, count in enumerate(calls):
            nine = [9 * 60 + minute for minute in range(count)]
            moments = [FIRST + timedelta(days=day, minutes=minute) for minute in nine]
            times = [moment.isoformat() for moment in moments] if dates else [1440 * day + minute for minute in nine]
            rows += [{"arrival": time, "service_s": 60 * (day + 1)} for time in times]
        file = tmp_path / "contacts.csv"
        pd.DataFrame(rows).to_csv(file, index=False)
        told = (f"replay.contacts={file}", "replay.timezone=Europe/Paris", "replay.resample=days", *words)
        return caresim.load("experiment=replay", *told, f"output_dir={tmp_path / 'out'}")

    return made


def played(experiment, replication):
    return played_in(build(experiment, "as_given", replication)[0], experiment)


def drawn_days(experiment, replication):
    """For each day on which somebody comes, the day (from 0) whose calls come."""
    contacts = played(experiment, replication)
    there = {}
    for row in contacts.contacts.rows():
        there.setdefault(int((row.arrival + 60) // 1440), set()).add(round(row.service) - 1)
    assert all(len(days) == 1 for days in there.values())  # whole days
    return {day: days.pop() for day, days in there.items()}


def test_the_first_replication_is_the_file(experiment):
    replay = experiment([3, 2])
    contacts = played(replay, 0)
    assert repr(contacts.contacts.rows()) == repr(replay.replay.traffic.rows)
    assert (contacts.keys == replay.replay.traffic.keys).all()


def test_days_are_drawn_with_replacement_each_as_likely_as_every_other(experiment):
    replay = experiment([1] * 10)
    drawn = [day for replication in range(1, 101) for day in drawn_days(replay, replication).values()]
    assert len(drawn) == 1000
    counts = np.bincount(drawn, minlength=10)
    assert ((counts - 100) ** 2 / 100).sum() < 27.9  # chi-squared with 9 degrees of freedom, 99.9 %
    assert any(len(set(drawn_days(replay, n).values())) < 10 for n in range(1, 5))


def test_a_day_is_of_its_weekday_where_there_are_four_of_each(experiment):
    replay = experiment([1, 1, 1, 1, 1, 0, 0] * 4)  # nobody comes at weekends
    for replication in (1, 2, 3):
        found = drawn_days(replay, replication)
        assert len(found) == 20
        assert all(day % 7 == other % 7 for day, other in found.items())
    assert any(day % 7 != other % 7 for day, other in drawn_days(experiment([1] * 21), 1).items())


def test_calls_come_at_the_same_time_of_the_clock_though_it_is_put_forward(experiment):
    replay = experiment([2] * 32)  # summer time begins within
    local = replay.replay.traffic.start.tzinfo
    for row in played(replay, 1).contacts.rows():
        moment = (replay.start + timedelta(minutes=row.arrival)).astimezone(local)
        assert (moment.hour, moment.minute) in ((9, 0), (9, 1))


def test_a_call_has_its_own_luck_on_each_day_on_which_it_comes(experiment):
    replay = experiment([5] * 6)
    for replication in (1, 2, 3):
        contacts = played(replay, replication)
        assert len(set(contacts.keys.tolist())) == len(contacts.keys) == 30
        assert max(Counter(contacts.sources.tolist()).values()) > 1


def test_days_of_plain_minutes_are_all_alike(experiment):
    replay = experiment([1] * 40, dates=False)
    assert not replay.replay.days.by_weekday
    assert {row.arrival % 1440 for row in played(replay, 1).contacts.rows()} == {540}


def test_the_run_lasts_as_long_as_any_of_the_days_on_the_last_one(experiment):
    replay = experiment([300, 1])
    assert replay.window.value == 1440 + 9 * 60 + 299 + 1


def test_runs_count_the_calls_of_their_days_and_all_staffing_models_get_the_same(experiment):
    more = 'replay.extra=[{start: "00:00", end: "24:00", headcount: 1}]'
    replay = experiment([2, 20, 40], more, "replications=8", "record=all")
    runs = caresim.compare(replay, workers=1)
    offered = runs.replications.pivot(index="replication", columns="staffing", values="phone_offered")
    assert offered["as_given"].equals(offered["as_given_plus"])
    assert offered["as_given"].iloc[0] == 62
    assert offered["as_given"].nunique() > 3
    expected = [len(played(replay, replication).contacts) for replication in range(8)]
    assert offered["as_given"].tolist() == expected
    table = runs.replayed()
    assert (table["handle_s"] / 60).round().isin([1, 2, 3]).all()
    again = caresim.compare(replay, workers=2).replications
    pd.testing.assert_frame_equal(again, runs.replications, check_exact=True)


def test_another_seed_draws_other_days(experiment):
    found = [drawn_days(experiment([1] * 12, f"seed={seed}"), 1) for seed in (1, 2)]
    assert found[0] != found[1]
    assert luck_of(1, 1) != luck_of(2, 1)


def test_a_single_day_is_refused(experiment):
    with pytest.raises(BadInput, match=r"replay\.resample = 'days': .*all contacts come on one"):
        experiment([5])


def test_what_is_drawn_for_a_call_is_of_its_kind_wherever_its_day_is_played(tmp_path):
    # Of nine o'clock all handling times are one minute, of ten o'clock two; the days have different numbers of calls.
    calls = [(day, hour) for day in range(8) for hour in (9, 10) for _ in range(day + hour - 8)]
    files = {
        "contacts": {"arrival": [(FIRST + timedelta(days=day, hours=hour)).isoformat() for day, hour in calls]},
        "service_times": {"service_s": [60] * 30 + [120] * 30, "hour": [9] * 30 + [10] * 30},
    }
    for name, table in files.items():
        pd.DataFrame(table).to_csv(tmp_path / f"{name}.csv", index=False)
    paths = [f"replay.{name}={tmp_path / name}.csv" for name in files]
    replay = caresim.load("experiment=replay", *paths, "replay.service=empirical", "replay.resample=days")
    world = build(replay, "as_given", 1)[0]
    hours = world.passengers["affected"] % 1440 // 60
    assert len(hours) != len(calls)
    assert world.replay_inputs["service"].tolist() == [1.0 if hour == 9 else 2.0 for hour in hours]
