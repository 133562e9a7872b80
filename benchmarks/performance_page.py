"""The tables and figures of docs/performance.md that are made of numbers: `python benchmarks/performance_page.py`.

A figure is taken from the last run that measured it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from figure import HERE, HISTORY, RUNS, SIZES, read
from markers import put
from targets import TARGETS, Target

PAGE = HERE.parent / "docs" / "performance.md"
NOTHING = "Not measured yet.\n"
ENGINES = (
    ("caresim_callers_run", None, "caresim, the run"),
    ("caresim_callers", None, "caresim, building included"),
    ("cpp_callers_run", "speed_of_cpp", "C++ -O3, the same draws, records and hops: the run"),
    ("cimba_callers", "times_cimba", "Cimba (a C library), through its Python package"),
    ("loop_callers", "times_loop", "a loop in plain Python with heapq"),
    ("mesa_callers", "times_mesa", "Mesa's events, an agent a caller"),
    ("simpy_callers", "times_simpy", "SimPy, a resource and a process a caller"),
    ("ciw_callers", "times_ciw", "Ciw, one node"),
    ("salabim_callers", "times_salabim", "salabim, a component a caller"),
)
"""(speed, our ratio to it, what it is); the ratio to C++ is run to run."""

Known = Mapping[str, Mapping[str, str]]


def latest(history: Sequence[Mapping[str, str]]) -> dict[str, Mapping[str, str]]:
    """The last row of each figure."""
    return {row["name"]: row for row in sorted(history, key=lambda row: row["run"])}


def number(value: float) -> str:
    """Three digits, thousands apart."""
    rounded = float(f"{value:.3g}")
    return f"{rounded:,.0f}" if abs(rounded) >= 1000 else f"{value:.3g}"


def spread(row: Mapping[str, str], many: int = 1) -> str:
    """Median, and lowest to highest of the repeats where there are several."""
    median, low, high = (number(float(row[name])) for name in ("median", "low", "high"))
    return f"{median} ({low}-{high})" if int(row["repeats"]) > many else median


def verdict(target: Target, value: float) -> str:
    if not target.met(value):
        return f"missed by {100 * target.miss(value):.0f} %"
    if target.aim is None:
        return "met"
    return "met, and the aim" if value >= target.aim else "met, not the aim"


def targets(known: Known) -> str:
    rows = ["| what | target | obtained | |", "|---|---|---|---|"]
    for target in TARGETS:
        row = known.get(target.name)
        told = ("not measured yet", "") if row is None else (
            f"{spread(row)} {target.unit}", verdict(target, float(row["median"]))
        )  # fmt: skip
        rows.append(f"| {target.what} | {target.bound} | {told[0]} | {told[1]} |")
    return "\n".join(rows) + "\n"


def engines(known: Known) -> str:
    if not any(speed in known for speed, _, _ in ENGINES):
        return NOTHING
    rows = ["| engine | callers a second | caresim is so many times as fast |", "|---|---|---|"]
    for speed, ratio, name in ENGINES:
        if speed in known:
            times = spread(known[ratio]) if ratio else ""
            rows.append(f"| {name} | {spread(known[speed])} | {times} |")
    return "\n".join(rows) + "\n"


def sizes(rows: Sequence[Mapping[str, str]]) -> str:
    if not rows:
        return NOTHING
    table = [
        "| load | passengers | events each | building (s) | run (s) | ns an event | bytes a passenger | peak (GB) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    last = {row["load"]: row["run"] for row in sorted(rows, key=lambda row: row["run"])}
    for row in rows:
        if row["run"] != last[row["load"]]:
            continue
        told = {name: float(value) for name, value in row.items() if name not in ("run", "load")}
        people, events = told["passengers"], told["events"]
        memory = (told["run_mb"] - told["idle_mb"]) * 2**20 / people
        figures = (
            people, events / people, told["build_s"], told["run_s"], 1e9 * told["run_s"] / events, memory,
            told["run_mb"] / 1024,
        )  # fmt: skip
        table.append(f"| {row['load']} | {' | '.join(number(value) for value in figures)} |")
    return "\n".join(table) + "\n"


def picture(rows: Sequence[Mapping[str, str]], name: str, told: str) -> str:
    """A figure that run.py draws of these rows."""
    return f"![{told}](figures/performance_{name}.png)\n" if rows else NOTHING


def machines(runs: Sequence[Mapping[str, str]], history: Sequence[Mapping[str, str]]) -> str:
    """The runs that the figures are from."""
    if not history:
        return NOTHING
    used = {row["run"] for row in latest(history).values()}
    told = [
        f"- {run['run']}: commit {run['code']}, {run['processor']}, {run['cores']} cores, {run['memory_gb']} GB, "
        f"load {run['load']} at the start, Python {run['python']}, Numba {run['numba']}, NumPy {run['numpy']}"
        for run in runs
        if run["run"] in used
    ]
    return "\n".join(told) + "\n"


def tables() -> dict[str, str]:
    """Marker -> table, from what is kept."""
    history, size_rows = read(HISTORY), read(SIZES)
    known = latest(history)
    return {
        "targets": targets(known),
        "engines": engines(known),
        "sizes": sizes(size_rows),
        "size figure": picture(
            size_rows, "size", "Seconds, time an event and peak memory against the number of passengers"
        ),
        "history figure": picture(history, "history", "Ratios to other engines, run of the benchmark by run"),
        "machines": machines(read(RUNS), history),
    }


def main() -> None:
    for marker, table in tables().items():
        put(PAGE, marker, table)


if __name__ == "__main__":
    main()
