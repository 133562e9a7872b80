"""`pairs_needed` against what is then needed: new studies of that size, of half and of twice the size.

The promise is: enough, if estimate and spread stay as they are. A new study's estimate is as often above as below the
truth, so at that size a verdict falls about every other time; who wants to be sure takes twice as many.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.known_truth import may_be
from tests.support.tables_of import compared

STUDIES = 160


def differences(random: np.random.Generator, centre: float, draws: int) -> np.ndarray:
    """Differences of satisfaction, two replications a draw: spread 0.4 between draws, 0.4 within."""
    return (centre + 0.4 * (random.standard_normal((draws, 1)) + random.standard_normal((draws, 2)))).ravel()


def exactly(centre: float, draws: int) -> np.ndarray:
    """Differences whose estimate is the truth, and whose spread is the true one."""
    from scipy.special import ndtri

    z = ndtri((np.arange(draws) + 0.5) / draws)
    between = 0.4 * np.sqrt(1.5) * z / z.std(ddof=1)
    return np.repeat(centre + between, 2) + np.tile([0.4 / np.sqrt(2), -0.4 / np.sqrt(2)], draws)


def decided(judging, centre: float, draws: int) -> float:
    random = np.random.default_rng(draws)
    verdicts = [compared(judging, differences(random, centre, draws))["verdict"] for _ in range(STUDIES)]
    return float(np.mean([verdict != "undecided" for verdict in verdicts]))


@pytest.mark.parametrize(
    ("centre", "half", "at", "double"),
    [
        (0.0, 0.1, (0.05, 0.2), (0.4, 0.75)),  # an estimate off by little in either direction is one too many
        (0.03, 0.2, (0.4, 0.6), (0.75, 0.9)),
        (0.2, 0.4, (0.42, 0.58), (0.75, 0.9)),
        (0.105, 0.4, (0.4, 0.6), (0.42, 0.58)),  # on the margin nearly: the estimate reaches it every other time
    ],
)
def test_a_new_study_of_that_size_is_decided_every_other_time(judging, centre: float, half, at, double) -> None:
    """`half`: at most; `at` and `double`: between, give or take the binomial band of 99.9 % (at 50 %: 13 points)."""
    needed = int(compared(judging, exactly(centre, 8))["pairs_needed"])
    for times, (low, high) in {0.5: (0.0, half), 1.0: at, 2.0: double}.items():
        seen = decided(judging, centre, max(2, round(needed * times / 2)))
        print(f"truth {centre}, pairs_needed {needed}: {times} times as many decide {seen:.2f}")
        assert may_be(low, STUDIES)[0] <= seen <= may_be(high, STUDIES)[1]


def test_what_a_small_study_reads_is_of_the_right_order(judging) -> None:
    random = np.random.default_rng(4)
    truly = int(compared(judging, exactly(0.2, 8))["pairs_needed"])
    read = [compared(judging, differences(random, 0.2, 8))["pairs_needed"] for _ in range(STUDIES)]
    told = np.array([pairs for pairs in read if not np.isnan(pairs)])
    print(f"truly {truly}; read from 16: {len(told)} of {STUDIES}, quartiles {np.quantile(told, [0.25, 0.5, 0.75])}")
    assert 0.5 * truly <= np.median(told) <= 2 * truly
