"""Many replications, and many small design points: what a study costs beside its simulations."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence

from figure import Measured

from parts.effort import Effort

POINT = ("experiment=queue", "queue.customers=1000 people", "queue.warm_up=0 %", "replications=2")
ALONE = 600
"""Runs that are timed alone."""
RATE, STAFFING = "population.cohorts.customers.onset.per_hour", "servers"


def measure(effort: Effort) -> list[Measured]:
    return replications(effort) + design(effort) + sweep(effort)


def replications(effort: Effort) -> list[Measured]:
    """tokyo's six staffing models by `compare` on two threads, against its runs alone, one by one.

    Those alone are a random sample, half of it before and half after the study; their mean stands for all.
    """
    import caresim

    count = effort.of(4, 100, 1000)
    with tempfile.TemporaryDirectory() as folder:
        words = ["experiment=tokyo", f"replications={count}", "record=none", f"output_dir={folder}"]
        if effort.quick:
            words.append("population.scale=0.05")
        experiment = caresim.load(*words)
        jobs = [(replication, staffing) for replication in range(count) for staffing in experiment.staffing]
        sample = random.Random(0).sample(jobs, min(len(jobs), ALONE))
        before = alone(experiment, sample[::2])
        start = time.perf_counter()
        caresim.compare(experiment, workers=2)
        together = time.perf_counter() - start
    seconds = [*before, *alone(experiment, sample[1::2])]
    ran, measured = (len(jobs) * sum(each) / len(seconds) for each in zip(*seconds, strict=True))
    return [
        Measured("study_replications", "replications", [count]),
        Measured("study_minutes", "min", [together / 60]),
        Measured("study_alone_sample", "runs", [len(sample)]),
        Measured("study_runs_minutes", "min", [ran / 60]),
        Measured("study_measuring_minutes", "min", [measured / 60]),
        Measured("study_over_runs", "x", [together / (ran / 2)]),
        Measured("study_over_measured", "x", [together / ((ran + measured) / 2)]),
    ]


def alone(experiment, jobs: Sequence[tuple[int, str]]) -> list[tuple[float, float]]:
    """Seconds on the wall of each run, and of its metrics and curves (what a study takes of it)."""
    from caresim.run.block import SPENT, Finished, reduce
    from caresim.run.uncertain import drawn
    from caresim.scenario.run import run

    found = []
    replication, staffing = jobs[0]
    reduce(run(drawn(experiment, replication), staffing, replication), False, Finished())  # warm
    for replication, staffing in jobs:
        shared = drawn(experiment, replication)
        start = time.perf_counter()
        done = run(shared, staffing, replication)
        ran = time.perf_counter()
        done.world.let_go(*SPENT)
        reduce(done, False, Finished())
        found.append((ran - start, time.perf_counter() - ran))
    return found


def design(effort: Effort) -> list[Measured]:
    """Small queues at other arrival rates in this process, each from its value to its metrics: ms beside the events.

    Overhead is all that is not the loop over events: setting the value, building the world, reducing it to metrics.
    """
    import caresim
    from caresim.measure.metrics import measure
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
    return [Measured("design_points", "points", [count]), Measured("design_ms", "ms", overheads)]


def sweep(effort: Effort) -> list[Measured]:
    """The same as a command with -m, which writes tables and figures for every point: ms a point, all in.

    The time of a longer sweep without that of a short one, by the points between them.
    """
    few, many = 2, effort.of(6, 22)
    times = []
    for _ in range(effort.of(1, 3)):
        short, long = swept(few), swept(many)
        times.append(1e3 * (long - short) / (many - few))
    return [Measured("sweep_ms", "ms", times)]


def swept(points: int) -> float:
    """Seconds of a sweep, in a folder of its own: nothing of another one is there to be taken over."""
    rates = ",".join(f"{9.5 * (0.5 + point / points):.4f}" for point in range(points))
    with tempfile.TemporaryDirectory() as folder:
        words = [*POINT, f"queue.arrival_rate={rates}", f"output_dir={folder}"]
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "caresim", "-m", *words],
            check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ),
        )  # fmt: skip
        return time.perf_counter() - start
