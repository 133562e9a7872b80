"""One replication in a process of its own: `once.py experiment=queue "queue.customers=100000 people"`.

Prints seconds, events and memory as one line of JSON. The model is loaded, and a small world has been run, before the
clock starts. Peak memory is the whole process's, Python and its libraries included; `idle_mb` is what it was before.
"""

from __future__ import annotations

import json
import resource
import sys
import time


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024


def main(words: list[str]) -> None:
    from caresim.analysis import metrics
    from caresim.config.compose import compose
    from caresim.model.engine import advance
    from caresim.scenario.build import build
    from caresim.scenario.run import Run, cost_of

    small = compose(["experiment=queue", "queue.customers=1000 people"])
    world, names = build(small, small.baseline, 0)
    advance(world, small.ends)
    metrics.measure(Run(small, small.baseline, 0, world, names, cost_of(world), 0))
    experiment = compose(words)
    idle = peak_mb()
    start = time.perf_counter()
    world, names = build(experiment, experiment.baseline, 0)
    built, after_building = time.perf_counter(), peak_mb()
    advance(world, experiment.ends)
    ran, after_run = time.perf_counter(), peak_mb()
    events = int(world.clock[0].events)
    metrics.measure(Run(experiment, experiment.baseline, 0, world, names, cost_of(world), events))
    measured = time.perf_counter()
    told = {
        "passengers": len(world.passengers),
        "contacts": int(world.clock[0].contacts),
        "events": events,
        "build_s": built - start,
        "run_s": ran - built,
        "measure_s": measured - ran,
        "idle_mb": idle,
        "build_mb": after_building,
        "run_mb": after_run,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1:])
