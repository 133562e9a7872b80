"""A command watched from outside: what it says, and what all of its processes together hold and work."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
PARENT, USER, SYSTEM = 1, 11, 12
"""Places in /proc/PID/stat behind the name of the program."""


@dataclass(frozen=True)
class Watched:
    """`peak_gb`: the most that all processes held at one look, pages that they share counted once (None: this system
    does not say). `looks`: the CPU seconds that the program had worked, and those of all that it started, look by look.
    """

    said: str
    peak_gb: float | None
    looks: Sequence[tuple[float, float]]


def watched(command: Sequence[str], every: float = 0.1) -> Watched:
    """Run a command and look at it, and at all that it starts, until it ends: once in so many seconds.

    A look at a gigabyte costs some ten milliseconds, which is why long work is looked at less often.
    """
    peak, looks = 0.0, []
    worked: dict[int, float] = {}
    with tempfile.TemporaryFile("w+") as said, tempfile.TemporaryFile("w+") as complained:
        with subprocess.Popen(command, stdout=said, stderr=complained) as program:
            while program.poll() is None:
                started = descendants(program.pid)
                worked |= {child: seconds for child in started if (seconds := processor_s(child)) is not None}
                if (own := processor_s(program.pid)) is not None:
                    looks.append((own, sum(worked.values())))
                peak = max(peak, sum(memory_gb(process) for process in (program.pid, *started)))
                time.sleep(every)
        said.seek(0)
        complained.seek(0)
        if program.returncode:
            raise RuntimeError(f"{' '.join(command)}: {complained.read()}")
        return Watched(said.read(), peak or None, looks)


def descendants(process: int) -> list[int]:
    """All processes that it has started, directly or not, and that have not ended."""
    children: dict[int, list[int]] = {}
    for entry in PROC.glob("[0-9]*"):
        if (stat := _stat(int(entry.name))) is not None:
            children.setdefault(int(stat[PARENT]), []).append(int(entry.name))
    found, waiting = [], [process]
    while waiting:
        own = children.get(waiting.pop(), [])
        found += own
        waiting += own
    return found


def processor_s(process: int) -> float | None:
    """Seconds that the processor has worked for it; None: it has ended."""
    stat = _stat(process)
    return None if stat is None else (int(stat[USER]) + int(stat[SYSTEM])) / os.sysconf("SC_CLK_TCK")


def memory_gb(process: int) -> float:
    """What it holds, of shared pages its share; 0: it has ended, or this system does not say."""
    try:
        text = (PROC / str(process) / "smaps_rollup").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    return next((int(line.split()[1]) * 1024 / 1e9 for line in text.splitlines() if line.startswith("Pss:")), 0.0)


def _stat(process: int) -> list[str] | None:
    try:
        text = (PROC / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    return text.rpartition(")")[2].split()
