"""The best staffing model and the next, where both are far better than the baseline."""

from __future__ import annotations

import pandas as pd
import pytest

import caresim
from caresim.config.experiment import Experiment
from caresim.tasks.sensitivity import answer
from caresim.tasks.sensitivity.assumptions import LUCK, OTHERS, assumptions_of
from caresim.tasks.sensitivity.design import rows_of
from caresim.tasks.sensitivity.result import Sensitivity


@pytest.fixture(scope="module")
def tokyo() -> Experiment:
    return caresim.load("experiment=tokyo")


@pytest.fixture(scope="module")
def close(tokyo: Experiment) -> Sensitivity:
    """Two models that are both far better than the baseline, and of which the reinforcement decides which is better.

    What the baseline reaches follows from all other assumptions.
    """
    assumptions = tuple(assumptions_of(tokyo))
    names = [one.name for one in assumptions]
    chosen, other = names.index("reinforcement"), names.index("behaviour.phone.busy_gap")
    rows = rows_of(0, names, (chosen,), 64)
    places = rows.points().places
    reached = {
        "social_team": 0.1 + 0.1 * places[:, other],
        "hybrid": 0.79 + 0.03 * places[:, chosen],
        "call_center_24_7": 0.8 + 0.001 * places[:, other],
    }
    runs = pd.concat([
        pd.DataFrame({"point": range(len(places)), "staffing": name, "useful_60": values, "cost": 1.0})
        for name, values in reached.items()
    ])  # fmt: skip
    inputs = ("reinforcement", OTHERS, LUCK)
    return Sensitivity(tokyo, assumptions, tuple(reached), ("useful_60",), rows, inputs, runs)


def test_the_best_two_have_indices_of_their_own_where_neither_is_the_baseline(close: Sensitivity) -> None:
    contest = ("hybrid", "call_center_24_7")
    assert close.experiment.baseline == "social_team"
    assert close.contest == contest == close.pairs[0]
    assert close.differences == [contest, ("hybrid", "social_team"), ("call_center_24_7", "social_team")]
    assert close.shares(contest).loc["reinforcement", "total"] == pytest.approx(1.0, abs=0.25)
    assert close.shares(contest).loc[OTHERS, "total"] == pytest.approx(0.0, abs=0.05)
    assert close.shares(("hybrid", "social_team")).loc[OTHERS, "total"] > 0.8
    decides = close.text.splitlines()[2]
    assert decides.startswith("What makes the difference between Hybrid and Call centre 24/7 vary is Reinforcement (")


def test_a_worth_below_the_margin_is_not_to_be_measured_first(close: Sensitivity) -> None:
    row = close.knowing().iloc[0]
    assert 0 < row["held_out_low"] < row["worth"] < answer.matters(close) == 0.05
    first = close.text.splitlines()[1]
    assert "Measure this first" not in first
    assert first.startswith(
        "No number that was asked about is shown to change the result by as much as matters (5 percentage points)"
        " if it is known before choosing. Worth most is reinforcement ("
    )


def test_the_difference_of_the_best_two_is_the_first_panel(close: Sensitivity) -> None:
    titles = [axes.get_title(loc="left") for axes in close.plot_indices().axes if axes.get_visible()]
    assert len(titles) == 6
    assert titles[0] == "Hybrid\nless Call centre 24/7"
    assert [title.count("\nless ") for title in titles] == [1, 1, 1, 0, 0, 0]
