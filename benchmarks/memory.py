"""Memory of this process in GB (10^9 bytes)."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

STATM, STATUS = Path("/proc/self/statm"), Path("/proc/self/status")


def peak_gb() -> float:
    """The most that was resident so far, Python and its libraries included.

    Not by `getrusage` where it can be helped: Linux hands that peak on from the process that started this one.
    """
    if STATUS.exists():
        (peak,) = (line.split()[1] for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(peak) * 1024 / 1e9
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most * (1 if sys.platform == "darwin" else 1024) / 1e9


def resident_gb() -> float | None:
    """What is resident now; None: this system does not say."""
    if not STATM.exists():
        return None
    return int(STATM.read_text(encoding="ascii").split()[1]) * resource.getpagesize() / 1e9
