"""Statistical tests of a generator that is a function of (luck, who, purpose, occurrence): each gives a p-value.

Chi-square tests are two-sided: draws that fit too well are no luck either. After Knuth (TAOCP 2, section 3.3.2) and
Marsaglia's birthday spacings (1985).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Keys = NDArray[np.uint64]
Generator = Callable[[Keys, Keys, Keys, Keys], Floats]
"""Uniform draws of arrays of luck, who, purpose and occurrence, broadcast against each other."""
BITS = 52


def bits_of(draws: Floats) -> Keys:
    """The cell out of 2^52 that a draw is the middle of."""
    return np.floor(draws * 2.0**BITS).astype(np.uint64)


def either_side(statistic: float, degrees: int) -> float:
    return float(2 * min(stats.chi2.sf(statistic, degrees), stats.chi2.cdf(statistic, degrees)))


def evenly(cells: NDArray[np.int64], number: int) -> float:
    """Chi-square test of equally likely cells."""
    seen = np.bincount(cells, minlength=number)
    expected = len(cells) / number
    return either_side(float(((seen - expected) ** 2).sum() / expected), number - 1)


def tuples(draws: Floats, dimensions: int, side: int) -> float:
    """Serial test: points of successive draws fill a square or cube evenly."""
    points = (draws[: len(draws) // dimensions * dimensions].reshape(-1, dimensions) * side).astype(np.int64)
    return evenly(points @ side ** np.arange(dimensions), side**dimensions)


def serial_correlation(draws: Floats, lag: int = 1) -> float:
    apart = draws - 0.5
    z = float(apart[:-lag] @ apart[lag:]) * 12 / np.sqrt(len(draws) - lag)
    return float(2 * stats.norm.sf(abs(z)))


def runs(draws: Floats) -> float:
    """Runs up and down (Levene & Wolfowitz 1944)."""
    turns = np.diff((np.diff(draws) > 0).astype(np.int8)) != 0
    n = len(draws)
    z = (turns.sum() + 1 - (2 * n - 1) / 3) / np.sqrt((16 * n - 29) / 90)
    return float(2 * stats.norm.sf(abs(z)))


def gaps(draws: Floats, below: float = 0.1, longest: int = 60) -> float:
    """Gaps between draws below a tenth are geometric."""
    length = np.minimum(np.diff(np.flatnonzero(draws < below)) - 1, longest)
    chance = below * (1 - below) ** np.arange(longest + 1)
    chance[-1] = (1 - below) ** longest
    expected = len(length) * chance
    return either_side(float(((np.bincount(length, minlength=longest + 1) - expected) ** 2 / expected).sum()), longest)


def bit_balance(draws: Floats) -> float:
    """Each of the 52 bits is set in half of the draws: the worst of 52 tests, Bonferroni."""
    numbers = bits_of(draws)
    ones = np.array([int(((numbers >> np.uint64(b)) & np.uint64(1)).sum()) for b in range(BITS)])
    z = np.abs(ones - len(draws) / 2) / np.sqrt(len(draws) / 4)
    return float(min(1.0, 2 * BITS * stats.norm.sf(z.max())))


def bit_pairs(draws: Floats) -> float:
    """No two of the 52 bits go together: the worst of 1,326 correlations, Bonferroni."""
    numbers = bits_of(draws[: 2**17])
    signs = np.array([((numbers >> np.uint64(b)) & np.uint64(1)) for b in range(BITS)]).astype(np.float32) * 2 - 1
    z = np.abs((signs @ signs.T)[np.triu_indices(BITS, 1)]) / np.sqrt(len(numbers))
    return float(min(1.0, 2 * len(z) * stats.norm.sf(z.max())))


def birthdays(draws: Floats, low: int) -> float:
    """Birthday spacings with 2^10 birthdays in a year of 2^26 days, by 26 bits from bit `low` on: Poisson of 4."""
    days = (bits_of(draws) >> np.uint64(low)) & np.uint64(2**26 - 1)
    years = np.sort(days[: len(days) // 1024 * 1024].reshape(-1, 1024).astype(np.int64), axis=1)
    spacings = np.sort(np.diff(years, axis=1, prepend=0), axis=1)
    equal = int((np.diff(spacings, axis=1) == 0).sum())
    mean = 4.0 * len(years)
    return float(min(1.0, 2 * min(stats.poisson.cdf(equal, mean), stats.poisson.sf(equal - 1, mean))))


def streams(draws: Floats) -> float:
    """Rows are streams: none of their correlations is there, by the sum of their squares."""
    number, length = draws.shape
    r = (draws - 0.5) @ (draws - 0.5).T * 12 / np.sqrt(length)
    return either_side(float((r[np.triu_indices(number, 1)] ** 2).sum()), number * (number - 1) // 2)


def along(draws: Floats) -> Iterator[tuple[str, float]]:
    """Every test of one long sequence."""
    yield "chi-square, 1,024 cells", evenly((draws * 1024).astype(np.int64), 1024)
    yield "Kolmogorov-Smirnov", float(stats.kstest(draws, "uniform", mode="asymp").pvalue)
    yield "pairs, 64 x 64", tuples(draws, 2, 64)
    yield "triples, 16 x 16 x 16", tuples(draws, 3, 16)
    for lag in (1, 2, 3, 7, 24, 48):
        yield f"serial correlation, lag {lag}", serial_correlation(draws, lag)
    yield "runs up and down", runs(draws)
    yield "gaps", gaps(draws)
    yield "bit balance", bit_balance(draws)
    yield "bit pairs", bit_pairs(draws)
    yield "birthday spacings, top bits", birthdays(draws, 26)
    yield "birthday spacings, low bits", birthdays(draws, 0)


def avalanche(generator: Generator, keys: tuple[Keys, ...], place: int, flips: int) -> tuple[float, float]:
    """One bit of one key flipped: how many of 52 bits change (binomial), and whether each of them does in half of the
    cases (worst cell of all pairs of bits, Bonferroni)."""
    before = bits_of(generator(*keys))
    changed, counts = np.zeros((flips, BITS)), np.zeros(BITS + 1)
    for flip in range(flips):
        flipped = list(keys)
        flipped[place] = keys[place] ^ np.uint64(1 << flip)
        differ = before ^ bits_of(generator(*flipped))
        each = np.array([((differ >> np.uint64(b)) & np.uint64(1)) for b in range(BITS)]).astype(np.int64)
        changed[flip] = each.sum(axis=1)
        counts += np.bincount(each.sum(axis=0), minlength=BITS + 1)
    expected = stats.binom.pmf(np.arange(BITS + 1), BITS, 0.5) * counts.sum()
    seen, wanted = (np.r_[v[:15].sum(), v[15:38], v[38:].sum()] for v in (counts, expected))
    size = len(before)
    worst = np.abs(changed - size / 2).max() / np.sqrt(size / 4)
    return (
        either_side(float(((seen - wanted) ** 2 / wanted).sum()), len(seen) - 1),
        float(min(1.0, 2 * changed.size * stats.norm.sf(worst))),
    )
