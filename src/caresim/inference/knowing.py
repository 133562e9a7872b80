"""What it is worth to know an input before one of several options is chosen (expected value of perfect information).

Whoever chooses now takes the option with the best mean. Whoever knows the input first takes the option that is best
at its value. The mean of the second less the first is what knowing is worth (partial perfect information; Raiffa and
Schlaifer 1961). The mean of an option given one input is found by regression (Strong, Oakley & Brennan 2014): here of
what the points of a row differ by, which share all other inputs and luck, on Legendre polynomials of the input's
place in its range. What the rows share cancels, and the polynomials are means over all other inputs.

A maximum of noisy means is too high on average. So the choice is also learned from one half of the rows and judged by
the other half, which did not take part in it: that is too low on average, as the choice is not the best one. The
truth lies between both (held out: see `Worth`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from caresim.inference.interval_width import quantile_t
from caresim.inference.sobol import FEWEST

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

DEGREE = 3
"""Of the polynomials: an effect may bend twice."""
GRID = 400
"""Values of an input at which the options are compared."""
RESAMPLES = 500
"""Of the rows, for percentile intervals."""
SPLITS = 16
"""Times that the rows are parted into halves."""
GROUPS = 12
"""Of rows, each left out once for the interval of what is held out (delete-a-group jackknife; Kott 2001)."""


@dataclass(frozen=True)
class Worth:
    """What knowing is worth, in the unit of the options' values, 0 or more but for `held_out`.

    `value` with the percentiles of the bootstrap over rows (too high where it is near 0); `held_out` with an interval
    by the jackknife (too low). `changes` is the share of the input's values at which another option is best than on
    average. NaN with too few rows.
    """

    value: float
    low: float
    high: float
    held_out: float
    held_out_low: float
    held_out_high: float
    changes: float


@dataclass(frozen=True)
class Known:
    """Options' values on the rows of a pick-and-freeze design (see sobol.py), and the inputs' places in their ranges.

    `values` has shape (options, rows, inputs + 2): A, AB of each input, B. `places` has shape (rows, 2, inputs): of A
    and of B. `steps` are the inputs that have two values alone, below and above the middle. More is better.
    """

    values: Floats
    places: Floats
    steps: frozenset[int] = frozenset()

    @cached_property
    def rows(self) -> Places:
        """Those with a finite value of every option at every point."""
        return np.flatnonzero(np.isfinite(self.values).all(axis=(0, 2)))

    def means(self, rows: Places) -> Floats:
        """The mean of each option over all inputs and luck, shape (options)."""
        return self.values[:, rows][:, :, [0, -1]].mean(axis=(1, 2))

    def slopes(self, which: int, rows: Places) -> Floats:
        """Weights of each option on `basis` of an input from differences within rows, shape (options, columns)."""
        one, other = (basis(self.places[rows, side, which], which in self.steps) for side in (0, 1))
        apart = self.values[:, rows, 1 + which] - self.values[:, rows, 0]
        return np.asarray(np.linalg.lstsq(other - one, apart.T, rcond=None)[0].T, dtype=np.float64)

    def curve(self, which: int, at: Floats, rows: Places | None = None) -> Floats:
        """The mean of each option where the input is at these places of its range, shape (options, places)."""
        rows = self.rows if rows is None else rows
        return self.means(rows)[:, None] + self.slopes(which, rows) @ basis(at, which in self.steps).T

    def curve_ends(self, which: int, at: Floats, confidence: float, luck: np.random.Generator) -> tuple[Floats, Floats]:
        """The ends of the interval of `curve` (bootstrap over rows), each of its shape."""
        tails = ((1 - confidence) / 2, (1 + confidence) / 2)
        resampled = [self.curve(which, at, rows) for rows in self._resamples(luck)]
        low, high = np.quantile(resampled, tails, axis=0)
        return low, high

    def worth(self, which: Sequence[int], confidence: float, luck: np.random.Generator) -> Worth:
        """What it is worth to know these inputs; of several their effects are taken to add up."""
        if len(self.rows) < FEWEST or not which:
            return Worth(*(float("nan"),) * 7)
        at = self._judged_at(which)
        fitted = self._fitted(which, at, self.rows)
        resampled = [self._gain(*(self._fitted(which, at, rows),) * 2) for rows in self._resamples(luck)]
        tails = ((1 - confidence) / 2, (1 + confidence) / 2)
        low, high = np.quantile(resampled, tails)
        halves = [luck.permutation(len(self.rows)) for _ in range(SPLITS)]
        held_out = self._held_out(which, at, self.rows, halves)
        error = self._jackknifed(which, at, halves)
        half = quantile_t(confidence, min(GROUPS, len(self.rows)) - 1) * error
        best = fitted.mean(axis=1).argmax()
        changes = float((fitted.argmax(axis=0) != best).mean())
        return Worth(
            self._gain(fitted, fitted), float(low), float(high), held_out, held_out - half, held_out + half, changes
        )

    def _judged_at(self, which: Sequence[int]) -> Floats:
        """Places of all inputs at which options are compared: a grid of the one input, or the draws of several."""
        if len(which) > 1:
            return self.places[self.rows].reshape(-1, self.places.shape[2])
        at = np.full((GRID, self.places.shape[2]), 0.5)
        at[:, which[0]] = (np.arange(GRID) + 0.5) / GRID
        return at

    def _fitted(self, which: Sequence[int], at: Floats, rows: Places) -> Floats:
        """The mean of each option given the inputs, shape (options, places)."""
        total = np.repeat(self.means(rows)[:, None], len(at), axis=1)
        for one in which:
            total += self.slopes(one, rows) @ basis(at[:, one], one in self.steps).T
        return total

    def _gain(self, chosen_by: Floats, judged_by: Floats) -> float:
        """Of choosing by the one at each place, against the best one choice for all places; the other judges both."""
        known = judged_by[chosen_by.argmax(axis=0), np.arange(chosen_by.shape[1])].mean()
        return float(known - judged_by.mean(axis=1).max())

    def _held_out(self, which: Sequence[int], at: Floats, rows: Places, halves: Sequence[Places]) -> float:
        """The mean gain of choices that one half of the rows has taught and the other half judges."""
        gains = []
        for order in halves:
            mixed = rows[order]
            one, other = (self._fitted(which, at, np.sort(mixed[part::2])) for part in (0, 1))
            gains += [self._gain(one, other), self._gain(other, one)]
        return float(np.mean(gains))

    def _jackknifed(self, which: Sequence[int], at: Floats, halves: Sequence[Places]) -> float:
        """The standard error of what is held out."""
        groups = min(GROUPS, len(self.rows))
        left = []
        for group in range(groups):
            stay = np.arange(len(self.rows)) % groups != group
            orders = [np.argsort(np.argsort(order[stay[order]], kind="stable"), kind="stable") for order in halves]
            left.append(self._held_out(which, at, self.rows[stay], orders))
        return float(np.sqrt((groups - 1) / groups * ((np.array(left) - np.mean(left)) ** 2).sum()))

    def _resamples(self, luck: np.random.Generator) -> list[Places]:
        """Rows drawn with replacement, again and again."""
        return [self.rows[luck.integers(len(self.rows), size=len(self.rows))] for _ in range(RESAMPLES)]


def basis(places: Floats, steps: bool) -> Floats:
    """Functions of an input's place in its range whose mean is 0, shape (places, columns).

    Legendre polynomials of degree 1 to DEGREE; of an input with two values its side.
    """
    turned = 2.0 * places - 1.0
    if steps:
        return np.where(turned < 0, -1.0, 1.0)[:, None]
    return np.asarray(np.polynomial.legendre.legvander(turned, DEGREE)[:, 1:], dtype=np.float64)
