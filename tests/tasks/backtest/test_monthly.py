"""Months of an operator whose staffing follows its calls, on a history of which the truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from caresim.config.errors import BadInput
from caresim.config.paths import conf
from caresim.tasks.backtest.forecasts.settings import load
from caresim.tasks.backtest.monthly import backtest
from caresim.tasks.backtest.monthly.model import abandoned, fitted, load_of
from caresim.tasks.backtest.monthly.settings import Monthly

FILE = conf() / "backtest" / "monthly.yaml"
SPREAD = 0.3


def settings(file, **words) -> Monthly:
    return load(Monthly, FILE, {"contacts": str(file), "train": "2024-12", "draws": 200, **words})


def world(rng: np.random.Generator, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of calls and staffing: staffing follows half of a change at once, and a fifth of the gap a month."""
    calls = 11.0 + 0.12 * np.sin(np.arange(months) / 2.0) + np.cumsum(rng.normal(0.0, 0.04, months))
    staffing = np.empty(months)
    staffing[0] = calls[0] - 0.1
    for month in range(1, months):
        gap, change = calls[month - 1] - 0.1 - staffing[month - 1], calls[month] - calls[month - 1]
        staffing[month] = staffing[month - 1] + 0.2 * gap + 0.5 * change + rng.normal(0.0, 0.01)
    return calls, staffing


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    calls, staffing = world(np.random.default_rng(3), 42)
    offered = np.exp(calls).round()
    answered = (offered * (1.0 - abandoned(calls - staffing, SPREAD))).round()
    names = [f"{2022 + month // 12}-{1 + month % 12:02d}" for month in range(42)]
    rows = [f"{name},{int(a)},{int(b)}" for name, a, b in zip(names, offered, answered, strict=True)]
    path = tmp_path_factory.mktemp("months") / "months.csv"
    path.write_text("month,offered,answered\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_what_exceeds_staffing_is_abandoned() -> None:
    """By simulation: hours of uneven load, the mean load a tenth above staffing."""
    load = np.exp(np.random.default_rng(0).normal(np.log(1.1) - SPREAD**2 / 2, SPREAD, 400_000))
    lost = np.maximum(load - 1.0, 0.0).sum() / load.sum()
    assert float(abandoned(np.log(1.1), SPREAD)) == pytest.approx(lost, abs=0.002)


def test_staffing_is_what_the_abandoned_calls_imply() -> None:
    x = np.array([-0.5, -0.1, 0.0, 0.3])
    assert load_of(abandoned(x, SPREAD), SPREAD) == pytest.approx(x, abs=1e-6)


def test_how_staffing_follows_is_found_again(file) -> None:
    calls, staffing = world(np.random.default_rng(8), 80)
    draws = fitted(calls, staffing, settings(file), np.random.default_rng(1))
    for values, truth in ((draws.catching_up, 0.2), (draws.at_once, 0.5)):
        assert np.quantile(values, 0.02) < truth < np.quantile(values, 0.98)


def test_the_later_months_are_predicted_better_than_by_the_last_ones(file) -> None:
    outcome = backtest.run(settings(file))
    scores = outcome.tables["scores"].set_index("forecast")
    assert scores.loc["model", "mean_miss_points"] < scores.loc["last_months", "mean_miss_points"]
    assert scores.loc["model", "covered_90"] >= 0.8
    assert f"by {scores.loc['model', 'mean_miss_points']:.1f} points on average" in outcome.answer[0]
    assert len(outcome.tables["origins"]) == 5
    assert "cannot be told from this file" in outcome.answer[-1]


def test_the_table_of_origins_says_where_the_model_misses_least(file) -> None:
    outcome = backtest.run(settings(file))
    origins = outcome.tables["origins"]
    least = (origins["model"] <= origins[["last_months", "line"]].min(axis=1)).tolist()
    view = next(view for view in outcome.views if "earlier origins" in view.title)
    assert [row[1].verdict == "smallest" for row in view.rows] == least
    assert any(least)
    assert f"from {sum(least)} of them" in outcome.answer[1]


def test_without_an_earlier_origin_there_is_neither_table_nor_figure_of_them(file) -> None:
    outcome = backtest.run(settings(file, train="2023-10"))
    assert [drawing.stem for drawing in outcome.drawings] == ["months"]
    assert len(outcome.views) == 2
    assert "There is no earlier origin" in outcome.notes[-2]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (
            -0.4,
            0.1,
            "Whether months with more abandoned calls have more or fewer public posts in the same month cannot",
        ),
        (0.1, 0.4, "Months with more abandoned calls have more public posts in the same month"),
        (-0.4, -0.1, "Months with more abandoned calls have fewer public posts in the same month"),
    ],
)
def test_a_correlation_whose_interval_holds_zero_tells_nothing(file, low, high, said) -> None:
    tables = backtest.run(settings(file)).tables
    spill = pd.DataFrame({"posts_of": ["same month"], "months": [50], "correlation": [(low + high) / 2]})
    last = backtest.answer(tables["scores"], tables["origins"], spill.assign(low=low, high=high))[-1]
    assert last.startswith(said)
    assert f"95 %: {low:+.2f} to {high:+.2f}" in last


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"train": "2031-01"}, r"train = '2031-01': must be a month of the file, from 2022-01 to 2025-06"),
        ({"train": "2022-05"}, r"train = '2022-05': leaves 5 months to fit; at least 18"),
        ({"train": "2024-13"}, r"train = '2024-13': must be a month from 01 to 12"),
        ({"catching_up": "10 %"}, r"catching_up.range = '10 %': is required: write catching_up="),
        ({"train": "2025-06"}, r"train = '2025-06': must leave at least two months"),
    ],
)
def test_bad_input_is_refused_in_one_line(file, words, told) -> None:
    with pytest.raises(BadInput, match=told):
        backtest.run(settings(file, **words))


def test_a_missing_month_is_refused(tmp_path, file) -> None:
    lines = file.read_text().splitlines()
    gap = tmp_path / "gap.csv"
    gap.write_text("\n".join(lines[:10] + lines[11:]) + "\n")
    with pytest.raises(BadInput, match="2022-11 does not follow the one before"):
        backtest.run(settings(gap))
