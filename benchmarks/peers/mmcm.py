"""M/M/10+M (Erlang A) for every engine: the draws, the clock and the check.

9.5 calls arrive a minute, 10 people talk for a minute on average, callers have patience for five. The draws are given:
each program is played the same arrivals, services and patience, and must find the same wait and fate of every caller as
the plain loop of tests/peers. An event is an arrival, an end of service or an abandonment: two a caller in any engine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))
import loop_peer
from workload import Workload, traffic

PEOPLE = 10
RATE = 9.5
SERVICE = 1.0
PATIENCE = 5.0
CALLERS = 50_000
ROUNDING = 1e-9

Outcome = tuple[np.ndarray, np.ndarray]


def draws(callers: int, seed: int = 0) -> Workload:
    """Arrivals, services and patience of `callers`, in minutes."""
    return traffic("M/M/10+M", PEOPLE, seed=seed, rate=RATE, customers=callers, service=SERVICE, patience=PATIENCE)


def measure(engine: str, play: Callable[[Workload], Outcome]) -> None:
    """The whole program: play the draws once with the clock running, check every caller, print one line."""
    parser = argparse.ArgumentParser(description=f"M/M/10+M in {engine}")
    parser.add_argument("--callers", type=int, default=CALLERS)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    workload = draws(asked.callers, asked.seed)
    start = time.perf_counter()
    waits, fates = play(workload)
    seconds = time.perf_counter() - start
    expected_waits, expected_fates = loop_peer.run(workload)
    np.testing.assert_array_equal(fates, expected_fates)
    np.testing.assert_allclose(waits, expected_waits, rtol=0.0, atol=ROUNDING)
    print(
        f"{engine}: {asked.callers} callers in {seconds:.2f} s, {2 * asked.callers / seconds:,.0f} events a second, "
        f"{(fates == 'abandoned').mean():.2%} gave up, mean wait {waits.mean():.4f} min"
    )
