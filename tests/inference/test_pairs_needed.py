"""How many pairs of replications an undecided verdict would take."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.support.tables_of import compared, comparison, replications, row, steady

from caresim.inference.variance_components import mean_of
from caresim.inference.verdict import pairs_needed


def scattered(centre: float, deviation: float, draws: int) -> np.ndarray:
    """Differences whose draw means have exactly this mean and standard deviation, and no spread within draws."""
    means = np.linspace(-1.0, 1.0, draws)
    return np.repeat(centre + deviation * means / means.std(ddof=1), 2)


@pytest.mark.parametrize(("centre", "verdict"), [(0.02, "no difference that matters"), (0.2, "better")])
@pytest.mark.parametrize("draws", [2, 3, 4, 8, 32])
def test_pairs_needed_would_decide_and_half_of_them_would_not(judging, draws: int, centre: float, verdict: str) -> None:
    needed = int(compared(judging, scattered(centre, 1.0, draws))["pairs_needed"])
    assert needed % 2 == 0
    assert needed > 2 * draws
    assert compared(judging, scattered(centre, 1.0, needed // 2))["verdict"] == verdict
    assert compared(judging, scattered(centre, 1.0, needed // 2 - 1))["verdict"] == "undecided", "fewer would do"
    assert compared(judging, scattered(centre, 1.0, needed // 4))["verdict"] == "undecided"


@pytest.mark.parametrize("draws", [2, 3, 4, 16])
def test_pairs_needed_of_many_headlines_are_of_the_right_size_from_few_replications_on(judging, draws: int) -> None:
    random = np.random.default_rng(22)
    base = np.zeros(2 * 1200)

    def compared_with(draws: int) -> pd.DataFrame:
        models = {}
        for model in "abcdef":
            noise = random.standard_normal(draws)
            noise = (noise - noise.mean()) / noise.std(ddof=1)
            models[model] = {"csat": np.repeat(0.2 + noise, 2)}
        return comparison(replications(2 * draws, base={"csat": base[: 2 * draws]}, **models), "base", judging())

    needed = int(row(compared_with(draws), "csat", "a")["pairs_needed"])
    assert row(compared_with(needed // 2), "csat", "a")["verdict"] == "better"
    assert row(compared_with(needed // 4), "csat", "a")["verdict"] == "undecided"


def test_pairs_needed_allow_for_luck_where_it_is_all_there_is(judging) -> None:
    few = np.array([1.0, -1.0, -1.0, 1.0]) + 0.02  # draw means are equal, and by chance alone
    needed = int(compared(judging, few)["pairs_needed"])
    assert compared(judging, np.tile(few, needed // 4 + 1))["verdict"] == "no difference that matters"
    assert compared(judging, np.tile(few, needed // 8))["verdict"] == "undecided"


def test_no_room_left_for_an_interval_tells_no_number_of_pairs() -> None:
    assert pairs_needed(mean_of(np.array([[-1.0, -1.0], [1.0, 1.0]]), 0.95), 0.0) is None


def test_a_difference_on_its_margin_is_never_decided_and_says_so(judging) -> None:
    from caresim.inference.verdict import MOST_PAIRS

    assert compared(judging, steady(0.1 - 1e-9, 0.5))["pairs_needed"] == MOST_PAIRS
