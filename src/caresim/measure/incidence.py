"""Cumulative incidence of a first response when giving up competes with it and the run's end cuts waits short.

The estimator is Aalen and Johansen's (1978, Scandinavian Journal of Statistics 5): without cut-off waits it is the
plain share of all spells; a spell cut off hands its weight to those that waited longer. Customers who are never
answered count, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from caresim.model.codes import Fate

Floats = NDArray[np.float64]
MOST_EXACT = 1 << 21
"""Waits of one group that are kept one by one: 2 million."""
CUT = 42
"""Bits of a float's mantissa that bins leave out; ten are left."""
SHORTEST, LONGEST = (1023 - 20) << 10, (1023 + 20) << 10
"""Bits of the ends of the first and the last bin: 2^-20 and 2^20 minutes."""
BINS = LONGEST - SHORTEST + 1


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
    """Cumulative shares of all spells that were `answered` or `gave_up`.

    `answered[k]` is the share after the first k answers, which came after `answered_at[:k]` minutes (sorted); likewise
    for giving up. NaN when there are no spells.
    """

    answered_at: Floats
    answered: Floats
    gave_up_at: Floats
    gave_up: Floats

    @classmethod
    def of(cls, spells: Spells) -> Incidence:
        """Three sorts of waits alone: an order of all spells, by which to look up their fates, takes six times as long.

        A wait cut off at the very minute of somebody's answer lasted longer than that answer took.
        """
        answered_at, gave_up_at, cut_off = (
            spells.wait[spells.fate == fate] for fate in (Fate.ANSWERED, Fate.GAVE_UP, Fate.WAITING)
        )
        for waits in (answered_at, gave_up_at, cut_off):
            waits.sort()  # in place: these are copies already
        answers, ends = (np.searchsorted(met, cut_off, side="right") for met in (answered_at, gave_up_at))
        weights = _weights(len(spells), answers + ends + np.arange(len(cut_off)))
        return cls(
            answered_at=answered_at,
            answered=_shares(weights, answers, len(answered_at), len(spells)),
            gave_up_at=gave_up_at,
            gave_up=_shares(weights, ends, len(gave_up_at), len(spells)),
        )

    def answered_by(self, minutes: ArrayLike) -> Floats:
        """Share answered within `minutes` (any shape); NaN when there are no spells."""
        return self.answered[np.searchsorted(self.answered_at, minutes, side="right")]

    def gave_up_by(self, minutes: ArrayLike) -> Floats:
        """Share that gave up within `minutes` unanswered."""
        return self.gave_up[np.searchsorted(self.gave_up_at, minutes, side="right")]

    def within(self, minutes: float) -> float:
        """`answered_by` for one number."""
        return float(self.answered_by(minutes))

    def median(self) -> float:
        """Minutes until half of all spells are answered: +inf when not reached, NaN when there are no spells."""
        if np.isnan(self.answered[0]):
            return float("nan")
        rounding = 1e-12  # of a cumulative sum of weights
        answers = int(np.searchsorted(self.answered, 0.5 - rounding))
        return float(self.answered_at[answers - 1]) if answers < len(self.answered) else float("inf")


class Waits:
    """Waits that come part by part. They are kept one by one up to `MOST_EXACT`, and beyond that counted in bins.

    A bin ends within 2^-10 (0.1 %) of where it begins, and times stand for the bins' ends: a median of counted waits is
    at most 0.1 % too long. Powers of two times whole numbers up to 1024 (15, 60 minutes) lie on ends of bins, so that
    shares within them are exact.
    """

    def __init__(self) -> None:
        self._kept: list[Spells] = []
        self._counts: NDArray[np.int64] | None = None
        self._number = 0
        self._incidence: Incidence | None = None

    def __len__(self) -> int:
        return self._number

    def add(self, spells: Spells) -> None:
        self._number += len(spells)
        self._incidence = None
        self._kept.append(spells)
        if self._number > MOST_EXACT:
            counts = np.zeros((len(Fate), BINS), dtype=np.int64) if self._counts is None else self._counts
            for spells in self._kept:
                cell = spells.fate.astype(np.int64) * BINS + _bin(spells.wait)
                counts += np.bincount(cell, minlength=counts.size).reshape(counts.shape)
            self._counts, self._kept = counts, []

    def count(self, fate: Fate) -> int:
        """How many met this fate."""
        counted = 0 if self._counts is None else int(self._counts[fate].sum())
        return counted + sum(int(np.count_nonzero(spells.fate == fate)) for spells in self._kept)

    @property
    def incidence(self) -> Incidence:
        if self._incidence is None:
            self._incidence = self._counted()
        return self._incidence

    def _counted(self) -> Incidence:
        if self._counts is not None:
            return _of_counts(self._counts)
        if len(self._kept) == 1:
            return self._kept[0].incidence
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
    answered, gave_up = (
        np.concatenate(([0.0], np.cumsum(counts[fate] * weight))) / total for fate in (Fate.ANSWERED, Fate.GAVE_UP)
    )
    return Incidence(answered_at=ends, answered=answered, gave_up_at=ends, gave_up=gave_up)


def _weights(number: int, places: NDArray[np.int64]) -> Floats:
    """Weight of the spells before the first that was cut off, between it and the second, ..., after the last.

    `places`: how many of all `number` spells were shorter than each that was cut off.
    """
    at_risk = (number - places).astype(np.float64)
    handed_on = np.where(at_risk > 1, at_risk / np.maximum(at_risk - 1, 1), 1.0)
    return np.concatenate(([1.0], np.cumprod(handed_on)))


def _shares(weights: Floats, before: NDArray[np.int64], met: int, number: int) -> Floats:
    """Cumulative shares after none, one, ... all of `met` spells: so many came `before` each that was cut off."""
    if not number:
        return np.full(1, np.nan)
    if len(weights) == 1:
        return np.arange(met + 1, dtype=np.float64) / number
    weight = weights.repeat(np.diff(before, prepend=0, append=met))
    return np.concatenate(([0.0], np.cumsum(weight))) / number
