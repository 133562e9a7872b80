"""Cost against size: one replication with 1,000 to ten million passengers, each in a process of its own.

The rows go to sizes.csv. Ten million, and with them `experiment=ash_cloud`, only with --huge.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, reduce

from figure import HERE, SIZES, Figure, keep

from parts.effort import Effort

ONCE = HERE / "programs" / "once.py"
MILLION = 1_000_000
SMALL, LARGE = 10_000, 10 * MILLION
TELLING = 50_000
"""Passengers from which on their memory shows beside that of Python and its libraries."""
AIRLINES = "operators.european_airlines"
SHRUNK = (
    f"{AIRLINES}.channels.phone.lines",
    f"{AIRLINES}.flights.cancelled.a_day",
    f"{AIRLINES}.flights.resumed.a_day",
)
"""Numbers of ash_cloud that neither population.scale nor reinforcement scales."""


@dataclass(frozen=True)
class Load:
    """`words` ask for it at a size; `sizes` are the usual ones, the largest only with --huge."""

    name: str
    words: Callable[[int], list[str]]
    sizes: tuple[int, ...]
    largest: int | None = None


def queue(size: int) -> list[str]:
    return ["experiment=queue", f"queue.customers={size} people", "queue.warm_up=0 %"]


def tokyo(size: int) -> list[str]:
    return ["experiment=tokyo", f"population.scale={size / _whole('tokyo'):.9f}"]


def ash_cloud(staffing: str) -> Callable[[int], list[str]]:
    """With fewer passengers there are fewer people, lines and flights, too: the load is the same at every size.

    Below ten thousand it cannot be: there would be less than one line.
    """

    def words(size: int) -> list[str]:
        share = size / _whole("ash_cloud")
        fewer = [f"{key}={round(number * share)}" for key, number in at_full_size().items()]
        scale = [f"population.scale={share:.9f}", f"reinforcement={share:.9f}"]
        return ["experiment=ash_cloud", f"baseline={staffing}", *scale, *fewer, "record=none"]

    return words


LOADS = (
    Load("M/M/10+M", queue, (1_000, SMALL, 100_000, MILLION), LARGE),
    Load("tokyo", tokyo, (1_000, SMALL, 100_000)),
    Load("ash_cloud, light", ash_cloud("enough_people"), (SMALL, 100_000, MILLION), LARGE),
    Load("ash_cloud, overloaded", ash_cloud("saturated"), (SMALL, 100_000, MILLION), LARGE),
)
TARGETED = {"ash_cloud, light": "light", "ash_cloud, overloaded": "overloaded"}


@cache
def _whole(name: str) -> float:
    """Passengers (contact persons) of an experiment at scale 1, without its ordinary traffic."""
    from caresim.config.compose import compose
    from caresim.scenario.population import size_of

    experiment = compose([f"experiment={name}"])
    cohorts = experiment.population.cohorts.values()
    return float(sum(size_of(experiment, cohort) for cohort in cohorts if not cohort.onset.streams))


@cache
def at_full_size() -> dict[str, float]:
    """What SHRUNK is at scale 1."""
    from caresim.config.compose import compose

    experiment = compose(["experiment=ash_cloud"])
    return {key: reduce(_part, key.split("."), experiment).value for key in SHRUNK}


def _part(whole, name: str):
    return whole[name] if isinstance(whole, Mapping) else getattr(whole, name)


def measure(effort: Effort, run: str) -> list[Figure]:
    """All loads; `run` is the name of this run of the benchmark."""
    found = []
    for load in LOADS:
        if load.name in TARGETED and not effort.huge:
            print(f"{load.name}: only with --huge", file=sys.stderr)
            continue
        rows = [{"run": run, "load": load.name, "size": str(size), **once(load.words(size))}
                for size in sizes(load, effort)]  # fmt: skip
        if not effort.quick:
            keep(SIZES, [{name: str(value) for name, value in row.items()} for row in rows])
        if load.name in TARGETED:
            found += against_small(TARGETED[load.name], rows)
        if rows[-1]["passengers"] >= TELLING:
            found.append(Figure(f"{_short(load.name)}_bytes", "bytes a passenger", [bytes_each(rows[-1])]))
    return found


def sizes(load: Load, effort: Effort) -> Iterator[int]:
    yield from load.sizes[:2] if effort.quick else load.sizes
    if effort.huge and load.largest:
        yield load.largest


def once(words: list[str]) -> dict:
    done = subprocess.run([sys.executable, str(ONCE), *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return json.loads(done.stdout)


def bytes_each(row: dict) -> float:
    """Memory that building and running took, by passenger."""
    return (row["run_mb"] - row["idle_mb"]) * 2**20 / row["passengers"]


def event_ns(row: dict) -> float:
    return 1e9 * row["run_s"] / row["events"]


def against_small(name: str, rows: list[dict]) -> list[Figure]:
    largest = rows[-1]
    small = next(row for row in rows if row["size"] == str(SMALL))
    return [
        Figure(f"{name}_passengers", "passengers", [largest["passengers"]]),
        Figure(f"{name}_s", "s", [largest["build_s"] + largest["run_s"]]),
        Figure(f"{name}_measure_s", "s", [largest["measure_s"]]),
        Figure(f"{name}_gb", "GB", [largest["run_mb"] / 1024]),
        Figure(f"{name}_events_a_passenger", "events", [largest["events"] / largest["passengers"]]),
        Figure(f"{name}_growth", "x", [event_ns(largest) / event_ns(small)]),
    ]


def _short(name: str) -> str:
    return name.lower().replace("/", "").replace("+", "").replace(", ", "_")
