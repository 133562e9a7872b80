"""What pairing gains: `python benchmarks/luck.py` (three minutes). 9 against 10 people, and 10 against 11.

The contrast is a SimPy program that draws from one generator as things happen, seeded alike in both runs of a pair:
what "common random numbers" often means in practice. Writes its table into docs/verification.md.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import simpy

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from markers import put  # noqa: E402
from tests.support.theory.paired import MEASURES, gains, interval, replicated, summary  # noqa: E402  the path comes first

RATE, SERVICE, PATIENCE, CUSTOMERS = 9.5, 1.0, 5.0, 1000
CONTRASTS = ((9, 10), (10, 11))


def one_stream(servers: int, seed: int) -> list[float]:
    """M/M/c+M in SimPy: gaps, patience and services come from one generator, in the order in which they are needed."""
    rng = np.random.default_rng(seed)
    env = simpy.Environment()
    crew = simpy.Resource(env, capacity=servers)
    close = CUSTOMERS / RATE
    waits: list[float] = []
    fates: list[str] = []

    def customer(number: int):
        arrival = env.now
        with crew.request() as request:
            yield request | env.timeout(rng.exponential(PATIENCE))
            waits[number] = env.now - arrival
            fates[number] = "answered" if request.triggered else "abandoned"
            if request.triggered:
                yield env.timeout(rng.exponential(SERVICE))

    def arriving():
        while True:
            yield env.timeout(rng.exponential(1 / RATE))
            waits.append(close - env.now)
            fates.append("waiting")
            env.process(customer(len(waits) - 1))

    env.process(arriving())
    env.run(until=close)
    fate = np.array(fates)
    return summary(np.array(waits), fate == "answered", fate == "abandoned")


def streams(servers: int, pairs: int) -> np.ndarray:
    """Array [replication, measure]."""
    return np.array([one_stream(servers, seed) for seed in range(pairs)])


def table(pairs: int, contrast: int) -> str:
    heads = [f"{few} against {many}" for few, many in CONTRASTS]
    rows = [f"| measure | {heads[0]} | {heads[1]} | one stream in SimPy, {heads[0]} |", "|---|---|---|---|"]
    keyed = [(replicated(few, pairs), replicated(many, pairs)) for few, many in CONTRASTS]
    shared = (streams(9, contrast), streams(10, contrast))
    columns = [list(zip(gains(*runs), interval(*runs), strict=True)) for runs in (*keyed, shared)]
    for place, measure in enumerate(MEASURES):
        told = [f"{gain:.1f} ({low:.1f} to {high:.1f})" for gain, (low, high) in (column[place] for column in columns)]
        rows.append(f"| {measure} | {' | '.join(told)} |")
    rows += ["", f"{pairs:,} pairs each, {contrast:,} in SimPy; in brackets 95 % intervals (bootstrap over the pairs)."]
    return "\n".join(rows) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="what pairing gains")
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--contrast", type=int, default=500, help="pairs in SimPy")
    asked = parser.parse_args()
    text = table(asked.pairs, asked.contrast)
    put(ROOT / "docs" / "verification.md", "luck", text)
    print(text)


if __name__ == "__main__":
    main()
