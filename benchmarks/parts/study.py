"""Many replications, and many small design points: what a study costs beside its simulations."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType

from figure import HERE, Measured
from watching import watched

from parts.effort import Effort
from parts.startup import Spent, process

PROGRAM = HERE / "programs" / "comparison.py"

POINT = ("experiment=queue", "queue.customers=1000 people", "queue.warm_up=0 %", "replications=2")
EVERY = 1.0
"""Seconds between two looks at what the study holds; the peak of its own process is known without."""
ALONE = 600
"""Runs that are timed alone."""
NO_FIGURES = "figures=none"
RATE, STAFFING = "population.cohorts.customers.onset.per_hour", "servers"


def measure(effort: Effort) -> list[Measured]:
    return replications(effort) + design(effort) + sweep(effort)


def replications(effort: Effort) -> list[Measured]:
    """tokyo's staffing models by `compare` on two threads, against its runs alone, one by one.

    Those alone are a random sample, half of it before and half after the study; their mean stands for all. The study
    runs in a process of its own (programs/comparison.py), whose memory is its own.
    """
    import caresim

    count = effort.of(4, 100, 1000)
    words = ["experiment=tokyo", f"replications={count}", "record=none"]
    if effort.quick:
        words.append("population.scale=0.05")
    experiment = caresim.load(*words)
    jobs = [(replication, staffing) for replication in range(count) for staffing in experiment.staffing]
    sample = random.Random(0).sample(jobs, min(len(jobs), ALONE))
    before = alone(experiment, sample[::2])
    seen = watched([sys.executable, str(PROGRAM), "--workers", "2", *words], EVERY)
    told = json.loads(seen.said)
    together = told["wall_s"]
    seconds = [*before, *alone(experiment, sample[1::2])]
    ran, measured = (len(jobs) * sum(each) / len(seconds) for each in zip(*seconds, strict=True))
    return [
        Measured("study_peak_gb", "GB", [max(seen.peak_gb or 0.0, told["peak_gb"])]),
        Measured("study_replications", "replications", [count]),
        Measured("study_minutes", "min", [together / 60]),
        Measured("study_alone_sample", "runs", [len(sample)]),
        Measured("study_runs_minutes", "min", [ran / 60]),
        Measured("study_measuring_minutes", "min", [measured / 60]),
        Measured("study_over_runs", "x", [together / (ran / 2)]),
        Measured("study_over_measured", "x", [together / ((ran + measured) / 2)]),
    ]


def alone(experiment, jobs: Sequence[tuple[int, str]]) -> list[tuple[float, float]]:
    """Seconds on the wall of each run, and of its metrics and curves (what a study takes of it).

    What a study calls for a block of one replication, without the drawing of its parameters, which many runs share.
    """
    from caresim.run import block as blocks
    from caresim.scenario import run

    found, spent = [], {"run": 0.0, "drawn": 0.0}
    places = {staffing: place for place, staffing in enumerate(experiment.compared)}
    with clocked(run, "run", spent), clocked(blocks, "drawn", spent):
        for replication, staffing in (jobs[0], *jobs):  # the first one warms up
            spent |= {"run": 0.0, "drawn": 0.0}
            start = time.perf_counter()
            blocks.compute(experiment, blocks.Block((replication,), places[staffing], staffing))
            whole = time.perf_counter() - start
            found.append((spent["run"], whole - spent["run"] - spent["drawn"]))
    return found[1:]


@contextmanager
def clocked(module: ModuleType, name: str, spent: dict[str, float]) -> Iterator[None]:
    """Adds to `spent` the seconds of every call of a function of this module."""
    work = getattr(module, name)

    def timed(*asked):
        start = time.perf_counter()
        done = work(*asked)
        spent[name] += time.perf_counter() - start
        return done

    setattr(module, name, timed)
    try:
        yield
    finally:
        setattr(module, name, work)


def design(effort: Effort) -> list[Measured]:
    """Small queues at other arrival rates in this process, each from its value to its metrics: CPU ms.

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
        start = time.process_time()
        for point in range(count):
            changed = experiment.with_values({RATE: rate * (0.5 + point / count)})
            world, names = build(changed, STAFFING, 0)
            begun = time.process_time()
            advance(world, changed.ends)
            pure += time.process_time() - begun
            measure(Run(changed, STAFFING, 0, world, names, cost_of(world), int(world.clock[0].events)))
        overheads.append(1e3 * (time.process_time() - start - pure) / count)
    return [Measured("design_points", "points", [count]), Measured("design_ms", "ms", overheads)]


def sweep(effort: Effort) -> list[Measured]:
    """The same as a command with -m, which writes tables and figures for every point, or tables alone: ms a point.

    The time of a longer sweep without that of a short one, by the points between them: on the wall and of the
    processor.
    """
    return [*sweeps("sweep", effort), *(sweeps("sweep_tables", effort, NO_FIGURES) if without_figures() else [])]


def without_figures() -> bool:
    """Can a command be asked to draw nothing?"""
    import caresim

    try:
        caresim.load(*POINT, NO_FIGURES)
    except caresim.BadInput as error:
        print(f"sweep without figures: {error}", file=sys.stderr)
        return False
    return True


def sweeps(name: str, effort: Effort, *words: str) -> list[Measured]:
    few, many = 2, effort.of(4, 22)
    wall, busy = [], []
    for _ in range(effort.of(1, 3)):
        short, long = swept(few, *words), swept(many, *words)
        wall.append(1e3 * (long.wall - short.wall) / (many - few))
        busy.append(1e3 * (long.busy - short.busy) / (many - few))
    return [Measured(f"{name}_ms", "ms", wall), Measured(f"{name}_busy_ms", "CPU ms", busy)]


def swept(points: int, *words: str) -> Spent:
    """A sweep in a folder of its own: nothing of another one is there to be taken over."""
    rates = ",".join(f"{9.5 * (0.5 + point / points):.4f}" for point in range(points))
    return process([sys.executable, "-m", "caresim", "-m", *POINT, f"queue.arrival_rate={rates}", *words])
