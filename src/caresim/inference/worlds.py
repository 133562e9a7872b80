"""In how many of the possible worlds is it better? Draws of the assumptions counted, with luck taken out.

A world is a draw of the assumptions. What two staffing models differ by in it is known with luck on top, so that worlds
as they are seen lie further apart than they are. Their means are drawn towards the middle until their spread is that of
the assumptions alone (constrained empirical Bayes: Louis 1984; Ghosh 1992). How many lie on which side does not shrink
with more replications, as the interval of the average does: it is what is not known about the world.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from caresim.inference.interval_width import NONE, quantile_t
from caresim.inference.variance_components import FEW_DRAWS, Floats, draw_means, within_draws

RANGE = 0.90
"""Of the worlds lie within the range that is told."""
RARE = 0.05
"""Whatever is surely true of more than this share of the worlds is no exception."""


@dataclass(frozen=True)
class Worlds:
    """Shares of `count` worlds; the ends of the interval of `better`; the range of the difference; NaN where there are
    too few worlds, or nothing is assumed.

    `better` and `worse`: by enough to matter are `better_matter` and `worse_matter`. `crises` is the share of single
    crises, luck included, that go better; of those that are equal one half.
    """

    count: int
    better: float
    better_low: float
    better_high: float
    better_matter: float
    worse_matter: float
    low: float
    high: float
    crises: float

    @property
    def divided(self) -> bool:
        """Is it better by enough to matter in some worlds and worse in others, and neither an exception?"""
        return min(self._surely(self.better_matter), self._surely(self.worse_matter)) > RARE

    def _surely(self, share: float) -> float:
        """The least share of all possible worlds that goes with such a share of these; 0 where there is none."""
        return 0.0 if math.isnan(share) else binomial_interval(round(share * self.count), self.count, 0.95)[0]


def worlds_of(matrix: Floats, margin: float, better: str, confidence: float) -> Worlds:
    """Count the worlds of differences (of logarithms, for ratios) by draw, shape (draws, replications a draw).

    `margin` is the smallest difference that matters, `better` the way that is better ("higher", "lower", "neither").
    The interval of the share is that of a binomial (Clopper & Pearson 1934), from the fewest worlds to the most that
    there may be, seen through luck: where luck hides the assumptions it is nearly from nothing to all.
    """
    values = -matrix if better == "lower" else matrix
    seen = values[~np.isnan(values).all(axis=1)]
    single = values[~np.isnan(values)]
    crises = float((single > 0).mean() + (single == 0).mean() / 2) if single.size and better != "neither" else NONE
    count = len(seen)
    if matrix.shape[1] == 1 or count < FEW_DRAWS:
        return Worlds(count if matrix.shape[1] > 1 else 0, *(NONE,) * 7, crises)
    centres, shifted = without_luck(seen, confidence)
    low, high = (float(end) for end in np.quantile(centres, ((1 - RANGE) / 2, (1 + RANGE) / 2), method="nearest"))
    if better == "lower":
        low, high = -high, -low
    if better == "neither":
        return Worlds(count, *(NONE,) * 5, low, high, NONE)
    fewest, most = (reduce([int((other > 0).sum()) for other in shifted]) for reduce in (min, max))
    return Worlds(
        count,
        float((centres > 0).mean()),
        binomial_interval(fewest, count, confidence)[0],
        binomial_interval(most, count, confidence)[1],
        float((centres >= margin).mean()),
        float((centres <= -margin).mean()),
        low,
        high,
        crises,
    )


def without_luck(matrix: Floats, confidence: float) -> tuple[Floats, list[Floats]]:
    """The difference in each world without luck, and what it may as well be: as luck has moved all worlds together,
    and as the spread of the assumptions alone is known (F distribution of the ratio of both layers).

    Where a difference is infinite there is no spread to take out: worlds are as they are seen.
    """
    if np.isinf(matrix).any():
        with np.errstate(invalid="ignore"):
            means = np.nanmean(matrix, axis=1)
        return means, [means]
    means = draw_means(matrix)
    within, degrees = within_draws(matrix)
    noise = within * float((1.0 / (~np.isnan(matrix)).sum(axis=1)).mean())
    spread, middle = float(means.var(ddof=1)), float(means.mean())
    if not degrees or not spread > 0:
        return means, [means]
    scales = (1.0, *_ratio_ends(len(means), degrees, confidence))
    kept, *ends = (math.sqrt(max(1.0 - scale * noise / spread, 0.0)) for scale in scales)
    luck = quantile_t(confidence, degrees) * math.sqrt(noise / len(means))
    shifted = [middle + sign * luck + end * (means - middle) for end in ends for sign in (-1, 1)]
    return middle + kept * (means - middle), shifted


def _ratio_ends(worlds: int, degrees: int, confidence: float) -> tuple[float, float]:
    """The ends between which the ratio of two equal variances, seen between worlds and within, falls."""
    from scipy.special import fdtri

    tail = (1 - confidence) / 2
    return float(fdtri(worlds - 1, degrees, tail)), float(fdtri(worlds - 1, degrees, 1 - tail))


def binomial_interval(count: int, of: int, confidence: float) -> tuple[float, float]:
    """The interval of a share of which `count` of `of` were seen (Clopper & Pearson 1934): 16 of 16 are 79 to 100 %."""
    from scipy.special import betaincinv

    tail = (1 - confidence) / 2
    low = float(betaincinv(count, of - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, of - count, 1 - tail)) if count < of else 1.0
    return low, high
