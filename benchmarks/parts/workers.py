"""Workers: two against one with building, metrics and gathering, and sixteen.

Two and one compare tokyo in turn, in this process. Sixteen run in a process of their own that is watched from outside:
where the machine has the cores, against one worker in the same way; where it has not, their memory is measured all the
same, and from what parent and workers have worked it is predicted how much faster they would be (sixteen.py).
"""

from __future__ import annotations

import json
import sys
import tempfile
import time

from figure import HERE, Measured, cores, ratios
from sixteen import WORKERS, Shares, predicted, serial_share
from watching import Watched, watched

from parts.effort import Effort

PROGRAM = HERE / "programs" / "comparison.py"


def measure(effort: Effort) -> list[Measured]:
    two = two_against_one(effort)
    return [two, *sixteen(effort, two.median)]


def two_against_one(effort: Effort) -> Measured:
    """`caresim.compare` from the experiment to the results; whoever comes first does so half of the time."""
    import caresim

    times: dict[int, list[float]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as folder:
        experiment = caresim.load(*tokyo(effort, effort.of(2, 16)), "record=none", f"output_dir={folder}")
        caresim.compare(experiment, workers=2)  # warm
        for repeat in range(effort.of(1, 5)):
            for workers in (1, 2) if repeat % 2 else (2, 1):
                start = time.perf_counter()
                caresim.compare(experiment, workers=workers)
                times[workers].append(time.perf_counter() - start)
    return ratios("two_workers", times[1], times[2])


def tokyo(effort: Effort, replications: int) -> list[str]:
    small = ["population.scale=0.05"] if effort.quick else []
    return ["experiment=tokyo", f"replications={replications}", *small]


def sixteen(effort: Effort, two: float) -> list[Measured]:
    count = effort.of(2, 100, 400)
    one, many = (compared(effort, count, workers) for workers in (1, WORKERS))
    (alone, _), (told, seen) = one, many
    found = [Measured("sixteen_replications", "replications", [count])]
    if seen.peak_gb is not None:
        found.append(Measured("sixteen_gb", "GB", [seen.peak_gb]))
    if cores() >= WORKERS:
        pairs = [one, many, *(compared(effort, count, workers) for workers in (1, WORKERS) * 2)]
        walls = [each["wall_s"] for each, _ in pairs]
        return [*found, ratios("sixteen_workers", walls[::2], walls[1::2])]
    print(f"sixteen workers: predicted, this machine has {cores()} cores", file=sys.stderr)
    shares = Shares.of(alone["ended_s"] - alone["begun_s"], told["begun_s"], told["ended_s"], seen.looks)
    return [
        *found,
        Measured("sixteen_workers_predicted", "x", [predicted(shares, two)]),
        Measured("sixteen_serial_share", "share", [serial_share(shares, two)]),
    ]


def compared(effort: Effort, replications: int, workers: int) -> tuple[dict[str, float], Watched]:
    """What programs/comparison.py says, and how it was seen to work."""
    command = [sys.executable, str(PROGRAM), "--workers", str(workers), *tokyo(effort, replications)]
    seen = watched(command, every=0.2)
    return json.loads(seen.said), seen
