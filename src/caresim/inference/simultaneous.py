"""The critical value for intervals that hold all at once: a max-t bootstrap over draws (Westfall & Young 1993)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.inference.interval_width import quantile_t

Floats = NDArray[np.float64]

RESAMPLES = 4000
SEED = 20110311
"""Of the resampling alone: intervals are a function of the replications."""


def critical_value(means: Floats, confidence: float) -> float:
    """Multiple of the standard error such that all columns' intervals cover together.

    `means` has shape (draws, comparisons), NaN where a draw has no value. Draws are resampled whole, so that the
    dependence between comparisons is kept. Never below the pointwise Student quantile, never above Bonferroni's, which
    suffices whatever the dependence; columns that do not vary need none. NaN with fewer than two draws.
    """
    draws, columns = means.shape
    pointwise = quantile_t(confidence, draws - 1)
    defined = ~np.isnan(means)
    lowest, highest = np.where(defined, means, np.inf).min(axis=0), np.where(defined, means, -np.inf).max(axis=0)
    rounding = 1e-12 * np.maximum(np.abs(lowest), np.abs(highest))
    varying = means[:, highest - lowest > rounding]
    if draws < 2 or not varying.shape[1]:
        return pointwise
    bonferroni = quantile_t(1 - (1 - confidence) / columns, draws - 1)
    largest = np.quantile(_largest_t(varying), confidence, method="higher")
    return float(np.clip(largest, pointwise, bonferroni))


def _largest_t(means: Floats) -> Floats:
    """The largest studentised deviation of each resample from the sample, shape (RESAMPLES,)."""
    draws = len(means)
    defined = ~np.isnan(means)
    # Around the sample's own means: resamples deviate from them as samples do from the truth.
    centre = np.where(defined, means, 0.0).sum(axis=0) / defined.sum(axis=0)
    centred = np.where(defined, means - centre, 0.0)
    picks = np.random.Generator(np.random.PCG64(SEED)).integers(draws, size=(RESAMPLES, draws))
    weight = (
        np.bincount((np.arange(RESAMPLES)[:, None] * draws + picks).ravel(), minlength=RESAMPLES * draws)
        .reshape(RESAMPLES, draws)
        .astype(float)
    )
    count = np.maximum(weight @ defined, 1.0)
    mean = weight @ centred / count
    variance = np.maximum(weight @ centred**2 / count - mean**2, 0.0) * count / np.maximum(count - 1, 1.0)
    error = np.sqrt(variance / count)
    deviation = np.abs(mean)
    flat = error <= 1e-9 * np.sqrt((centred**2).mean(axis=0))
    t = np.divide(deviation, error, out=np.full_like(mean, np.inf), where=~flat)
    return t.max(axis=1)
