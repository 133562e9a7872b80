"""People at work from initials, on a history of which the truth is known."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from tests.support import history

from caresim.config.errors import BadInput
from caresim.config.paths import conf
from caresim.tasks.backtest.forecasts.settings import load
from caresim.tasks.backtest.signers import backtest
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
