"""Memory of this process in GB (10^9 bytes)."""

from __future__ import annotations

import resource
from pathlib import Path

from caresim.run.effort import peak_memory

STATM = Path("/proc/self/statm")


def peak_gb() -> float:
    """The most that was resident so far, Python and its libraries included."""
    return peak_memory() / 1e9


def resident_gb() -> float | None:
    """What is resident now; None: this system does not say."""
    if not STATM.exists():
        return None
    return int(STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e9
