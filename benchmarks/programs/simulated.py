"""`caresim.simulate` of M/M/10+M with its metrics, once a line of input: `simulated.py --callers 100000`.

Timed, in seconds of the processor, is what a user calls: from the validated experiment to the metrics (draws, building,
run, measuring). The compiled code is loaded, by a run of 1,000 callers, before the clock starts; memory is fresh the
first time. With `--native LIBRARY` the loop in C++ runs the world that caresim builds, and nothing is measured of it.
A line of JSON a time; `process_s` is what this process has worked in all, its start included.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[1] / "peers"))
from caresim_mmcm import STAFFING, experiment
from memory import peak_gb
from mmcm import CLOCK

import caresim
from caresim.config.experiment import Experiment
from caresim.scenario.build import build

Simulate = Callable[[Experiment], int]
"""Plays an experiment; gives the number of callers."""


def simulated(asked: Experiment) -> int:
    outcome = caresim.simulate(asked, STAFFING)
    metrics = outcome.metrics
    if not 0.0 < metrics["phone_abandonment"] < 1.0:
        raise RuntimeError(f"a share of {metrics['phone_abandonment']} gave up")
    return int(outcome.played.world.clock[0].next_affected)


def in_cpp(library: Path) -> Simulate:
    import native

    loop = native.loaded(library)

    def play(asked: Experiment) -> int:
        world, _ = build(asked, STAFFING, 0)
        native.advance(loop, world, asked.ends)
        return len(world.passengers)

    return play


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--callers", type=int, default=100_000)
    parser.add_argument("--native", type=Path, metavar="LIBRARY", help="the loop in C++, compiled")
    asked = parser.parse_args()
    play = in_cpp(asked.native) if asked.native else simulated
    play(experiment(1_000))
    whole = experiment(asked.callers)
    for _ in sys.stdin:
        gc.collect()
        start = CLOCK()
        callers = play(whole)
        seconds = CLOCK() - start
        told = {"callers": callers, "seconds": seconds, "process_s": CLOCK(), "peak_gb": peak_gb()}
        print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
