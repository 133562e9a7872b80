"""A study's draws of the assumptions are spread more evenly than independent ones: intervals are on the safe side."""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.known_truth import may_be

from caresim.inference.variance_components import mean_of
from caresim.run.uncertain import uniform

STUDIES, PARAMETERS = 150, 60


def coverage(draws: int, luck: float) -> float:
    """Of the mean of a sum of many parameters' effects (variance 1), with luck of this standard deviation."""
    random = np.random.default_rng(draws)
    hits = 0
    for seed in range(STUDIES):
        points = np.array([[uniform(seed, f"p{k}", draw) for k in range(PARAMETERS)] for draw in range(draws)])
        effect = (points - 0.5) @ random.standard_normal(PARAMETERS) * np.sqrt(12 / PARAMETERS)
        found = mean_of(effect[:, None] + luck * random.standard_normal((draws, 2)), 0.95)
        hits += found.low <= 0 <= found.high
    return hits / STUDIES


@pytest.mark.parametrize("luck", [0.0, 1.0, 5.0])
@pytest.mark.parametrize("draws", [8, 16])
def test_evenly_spread_draws_never_cost_coverage(draws: int, luck: float) -> None:
    covered = coverage(draws, luck)
    print(f"{draws} draws of {PARAMETERS} parameters, luck {luck}: {covered:.3f}")
    assert covered >= may_be(0.95, STUDIES)[0]
