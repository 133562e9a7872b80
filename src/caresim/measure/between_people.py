"""How much the marks of those whom one person answered differ from those of the next, beyond chance."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from caresim.measure.incidence import Floats


class BetweenPeople:
    """Number, sum and sum of squares of marks by the person who answered (a row of staff each).

    Marks are taken from the middle of their scale: the sums of squares then differ in what matters.
    """

    def __init__(self, staff: int, middle: float) -> None:
        self._middle = middle
        self.number = np.zeros(staff, dtype=np.int64)
        self.sum, self.squares = np.zeros(staff), np.zeros(staff)

    def add(self, person: NDArray[np.int32], marks: Floats) -> None:
        """Marks of cases, and the row of staff of the person who answered each."""
        off = marks - self._middle
        self.number += np.bincount(person, minlength=len(self.number))
        self.sum += np.bincount(person, weights=off, minlength=len(self.sum))
        self.squares += np.bincount(person, weights=off * off, minlength=len(self.sum))

    def deviation(self) -> float:
        """Standard deviation between people of the mark that each can expect; NaN where it cannot be told.

        Analysis of variance of one way with unequal numbers (Searle, Casella & McCulloch 1992, Variance Components):
        (mean square between - mean square within) / n0, at least 0. Best against worst would be chance alone where
        each answers few.
        """
        there = self.number > 0
        number, total = self.number[there].astype(np.float64), self.sum[there]
        people, marks = len(number), float(number.sum())
        if people < 2 or marks <= people:
            return math.nan
        explained = float((total * total / number).sum())
        between = (explained - float(total.sum()) ** 2 / marks) / (people - 1)
        within = (float(self.squares[there].sum()) - explained) / (marks - people)
        typical = (marks - float((number * number).sum()) / marks) / (people - 1)
        return math.sqrt(max(0.0, (between - within) / typical))
