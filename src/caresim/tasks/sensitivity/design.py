"""The points at which the model is run: places of all assumptions in their ranges, and a luck.

Every place is hashed from the seed and the assumption's name (run/uncertain.py), so that it depends on nothing else:
not on how many assumptions there are, nor on which of them were passed on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from caresim.inference.elementary_effects import LEVELS, STEP
from caresim.run.uncertain import PAIR, uniform

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

BASE, SIDE, ORDER = ("sensitivity/base/", "sensitivity/side/", "sensitivity/order/")
"""Before an assumption's name: what else is drawn of it."""


@dataclass(frozen=True)
class Points:
    """`places` has shape (points, assumptions), each in 0 to 1; `luck` is the replication whose luck a point has."""

    places: Floats
    luck: Whole

    def __len__(self) -> int:
        return len(self.luck)


@dataclass(frozen=True)
class Rows:
    """A pick-and-freeze design: in each row a draw A, for each input A with that input from B, and the draw B.

    A of row n is the world of draw n of a comparison, with the luck of its first replication.
    """

    names: tuple[str, ...]
    """Of all assumptions."""
    chosen: tuple[int, ...]
    """Places among them of those that are inputs of their own."""
    first: Floats
    """Of A, shape (rows, assumptions)."""
    second: Floats
    """Of B."""

    @property
    def has_others(self) -> bool:
        """Are there assumptions beside the chosen ones?"""
        return len(self.chosen) < len(self.names)

    @property
    def width(self) -> int:
        """Points of a row: A, one for each chosen assumption, one for all others together, one for luck, B."""
        return len(self.chosen) + self.has_others + 3

    def points(self) -> Points:
        """Row after row."""
        rows, places, luck = len(self.first), [], []
        others = [place for place in range(len(self.names)) if place not in self.chosen]
        switched = [[place] for place in self.chosen] + ([others] if others else [])
        for row in range(rows):
            one, other = self.first[row], self.second[row]
            lucks = PAIR * row, PAIR * row + 1
            for group in ([], *switched):
                point = one.copy()
                point[group] = other[group]
                places.append(point)
                luck.append(lucks[0])
            places += [one, other]
            luck += [lucks[1], lucks[1]]
        return Points(np.array(places), np.array(luck, dtype=np.int64))


def rows_of(seed: int, names: Sequence[str], chosen: Sequence[int], rows: int) -> Rows:
    """The design with so many rows."""
    first = [[uniform(seed, name, row) for name in names] for row in range(rows)]
    second = [[apart(seed, name, row) for name in names] for row in range(rows)]
    return Rows(tuple(names), tuple(chosen), np.array(first), np.array(second))


def apart(seed: int, name: str, row: int) -> float:
    """The place of an assumption in B of a row: independent of all else.

    Two sequences of the kind that A is drawn from may run in step over a few rows, so that B would follow A.
    """
    number = hashlib.sha256(f"sensitivity/second/{seed}/{row}/{name}".encode()).digest()[:8]
    return (int.from_bytes(number, "big") // 2**12 + 0.5) / 2**52


def trajectories(seed: int, names: Sequence[str], count: int) -> Points:
    """So many trajectories one after the other, each of as many points as there are assumptions, and one.

    Each begins at a level of the grid and moves one assumption after the other by STEP, up from the lower half or down
    from the upper one, in an order of its own. The points of a trajectory share their luck.
    """
    places, luck = [], []
    for number in range(count):
        low = [(uniform(seed, BASE + name, number) * LEVELS // 2) / (LEVELS - 1) for name in names]
        down = [uniform(seed, SIDE + name, number) < 0.5 for name in names]
        order = sorted(range(len(names)), key=lambda place: uniform(seed, ORDER + names[place], number))
        point = np.array([each + STEP * side for each, side in zip(low, down, strict=True)])
        places.append(point.copy())
        for place in order:
            point[place] += -STEP if down[place] else STEP
            places.append(point.copy())
        luck += [PAIR * number] * (len(names) + 1)
    return Points(np.clip(np.array(places), 0.0, 1.0), np.array(luck, dtype=np.int64))
