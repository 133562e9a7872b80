"""tokyo with all behaviour: events a second on one thread, and what a second thread adds."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from figure import Measured, ratios

from parts.effort import Effort

PASSENGERS = 20_000


def measure(effort: Effort) -> list[Measured]:
    from caresim.config.compose import compose
    from caresim.model.engine import advance
    from caresim.scenario.build import build

    whole = compose(["experiment=tokyo"])
    world, _ = build(whole, whole.baseline, 0)
    advance(world, whole.ends)  # warm
    scale = effort.of(4_000, PASSENGERS) / len(world.passengers)
    experiment = compose(["experiment=tokyo", f"population.scale={scale:.4f}"])
    return one_thread(experiment, effort) + two_threads(experiment, effort)


def one_thread(experiment, effort: Effort) -> list[Measured]:
    """Each repeat plays one replication of every staffing model: all events by all seconds of the processor."""
    from caresim.model.engine import advance
    from caresim.scenario.build import build

    run, whole, per_passenger, passengers, building = [], [], [], [], []
    for repeat in range(effort.repeats):
        events = people = built_s = ran_s = 0.0
        for staffing in experiment.staffing:
            start = time.process_time()
            world, _ = build(experiment, staffing, repeat)
            built = time.process_time()
            advance(world, experiment.ends)
            ran_s += time.process_time() - built
            built_s += built - start
            events += int(world.clock[0].events)
            people += len(world.passengers)
        run.append(events / ran_s / 1e6)
        whole.append(events / (built_s + ran_s) / 1e6)
        per_passenger.append(events / people)
        passengers.append(people / len(experiment.staffing))
        building.append(1e3 * built_s / len(experiment.staffing))
    return [
        Measured("tokyo_events", "million events/s", run),
        Measured("tokyo_events_whole", "million events/s", whole),
        Measured("tokyo_events_a_passenger", "events", per_passenger),
        Measured("tokyo_passengers", "passengers", passengers),
        Measured("tokyo_building_ms", "ms", building),
    ]


def two_threads(experiment, effort: Effort) -> list[Measured]:
    """The same runs, building included, on one thread and on two in turn."""
    from caresim.scenario.run import run

    jobs = list(product(experiment.staffing, range(4)))
    times: dict[int, list[float]] = {1: [], 2: []}
    for repeat in range(effort.repeats):
        for threads in (1, 2) if repeat % 2 else (2, 1):  # whoever comes first does so half of the time
            with ThreadPoolExecutor(threads) as pool:
                start = time.perf_counter()
                for _ in pool.map(lambda job: run(experiment, *job).events, jobs):
                    pass
                times[threads].append(time.perf_counter() - start)
    return [ratios("two_threads", times[1], times[2])]
