"""`precision`: any headline metric, told early, and intervals that looking at them several times does not spoil."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.inference.variance_components import mean_of
from caresim.run.precision import FURTHEST, ROOM, confidence_at, in_words, next_total, share_of, targets

QUEUE = ("experiment=queue", "queue.customers=100", "queue.warm_up=0 %")


def test_the_looks_share_what_may_go_wrong() -> None:
    assert math.fsum(share_of(look) for look in range(1, 60)) == pytest.approx(1.0, abs=1e-12)
    study = SimpleNamespace(study=SimpleNamespace(confidence=SimpleNamespace(value=0.95)))
    assert confidence_at(study, None) == 0.95  # type: ignore[arg-type]
    assert confidence_at(study, 2) == pytest.approx(0.97)  # type: ignore[arg-type]


def ended(luck: np.random.Generator, draws: int, target: float, experiment: Any, spending: bool) -> bool:
    """Does the interval of a study hold the truth (0) that is looked at until it is narrow enough?"""
    values, look = luck.normal(size=draws), 1
    while True:
        levels = [confidence_at(experiment, each if spending else None) for each in (look, look + 1)]
        now, then = (mean_of(values[:, None], level) for level in levels)
        if (now.high - now.low) / 2 <= target or len(values) >= 256:
            return now.low <= 0 <= now.high
        needed = ROOM * len(values) * ((then.high - then.low) / 2 / target) ** 2
        total = max(len(values) + 1, math.ceil(min(needed, FURTHEST * len(values))))
        values, look = np.concatenate([values, luck.normal(size=total - len(values))]), look + 1


@pytest.mark.parametrize(("draws", "enough"), [(8, 20), (16, 60), (32, 120)])
def test_looking_several_times_does_not_spoil_intervals(draws: int, enough: int) -> None:
    """Of 1,500 studies at least 95 % hold the truth, but for the 99.9 % band of a binomial (1.8 points)."""
    experiment = SimpleNamespace(study=SimpleNamespace(confidence=SimpleNamespace(value=0.95)))
    held = {}
    for spending in (True, False):
        luck, target = np.random.default_rng(3), 1.96 / math.sqrt(enough)
        held[spending] = np.mean([ended(luck, draws, target, experiment, spending) for _ in range(1500)])
    print(f"{draws} draws, {enough} are enough: {held[True]:.3f} hold; without shares of looks {held[False]:.3f}")
    assert held[True] > 0.95 - 0.018
    assert held[True] > held[False]


def replications(count: int, spread: float) -> pd.DataFrame:
    values = [1.0 + spread * (-1) ** (number // 2) * (1 + number % 2 / 10) for number in range(count)]
    rows = {"staffing": "servers", "replication": range(count), "draw": [number // 2 for number in range(count)]}
    return pd.DataFrame({**rows, "phone_asa": values, "occupancy": 0.5})


def test_one_metric_may_be_asked_for() -> None:
    experiment = caresim.load(*QUEUE, "precision={occupancy: 0.1}", "replications=16")
    assert targets(experiment) == {"occupancy": 0.1}
    assert next_total(experiment, replications(16, 0.5)) == 16
    assert set(targets(caresim.load(*QUEUE, "precision=0.1"))) == set(experiment.study.headline)


def test_the_first_look_says_how_long_it_takes_and_where_it_stops() -> None:
    experiment = caresim.load(*QUEUE, "precision={phone_asa: 0.1}", "replications=16", "study.max_replications=64")
    told = in_words(experiment, replications(16, 0.5), 1, 8.0)
    assert "phone_asa is known to" in told
    assert "after 16 replications, 10 % is wanted" in told
    assert "of which study.max_replications=64 allows 64: it will not be reached, 24 s more" in told


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("precision=2", "precision = 2: must be between 0 and 1"),
        ("precision={}", "must name at least one metric"),
        ("precision={csat: 0.1}", "precision.csat.*phone_asa"),
        ("precision={phone_asa: x}", "precision.phone_asa = 'x': must be between 0 and 1"),
    ],
)
def test_bad_precision_is_refused(word: str, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        caresim.load(*QUEUE, word)
