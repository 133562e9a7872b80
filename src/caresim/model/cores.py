"""How many processes have a core each here, and whether another one can be begun at all: asked by whoever shares work.

A container's share of the machine counts (cgroups of both versions), and so do the cores that a process is bound to.
"""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath

CGROUPS = Path("/sys/fs/cgroup")
MINE = Path("/proc/self/cgroup")
"""Which groups this process belongs to: a line `number:controllers:/path` for each."""


def cores() -> int:
    """Cores that this process may use, one at least; of a container with 1.5 cores: two."""
    bound_to = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([bound_to, *(math.ceil(share) for share in _shares())]))


def can_begin_another() -> bool:
    """Is this program a Python that can be started again? A program with a Python inside would start itself."""
    return Path(sys.executable or "").name.lower().startswith("python") and not hasattr(sys, "frozen")


def another_python(statement: str, options: Sequence[str] = ()) -> list[str]:
    """The command that runs a statement in another Python which finds modules where this one does, and nowhere else."""
    return [sys.executable, *options, "-c", f"import sys; sys.path[:] = sys.argv[1:]; {statement}", *sys.path]


def _shares() -> Iterator[float]:
    """Cores' worth of time that each group which this process is in may use; nothing where there is no limit."""
    for folder in groups("cpu"):
        # No such file: another version, a system without groups, or a group without this limit.
        with suppress(OSError):
            quota, period = (folder / "cpu.max").read_text().split()
            if quota != "max":
                yield int(quota) / int(period)
        with suppress(OSError):
            allowed = int((folder / "cpu.cfs_quota_us").read_text())
            if allowed > 0:
                yield allowed / int((folder / "cpu.cfs_period_us").read_text())


def groups(controller: str) -> Iterator[Path]:
    """The folders of the groups of this process that limit `controller` (`cpu`, `memory`) and of all above them, as far
    as they can be seen from here; none on a system without groups.
    """
    try:
        lines = MINE.read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        # Version 2 has one tree; version 1 has one for each set of controllers. A container may see its own as the top.
        names = dict.fromkeys((controllers, controller)) if controllers else ("",)
        for tree in (CGROUPS / name for name in names):
            for group in (PurePosixPath(path), *PurePosixPath(path).parents):
                yield tree / group.relative_to("/")
