"""How fast caresim is, on the machine at hand: `python benchmarks/speed.py` (two minutes; `--cold`: compiling, too).

Prints a table, and appends it with a description of the machine to benchmarks/history.csv. Compare ratios within one
run of this program, not seconds between machines: they are noisy, which is why every figure is a median of several.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
HISTORY = HERE / "history.csv"
PASSENGERS = 20_000
REPEATS = 5


def engine() -> dict[str, float]:
    """tokyo with all behaviour, 20,000 passengers, one thread, warm: events a second in the loop, building apart."""
    from caresim.config.compose import compose
    from caresim.model.engine import advance
    from caresim.scenario.build import build

    whole = compose(["experiment=tokyo"])
    world, _ = build(whole, whole.baseline, 0)
    scale = PASSENGERS / len(world.passengers)
    experiment = compose(["experiment=tokyo", f"population.scale={scale:.4f}"])
    speeds, building, per_passenger = [], [], []
    for repeat in range(REPEATS):
        for staffing in experiment.staffing:
            start = time.perf_counter()
            world, _ = build(experiment, staffing, repeat)
            built = time.perf_counter()
            advance(world, experiment.ends)
            ran = time.perf_counter()
            events = int(world.clock[0].events)
            speeds.append(events / (ran - built) / 1e6)
            building.append((built - start) * 1e3)
            per_passenger.append(events / len(world.passengers))
    return {
        "tokyo_million_events_per_s": statistics.median(speeds),
        "tokyo_events_per_passenger": statistics.median(per_passenger),
        "tokyo_passengers": float(len(world.passengers)),
        "tokyo_build_ms": statistics.median(building),
    }


def seconds(command: list[str], repeats: int = 3, **environment: str) -> float:
    """Median wall seconds of a whole process."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        subprocess.run(
            command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, **environment}
        )
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def commands(cold: bool) -> dict[str, float]:
    """The commands as a user types them: help, the printed configuration, tokyo with its 32 replications."""
    caresim = [sys.executable, "-m", "caresim"]
    found = {
        "help_s": seconds([*caresim, "--help"]),
        "cfg_job_s": seconds([*caresim, "--cfg", "job", "experiment=tokyo"]),
    }
    with tempfile.TemporaryDirectory() as folder:
        tokyo = [*caresim, "experiment=tokyo", f"output_dir={folder}"]
        found["tokyo_command_s"] = seconds(tokyo, 3)
        durations = [json.loads(path.read_text())["durations"] for path in Path(folder).glob("*/manifest.json")]
        for name in durations[0]:
            found[f"tokyo_{name}"] = statistics.median(run[name] for run in durations)
    if cold:
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
            tokyo = [*caresim, "experiment=tokyo", f"output_dir={folder}"]
            found["tokyo_first_ever_s"] = seconds(tokyo, 1, NUMBA_CACHE_DIR=cache)
    return found


def machine() -> dict[str, str]:
    import numba
    import numpy

    return {
        "when": datetime.now(UTC).strftime("%Y-%m-%d %H:%M"),
        "python": platform.python_version(),
        "numba": numba.__version__,
        "numpy": numpy.__version__,
        "processor": platform.machine(),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def keep(row: dict[str, str | float]) -> None:
    """Append a row to the history; a new figure becomes a new column."""
    past = list(csv.DictReader(HISTORY.open())) if HISTORY.exists() else []
    columns = list(dict.fromkeys([*(past[0] if past else {}), *row]))
    with HISTORY.open("w", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*past, row])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cold", action="store_true", help="also a first ever run, compilation included")
    parser.add_argument("--no-history", action="store_true", help="only print")
    asked = parser.parse_args()
    parts: list[Callable[[], dict[str, float]]] = [engine, lambda: commands(asked.cold)]
    figures = {name: value for part in parts for name, value in part().items()}
    for name, value in figures.items():
        print(f"{name:32} {value:10.3g}")
    if not asked.no_history:
        keep({**machine(), **{name: f"{value:.4g}" for name, value in figures.items()}})


if __name__ == "__main__":
    main()
