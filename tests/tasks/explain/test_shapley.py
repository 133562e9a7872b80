"""Shares of a difference on games whose answer is known."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from caresim.tasks.explain.shapley import interactions, main_effects, players, shapley

ROUNDING = 1e-12
"""Sums of some dozens of numbers of the order of one."""


def game(count: int, worth) -> np.ndarray:
    """The game in which `worth(players in)` comes out."""
    every = range(1 << count)
    return np.array([worth({player for player in range(count) if row >> player & 1}) for row in every], dtype=float)


def random_games(count: int, replications: int = 5) -> np.ndarray:
    return np.random.default_rng(1953).normal(size=(1 << count, replications))


def by_orders(one: np.ndarray) -> np.ndarray:
    """The definition, order by order."""
    count = players(one)
    shares = np.zeros(count)
    for order in itertools.permutations(range(count)):
        there = 0
        for player in order:
            shares[player] += one[there | 1 << player] - one[there]
            there |= 1 << player
    return shares / math.factorial(count)


def test_in_a_sum_everybody_gets_what_he_adds():
    adds = [0.5, -2.0, 0.0, 3.25]
    additive = game(4, lambda present: sum(adds[player] for player in present))
    assert shapley(additive) == pytest.approx(adds, abs=ROUNDING)
    assert main_effects(additive) == pytest.approx(adds, abs=ROUNDING)
    assert np.array(list(interactions(additive).values())) == pytest.approx(0, abs=ROUNDING)


def test_what_takes_two_is_halved_between_them():
    """Gloves: a pair is worth 1, one glove nothing; a third player adds 2 by himself."""
    gloves = game(3, lambda present: ({0, 1} <= present) + 2.0 * (2 in present))
    assert shapley(gloves) == pytest.approx([0.5, 0.5, 2.0], abs=ROUNDING)
    assert interactions(gloves) == {(0, 1): pytest.approx(1.0), (0, 2): pytest.approx(0), (1, 2): pytest.approx(0)}


def test_the_textbook_example_of_left_and_right_gloves():
    """Two have a left glove, one the right: (1/6, 1/6, 4/6) (Shapley 1953; Osborne & Rubinstein 1994, example 289)."""
    gloves = game(3, lambda present: bool(present & {0, 1}) and 2 in present)
    assert shapley(gloves) == pytest.approx([1 / 6, 1 / 6, 4 / 6], abs=ROUNDING)


@pytest.mark.parametrize("count", [1, 2, 4, 6])
def test_shares_sum_to_the_difference_in_every_replication(count):
    games = random_games(count)
    assert shapley(games).sum(axis=0) == pytest.approx(games[-1] - games[0], abs=ROUNDING)


def test_shares_are_the_average_over_all_orders():
    games = random_games(5, 1)[:, 0]
    assert shapley(games) == pytest.approx(by_orders(games), abs=ROUNDING)


def test_alike_players_get_alike_shares():
    symmetric = game(4, lambda present: len(present & {0, 2}) ** 2 + 3.0 * (1 in present) * len(present & {0, 2}))
    shares = shapley(symmetric)
    assert shares[0] == pytest.approx(shares[2], abs=ROUNDING)
    assert shares[0] != pytest.approx(shares[1], abs=0.1)


def test_who_never_adds_anything_gets_nothing():
    games = random_games(3)
    with_dummy = np.concatenate([games, games])  # player 3 changes nothing
    assert shapley(with_dummy)[3] == pytest.approx(0, abs=ROUNDING)
    assert shapley(with_dummy)[:3] == pytest.approx(shapley(games), abs=ROUNDING)


def test_shares_of_a_sum_are_sums_of_shares():
    one, other = random_games(4), random_games(4)[::-1]
    assert shapley(one + other) == pytest.approx(shapley(one) + shapley(other), abs=ROUNDING)


def test_a_design_of_two_factors_has_the_effects_of_the_textbook():
    """Effect of A: the mean at its high level less that at its low (Montgomery 2017, ch. 6)."""
    low, a, b, both = 20.0, 40.0, 30.0, 52.0
    design = np.array([low, a, b, both])
    assert main_effects(design) == pytest.approx([(a + both - low - b) / 2, (b + both - low - a) / 2], abs=ROUNDING)
    assert interactions(design)[0, 1] == pytest.approx(both - a - b + low, abs=ROUNDING)


def test_a_game_has_a_power_of_two_of_rows():
    with pytest.raises(ValueError, match="power of two of rows, not 6"):
        shapley(np.zeros(6))
