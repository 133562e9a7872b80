"""How fast the Mesa driver is: `python benchmarks/mesa_driver.py` (a minute), or `measured()` from elsewhere.

tokyo with 20,000 passengers, one thread, warm. Each way of running is timed in turn, round after round in the same
process, by the time of its processor; what counts are the ratios to the plain compiled run, because the machine's speed
changes by the minute.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import caresim
from caresim.agents import CareModel, Passenger
from caresim.agents.cast import ROLES
from caresim.agents.overrides import overridable
from caresim.config.experiment import Experiment
from caresim.model.engine import advance
from caresim.model.world import World
from caresim.run.uncertain import drawn
from caresim.scenario.build import build

PASSENGERS = 20_000
ROUNDS = 5


class Seeking(Passenger):
    """One transition overridden: every time that somebody turns to a channel goes through Python."""

    def seek(self) -> None:
        super().seek()


class Losing(Passenger):
    """One transition overridden that happens less often."""

    def lose_patience(self, contact) -> None:
        super().lose_patience(contact)


def everything(role: type) -> type:
    """Every transition overridden."""

    def through(name: str) -> Callable:
        return lambda self, *arguments: getattr(role, name)(self, *arguments)

    return type(f"All{role.__name__}", (role,), {name: through(name) for name in overridable(role)})


WAYS: dict[str, tuple[type, ...]] = {
    "nothing overridden": (),
    "lose_patience overridden": (Losing,),
    "seek overridden": (Seeking,),
    "everything overridden": tuple(everything(role) for role in ROLES),
}


def world_of_20_000() -> Experiment:
    whole = caresim.load("experiment=tokyo")
    world, _ = build(drawn(whole, 0), whole.baseline, 0)
    return caresim.load("experiment=tokyo", f"population.scale={PASSENGERS / len(world.passengers):.4f}")


def measured(rounds: int = ROUNDS, ways: tuple[str, ...] = tuple(WAYS)) -> dict[str, float]:
    """Million events a second, by way of running: medians over the rounds; building is left out."""
    experiment = world_of_20_000()
    speeds: dict[str, list[float]] = {}
    for _ in range(rounds):
        world, _ = build(drawn(experiment, 0), experiment.baseline, 0)
        start = time.thread_time()
        advance(world, experiment.ends)
        note(speeds, "compiled", world, start)
        for way in ways:
            model = CareModel(experiment, agents=WAYS[way])
            start = time.thread_time()
            model.run_until(experiment.ends)
            note(speeds, way, model.world, start)
    return {way: statistics.median(found) for way, found in speeds.items()}


def note(speeds: dict[str, list[float]], way: str, world: World, start: float) -> None:
    passed = time.thread_time() - start
    speeds.setdefault(way, []).append(world.clock[0].events / passed / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    speeds = measured(parser.parse_args().rounds)
    print(f"{'':28} million events/s   of compiled")
    for way, speed in speeds.items():
        print(f"{way:28} {speed:16.2f} {speed / speeds['compiled']:13.0%}")


if __name__ == "__main__":
    main()
