"""Shares of a difference: the Shapley value, main effects and interactions of a game with few players.

A game is an array whose first axis has 2^n rows: row S holds what comes out when exactly the players in S are in, where
player i is bit i of S. Other axes (replications) are games of their own.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def players(game: Floats) -> int:
    """How many players there are. ValueError where the rows are not a power of two."""
    count = len(game).bit_length() - 1
    if len(game) != 1 << count:
        raise ValueError(f"a game has a power of two of rows, not {len(game)}")
    return count


def shapley(game: Floats) -> Floats:
    """Each player's share of game[all] - game[none], shape (players, ...); their sum is that difference.

    A share is what the player adds to those who came before, averaged over all orders of coming (Shapley 1953). Equal
    players get equal shares, a player that never adds anything gets 0, and shares of a sum of games are sums of shares.
    """
    count = players(game)
    weight = [math.factorial(size) * math.factorial(count - size - 1) / math.factorial(count) for size in range(count)]
    shares = []
    for player in range(count):
        without = _without(len(game), 1 << player)
        share = np.array([weight[int(row).bit_count()] for row in without])
        adds = game[without | 1 << player] - game[without]
        # Not as a product of matrices, whose last bits differ from one machine to the next.
        shares.append((share.reshape(-1, *[1] * (game.ndim - 1)) * adds).sum(axis=0))
    return np.array(shares)


def main_effects(game: Floats) -> Floats:
    """What each player adds on average over all combinations of the others, shape (players, ...): a 2^n design's."""
    effects = []
    for player in range(players(game)):
        without = _without(len(game), 1 << player)
        effects.append((game[without | 1 << player] - game[without]).mean(axis=0))
    return np.array(effects)


def interactions(game: Floats) -> dict[tuple[int, int], Floats]:
    """What two players add together beyond what they add apart, on average over the others, by pair (i < j)."""
    by_pair = {}
    for one in range(players(game)):
        for other in range(one + 1, players(game)):
            a, b = 1 << one, 1 << other
            without = _without(len(game), a | b)
            beyond = game[without | a | b] - game[without | a] - game[without | b] + game[without]
            by_pair[one, other] = beyond.mean(axis=0)
    return by_pair


def _without(rows: int, bits: int) -> NDArray[np.int64]:
    every = np.arange(rows)
    return every[every & bits == 0]
