"""What is written as observed is what the public data sets give, where these are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from caresim.tasks.backtest.settings import load

DATA = Path(__file__).parents[4] / "shared" / "data"
"""Beside the checkout; the rows are never part of it."""
FACTS = load("stylised_facts").facts


def table(name: str, **options) -> pd.DataFrame:
    if not (DATA / name).is_file():
        pytest.skip(f"the data set {name} is not at hand")
    return pd.read_csv(DATA / name, **options)


def observed(name: str) -> float:
    return FACTS[name].observed.value


@pytest.fixture(scope="module")
def desks() -> pd.DataFrame:
    """Answered posts of 22 to 25 May 2019, with the minutes until the reply and the UTC hour of the post."""
    rows = table("airline_desks_2019.csv", parse_dates=["posted_utc", "replied_utc"])
    rows = rows[rows["posted_utc"] >= pd.Timestamp("2019-05-22", tz="UTC")]
    wait = (rows["replied_utc"] - rows["posted_utc"]).dt.total_seconds() / 60
    return rows.assign(wait=wait, open=rows["posted_utc"].dt.hour.between(6, 19))[wait > 0]


def test_ryanair_by_day_and_by_night(desks) -> None:
    """To the digits that are written down; 06-20 UTC is 07-21 in London."""
    mine = desks[desks["airline"] == "Ryanair"]
    day, night = mine[mine["open"]]["wait"], mine[~mine["open"]]["wait"]
    assert (len(day), len(night)) == (202, 21)
    assert day.median() == pytest.approx(observed("open_median"), abs=0.05)
    assert (day <= 60).mean() == pytest.approx(observed("open_within_60"), abs=0.005)
    assert night.median() == pytest.approx(observed("closed_median"), abs=0.5)
    assert (night <= 60).mean() == observed("closed_within_60")
    assert (night > 360).mean() == pytest.approx(observed("closed_after_6_hours"), abs=0.005)


def test_the_interval_of_the_median_at_night(desks) -> None:
    """A bootstrap of 2,000 samples: 1 min is three times its own error."""
    mine = desks[(desks["airline"] == "Ryanair") & ~desks["open"]]["wait"].to_numpy()
    luck = np.random.default_rng(1)
    medians = np.median(luck.choice(mine, (2000, len(mine))), axis=1)
    assert np.quantile(medians, [0.025, 0.975]) == pytest.approx(FACTS["closed_median"].band, abs=1.0)


def test_desks_around_the_clock_are_as_quick_at_night(desks) -> None:
    low, high = FACTS["night_over_day"].band
    for airline in ("KLM", "Virgin Atlantic", "British Airways"):
        mine = desks[desks["airline"] == airline]
        ratio = mine[~mine["open"]]["wait"].median() / mine[mine["open"]]["wait"].median()
        assert low - 0.01 <= ratio <= high + 0.01, airline


def test_posts_of_the_same_hour_before_the_crisis_of_2015() -> None:
    hours = table("airline_tweets_2015_hourly.csv", index_col=0)
    hours.index = pd.to_datetime(hours.index, utc=True).tz_convert("America/New_York")
    hours = hours[hours.index < pd.Timestamp("2015-02-22", tz="America/New_York")].drop(columns="American")
    groups = hours.groupby(hours.index.hour)
    ratio = groups.var().sum() / groups.mean().sum()
    assert ratio["US Airways"] == pytest.approx(observed("dispersion_same_hour_posts"), abs=0.05)
    assert (ratio.min(), ratio.max()) == pytest.approx(FACTS["dispersion_same_hour_posts"].band, abs=0.05)


def test_the_bank_in_january() -> None:
    """January alone; the observed values are of January and October, hence the tolerated band."""
    calls = table("bank_calls_1999_01.csv", parse_dates=["arrival"])
    hours = calls.assign(gone=calls["outcome"] == "abandoned").groupby(calls["arrival"].dt.floor("h"))
    found = hours.agg(n=("gone", "size"), gone=("gone", "mean"), wait=("wait_s", "mean"))
    found = found[found["n"] >= 10]
    low, high = FACTS["abandonment_linear_bank"].band
    assert low <= np.corrcoef(found["wait"], found["gone"])[0, 1] <= high
    service = np.log(calls["service_s"][calls["service_s"].between(10, 3600)])
    low, high = FACTS["service_spread"].band
    assert low <= service.std() <= high
    low, high = FACTS["service_lognormal"].band
    assert low <= service.skew() <= high
