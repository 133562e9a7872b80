"""In how many worlds it is better: counts with luck taken out, their intervals, and the finer verdict.

Coverage is that of simulated studies whose truth is known; each test prints the shares that docs/statistics.md tells.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import ndtr
from tests.support.known_truth import may_be
from tests.support.tables_of import compared

from caresim.inference.variance_components import mean_of
from caresim.inference.verdict import (
    BETTER,
    DEPENDS,
    SAME,
    SURELY_BETTER,
    SURELY_WORSE,
    UNDECIDED,
    WORSE,
    detail,
    judge,
)
from caresim.inference.worlds import binomial_interval, worlds_of

STUDIES = 200
MARGIN = 0.1


def study(random: np.random.Generator, worlds: int, centre: float, spread: float, luck: float) -> np.ndarray:
    """Differences by world, two replications in each."""
    return centre + spread * random.standard_normal((worlds, 1)) + luck * random.standard_normal((worlds, 2))


def steady(*worlds: float) -> np.ndarray:
    """Differences without luck."""
    return np.repeat(np.array(worlds)[:, None], 2, axis=1)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(16, 16, 0.794, 1.0), (0, 16, 0.0, 0.206), (14, 16, 0.617, 0.984), (8, 16, 0.247, 0.753)],
)
def test_the_interval_of_a_share_is_that_of_clopper_and_pearson(count: int, of: int, low: float, high: float) -> None:
    assert binomial_interval(count, of, 0.95) == pytest.approx((low, high), abs=5e-4)


def test_without_luck_worlds_are_counted_as_they_are() -> None:
    found = worlds_of(steady(*[0.3] * 7, *[0.05] * 7, -0.05, -0.2), MARGIN, "higher", 0.95)
    assert (found.count, found.better, found.better_matter, found.worse_matter) == (16, 14 / 16, 7 / 16, 1 / 16)
    assert (found.better_low, found.better_high) == pytest.approx(binomial_interval(14, 16, 0.95))
    assert (found.low, found.high) == pytest.approx((-0.05, 0.3))
    assert found.crises == 14 / 16


def test_where_lower_is_better_the_signs_turn_and_the_range_does_not() -> None:
    found = worlds_of(steady(*[-0.3] * 14, 0.2, 0.2), MARGIN, "lower", 0.95)
    assert (found.better, found.better_matter, found.worse_matter) == (14 / 16, 14 / 16, 2 / 16)
    assert (found.low, found.high) == pytest.approx((-0.3, 0.2))


@pytest.mark.parametrize("matrix", [steady(*[0.3] * 7), np.full((32, 1), 0.3)])
def test_too_few_worlds_and_none_at_all_are_not_counted(matrix: np.ndarray) -> None:
    found = worlds_of(matrix, MARGIN, "higher", 0.95)
    assert math.isnan(found.better)
    assert math.isnan(found.low)
    assert found.crises == 1.0
    assert not found.divided


def test_luck_is_taken_out_of_the_spread_of_the_worlds() -> None:
    """As they are seen, worlds spread by luck as well: of the truth, 84 % are better and 69 % by enough to matter."""
    random = np.random.default_rng(3)
    studies = [study(random, 32, 0.2, 0.2, 0.4) for _ in range(STUDIES)]
    found = [worlds_of(each, MARGIN, "higher", 0.95) for each in studies]
    seen = np.mean([(each.mean(axis=1) > 0).mean() for each in studies])
    better, matter = np.mean([each.better for each in found]), np.mean([each.better_matter for each in found])
    assert better == pytest.approx(ndtr(1.0), abs=0.03)
    assert matter == pytest.approx(ndtr(0.5), abs=0.05)
    assert seen < better - 0.03


@pytest.mark.parametrize("luck", [0.05, 0.2, 0.6])
@pytest.mark.parametrize("spread", [0.0, 0.05, 0.2])
@pytest.mark.parametrize("centre", [0.05, 0.2, 0.4])
def test_the_interval_of_the_share_covers_the_share_of_all_possible_worlds(
    centre: float, spread: float, luck: float
) -> None:
    random = np.random.default_rng(5)
    truth = float(ndtr(centre / spread)) if spread else 1.0
    for worlds in (16, 32):
        found = [worlds_of(study(random, worlds, centre, spread, luck), MARGIN, "higher", 0.95) for _ in range(STUDIES)]
        covered = np.mean([each.better_low <= truth <= each.better_high for each in found])
        print(f"{worlds} worlds, {centre} apart, spread {spread}, luck {luck}: {100 * covered:.1f} % covered")
        assert covered >= may_be(0.95, STUDIES)[0]


def test_the_share_of_worlds_does_not_shrink_with_replications_and_the_interval_of_the_average_does() -> None:
    random = np.random.default_rng(7)
    few, many = (study(random, worlds, 0.1, 0.2, 0.2) for worlds in (16, 256))
    narrow = [estimate.high - estimate.low for estimate in (mean_of(few, 0.95), mean_of(many, 0.95))]
    ranges = [found.high - found.low for found in (worlds_of(each, MARGIN, "higher", 0.95) for each in (few, many))]
    assert narrow[1] < narrow[0] / 2
    assert ranges[1] > ranges[0] / 1.5


@pytest.mark.parametrize(
    ("worlds", "expected"),
    [
        ([0.3, 0.32] * 8, BETTER),
        ([-0.3, -0.32] * 8, WORSE),
        ([0.02, 0.04] * 8, SAME),
        ([0.05, 0.15] * 8, SURELY_BETTER),
        ([-0.05, -0.15] * 8, SURELY_WORSE),
        ([0.4, -0.4] * 8, DEPENDS),
        ([0.5, 0.5, 0.5, -0.4] * 8, DEPENDS),
        ([0.09, -0.09] * 2 + [0.6, -0.3] * 1 + [0.05] * 10, UNDECIDED),
    ],
)
def test_the_finer_verdict(worlds: list[float], expected: str) -> None:
    matrix = steady(*worlds)
    for sign, better in ((1, "higher"), (-1, "lower")):
        found = worlds_of(sign * matrix, MARGIN, better, 0.95)
        assert detail(mean_of(sign * matrix, 0.95), MARGIN, better, found) == expected


def test_where_no_way_is_better_nothing_is_better() -> None:
    matrix = steady(*[0.4] * 16)
    assert detail(mean_of(matrix, 0.95), MARGIN, "neither", worlds_of(matrix, MARGIN, "neither", 0.95)) is None


@pytest.mark.parametrize(("centre", "spread"), [(0.0, 0.3), (0.02, 0.05), (0.15, 0.3)])
def test_better_hardly_ever_becomes_worse_with_more_replications(centre: float, spread: float) -> None:
    """Of studies that go on from 32 to 512 replications, at most 1 % turn around."""
    random = np.random.default_rng(11)
    turned = 0
    for _ in range(2 * STUDIES):
        whole = study(random, 256, centre, spread, 0.2)
        first, last = (
            detail(mean_of(part, 0.95), MARGIN, "higher", worlds_of(part, MARGIN, "higher", 0.95))
            for part in (whole[:16], whole)
        )
        turned += (first in (BETTER, SURELY_BETTER) and last in (WORSE, SURELY_WORSE)) or (
            first in (WORSE, SURELY_WORSE) and last in (BETTER, SURELY_BETTER)
        )
    print(f"{centre} apart, spread {spread}: {100 * turned / (2 * STUDIES):.1f} % turn around")
    assert turned / (2 * STUDIES) <= 0.01


def test_better_by_enough_is_seldom_said_of_what_is_too_little() -> None:
    """The rougher verdict says it of a difference of 0.099 in two studies of five."""
    random = np.random.default_rng(13)
    said = {"fine": 0, "rough": 0}
    for _ in range(2 * STUDIES):
        matrix = study(random, 16, 0.099, 0.1, 0.1)
        estimate = mean_of(matrix, 0.95)
        said["fine"] += detail(estimate, MARGIN, "higher", worlds_of(matrix, MARGIN, "higher", 0.95)) == BETTER
        said["rough"] += judge(estimate, MARGIN, "higher").verdict == BETTER
    print({name: count / (2 * STUDIES) for name, count in said.items()})
    assert said["fine"] / (2 * STUDIES) <= may_be(0.025, 2 * STUDIES)[1]
    assert said["rough"] / (2 * STUDIES) > 0.3


def test_the_table_of_comparisons_has_them(judging) -> None:
    found = compared(judging, np.full(32, 0.2))
    assert found["verdict_detail"] == "better"
    assert (found["worlds"], found["worlds_better"], found["worlds_matter"]) == (16, 1.0, 1.0)
    assert (found["world_low"], found["world_high"]) == pytest.approx((0.2, 0.2))
