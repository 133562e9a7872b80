"""Which inputs make an output vary: Sobol' indices by pick and freeze (Saltelli et al. 2010; Jansen 1999).

A row of the design has two independent draws of all inputs, A and B, and for each input the point AB that is A with
this input from B. Luck is an input like any other: A and B have a luck each, and the points of a row share A's, so
that what they differ by is the input. Nothing is the index of one frozen luck.

The index of an input in the *mean over luck* follows: its variance is that of everything but luck, one less luck's
total index, so that a first-order index divided by it is that of the mean over luck.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

RESAMPLES = 500
"""Of the rows, for intervals (percentiles of the bootstrap: Archer, Saltelli & Sobol' 1997)."""
FEWEST = 8
"""Rows below which there is no index."""
FLAT = 1e-12
"""An output whose standard deviation is no more than this, relative to its size, does not vary."""


@dataclass(frozen=True)
class Indices:
    """Of each input, shape (inputs), with the ends of its interval; NaN where there are too few rows or nothing varies.

    `first` is the share of the output's variance that goes if the input is known, `total` the share that is left if all
    others are known; both of the variance with luck. `of_mean` is the first-order index in the mean over luck.
    """

    rows: int
    """That have a finite output at every point; the others are left out."""
    first: Floats
    first_low: Floats
    first_high: Floats
    total: Floats
    total_low: Floats
    total_high: Floats
    of_mean: Floats
    of_mean_low: Floats
    of_mean_high: Floats


def indices_of(outputs: Floats, luck: int | None, confidence: float, seed: int = 0) -> Indices:
    """Indices from outputs of shape (rows, inputs + 2): A, AB of each input, B. `luck`: its place among them."""
    whole = outputs[np.isfinite(outputs).all(axis=1)]
    inputs = outputs.shape[1] - 2
    size = float(np.abs(whole).max(initial=0.0))
    if len(whole) < FEWEST or whole[:, [0, -1]].std() <= FLAT * max(size, 1.0):
        return Indices(len(whole), *(np.full(inputs, np.nan) for _ in range(9)))
    from SALib.analyze import sobol

    problem = {"num_vars": inputs, "names": [str(place) for place in range(inputs)], "bounds": [[0.0, 1.0]] * inputs}
    with np.errstate(divide="ignore", invalid="ignore"):
        # A resample of rows that are all alike has no variance; it is left out of the percentiles.
        found = sobol.analyze(
            problem, whole.ravel(), calc_second_order=False, num_resamples=RESAMPLES, conf_level=confidence,
            keep_resamples=True, seed=seed + 1,
        )  # fmt: skip
    first, total = (np.asarray(found[key], dtype=np.float64) for key in ("S1", "ST"))
    firsts, totals = (np.asarray(found[f"{key}_conf_all"], dtype=np.float64) for key in ("S1", "ST"))
    of_mean, of_means = without_luck(first, total, luck), without_luck(firsts, totals, luck)
    told: list[Floats] = []
    for estimate, resampled in ((first, firsts), (total, totals), (of_mean, of_means)):
        told += [estimate, *ends_of(resampled, confidence)]
    return Indices(len(whole), *told)


def without_luck(first: Floats, total: Floats, luck: int | None) -> Floats:
    """First-order indices in the mean over luck; that of luck itself is 0. NaN where luck is all there is."""
    if luck is None:
        return first
    left = 1.0 - total[..., luck : luck + 1]
    found = np.divide(first, left, out=np.full_like(first, np.nan), where=left > 0)
    found[..., luck] = 0.0
    return found


def ends_of(resampled: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The ends of the interval of each column; NaN where no resample has a value."""
    known = np.isfinite(resampled).any(axis=0)
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    low, high = (np.full(resampled.shape[1], np.nan) for _ in tails)
    if known.any():
        finite = np.where(np.isfinite(resampled), resampled, np.nan)[:, known]
        low[known], high[known] = np.nanquantile(finite, tails, axis=0)
    return low, high
