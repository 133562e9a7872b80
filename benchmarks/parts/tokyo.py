"""tokyo with all behaviour: events a second on one thread, and the whole command."""

from __future__ import annotations

import sys
import time

from figure import Measured

from parts.effort import Effort
from parts.startup import process

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
    found = [*one_thread(experiment, effort), whole_command(effort)]
    if not effort.quick:
        found.append(Measured("tokyo_default_replications", "replications", [whole.replications]))
    return found


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


def whole_command(effort: Effort) -> Measured:
    """As a user types it, with the experiment's own replications: tables, figures and all, seconds on the wall."""
    words = ["population.scale=0.05", "replications=2"] if effort.quick else []
    command = [sys.executable, "-m", "caresim", "experiment=tokyo", *words]
    return Measured("tokyo_default_s", "s", [process(command).wall for _ in range(effort.of(1, 3))])
