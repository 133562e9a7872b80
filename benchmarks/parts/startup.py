"""How long one waits: the commands as a user types them, each in a process of its own, warm."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figure import Figure

from parts.effort import Effort

FIRST = Path(__file__).parents[1] / "programs" / "first_replication.py"


def measure(effort: Effort) -> list[Figure]:
    caresim = [sys.executable, "-m", "caresim"]
    commands = {
        "help_s": [*caresim, "--help"],
        "cfg_job_s": [*caresim, "--cfg", "job", "experiment=tokyo"],
        "first_replication_s": [sys.executable, str(FIRST), "experiment=tokyo"],
    }
    times: dict[str, list[float]] = {name: [] for name in commands}
    for repeat in range(effort.repeats + 1):
        for name, command in commands.items():
            spent = seconds(command)
            if repeat:  # the first one warms up the disk
                times[name].append(spent)
    return [Figure(name, "s", spent) for name, spent in times.items()]


def seconds(command: list[str], **environment: str) -> float:
    """Wall seconds of a whole process, in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        subprocess.run(
            command, check=True, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            env={**os.environ, **environment},
        )  # fmt: skip
        return time.perf_counter() - start
