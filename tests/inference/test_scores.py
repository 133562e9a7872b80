"""Scores of a forecast: against formulas, against each other, and where there is nothing to score."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from caresim.inference.scores import (
    band,
    correlation,
    covered,
    crps,
    ks_distance,
    noise_ceiling,
    scores,
)

LUCK = np.random.default_rng(18)
CELLS = 4000


def test_crps_of_a_normal_forecast_is_that_of_the_formula() -> None:
    """Gneiting and Raftery (2007), eq. 21; the mean of 4000 cells of 20 members, within 5 standard errors."""
    seen = np.full(CELLS, 0.7)
    found = crps(seen, LUCK.normal(size=(CELLS, 20)))
    formula = 0.7 * (2 * stats.norm.cdf(0.7) - 1) + 2 * stats.norm.pdf(0.7) - 1 / math.sqrt(math.pi)
    assert found.mean() == pytest.approx(formula, abs=5 * found.std() / math.sqrt(CELLS))


def test_crps_is_fair_to_small_ensembles() -> None:
    seen = LUCK.normal(size=CELLS)
    few, many = crps(seen, LUCK.normal(size=(CELLS, 3))), crps(seen, LUCK.normal(size=(CELLS, 60)))
    assert few.mean() == pytest.approx(many.mean(), abs=5 * few.std() / math.sqrt(CELLS))


def test_crps_by_hand_and_of_a_point() -> None:
    assert crps([1.0], [[0.0, 4.0]]).tolist() == [2.0 - 2.0]
    assert crps([1.0, 5.0], [[3.0, 3.0], [3.0, 3.0]]).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("wrong", [{"loc": 0.8}, {"scale": 2.0}, {"scale": 0.4}])
def test_crps_prefers_the_truth(wrong) -> None:
    seen = LUCK.normal(size=CELLS)
    truth, other = LUCK.normal(size=(CELLS, 30)), LUCK.normal(**wrong, size=(CELLS, 30))
    assert crps(seen, truth).mean() < crps(seen, other).mean()


@pytest.mark.parametrize("share", [0.5, 0.9])
def test_bands_of_the_truth_cover_as_often_as_they_say(share) -> None:
    """With 19 members the ends are members: a further one falls between them exactly so often. Five standard errors."""
    found = covered(LUCK.normal(size=CELLS), LUCK.normal(size=(CELLS, 19)), share).mean()
    assert found == pytest.approx(share, abs=5 * math.sqrt(share * (1 - share) / CELLS))


def test_a_band_holds_its_own_ends() -> None:
    low, high = band([[1.0] * 5, [0.0, 1.0, 2.0, 3.0, 4.0]], 0.9)
    assert (low.tolist(), high.tolist()) == ([1.0, 0.0], [1.0, 4.0])
    assert covered([1.0], [[1.0, 1.0]], 0.5).tolist() == [True]


def test_the_ceiling_is_what_the_truth_reaches() -> None:
    """A signal as strong as its noise: r = sqrt(1/2) with the signal itself. Five standard errors."""
    signal = LUCK.normal(size=CELLS)
    ensemble = signal[:, None] + LUCK.normal(size=(CELLS, 40))
    reached = correlation(signal + LUCK.normal(size=CELLS), ensemble.mean(axis=1))
    assert noise_ceiling(ensemble) == pytest.approx(reached, abs=5 * 0.5 / math.sqrt(CELLS))
    assert noise_ceiling(ensemble) < 0.75


def test_correlation_is_that_of_numpy_and_undefined_without_variation() -> None:
    x, y = LUCK.normal(size=50), LUCK.normal(size=50)
    assert correlation(x, y) == pytest.approx(np.corrcoef(x, y)[0, 1], rel=1e-12)
    assert math.isnan(correlation([1.0, 1.0], [1.0, 2.0]))
    assert math.isnan(correlation([1.0], [1.0]))
    assert math.isnan(noise_ceiling([[1.0, 2.0]]))


def test_ks_is_that_of_scipy() -> None:
    x, y = LUCK.normal(size=80).round(1), LUCK.normal(0.3, size=130).round(1)
    assert ks_distance(x, y) == pytest.approx(stats.ks_2samp(x, y).statistic, rel=1e-12)
    assert math.isnan(ks_distance([], y))


def test_all_scores_at_once() -> None:
    seen, ensemble = LUCK.normal(size=60), LUCK.normal(size=(60, 19))
    found = scores(seen, ensemble)
    assert (found.cells, found.crps) == (60, crps(seen, ensemble).mean())
    assert found.covered_50 < found.covered_90 <= 1


@pytest.mark.parametrize(
    ("observed", "ensemble", "said"),
    [
        ([1.0], [1.0, 2.0], "shapes"),
        ([], np.empty((0, 3)), "shapes"),
        ([1.0], [[1.0]], "an ensemble of 1"),
        ([math.nan], [[1.0, 2.0]], "not finite"),
        ([1.0], [[1.0, math.inf]], "not finite"),
    ],
)
def test_what_cannot_be_scored_is_refused(observed, ensemble, said) -> None:
    with pytest.raises(ValueError, match=said):
        crps(observed, ensemble)
