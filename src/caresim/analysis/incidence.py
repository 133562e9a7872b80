"""Cumulative incidence of a first response when giving up competes with it and the run's end cuts waits short.

The estimator is Aalen and Johansen's (1978, Scandinavian Journal of Statistics 5): without cut-off waits it is the
plain share of all spells; a spell cut off hands its weight to those that waited longer. Nobody who is never answered
is left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Fate(IntEnum):
    """How a wait ended."""

    WAITING = 0  # cut off by the end of the run
    ANSWERED = 1
    GAVE_UP = 2


@dataclass(frozen=True)
class Spells:
    """Waits: `wait` in minutes until the fate was met, `fate` a `Fate` each (both of shape (n,))."""

    wait: Floats
    fate: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.wait)

    @cached_property
    def incidence(self) -> Incidence:
        return Incidence.of(self)


@dataclass(frozen=True)
class Incidence:
    """Cumulative shares `answered` and `gave_up` of all spells at the sorted `times` (minutes)."""

    times: Floats
    answered: Floats
    gave_up: Floats

    @classmethod
    def of(cls, spells: Spells) -> Incidence:
        cut_off = spells.fate == Fate.WAITING
        # A wait cut off at the very minute of somebody's answer lasted longer than that answer took.
        order = np.argsort(np.where(cut_off, np.nextafter(spells.wait, np.inf), spells.wait), kind="stable")
        fate = spells.fate[order]
        weight = _weights(fate == Fate.WAITING)
        return cls(
            times=spells.wait[order],
            answered=np.cumsum(np.where(fate == Fate.ANSWERED, weight, 0.0)) / max(len(fate), 1),
            gave_up=np.cumsum(np.where(fate == Fate.GAVE_UP, weight, 0.0)) / max(len(fate), 1),
        )

    def answered_by(self, minutes: ArrayLike) -> Floats:
        """Share answered within `minutes` (any shape); NaN when there are no spells."""
        return self._at(self.answered, minutes)

    def gave_up_by(self, minutes: ArrayLike) -> Floats:
        """Share that gave up within `minutes` unanswered."""
        return self._at(self.gave_up, minutes)

    def within(self, minutes: float) -> float:
        """`answered_by` for one number."""
        return float(self.answered_by(minutes))

    def median(self) -> float:
        """Minutes until half of all spells are answered: +inf when not reached, NaN when there are no spells."""
        if not len(self.times):
            return float("nan")
        rounding = 1e-12  # of a cumulative sum of weights
        place = int(np.searchsorted(self.answered, 0.5 - rounding))
        return float(self.times[place]) if place < len(self.times) else float("inf")

    def _at(self, cumulative: Floats, minutes: ArrayLike) -> Floats:
        if not len(self.times):
            return np.full(np.shape(minutes), np.nan)
        return np.concatenate(([0.0], cumulative))[np.searchsorted(self.times, minutes, side="right")]


def _weights(cut_off: NDArray[np.bool_]) -> Floats:
    """Weight of each sorted spell: 1, raised by those cut off before it."""
    count = len(cut_off)
    if not count:
        return np.empty(0)
    at_risk = np.arange(count, 0, -1, dtype=np.float64)
    handed_on = np.where(cut_off & (at_risk > 1), at_risk / np.maximum(at_risk - 1, 1), 1.0)
    return np.concatenate(([1.0], np.cumprod(handed_on)[:-1]))
