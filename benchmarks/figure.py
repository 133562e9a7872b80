"""A measured figure: its values over the repeats of one run of the benchmark, and the machine they are from."""

from __future__ import annotations

import csv
import os
import platform
import re
import statistics
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "peers"))
from compiler import version as compiler_version  # noqa: E402

RUNS, HISTORY, SIZES = HERE / "runs.csv", HERE / "history.csv", HERE / "sizes.csv"
LIBRARIES = ("numpy", "numba", "simpy", "ciw", "mesa", "salabim", "cimba")
RATIOS = (
    "times_simpy", "times_ciw", "times_mesa", "times_cimba", "times_line_million", "speed_of_cpp", "two_threads",
    "two_workers",
)  # fmt: skip
HISTORY_COLUMNS = ("run", "name", "unit", "median", "low", "high", "repeats")


@dataclass(frozen=True)
class Measured:
    """`values` are of interleaved repeats: what is compared was measured within seconds of each other."""

    name: str
    unit: str
    values: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def row(self, run: str) -> dict[str, str]:
        told = (f"{value:.6g}" for value in (self.median, min(self.values), max(self.values)))
        return dict(zip(HISTORY_COLUMNS, (run, self.name, self.unit, *told, str(len(self.values))), strict=True))


def ratios(name: str, over: Sequence[float], under: Sequence[float]) -> Measured:
    """Repeat by repeat."""
    return Measured(name, "x", [a / b for a, b in zip(over, under, strict=True)])


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def machine(line: str = "") -> dict[str, str]:
    """What the figures of a run are to be read with. `run` is its name, `line` the version of line-solver."""
    now = datetime.now(UTC)
    told = {
        "run": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "code": _code(),
        "processor": _processor(),
        "cores": str(cores()),
        "memory_gb": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "load": f"{os.getloadavg()[0]:.2f}",
        "python": platform.python_version(),
    }
    return told | {name: _version(name) for name in LIBRARIES} | {"line": line, "compiler": compiler_version()}


def keep(file: Path, rows: Iterable[dict[str, str]]) -> None:
    """Append rows to a file; a new figure of the machine becomes a new column."""
    past = read(file)
    fresh = list(rows)
    columns = list(dict.fromkeys(name for row in (*past, *fresh) for name in row))
    part = file.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*past, *fresh])
    os.replace(part, file)


def read(file: Path) -> list[dict[str, str]]:
    if not file.exists():
        return []
    with file.open(newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def with_ratios(history: Iterable[Mapping[str, str]]) -> list[str]:
    """The runs that compared something, first to last."""
    return sorted({row["run"] for row in history if row["name"] in RATIOS})


def _code() -> str:
    """The commit that was measured, with a + where files differ from it."""
    try:
        asked = {"cwd": HERE, "capture_output": True, "text": True, "check": True}
        commit = subprocess.run(["git", "rev-parse", "--short=10", "HEAD"], **asked).stdout.strip()
        changed = subprocess.run(
            ["git", "status", "--porcelain", "--", "../src", "../conf", ":(exclude)*.csv", "."], **asked
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return f"{commit}+" if changed else commit


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*:\s*(.+)", info.read_text(encoding="utf-8")) if info.exists() else None
    return found.group(1) if found else platform.processor() or platform.machine()


def _memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.1f}"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
