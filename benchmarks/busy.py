"""How much of the machine worked for others while something was measured."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from pathlib import Path

STAT = Path("/proc/stat")
WORK = (0, 1, 2, 5, 6, 7)
"""Columns of /proc/stat that are no idleness: user, nice, system, interrupts (2), stolen by the host."""
SHARE = 0.1
"""Share of all cores from which on seconds on the wall are marked."""
LOAD = 0.3
"""The same of the load average a core, where no share is known."""


class Others:
    """From its making on."""

    def __init__(self) -> None:
        self._wall, self._all, self._own = time.perf_counter(), _all_work(), _own_work()

    def share(self) -> float | None:
        """Share of all cores' time that went to other processes; those that this one started must have ended."""
        if self._all is None:
            return None
        cores = (time.perf_counter() - self._wall) * (os.cpu_count() or 1)
        return max(0.0, (_all_work() - self._all - (_own_work() - self._own)) / cores)


def was_busy(row: Mapping[str, str], runs: Mapping[str, Mapping[str, str]]) -> bool:
    """Was the machine busy with others when this row of history.csv was measured?"""
    if row.get("others"):
        return float(row["others"]) > SHARE
    run = runs.get(row["run"])
    return bool(run) and float(run["load"]) / float(run["cores"]) > LOAD


def _all_work() -> float | None:
    if not STAT.exists():
        return None
    ticks = STAT.read_text(encoding="ascii").split("\n")[0].split()[1:]
    return sum(int(ticks[place]) for place in WORK) / os.sysconf("SC_CLK_TCK")


def _own_work() -> float:
    return sum(os.times()[:4])
