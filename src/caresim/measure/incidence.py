"""Cumulative incidence of a first response when giving up competes with it and the run's end cuts waits short.

The estimator is Aalen and Johansen's (1978, Scandinavian Journal of Statistics 5): without cut-off waits it is the
plain share of all spells; a spell cut off hands its weight to those that waited longer. Customers who are never
answered count, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
MOST_EXACT = 1 << 21
"""Waits of one group that are kept one by one: 2 million."""
CUT = 42
"""Bits of a float's mantissa that bins leave out; ten are left."""
SHORTEST, LONGEST = (1023 - 20) << 10, (1023 + 20) << 10
"""Bits of the ends of the first and the last bin: 2^-20 and 2^20 minutes."""
BINS = LONGEST - SHORTEST + 1


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


class Waits:
    """Waits that come part by part. They are kept one by one up to `MOST_EXACT`, and beyond that counted in bins.

    A bin ends within 2^-10 (0.1 %) of where it begins, and times stand for the bins' ends: a median of counted waits is
    at most 0.1 % too long. Powers of two times whole numbers up to 1024 (15, 60 minutes) lie on ends of bins, so that
    shares within them are exact.
    """

    def __init__(self) -> None:
        self._kept: list[Spells] = []
        self._counts = np.zeros((len(Fate), BINS), dtype=np.int64)
        self._number = 0
        self._incidence: Incidence | None = None

    def __len__(self) -> int:
        return self._number

    def add(self, spells: Spells) -> None:
        self._number += len(spells)
        self._incidence = None
        self._kept.append(spells)
        if self._number > MOST_EXACT:
            for spells in self._kept:
                cell = spells.fate.astype(np.int64) * BINS + _bin(spells.wait)
                self._counts += np.bincount(cell, minlength=self._counts.size).reshape(self._counts.shape)
            self._kept = []

    def count(self, fate: Fate) -> int:
        """How many met this fate."""
        return int(self._counts[fate].sum()) + sum(int(np.count_nonzero(spells.fate == fate)) for spells in self._kept)

    @property
    def incidence(self) -> Incidence:
        if self._incidence is None:
            self._incidence = self._counted()
        return self._incidence

    def _counted(self) -> Incidence:
        if self._number > MOST_EXACT:
            return _of_counts(self._counts)
        wait = np.concatenate([spells.wait for spells in self._kept] or [np.empty(0)])
        fate = np.concatenate([spells.fate for spells in self._kept] or [np.empty(0, dtype=np.int8)])
        return Spells(wait, fate).incidence


def _bin(wait: Floats) -> NDArray[np.int64]:
    """The bin of each wait: the sign-less bits of a float, cut off after ten of the mantissa, rise with its value."""
    bits = np.ascontiguousarray(wait).view(np.int64) - 1  # the upper end belongs to its bin
    bits >>= CUT
    bits -= SHORTEST - 1
    return np.clip(bits, 0, BINS - 1, out=bits)


def _of_counts(counts: NDArray[np.int64]) -> Incidence:
    """`Incidence` at the bins' ends; waits cut off within a bin lasted to its end."""
    total = int(counts.sum())
    met = counts[Fate.ANSWERED] + counts[Fate.GAVE_UP]
    left = total - np.cumsum(met + counts[Fate.WAITING])
    at_risk = left + counts[Fate.WAITING]
    handed_on = np.where(left > 0, at_risk / np.maximum(left, 1), 1.0)
    weight = np.concatenate(([1.0], np.cumprod(handed_on)[:-1]))
    ends = ((np.arange(BINS, dtype=np.int64) + SHORTEST) << CUT).view(np.float64)
    ends[0] = 0.0
    return Incidence(
        times=ends,
        answered=np.cumsum(counts[Fate.ANSWERED] * weight) / total,
        gave_up=np.cumsum(counts[Fate.GAVE_UP] * weight) / total,
    )


def _weights(cut_off: NDArray[np.bool_]) -> Floats:
    """Weight of each sorted spell: 1, raised by those cut off before it."""
    count = len(cut_off)
    if not count:
        return np.empty(0)
    at_risk = np.arange(count, 0, -1, dtype=np.float64)
    handed_on = np.where(cut_off & (at_risk > 1), at_risk / np.maximum(at_risk - 1, 1), 1.0)
    return np.concatenate(([1.0], np.cumprod(handed_on)[:-1]))
