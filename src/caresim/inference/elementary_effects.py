"""Which inputs move an output at all: elementary effects along trajectories (Morris 1991; Campolongo et al. 2007).

Inputs are points of (0, 1), places within ranges. A trajectory begins somewhere on a grid of four levels and moves one
input after the other by two thirds of its range; the effect of an input is what its step changes, per whole range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEVELS = 4
"""Of the grid: the ends of the range, and its thirds."""
STEP = LEVELS / (2 * (LEVELS - 1))
"""Of a trajectory: two thirds of the range, so that each of the levels is met equally often (Morris 1991)."""
RESAMPLES = 200
"""Of the trajectories, for the interval of a mean absolute effect."""


@dataclass(frozen=True)
class Effects:
    """Of each input, shape (inputs): how the output moves over its whole range, averaged over trajectories.

    `mean` has a sign, `size` is the mean of the absolute values (mu star), `spread` the standard deviation between
    trajectories: large where the effect depends on the other inputs, or is bent. `error` is half the width of the
    interval of `size`; with three trajectories it is rough.
    """

    mean: Floats
    size: Floats
    spread: Floats
    error: Floats


def effects_of(inputs: Floats, outputs: Floats, confidence: float, seed: int = 0) -> Effects:
    """The effects of inputs, shape (trajectories * (inputs + 1), inputs), on outputs of as many points.

    NaN throughout where an output is not finite: an effect of what is not known is none. ValueError with fewer than two
    trajectories.
    """
    count = inputs.shape[1]
    trajectories = len(outputs) / (count + 1)
    if trajectories < 2 or trajectories != int(trajectories):
        raise ValueError(f"{len(outputs)} points are no two trajectories or more of {count} inputs")
    if not np.isfinite(outputs).all():
        return Effects(*(np.full(count, np.nan) for _ in range(4)))
    from SALib.analyze import morris

    problem = {"num_vars": count, "names": [str(place) for place in range(count)], "bounds": [[0.0, 1.0]] * count}
    found = morris.analyze(
        problem, inputs, outputs, num_resamples=RESAMPLES, conf_level=confidence, num_levels=LEVELS, seed=seed + 1
    )
    told = (found[key] for key in ("mu", "mu_star", "sigma", "mu_star_conf"))
    return Effects(*(np.asarray(np.ma.filled(each, np.nan), dtype=np.float64) for each in told))
