"""Many estimates of the same kind, each drawn towards their middle by as much as it is uncertain."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class Shrunk(NamedTuple):
    """Normal posteriors: `mean` and `sd` of each, and of one more that was never seen (`centre`, `spread`)."""

    mean: Floats
    sd: Floats
    centre: float
    spread: float


def shrunk(estimates: Floats, variances: Floats) -> Shrunk:
    """Posteriors of effects that are normal around a common centre, given estimates with normal errors.

    The spread is that of DerSimonian and Laird (1986), the posterior empirical Bayes (Morris 1983), with what is not
    known of the centre added, and of the spread as a t distribution would.
    """
    count = len(estimates)
    if count == 0:
        return Shrunk(estimates, estimates, 0.0, 0.0)
    weights = 1.0 / np.maximum(variances, 1e-12)
    centre = float((weights * estimates).sum() / weights.sum())
    if count == 1:
        return Shrunk(estimates.copy(), np.sqrt(variances), centre, 0.0)
    excess = float((weights * (estimates - centre) ** 2).sum()) - (count - 1)
    room = float(weights.sum() - (weights**2).sum() / weights.sum())
    between = max(excess / room, 0.0) if room > 0 else 0.0
    weights = 1.0 / (between + np.maximum(variances, 1e-12))
    centre = float((weights * estimates).sum() / weights.sum())
    pull = variances / (variances + between) if between > 0 else np.ones(count)
    mean = estimates + pull * (centre - estimates)
    of_centre = pull**2 / weights.sum()
    of_spread = 2.0 / max(count - 1, 1) * (pull * (1.0 - pull) * (estimates - centre)) ** 2
    sd = np.sqrt((1.0 - pull) * variances + of_centre + of_spread)
    return Shrunk(mean, sd, centre, float(np.sqrt(between)))
