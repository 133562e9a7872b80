"""One person more, or not, through the same luck: how much less a paired difference varies than one of two lucks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

import caresim
from caresim.model.codes import Outcome
from caresim.model.jit import prepare
from caresim.scenario.run import run

MEASURES = ("abandonment", "P(wait)", "mean wait", "ASA", "service level", "90th percentile of waits", "waits > 3 min")
WITHIN, LONG = 1 / 3, 3.0
THREADS = 2


def replicated(servers: int, pairs: int) -> np.ndarray:
    """Array [replication, measure] of M/M/c+M: 1,000 calls from empty, 9.5 a minute, 1 min each, patience 5 min."""
    experiment = caresim.load(
        "experiment=queue", "replications=1", "queue.customers=1000", "queue.warm_up=0", f"queue.servers={servers}"
    )
    prepare()
    with ThreadPoolExecutor(THREADS) as pool:
        return np.array(list(pool.map(lambda number: _one(experiment, number), range(pairs))))


def _one(experiment, replication: int) -> list[float]:
    world = run(experiment, experiment.baseline, replication).world
    contacts = np.asarray(world.contacts)[: int(world.clock[0].contacts)]
    answered, abandoned = np.isfinite(contacts["reply"]), contacts["outcome"] == Outcome.ABANDONED
    left = np.where(answered, contacts["reply"], np.where(abandoned, contacts["closed"], experiment.ends))
    wait = left - contacts["arrival"]
    return summary(wait, answered, abandoned)


def summary(wait: np.ndarray, answered: np.ndarray, abandoned: np.ndarray) -> list[float]:
    """The MEASURES of one replication."""
    return [
        float(abandoned.mean()),
        float((wait > 0).mean()),
        float(wait.mean()),
        float(wait[answered].mean()),
        float((answered & (wait <= WITHIN)).sum() / (answered | abandoned).sum()),
        float(np.quantile(wait, 0.9)),
        float((wait > LONG).mean()),
    ]


def gains(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Variance of the difference of two lucks over that of the paired difference, for each measure.

    Two lucks are independent: the variance of their difference is the sum of the two.
    """
    return (one.var(axis=0, ddof=1) + other.var(axis=0, ddof=1)) / (one - other).var(axis=0, ddof=1)


def interval(one: np.ndarray, other: np.ndarray, level: float = 0.95, draws: int = 2000) -> np.ndarray:
    """Array [measure, (low, high)]: bootstrap over the pairs."""
    rng = np.random.default_rng(20260101)
    found = [gains(one[rows], other[rows]) for rows in rng.integers(0, len(one), (draws, len(one)))]
    return np.quantile(found, [(1 - level) / 2, (1 + level) / 2], axis=0).T
