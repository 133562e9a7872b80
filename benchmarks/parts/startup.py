"""How long one waits: the commands as a user types them, each in a process of its own, warm."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from figure import Measured

from parts.effort import Effort

FIRST = Path(__file__).parents[1] / "programs" / "first_replication.py"
REFUSED = ("experiment=tokyo", "replications=0")
BAD_INPUT = 2
"""Exit status of a command whose input is refused."""


class Spent(NamedTuple):
    """Seconds on the wall, and seconds of the processor."""

    wall: float
    busy: float


def measure(effort: Effort) -> list[Measured]:
    caresim = [sys.executable, "-m", "caresim"]
    commands = {
        "import_s": [sys.executable, "-c", "import caresim"],
        "help_s": [*caresim, "--help"],
        "refused_s": [*caresim, *REFUSED],
        "cfg_job_s": [*caresim, "--cfg", "job", "experiment=tokyo"],
        "first_replication_s": [sys.executable, str(FIRST), "experiment=tokyo"],
    }
    times: dict[str, list[Spent]] = {name: [] for name in commands}
    warming = effort.of(0, 1)  # the first one warms up the disk
    for repeat in range(effort.of(1, effort.repeats) + warming):
        for name, command in commands.items():
            spent = process(command, status=BAD_INPUT if name == "refused_s" else 0)
            if repeat >= warming:
                times[name].append(spent)
    return [figure for name, spent in times.items() for figure in told(name, spent)]


def told(name: str, spent: Sequence[Spent]) -> list[Measured]:
    """On the wall, and what of it the processor worked: where the two are far apart, the machine was busy elsewhere."""
    busy = f"{name.removesuffix('_s')}_busy_s"
    return [Measured(name, "s", [each.wall for each in spent]), Measured(busy, "s", [each.busy for each in spent])]


def process(command: Sequence[str], status: int = 0, **environment: str) -> Spent:
    """What a whole process takes that ends with `status`, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        start, before = time.perf_counter(), _children()
        done = subprocess.run(
            command, check=False, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )  # fmt: skip
        spent = Spent(time.perf_counter() - start, _children() - before)
    if done.returncode != status:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()}")
    return spent


def _children() -> float:
    """Seconds that the processor has worked for processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
