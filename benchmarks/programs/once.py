"""One whole replication: `once.py experiment=queue "queue.customers=100000 people"`.

Timed is what a study does for a replication that is not recorded, `caresim.run.block.compute`: build the world, run
it, measure it (metrics, curves, intervals). A line of JSON a replication: seconds on the wall and of the processor,
events, memory. The model is loaded, and a small world has been run, before any clock starts. With `--repeats 20` there
are twenty in this process after one of the same size that warms up; only that one's memory tells what a replication
needs, and only the others' time what it takes.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from functools import wraps
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from memory import peak_gb, resident_gb


class Watch:
    """Clocks around building and running, wherever they are called from."""

    def __init__(self) -> None:
        self.told: dict[str, float | None] = {}
        self._within = [0.0, 0.0]

    def not_in_the_run(self, work: Callable) -> Callable:
        """What is measured while a run goes on counts as measuring."""

        @wraps(work)
        def clocked(*asked):
            wall, busy = time.perf_counter(), time.process_time()
            done = work(*asked)
            self._within[0] += time.perf_counter() - wall
            self._within[1] += time.process_time() - busy
            return done

        return clocked

    def around(self, name: str, work: Callable) -> Callable:
        @wraps(work)
        def clocked(*asked):
            wall, busy = time.perf_counter(), time.process_time()
            self._within = [0.0, 0.0]
            done = work(*asked)
            self.told[f"{name}_s"] = time.perf_counter() - wall - self._within[0]
            self.told[f"{name}_busy_s"] = time.process_time() - busy - self._within[1]
            self.told[f"{name}_gb"] = resident_gb()
            if name == "run":
                clock = asked[0].clock[0]
                counted = {"passengers": "next_affected", "contacts": "contacts", "events": "events"}
                self.told |= {name: int(clock[field]) for name, field in counted.items()}
            return done

        return clocked


def as_they_stand(experiment, _: int):
    """Uncertain parameters at the values of the files and not at those of some draw: the load that its name says."""
    return experiment.with_values({path: quantity.value for path, quantity in experiment.uncertain()})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("words", nargs="+", metavar="key=value")
    asked = parser.parse_args()
    from caresim.config.compose import compose
    from caresim.measure.measuring import Measuring
    from caresim.run import block as study
    from caresim.run.block import Block, compute
    from caresim.scenario import run

    study.drawn = as_they_stand
    small = compose(["experiment=queue", "queue.customers=1000 people", "record=none"])
    compute(small, Block((0,), 0, small.baseline))
    experiment = compose([*asked.words, "record=none"])
    block = Block((0,), 0, experiment.baseline)
    watch = Watch()
    run.build, run.go_on = watch.around("build", run.build), watch.around("run", run.go_on)
    Measuring.__call__ = watch.not_in_the_run(Measuring.__call__)
    idle = resident_gb()
    for _ in range(asked.repeats + (asked.repeats > 1)):
        wall, busy = time.perf_counter(), time.process_time()
        compute(experiment, block)
        whole, whole_busy = time.perf_counter() - wall, time.process_time() - busy
        told = watch.told | {"whole_s": whole, "whole_busy_s": whole_busy, "idle_gb": idle, "peak_gb": peak_gb()}
        told["measure_s"] = whole - told["build_s"] - told["run_s"]
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
