"""The figures of docs/validation_desks.md on the histories that they are of, where these are there.

The histories are not part of the project. `CARESIM_HISTORIES` names the folder that holds them.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from caresim.config.paths import conf
from caresim.tasks.backtest.desks import posts
from caresim.tasks.backtest.desks.hours import opening_of
from caresim.tasks.backtest.desks.settings import Desks
from caresim.tasks.backtest.forecasts.settings import load
from caresim.tasks.backtest.monthly import backtest as monthly
from caresim.tasks.backtest.monthly.settings import Monthly
from caresim.tasks.backtest.signers import backtest as signers
from caresim.tasks.backtest.signers.settings import Signers

FOLDER = os.environ.get("CARESIM_HISTORIES", "")


def history(name: str) -> str:
    if not FOLDER or not (Path(FOLDER) / name).is_file():
        pytest.skip(f"CARESIM_HISTORIES names no folder with {name}")
    return str(Path(FOLDER) / name)


def test_the_desk_that_closes_is_found_within_half_an_hour_and_no_other() -> None:
    words = {"contacts": history("airline_desks_2019.csv"), "train": "59 h", "test": "1 h"}
    settings = load(Desks, conf() / "backtest" / "desks.yaml", words)
    found, stretches, _ = posts.read(settings)
    openings = {desk.desk: opening_of(desk, stretches, settings) for desk in found}
    assert {name for name, opening in openings.items() if opening.closed} == {"Ryanair"}
    hours = openings["Ryanair"].hours
    assert (hours.opens, hours.closes) == pytest.approx((360.0, 1200.0), abs=30.0)  # 07-21 in London, as UTC


def test_from_one_morning_the_opening_lies_within_a_wide_interval_and_the_closing_is_known() -> None:
    words = {"contacts": history("airline_desks_2019.csv"), "train": "36 h", "test": "24 h"}
    settings = load(Desks, conf() / "backtest" / "desks.yaml", words)
    found, stretches, _ = posts.read(settings)
    openings = {desk.desk: opening_of(desk, stretches, settings) for desk in found}
    assert {name for name, opening in openings.items() if opening.closed} == {"Ryanair"}
    one = openings["Ryanair"]
    assert one.opens_low <= 360.0 <= one.opens_high  # the point, 07:00, is an hour late
    assert one.opens_high - one.opens_low > 120.0
    assert one.hours.closes == pytest.approx(1200.0, abs=30.0)


def test_months_are_predicted_within_two_and_a_half_points() -> None:
    words = {"contacts": history("transit_contacts_monthly.csv")}
    outcome = monthly.run(load(Monthly, conf() / "backtest" / "monthly.yaml", words))
    scores = outcome.tables["scores"].set_index("forecast")
    assert scores.loc["model", "mean_miss_points"] < 2.5 < scores.loc["last_months", "mean_miss_points"]
    assert scores.loc["model", "covered_90"] >= 0.83


def test_initials_are_predicted_better_than_by_a_line_and_the_work_rate_holds() -> None:
    words = {"contacts": history("rail_desk_2018.csv"), "train": "2018-11-23T00:00"}
    outcome = signers.run(load(Signers, conf() / "backtest" / "signers.yaml", words))
    scores, rate = outcome.tables["scores"].iloc[0], outcome.tables["work_rate"]
    assert scores["crps"] < scores["crps_line"]
    assert rate["high_over_low"].iloc[0] < 2.0
    assert rate["low"].iloc[0] < rate["median"].iloc[3] < rate["high"].iloc[0]
