"""Many replications, and many small design points: what a study costs beside its simulations."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from figure import Figure

from parts.effort import Effort

POINT = ("experiment=queue", "queue.customers=1000 people", "queue.warm_up=0 %", "replications=2")
RATE, STAFFING = "population.cohorts.customers.onset.per_hour", "servers"


def measure(effort: Effort) -> list[Figure]:
    return replications(effort) + design(effort) + sweep(effort)


def replications(effort: Effort) -> list[Figure]:
    """tokyo's six staffing models by `compare` on two threads, against every one of its runs alone, one by one."""
    import caresim
    from caresim.scenario.run import run
    from caresim.study.uncertain import drawn

    count = effort.of(4, 100, 1000)
    with tempfile.TemporaryDirectory() as folder:
        words = ["experiment=tokyo", f"replications={count}", "record=none", f"output_dir={folder}"]
        if effort.quick:
            words.append("population.scale=0.05")
        experiment = caresim.load(*words)
        start = time.perf_counter()
        caresim.compare(experiment, workers=2)
        together = time.perf_counter() - start
    alone = 0.0
    for replication in range(count):
        shared = drawn(experiment, replication)
        for staffing in experiment.staffing:
            start = time.perf_counter()
            run(shared, staffing, replication)
            alone += time.perf_counter() - start
    return [
        Figure("study_replications", "replications", [count]),
        Figure("study_minutes", "min", [together / 60]),
        Figure("study_single_minutes", "min", [alone / 60]),
        Figure("study_ratio", "x", [together / (alone / 2)]),
    ]


def design(effort: Effort) -> list[Figure]:
    """Small queues at other arrival rates in this process, each from its value to its metrics: ms beside the events.

    Overhead is all that is not the loop over events: setting the value, building the world, reducing it to metrics.
    """
    import caresim
    from caresim.analysis.metrics import measure
    from caresim.model.engine import advance
    from caresim.scenario.build import build
    from caresim.scenario.run import Run, cost_of

    experiment = caresim.load(*POINT)
    rate = experiment.population.cohorts["customers"].onset.per_hour.value
    count = effort.of(50, 1000)
    caresim.simulate(experiment).metrics  # noqa: B018  warm
    overheads = []
    for _ in range(3):
        pure = 0.0
        start = time.perf_counter()
        for point in range(count):
            changed = experiment.with_values({RATE: rate * (0.5 + point / count)})
            world, names = build(changed, STAFFING, 0)
            begun = time.perf_counter()
            advance(world, changed.ends)
            pure += time.perf_counter() - begun
            measure(Run(changed, STAFFING, 0, world, names, cost_of(world), int(world.clock[0].events)))
        overheads.append(1e3 * (time.perf_counter() - start - pure) / count)
    return [Figure("design_points", "points", [count]), Figure("design_ms", "ms", overheads)]


def sweep(effort: Effort) -> list[Figure]:
    """The same as a command with -m, which writes tables and figures for every point: ms a point, all in."""
    few, many = 2, effort.of(6, 40)
    times = []
    with tempfile.TemporaryDirectory() as folder:
        for count in (few, many):
            rates = ",".join(f"{9.5 * (0.5 + point / count):.4f}" for point in range(count))
            words = [*POINT, f"queue.arrival_rate={rates}", f"output_dir={folder}"]
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "caresim", "-m", *words],
                check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ),
            )  # fmt: skip
            times.append(time.perf_counter() - start)
    return [Figure("sweep_ms", "ms", [1e3 * (times[1] - times[0]) / (many - few)])]
