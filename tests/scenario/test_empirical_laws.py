"""Handling times and patience that a replay's file does not give are resampled from those that were seen."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from tests.scenario.test_censored_patience import a_day

import caresim
from caresim.config.empirical import LEAST
from caresim.config.survival import kaplan_meier
from caresim.model.draws import Purpose, uniform, uniforms
from caresim.scenario.build import build
from caresim.scenario.empirical import drawn

MANY = 3000


@pytest.fixture
def experiment(tmp_path):
    """A replay of tables, each by the key that names its file."""

    def made(*words, **files):
        for name, table in files.items():
            pd.DataFrame(table).to_csv(tmp_path / f"{name}.csv", index=False)
        paths = [f"replay.{name}={tmp_path / name}.csv" for name in files]
        return caresim.load("experiment=replay", *paths, *words, f"output_dir={tmp_path / 'out'}")

    return made


def inputs(experiment, staffing="as_given", replication=0):
    """What the replay says of each contact, in the order of the file."""
    table = build(experiment, staffing, replication)[0].replay_inputs
    return pd.DataFrame(np.asarray(table)).sort_values("row", ignore_index=True)


def test_luck_of_many_keys_at_once_is_that_of_each():
    keys = np.random.default_rng(1).integers(0, 2**63, 50).astype(np.uint64) * np.uint64(2)
    one_by_one = [uniform(np.uint64(7), key, Purpose.PATIENCE, 3) for key in keys]
    assert uniforms(np.uint64(7), keys, Purpose.PATIENCE, 3).tolist() == one_by_one


LUCK = np.random.default_rng(3)
TRUE_TIMES = {
    "lognormal": LUCK.lognormal(5.0, 0.7, MANY),
    "weibull": 300 * LUCK.weibull(0.8, MANY),
}


@pytest.mark.parametrize("truth", TRUE_TIMES)
def test_handling_times_have_the_mean_and_the_quantiles_of_those_that_were_seen(truth, experiment):
    seen = TRUE_TIMES[truth]
    contacts = {"arrival": np.arange(2 * MANY) / 4, "service_s": np.append(seen, np.full(MANY, np.nan))}
    times = 60 * inputs(experiment("replay.service=empirical", contacts=contacts))["service"]
    assert times[:MANY].to_numpy() == pytest.approx(seen, rel=1e-12)
    fresh = times[MANY:].to_numpy()
    assert np.isin(np.round(fresh, 6), np.round(seen, 6)).all()
    # 99.9 %: the mean of 3,000 draws, and the distance of Kolmogorov and Smirnov to what they are drawn from.
    assert abs(fresh.mean() - seen.mean()) < 3.3 * seen.std() / MANY**0.5
    for share in (0.1, 0.25, 0.5, 0.75, 0.9, 0.99):
        assert abs(np.mean(fresh <= np.quantile(seen, share)) - share) < 1.95 / MANY**0.5


def test_patience_beyond_a_wait_is_that_of_those_who_had_more():
    luck = np.random.default_rng(4)
    law = kaplan_meier([(float(time), False) for time in luck.lognormal(1.0, 1.0, 400)])
    times = np.array(law.times)
    found = drawn(law, luck.random(20_000), np.full(20_000, 3.0))
    assert found.min() > 3.0
    assert abs(np.median(found) - np.median(times[times > 3.0])) < 0.1 * np.median(found)
    longest = float(times.max())
    beyond = drawn(law, luck.random(20_000), np.full(20_000, longest)) - longest
    assert beyond.mean() == pytest.approx(1 / law.hazard, rel=3.3 / 20_000**0.5)  # nobody lasted longer: the tail


def test_the_tail_begins_where_the_last_who_gave_up_had_waited():
    law = kaplan_meier([(1.0, False), (2.0, False), (4.0, True), (4.0, True)])
    luck = np.random.default_rng(6).random(20_000)
    found = drawn(law, luck, np.zeros(20_000))
    tail = found[found > 2.0]
    assert len(tail) / 20_000 == pytest.approx(0.5, abs=0.012)  # 99.9 %
    assert set(found[found <= 2.0]) == {1.0, 2.0}
    assert (tail - 2.0).mean() == pytest.approx(11 / 2, rel=3.3 / 10_000**0.5)
    assert (np.argsort(luck) == np.argsort(-found, kind="stable"))[found[np.argsort(luck)] > 2.0].all()


@pytest.mark.parametrize("load", [0.95, 1.2])
def test_a_day_replayed_with_the_patience_it_shows_is_the_day(load, experiment):
    day = a_day(load)
    results = caresim.compare(
        experiment("replay.service=empirical", "replay.patience=empirical", "replay.servers=10", contacts=day),
        workers=1,
    )
    lost = (results.replayed()["outcome"] == "abandoned").mean()
    assert abs(lost - (day["outcome"] == "abandoned").mean()) < 0.005


def test_a_file_tells_of_the_patience_of_those_whom_it_answered(experiment):
    day = a_day(0.95)
    waits = zip(day["wait_s"] / 60, day["outcome"] == "answered", strict=True)
    wanted = kaplan_meier([(wait, bool(answered)) for wait, answered in waits if not answered or wait > 0])
    (law,) = experiment("replay.patience=empirical", contacts=day).replay.laws("patience").laws
    assert law.survival == pytest.approx(wanted.survival, rel=1e-9)
    assert law.mean == pytest.approx(5, rel=0.15)  # the truth; of those who gave up alone, it is about one minute


def test_the_day_with_fewer_people_is_what_it_would_have_been(experiment):
    # The truth is the same queue, with the same callers and their own patience, and eight people instead of ten.
    words = ("queue.arrival_rate=2.4", "queue.service_mean=5", "queue.patience_mean=5", "queue.servers=8")
    truth = caresim.simulate(caresim.load("experiment=queue", *words, "queue.customers=3000", "record=all")).contacts
    truth = truth[truth["outcome"].isin(["answered", "abandoned"])]
    day = a_day(1.2)
    words = ("replay.service=empirical", "replay.patience=empirical", "replay.servers=8")
    found = caresim.compare(experiment(*words, contacts=day), workers=1).replayed()
    lost, true = ((table["outcome"] == "abandoned").mean() for table in (found, truth))
    seen = (day["outcome"] == "abandoned").sum()
    assert true * len(day) > seen + 0.1 * len(day)
    # 99.9 % of a share of that many callers. Their arrivals are the same, so that it is wider than it need be.
    assert abs(lost - true) < 3.3 * (true * (1 - true) / len(truth)) ** 0.5
    # In overload, waits are proportional to patience, which is known as well as the rate of those who were seen to go.
    wait = found.loc[found["outcome"] == "answered", "wait_s"].mean()
    assert wait == pytest.approx(60 * truth.loc[truth["outcome"] == "answered", "wait_min"].mean(), rel=3.3 / seen**0.5)


def test_another_day_with_the_patience_of_this_one_loses_as_many(experiment):
    # Nothing is given but the moments of arrival: all times are drawn from the history.
    day = a_day(1.2)
    answered = day["outcome"] == "answered"
    patience = pd.DataFrame({"patience_s": day["wait_s"], "censored": np.where(answered, "yes", "no")})
    files = {
        "contacts": day[["arrival"]],
        "service_times": day.loc[answered, ["service_s"]],
        "patience_times": patience,
    }
    words = (
        "replay.service=empirical",
        "replay.patience=empirical",
        "replay.servers=10",
        "replications=4",
        "record=all",
    )
    results = caresim.compare(experiment(*words, **files), workers=1)
    found = results.replayed().groupby("replication")["outcome"].agg(lambda outcomes: (outcomes == "abandoned").mean())
    lost = 1 - answered.mean()
    # Four days of some 12,000 calls in all, whose shares have a standard error of half a point; 3.3 of them.
    assert abs(found.mean() - lost) < 0.0165
    assert found.nunique() == 4  # each replication draws anew


def test_groups_by_channel_need_and_hour(experiment):
    rows = [
        {"service_s": 10.0 * k, "channel": channel, "hour": hour}
        for k, (channel, hour) in enumerate(itertools.product(("phone", "email"), (8, 9)), start=1)
        for _ in range(LEAST)
    ]
    rows.append({"service_s": 999.0, "channel": "phone", "hour": 10})
    arrivals = [("phone", 8), ("phone", 9), ("email", 8), ("email", 9)]
    contacts = [{"arrival": 60 * hour + 1, "channel": channel} for channel, hour in arrivals]
    contacts.append({"arrival": 60 * 24 + 60 * 9 + 30, "channel": "phone"})  # nine o'clock of the next day
    replay = experiment("replay.service=empirical", contacts=contacts, service_times=rows)
    assert (60 * inputs(replay)["service"]).tolist() == pytest.approx([10, 20, 30, 40, 20])
    contacts = [{"arrival": 60 * 10 + k / 4, "channel": "phone"} for k in range(200)]  # ten o'clock has one time only
    replay = experiment("replay.service=empirical", contacts=contacts, service_times=rows)
    times = set(np.round(60 * inputs(replay)["service"]))
    assert {10, 20} <= times <= {10, 20, 999}  # of the channel, whatever the hour
    assert replay.replay.laws("service").notes == (
        "Service: 1 of 1 groups have fewer than 30 times in the file, and take those of the next wider group",
    )


def test_the_hour_is_that_of_the_clock_on_the_wall(experiment):
    rows = [{"service_s": 60 * (hour + 1), "hour": hour} for hour in range(24) for _ in range(LEAST)]
    contacts = {"arrival": ["2026-03-29T01:30", "2026-03-29T03:30", "2026-03-29T18:30"]}  # summer time begins
    words = ("replay.service=empirical", "replay.timezone=Europe/Paris")
    found = inputs(experiment(*words, contacts=contacts, service_times=rows))["service"]
    assert found.tolist() == pytest.approx([2, 4, 19])


def test_times_of_an_interval_are_around_its_mean(experiment):
    seen = TRUE_TIMES["lognormal"]
    intervals = [
        {"interval_start": 0, "offered": MANY, "aht_s": 90},
        {"interval_start": 30, "offered": MANY, "aht_s": 900},
    ]
    replay = experiment("replay.service=empirical", intervals=intervals, service_times={"service_s": seen})
    times = 60 * inputs(replay)["service"]
    for mean, part in ((90, times[:MANY]), (900, times[MANY:])):
        assert part.mean() == pytest.approx(mean, rel=3.3 * seen.std() / seen.mean() / MANY**0.5)


def test_neither_staffing_nor_another_contact_moves_a_draw(experiment):
    day = a_day(1.2).iloc[:400].reset_index(drop=True)
    words = ("replay.service=empirical", "replay.patience=empirical", "replay.servers=10")
    more = 'replay.extra=[{start: "00:00", end: "24:00", headcount: 3}]'
    replay = experiment(*words, more, contacts=day)
    assert inputs(replay).equals(inputs(replay, "as_given_plus"))
    assert not inputs(replay).equals(inputs(replay, replication=1))
    table = caresim.compare(replay, workers=1).replayed()
    by_model = [rows.set_index("row")["handle_s"] for _, rows in table.groupby("staffing", observed=True)]
    both = pd.concat(by_model, axis=1).dropna()
    assert len(both) > 200
    assert both.iloc[:, 0].to_numpy() == pytest.approx(both.iloc[:, 1].to_numpy(), rel=1e-9)


def test_another_contact_moves_nobodys_draw(experiment):
    day, times = {"arrival": [3, 1, 2, 2, 2]}, {"service_s": TRUE_TIMES["weibull"]}
    drawn_times = inputs(experiment("replay.service=empirical", contacts=day, service_times=times))["service"]
    assert drawn_times.nunique() == 5
    more = {"arrival": [0, *day["arrival"], 2]}
    found = inputs(experiment("replay.service=empirical", contacts=more, service_times=times))["service"]
    assert found[1:6].tolist() == drawn_times.tolist()


def test_rows_are_the_same_for_any_number_of_workers(experiment):
    day = a_day(1.2).iloc[:300]
    words = ("replay.service=empirical", "replay.patience=empirical", "replications=6")
    tables = [caresim.compare(experiment(*words, contacts=day), workers=workers).replications for workers in (1, 2)]
    pd.testing.assert_frame_equal(*tables, check_exact=True)


def test_a_redial_has_the_patience_and_the_handling_time_of_its_first_try(experiment):
    waits = {"patience_s": np.linspace(20, 40, LEAST)}
    words = ("behaviour.phone.abandon_redial='100 %'", "behaviour.phone.abandon_gap='1 min'", "replay.servers=1")
    contacts = {"arrival": [0, 1], "service_s": [3600, 77]}
    replay = experiment(*words, "replay.patience=empirical", contacts=contacts, patience_times=waits)
    calls = caresim.compare(replay, workers=1).contacts
    tries = calls[(calls["passenger"] == 1) & (calls["outcome"] == "abandoned")]["wait_min"]
    assert len(tries) > 10
    assert tries.to_numpy() == pytest.approx(np.full(len(tries), tries.iloc[0]), abs=1e-9)
    assert 20 <= 60 * tries.iloc[0] <= 40
