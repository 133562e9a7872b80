"""M/M/10+M in caresim, and in C++ on caresim's records: `python benchmarks/peers/caresim_mmcm.py --serve FILE`.

Both play `experiment=queue` and draw for themselves. Timed are building the world (from the validated experiment to the
first event on the agenda: the arrivals and the traits of all callers are drawn there), the run, and the sum of both.
`--write FILE` is where the traffic for all engines comes from.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import native
import numpy as np
from mmcm import CLOCK, PATIENCE, PEOPLE, RATE, SERVICE, Given, Outcome, Played, serve
from tests.support.peers.workload import LONG_CREW, Workload

from caresim.config.compose import compose
from caresim.config.experiment import Experiment
from caresim.model.codes import Outcome as Fate
from caresim.model.contact import day_of
from caresim.model.draws import Purpose, exponential, join, numbered, weibull
from caresim.model.engine import advance
from caresim.model.world import World
from caresim.scenario.build import build

STAFFING = "servers"
Advance = Callable[[World, float], object]


def experiment(callers: int) -> Experiment:
    """M/M/10+M with about `callers`, from empty, without a warm-up: everybody counts."""
    return compose(
        [
            "experiment=queue", f"queue.customers={callers} people", f"queue.servers={PEOPLE} people",
            f"queue.arrival_rate={RATE} /min", f"queue.service_mean={SERVICE} min",
            f"queue.patience_mean={PATIENCE} min", "queue.warm_up=0 %", "record=none",
        ]
    )  # fmt: skip


def play(whole: Experiment, replication: int, run: Advance) -> Played:
    """Build and run with the clock going."""
    start = CLOCK()
    world, _ = build(whole, STAFFING, replication)
    built = CLOCK()
    run(world, whole.ends)
    ran = CLOCK()
    seconds = {"building": built - start, "run": ran - built, "whole": ran - start}
    return Played(seconds, *outcome(world), int(world.clock[0].events))


def outcome(world: World) -> Outcome:
    """Waits (minutes; NaN: undecided at the end) and fates, caller by caller."""
    waits = np.full(len(world.passengers), np.nan)
    fates = np.full(len(waits), "waiting", dtype="<U9")
    calls = world.contacts[: world.clock[0].contacts]
    for fate, until in ((Fate.ANSWERED, "reply"), (Fate.ABANDONED, "closed")):
        those = calls[calls["outcome"] == fate]
        waits[those["passenger"]] = those[until] - those["arrival"]
        fates[those["passenger"]] = fate.name.lower()
    return waits, fates


def drawn(world: World) -> Workload:
    """What was drawn for every caller, by the hash itself and not read off what happened."""
    luck, channel = np.uint64(world.clock[0].luck), world.channels[0]
    mean, patience = float(world.desks[0].handle[0]), float(channel.patience[0])
    arrivals = np.array(world.passengers["affected"])
    services, patiences = np.empty(len(arrivals)), np.empty(len(arrivals))
    for row, (key, arrival) in enumerate(zip(world.passengers["key"], arrivals, strict=True)):
        call = numbered(join(key, channel.key), day_of(arrival) * 4096)
        services[row] = exponential(mean, luck, call, Purpose.HANDLING, 0)
        patiences[row] = weibull(patience, 1.0, luck, call, Purpose.PATIENCE, 0)
    crew = ((0.0, LONG_CREW, PEOPLE),)
    return Workload("M/M/10+M", arrivals, services, patiences, np.zeros(len(arrivals), np.int64), crew)


def write(callers: int, replication: int, file: Path) -> None:
    """The traffic for all engines, and caresim's waits and fates."""
    whole = experiment(callers)
    world, _ = build(whole, STAFFING, replication)
    workload = drawn(world)
    advance(world, whole.ends)
    Given(workload, *outcome(world), {"callers": callers, "replication": replication}).write(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--serve", type=Path, metavar="FILE", help="play the traffic of FILE once a line of input")
    parser.add_argument("--native", action="store_true", help="let the loop in C++ run the world")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write traffic to FILE")
    parser.add_argument("--callers", type=int, default=100_000)
    parser.add_argument("--replication", type=int, default=0)
    asked = parser.parse_args()
    if asked.write:
        write(asked.callers, asked.replication, asked.write)
        return
    given = Given.read(asked.serve).asked
    whole = experiment(given["callers"])
    run: Advance = advance
    with tempfile.TemporaryDirectory() as folder:
        if asked.native:
            loop = native.built(folder)
            run = lambda world, until: native.advance(loop, world, until)  # noqa: E731
        serve(lambda _: play(whole, given["replication"], run), asked.serve)


if __name__ == "__main__":
    main()
