"""People at work from initials, on a history of which the truth is known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import StepPatch
from tests.support import history

from caresim.config.errors import BadInput
from caresim.config.paths import conf
from caresim.tasks.backtest.forecasts.settings import load
from caresim.tasks.backtest.signers import backtest
from caresim.tasks.backtest.signers.figure import hours_figure, rate_figure
from caresim.tasks.backtest.signers.model import GRID, different
from caresim.tasks.backtest.signers.settings import Signers

FILE = conf() / "backtest" / "signers.yaml"


def settings(file, **words) -> Signers:
    return load(Signers, FILE, {"contacts": str(file), "train": "72 h", "draws": 60, "steps": 600, **words})


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    folder = tmp_path_factory.mktemp("initials")
    return history.initials(folder / "desk.csv", np.random.default_rng(4), rate=12.0, people=2, days=5)


def test_different_initials_are_as_when_every_next_one_is_counted() -> None:
    """By going through all ways in which three people can sign four replies."""
    step = round(np.log(2.0) / GRID)
    evenness, chance = float(np.exp(GRID * step)), np.zeros(4)
    for way in product(range(3), repeat=4):
        counts, likely = [0, 0, 0], 1.0
        for person in way:
            likely *= (evenness + counts[person]) / (3 * evenness + sum(counts))
            counts[person] += 1
        chance[len(set(way))] += likely
    assert different(3, 4, step) == pytest.approx(chance)


def test_the_work_rate_is_that_of_the_people_at_work(file) -> None:
    outcome = backtest.run(settings(file))
    work = outcome.tables["work_rate"].iloc[1]
    assert work["low"] < 12.0 < work["high"]
    scores = outcome.tables["scores"].iloc[0]
    assert scores["crps"] < 1.1 * scores["crps_line"]
    assert f"CRPS {scores['crps']:.3f} people" in outcome.answer[0]


def table(days: int, signers: int) -> pd.DataFrame:
    """Later hours of so many days, in which so many people are seen."""
    rows = [(day, hour) for day in range(1, days + 1) for hour in (6.0, 7.0, 9.0)]
    columns = {"predicted": 1.5, "line": 1.4, "low": 1.0, "high": 2.0, "signers": signers}
    return pd.DataFrame(rows, columns=["day", "hour_of_day"]).assign(**columns)


def test_every_hour_is_as_wide_as_an_hour_and_holds_its_dot_however_many_people_were_seen() -> None:
    (axes,) = hours_figure(table(1, signers=9)).axes
    assert axes.get_xlim() == (6.0, 10.0)
    assert axes.get_ylim()[1] > 9.0
    assert [bar.get_x() for bar in axes.patches] == [6.0, 7.0, 9.0]  # nothing is drawn of the hour without replies
    assert {bar.get_width() for bar in axes.patches} == {1.0}
    dots = next(line for line in axes.lines if line.get_marker() == "o")
    assert dots.get_xdata().tolist() == [6.5, 7.5, 9.5]


def test_of_many_days_a_week_is_drawn() -> None:
    figure = hours_figure(table(30, signers=2))
    assert len(figure.axes) == 7
    assert any("first 7 of 30 later days" in text.get_text() for text in figure.texts)


def test_all_draws_of_the_work_rate_are_drawn() -> None:
    medians = np.array([8.0, 10.0, 10.0, 12.0])
    rate = pd.DataFrame({"median": [10.0, 10.0, 9.0, 11.0], "low": [8.0] * 4, "high": [12.0] * 4})
    (axes,) = rate_figure(medians, rate).axes
    steps = next(patch for patch in axes.patches if isinstance(patch, StepPatch)).get_data()
    assert (steps.values * np.diff(steps.edges)).sum() == pytest.approx(1.0)
    assert steps.edges[-1] > 12.0


def test_hours_are_those_of_the_local_clock_after_a_change_of_it(tmp_path) -> None:
    """The clock goes from 01:00 to 02:00 on Sunday: hours of one day and of the next begin at the same local times."""
    desk = tmp_path / "desk.csv"
    rows = [f"2026-03-{day}T{hour:02d}:00,6,3,1" for day in (28, 29) for hour in range(6, 22)]
    desk.write_text("\n".join(["start,replies,signed,signers_hour", *rows]) + "\n")
    hours = backtest.read(settings(desk, train="24 h", timezone="Europe/London"))[0]
    assert hours.of_day.tolist() == [60.0 * hour for hour in range(6, 22)] * 2
    assert np.bincount(hours.day).tolist() == [16, 16]
    assert hours.start[16] - hours.start[0] == 23 * 60.0


def test_an_hour_that_is_left_out_is_one(tmp_path) -> None:
    desk = tmp_path / "desk.csv"
    rows = [f"2026-03-02T{at},6,3,1" for at in ("08:00", "08:30", "09:00", "09:30", "10:00")]
    desk.write_text("\n".join(["start,replies,signed,signers_hour", *rows]) + "\n")
    assert backtest.read(settings(desk, train="1 h"))[3][0] == "1 hour that is not whole is left out."


@pytest.mark.parametrize(
    ("gain", "low", "said"),
    [
        (0.02, 0.01, "signing better than"),
        (0.02, -0.01, "better, but not for certain, than"),
        (-0.1, -0.2, "no better"),
    ],
)
def test_a_gain_that_may_be_luck_is_said_to_be_so(file, gain, low, said) -> None:
    tables = backtest.run(settings(file)).tables
    scores = tables["scores"].assign(gain=gain, gain_low=low)
    assert said in backtest.answer(scores, tables["work_rate"])[0]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"work_rate": "5 min"}, r"work_rate.range = '5 min': is required"),
        ({"train": "1 h"}, r"fewest = 24: the fitted stretch has 1 hours"),
        ({"columns": {"signed": "initials"}}, "initials"),
        ({"contacts": "nowhere.csv"}, r"contacts = 'nowhere.csv': is no file"),
    ],
)
def test_bad_input_is_refused_in_one_line(file, words, told) -> None:
    with pytest.raises(BadInput, match=told):
        backtest.run(settings(file, **words))


def test_more_signed_replies_than_replies_are_refused(tmp_path) -> None:
    wrong = tmp_path / "desk.csv"
    wrong.write_text("start,replies,signed,signers_hour\n2026-03-02T08:00,3,2,1\n2026-03-02T09:00,3,5,1\n")
    with pytest.raises(BadInput, match=r"line 3, signed.*at most the replies"):
        backtest.run(settings(wrong))
