"""A caller who was answered had at least as much patience as the wait: a replay draws it beyond, for every law."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.model import draws
from caresim.model.exact import normal_quantile, normal_share

LUCK, WHO = np.uint64(7), np.uint64(11)


def drawn(law, *parameters, many=4000):
    return np.array([law(*parameters, LUCK, WHO, draws.Purpose.PATIENCE, k) for k in range(many)])


@pytest.mark.parametrize("shape", [1.0, 0.7, 2.5])
def test_a_weibull_beyond_a_wait_is_the_weibull_of_those_who_had_more(shape):
    whole = drawn(draws.weibull, 10.0, shape, many=40_000)
    kept = np.sort(whole[whole > 6.0])
    beyond = np.sort(drawn(draws.weibull_beyond, 6.0, 10.0, shape, many=len(kept)))
    assert beyond[0] >= 6.0
    distance = np.abs(np.searchsorted(kept, beyond, side="right") / len(kept) - np.arange(1, len(kept) + 1) / len(kept))
    # Two samples of this size differ by more in one of a thousand cases (Kolmogorov and Smirnov).
    assert distance.max() < 1.95 * math.sqrt(2 / len(kept))


def test_a_lognormal_beyond_a_wait_is_the_lognormal_of_those_who_had_more():
    whole = drawn(draws.lognormal_median, 60.0, 1.2, many=40_000)
    kept = np.sort(whole[whole > 90.0])
    beyond = np.sort(drawn(draws.lognormal_beyond, 90.0, 60.0, 1.2, many=len(kept)))
    assert beyond[0] >= 90.0
    distance = np.abs(np.searchsorted(kept, beyond, side="right") / len(kept) - np.arange(1, len(kept) + 1) / len(kept))
    assert distance.max() < 1.95 * math.sqrt(2 / len(kept))


@pytest.mark.parametrize("z", [4.0, 7.5, 9.0])
def test_far_beyond_the_median_it_still_varies(z):
    """Beyond z the normal law is nearly exponential with rate z + 1/z (Mills): the mean excess is about its inverse."""
    least = 60.0 * math.exp(z)
    beyond = drawn(draws.lognormal_beyond, least, 60.0, 1.0)
    assert len(np.unique(beyond)) > 3900
    excess = np.log(beyond / least).mean()
    assert excess == pytest.approx(1 / (z + 1 / z), rel=0.06)  # four standard errors, and the next term of the series


def test_beyond_nothing_is_the_plain_draw():
    assert (drawn(draws.weibull_beyond, 0.0, 10.0, 0.7, many=50) == drawn(draws.weibull, 10.0, 0.7, many=50)).all()
    assert drawn(draws.lognormal_beyond, 0.0, 60.0, 1.2, many=50) == pytest.approx(
        drawn(draws.lognormal_median, 60.0, 1.2, many=50), rel=0
    )


def test_the_share_below_is_the_inverse_of_the_quantile():
    for x in (-5.0, -1.0, 0.0, 0.3, 2.0, 5.0):
        assert normal_quantile(normal_share(x)) == pytest.approx(x, abs=1e-6)
    for x in (-40.0, 40.0):
        assert 0.0 <= normal_share(x) <= 1.0


def a_day(load):
    """A queue with patience, and its list of contacts as a switch would export it."""
    words = (f"queue.arrival_rate={load * 10 / 5}", "queue.service_mean=5", "queue.patience_mean=5", "queue.servers=10")
    queue = caresim.simulate(caresim.load("experiment=queue", *words, "queue.customers=3000", "record=all"))
    contacts = queue.contacts
    answered = contacts["outcome"] == "answered"
    frame = pd.DataFrame(
        {
            "arrival": contacts["arrival_min"] - contacts["arrival_min"].min(),
            "wait_s": 60 * contacts["wait_min"],
            "outcome": contacts["outcome"].astype(str),
            "service_s": np.where(answered, 60 * contacts["handle_min"], np.nan),
        }
    )
    return frame[contacts["outcome"].isin(["answered", "abandoned"])]


@pytest.mark.parametrize("load", [0.95, 1.2])
def test_a_day_replayed_with_its_true_patience_is_the_day(load, tmp_path):
    day = a_day(load)
    file = tmp_path / "day.csv"
    day.to_csv(file, index=False)
    words = (f"replay.contacts={file}", "replay.patience_mean=5", "replay.servers=10")
    table = replayed(words)
    lost, seen = (table["outcome"] == "abandoned").mean(), (day["outcome"] == "abandoned").mean()
    assert lost == pytest.approx(seen, rel=0.02)
    asa = table.loc[table["outcome"] == "answered", "wait_s"].mean()
    assert asa == pytest.approx(day.loc[day["outcome"] == "answered", "wait_s"].mean(), rel=0.02)


def replayed(words):
    return caresim.compare(caresim.load("experiment=replay", *words)).replayed()
