"""How angry a wait makes: the law of the crisis experiments with its usual numbers, which no list of contacts tells."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config import paths, yaml_file
from caresim.config.quantity import TIMES, Dimension

Floats = NDArray[np.float64]
FACTOR, DURATION = Dimension("number", {"x": 1.0}), Dimension("duration", TIMES)
BEHAVIOUR = ("behaviour", "default.yaml")


class Anger(NamedTuple):
    """Anger, 0 to 1, after a wait: 1 - max(1, wait / expected) ** -kappa (docs/model.md).

    Of somebody of usual temper who was calm when they came.
    """

    expected_min: float
    kappa: float

    def after(self, wait_min: Floats) -> Floats:
        """After these waits (minutes)."""
        return 1.0 - np.maximum(1.0, wait_min / self.expected_min) ** -self.kappa


@lru_cache(maxsize=4)
def anger_of(medium: str) -> Anger:
    """With the numbers of conf/behaviour/default.yaml for a medium: assumptions, not told by any list of contacts."""
    _, content = yaml_file.read(paths.conf().joinpath(*BEHAVIOUR))
    numbers: Any = content
    expected = DURATION.number(numbers["media"][medium]["expected"]["value"])
    return Anger(expected, FACTOR.number(numbers["anger"]["kappa"]["value"]))
