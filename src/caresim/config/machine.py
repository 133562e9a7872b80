"""How much memory can be had here: asked before anything large is laid out.

A container's limit counts (cgroups of both versions), and so does a limit of the process itself (`ulimit -v`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from caresim.model.cores import groups

MEMINFO = Path("/proc/meminfo")
STATM = Path("/proc/self/statm")
"""The first number is the pages of this process's address space."""
FILES = {"memory.max": "memory.current", "memory.limit_in_bytes": "memory.usage_in_bytes"}
"""Limit and use of a group, in version 2 and in version 1."""
ASSUMED = 8 << 30
"""Bytes where the system does not say: 8 GB, what a small laptop has."""


def memory() -> int:
    """Bytes that this process may take beyond what it holds already: what the system, its groups and it may have."""
    free = [_of_the_system(), *_of_the_groups(), *_of_the_process()]
    return max(0, min(free))


def _of_the_system() -> int:
    """What is free, or could be made free; elsewhere than on Linux all that there is."""
    with suppress(OSError, ValueError, IndexError):
        for line in MEMINFO.read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    with suppress(OSError, ValueError, AttributeError):
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return ASSUMED


def _of_the_groups() -> Iterator[int]:
    """What each group that this process is in has left; nothing where there is no limit."""
    for folder in groups("memory"):
        for limit, use in FILES.items():
            # No such file: another version, a system without groups, or the word `max`, which is no number.
            with suppress(OSError, ValueError):
                most = int((folder / limit).read_text())
                yield most - int((folder / use).read_text()) + _cached(folder)


def _cached(folder: Path) -> int:
    """Bytes of files that a group holds in memory and would give back."""
    with suppress(OSError, ValueError):
        lines = dict(line.split(" ", 1) for line in (folder / "memory.stat").read_text().splitlines())
        return int(lines.get("total_inactive_file", lines.get("inactive_file", "0")))
    return 0


def _of_the_process() -> Iterator[int]:
    """What a limit on the address space leaves; nothing where there is none."""
    try:
        import resource
    except ImportError:
        return
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most != resource.RLIM_INFINITY:
        with suppress(OSError, ValueError, IndexError):
            yield most - int(STATM.read_text().split()[0]) * resource.getpagesize()
