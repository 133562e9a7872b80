"""M/M/10+M (Erlang A) for every engine: the draws, the clock and the check.

9.5 calls arrive a minute, 10 people talk for a minute on average, callers have patience for five. The draws are given:
each program is played the same arrivals, services and patience, and must find the same wait and fate of every caller
within 1e-9 minutes. A program is run in one of two ways:

    python benchmarks/peers/simpy_mmcm.py --callers 50000      once, against the plain loop of tests/peers
    python benchmarks/peers/simpy_mmcm.py --serve FILE         each time that a line comes in, against what FILE says

The second is how benchmarks/run.py measures: every engine in a process of its own, in turn, again and again.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2]))
from memory import peak_gb
from tests.support.peers import loop_peer
from tests.support.peers.workload import LONG_CREW, Workload, traffic

PEOPLE = 10
RATE = 9.5
SERVICE = 1.0
PATIENCE = 5.0
CALLERS = 50_000
CLOCK = time.process_time
"""Seconds of the processor, which other work on the machine stretches less than those on the wall; idle, both agree."""
ROUNDING = 1e-9
"""Minutes within which all engines agree on every wait."""

Outcome = tuple[np.ndarray, np.ndarray]
"""Waits (minutes) and fates of all callers."""


@dataclass
class Played:
    """One playing: seconds by what was timed, the outcome, and how many events the engine counted (0: it does not)."""

    seconds: dict[str, float]
    waits: np.ndarray
    fates: np.ndarray
    events: int = 0


@dataclass
class Given:
    """A file of traffic: what to play, and what must come out (NaN: undecided when caresim's run ended)."""

    workload: Workload
    waits: np.ndarray
    fates: np.ndarray
    asked: dict = field(default_factory=dict)
    """What caresim was asked for, to play the same itself."""

    @staticmethod
    def read(file: Path, callers: int | None = None) -> Given:
        """The first `callers` of the file (None: all): those who come later make no difference to them."""
        with np.load(file) as kept:
            columns = {name: kept[name][:callers] for name in ("arrivals", "services", "patience", "waits", "fates")}
            asked = json.loads(str(kept["asked"]))
        many = len(columns["arrivals"])
        crew = ((0.0, LONG_CREW, PEOPLE),)
        workload = Workload(
            "M/M/10+M", columns["arrivals"], columns["services"], columns["patience"], np.zeros(many, np.int64), crew
        )
        return Given(workload, columns["waits"], columns["fates"], asked)

    def write(self, file: Path) -> None:
        w = self.workload
        np.savez(
            file, arrivals=w.arrivals, services=w.services, patience=w.patience, waits=self.waits, fates=self.fates,
            asked=json.dumps(self.asked),
        )  # fmt: skip

    def check(self, waits: np.ndarray, fates: np.ndarray) -> None:
        """AssertionError unless every wait and every fate is the same."""
        decided = ~np.isnan(self.waits)
        assert decided.mean() > 0.9, "hardly anybody's fate is known"
        np.testing.assert_array_equal(fates[decided], self.fates[decided])
        np.testing.assert_allclose(waits[decided], self.waits[decided], rtol=0.0, atol=ROUNDING)


def draws(callers: int, seed: int = 0) -> Workload:
    """Arrivals, services and patience of `callers`, in minutes."""
    return traffic("M/M/10+M", PEOPLE, seed=seed, rate=RATE, customers=callers, service=SERVICE, patience=PATIENCE)


def rows(workload: Workload) -> Iterator[tuple[int, float, float, float]]:
    """(row, arrival, service, patience) of every caller, as Python's own numbers."""
    columns = (workload.arrivals.tolist(), workload.services.tolist(), workload.patience.tolist())
    return zip(range(len(workload)), *columns, strict=True)


def timed(play: Callable[[Workload], Outcome]) -> Callable[[Given], Played]:
    """A program with the clock around all of it: from the arrays of the traffic to those of waits and fates."""

    def run(given: Given) -> Played:
        start = CLOCK()
        waits, fates = play(given.workload)
        return Played({"whole": CLOCK() - start}, waits, fates)

    return run


def measure(engine: str, play: Callable[[Workload], Outcome]) -> None:
    """The whole program of an engine that is given its draws."""
    asked = arguments(engine)
    if asked.serve:
        serve(timed(play), asked.serve, asked.callers)
        return
    workload = draws(asked.callers or CALLERS, asked.seed)
    expected_waits, expected_fates = loop_peer.run(workload)
    known = Given(workload, expected_waits, expected_fates)
    played = timed(play)(known)
    known.check(played.waits, played.fates)
    callers, seconds = len(workload), played.seconds["whole"]
    print(
        f"{engine}: {callers} callers in {seconds:.2f} s, {callers / seconds:,.0f} callers a second, "
        f"{(played.fates == 'abandoned').mean():.2%} gave up, mean wait {played.waits.mean():.4f} min"
    )


def arguments(engine: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=f"M/M/10+M in {engine}")
    parser.add_argument("--callers", type=int, help="how many (of FILE: the first so many)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--serve", type=Path, metavar="FILE", help="play the traffic of FILE once a line of input")
    return parser.parse_args()


def serve(play: Callable[[Given], Played], file: Path, callers: int | None = None) -> None:
    """Play FILE once to warm up, then once for every line that comes in; one line of JSON goes out each time."""
    given = Given.read(file, callers)
    _answer(play, given)
    for _ in sys.stdin:
        _answer(play, given)


def _answer(play: Callable[[Given], Played], given: Given) -> None:
    gc.collect()
    begun = time.perf_counter(), CLOCK()
    played = play(given)
    wall, busy = time.perf_counter() - begun[0], CLOCK() - begun[1]
    given.check(played.waits, played.fates)
    told = {
        "seconds": played.seconds,
        "callers": len(given.workload),
        "events": played.events,
        "idle": 1.0 - min(1.0, busy / wall),
        "peak_gb": peak_gb(),
    }
    print(json.dumps(told), flush=True)
