"""Cost against size: whole replications with 1,000 to ten million passengers (programs/once.py).

Below a million passengers 20 in one process, after one that warms it up; from a million on each in a process of its
own, three times, once (three million) or twice (ten million). Every size is a row of sizes.csv as soon as it is
measured. More than a million, and with it `experiment=ash_cloud`, only with --huge.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from itertools import product
from pathlib import Path

from derived import bytes_each, event_ns
from figure import HERE, SIZES, Measured, keep

from parts.effort import Effort

ONCE = HERE / "programs" / "once.py"
MILLION = 1_000_000
SMALL, LARGE = 10_000, 10 * MILLION
OFTEN = 20
WARM = ["experiment=queue", "queue.customers=1000 people"]
MEDIANS = ("whole_s", "build_s", "run_s", "measure_s", "run_busy_s")
MEMORY = ("idle_gb", "build_gb", "run_gb")
AIRLINES = "operators.european_airlines"
SHRUNK = (
    f"{AIRLINES}.channels.phone.lines",
    f"{AIRLINES}.flights.cancelled.a_day",
    f"{AIRLINES}.flights.resumed.a_day",
)
"""Numbers of ash_cloud that neither population.scale nor reinforcement scales."""


@dataclass(frozen=True)
class Load:
    """`words` ask for it at a size; `sizes` are the usual ones, `huge` only with --huge."""

    name: str
    words: Callable[[int], list[str]]
    sizes: tuple[int, ...]
    huge: tuple[int, ...] = ()


@dataclass(frozen=True)
class Replications:
    """What once.py said of one size: memory is that of the `first`, time that of the `timed`."""

    first: dict
    timed: Sequence[dict]

    @property
    def event_ns(self) -> list[float]:
        """Nanoseconds of the processor an event of the run."""
        return [event_ns(each["run_busy_s"], each["events"]) for each in self.timed]

    @property
    def whole_event_ns(self) -> list[float]:
        """The same with the building, for a load whose large runs draw people as they come and not before."""
        return [event_ns(each["build_busy_s"] + each["run_busy_s"], each["events"]) for each in self.timed]

    @property
    def peak_gb(self) -> float:
        return max(each["peak_gb"] for each in (self.first, *self.timed))


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
        return ["experiment=ash_cloud", f"baseline={staffing}", *scale, *fewer]

    return words


LOADS = (
    Load("M/M/10+M", queue, (1_000, SMALL, 100_000, MILLION), (3 * MILLION, LARGE)),
    Load("tokyo", tokyo, (1_000, SMALL, 17_974)),  # all of it: more people would find no seats
    Load("ash_cloud, light", ash_cloud("enough_people"), (SMALL, 100_000, MILLION), (3 * MILLION, LARGE)),
    Load("ash_cloud, overloaded", ash_cloud("saturated"), (SMALL, 100_000, MILLION), (3 * MILLION, LARGE)),
)
TARGETED = {"M/M/10+M": "queue", "ash_cloud, light": "light", "ash_cloud, overloaded": "overloaded"}
ONLY_HUGE = ("ash_cloud, light", "ash_cloud, overloaded")


@cache
def _whole(name: str) -> float:
    """Passengers (contact persons) of an experiment at scale 1, without its ordinary traffic."""
    from caresim.config.compose import compose
    from caresim.scenario.cohorts import size_of

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


def measure(effort: Effort, run: str, kept: Path | None) -> list[Measured]:
    """All loads; `run` is the name of this run of the benchmark, `kept` the folder of sizes.csv (None: not kept)."""
    replications(WARM, 1)  # compiles where nothing has been compiled yet, which takes memory
    return [figure for load in LOADS if wanted(load, effort) for figure in of_load(load, effort, run, kept)]


def wanted(load: Load, effort: Effort) -> bool:
    if load.name in ONLY_HUGE and not (effort.huge or effort.quick):
        print(f"{load.name}: only with --huge", file=sys.stderr)
        return False
    return True


def of_load(load: Load, effort: Effort, run: str, kept: Path | None) -> list[Measured]:
    rows, seen = [], {}
    for size in sizes(load, effort):
        seen[size] = repeated(load.words(size), size, repeats(size, effort))
        rows.append({"run": run, "load": load.name, "size": str(size), **row(seen[size])})
        print(f"    {load.name}, {size:,}: {rows[-1]['whole_s']} s, {rows[-1]['event_ns']} ns an event", flush=True)
        if kept:
            keep(kept / SIZES.name, rows[-1:])
    found = against_small(TARGETED[load.name], seen) if load.name in TARGETED and effort.huge else []
    if (memory := bytes_each(rows[-1])) is not None:
        found.append(Measured(f"{_short(load.name)}_bytes", "bytes a passenger", [memory]))
    return found


def sizes(load: Load, effort: Effort) -> Iterator[int]:
    yield from load.sizes[:2] if effort.quick else load.sizes
    if effort.huge:
        yield from load.huge


def repeats(size: int, effort: Effort) -> int:
    """How often a size is measured."""
    if effort.quick:
        return 2
    return {MILLION: 3, 3 * MILLION: 1, LARGE: 2}.get(size, OFTEN)


def repeated(words: list[str], size: int, many: int) -> Replications:
    """Small sizes in one process, after one that warms it up; large ones in a process each."""
    if size < MILLION:
        first, *others = replications(words, many)
        return Replications(first, others)
    each = [told for _ in range(many) for told in replications(words, 1)]
    return Replications(each[0], each)


def replications(words: list[str], many: int) -> list[dict]:
    command = [sys.executable, str(ONCE), "--repeats", str(many), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def row(seen: Replications) -> dict[str, str]:
    """What sizes.csv keeps of a size."""
    counted = {name: str(seen.first[name]) for name in ("passengers", "contacts", "events")}
    medians = {name: statistics.median(each[name] for each in seen.timed) for name in MEDIANS}
    events = seen.event_ns
    spread = {"event_ns": statistics.median(events), "event_ns_low": min(events), "event_ns_high": max(events)}
    memory = {name: seen.first[name] for name in MEMORY} | {"peak_gb": seen.peak_gb}
    told = {name: "" if value is None else f"{value:.6g}" for name, value in (medians | spread | memory).items()}
    return {"repeats": str(len(seen.timed)), **counted, **told}


def against_small(name: str, seen: Mapping[int, Replications]) -> list[Measured]:
    """The targets of a load, of its largest size."""
    largest = seen[max(seen)]
    growth = [large / small for large, small in product(largest.event_ns, seen[SMALL].event_ns)]
    whole = [large / small for large, small in product(largest.whole_event_ns, seen[SMALL].whole_event_ns)]
    parts = ("whole", "build", "run", "measure")
    return [
        Measured(f"{name}_passengers", "passengers", [largest.first["passengers"]]),
        *(Measured(f"{name}_{part}_s", "s", [each[f"{part}_s"] for each in largest.timed]) for part in parts),
        Measured(f"{name}_peak_gb", "GB", [each["peak_gb"] for each in largest.timed]),
        Measured(f"{name}_events_a_passenger", "events", [largest.first["events"] / largest.first["passengers"]]),
        Measured(f"{name}_event_growth", "x", growth),
        Measured(f"{name}_whole_event_growth", "x", whole),
    ]


def _short(name: str) -> str:
    return name.lower().replace("/", "").replace("+", "").replace(", ", "_")
