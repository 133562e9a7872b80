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
"""Of the polynomials at most: an effect may bend twice."""
ROWS_A_DEGREE = 16
"""So many rows for each degree: from fewer a bend is more noise than effect."""
GRID = 400
"""Values of an input at which the options are compared."""
RESAMPLES = 500
"""Of the rows, for percentile intervals."""
SPLITS = 16
"""Times that the rows are parted into halves."""
SINGULAR = 1e-10
"""Of squares, relative to the largest: a direction in which the rows do not differ."""
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

    @property
    def degree(self) -> int:
        """Of the polynomials."""
        return max(1, min(DEGREE, len(self.rows) // ROWS_A_DEGREE))

    @property
    def once(self) -> Floats:
        """Every such row counted once: the weights of the estimates themselves, shape (1, rows)."""
        return np.ones((1, len(self.rows)))

    def means(self, weights: Floats | None = None) -> Floats:
        """The mean of each option over all inputs and luck, shape (weights, options); NaN without a row."""
        weights = self.once if weights is None else weights
        by_row = self.values[:, self.rows][:, :, [0, -1]].mean(axis=2)
        totals, count = weights @ by_row.T, weights.sum(axis=1, keepdims=True)
        return np.divide(totals, count, out=np.full_like(totals, np.nan), where=count > 0)

    def slopes(self, which: int, weights: Floats) -> Floats:
        """Of `basis` of an input for each option, from differences within rows: shape (weights, options, columns)."""
        steps = which in self.steps
        one, other = (basis(self.places[self.rows, side, which], steps, self.degree) for side in (0, 1))
        moved = other - one
        apart = self.values[:, self.rows, 1 + which] - self.values[:, self.rows, 0]
        squares = np.einsum("wr,rc,rd->wcd", weights, moved, moved)
        products = np.einsum("wr,rc,or->woc", weights, moved, apart)
        return products @ np.linalg.pinv(squares, rcond=SINGULAR, hermitian=True)

    def curves(self, which: Sequence[int], at: Floats, weights: Floats) -> Floats:
        """The mean of each option where the inputs are at these places, of shape (places, inputs): shape (weights,
        options, places).
        """
        total = np.repeat(self.means(weights)[:, :, None], len(at), axis=2)
        for one in which:
            total += self.slopes(one, weights) @ basis(at[:, one], one in self.steps, self.degree).T
        return total

    def curve(self, which: int, places: Floats) -> Floats:
        """The mean of each option where one input is at these places of its range, shape (options, places)."""
        return np.asarray(self.curves([which], self._at(which, places), self.once)[0], dtype=np.float64)

    def curve_ends(
        self, which: int, places: Floats, confidence: float, luck: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """The ends of the interval of `curve` (bootstrap over rows), each of its shape."""
        resampled = self.curves([which], self._at(which, places), self._resamples(luck))
        low, high = np.quantile(resampled, ((1 - confidence) / 2, (1 + confidence) / 2), axis=0)
        return low, high

    def worth(self, which: Sequence[int], confidence: float, luck: np.random.Generator) -> Worth:
        """What it is worth to know these inputs; of several their effects are taken to add up."""
        count = len(self.rows)
        if count < FEWEST or not which:
            return Worth(*(float("nan"),) * 7)
        at = self._judged_at(which)
        (fitted,) = self.curves(which, at, self.once)
        resampled = self.curves(which, at, self._resamples(luck))
        low, high = np.quantile(gains(resampled, resampled), ((1 - confidence) / 2, (1 + confidence) / 2))
        halves = np.array([luck.permutation(count) % 2 for _ in range(SPLITS)], dtype=np.float64)
        groups = min(GROUPS, count)
        left = np.array([self._held_out(which, at, halves, np.arange(count) % groups != g) for g in range(groups)])
        error = float(np.sqrt((groups - 1) / groups * ((left - left.mean()) ** 2).sum()))
        half = quantile_t(confidence, groups - 1) * error
        held_out = self._held_out(which, at, halves, np.ones(count, dtype=bool))
        changes = float((fitted.argmax(axis=0) != fitted.mean(axis=1).argmax()).mean())
        value = float(gains(fitted[None], fitted[None])[0])
        return Worth(value, float(low), float(high), held_out, held_out - half, held_out + half, changes)

    def _at(self, which: int, places: Floats) -> Floats:
        """Places of all inputs, of which one is at these."""
        at = np.full((len(places), self.places.shape[2]), 0.5)
        at[:, which] = places
        return at

    def _judged_at(self, which: Sequence[int]) -> Floats:
        """Places of all inputs at which options are compared: a grid of the one input, or the draws of several."""
        if len(which) > 1:
            return self.places[self.rows].reshape(-1, self.places.shape[2])
        return self._at(which[0], (np.arange(GRID) + 0.5) / GRID)

    def _held_out(self, which: Sequence[int], at: Floats, halves: Floats, stay: NDArray[np.bool_]) -> float:
        """The mean gain of choices that one half of the rows that stay has taught and the other half judges."""
        one, other = (self.curves(which, at, half * stay) for half in (halves, 1.0 - halves))
        return float(np.mean([gains(one, other), gains(other, one)]))

    def _resamples(self, luck: np.random.Generator) -> Floats:
        """How often each row is drawn, again and again with replacement: weights of shape (RESAMPLES, rows)."""
        count = len(self.rows)
        drawn = luck.integers(count, size=(RESAMPLES, count))
        return np.array([np.bincount(each, minlength=count) for each in drawn], dtype=np.float64)


def gains(chosen_by: Floats, judged_by: Floats) -> Floats:
    """What choosing at each place gains against the best one choice for all places: shape (weights).

    The options' values have shape (weights, options, places); the first say what is chosen, the second judge both.
    """
    chosen = chosen_by.argmax(axis=1)
    known = np.take_along_axis(judged_by, chosen[:, None, :], axis=1)[:, 0].mean(axis=1)
    return np.asarray(known - judged_by.mean(axis=2).max(axis=1), dtype=np.float64)


def basis(places: Floats, steps: bool, degree: int = DEGREE) -> Floats:
    """Functions of an input's place in its range whose mean is 0, shape (places, columns).

    Legendre polynomials of degree 1 to `degree`; of an input with two values its side.
    """
    turned = 2.0 * places - 1.0
    if steps:
        return np.where(turned < 0, -1.0, 1.0)[:, None]
    return np.asarray(np.polynomial.legendre.legvander(turned, degree)[:, 1:], dtype=np.float64)
