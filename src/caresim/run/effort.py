"""What a comparison took: events, CPU seconds, memory."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.run.block import Finished

STATUS = Path("/proc/self/status")
KIBIBYTE = 1 if sys.platform == "darwin" else 1024
"""In what the system counts the peak of memory."""


def effort(blocks: Iterable[Finished], here: bool) -> dict[str, float]:
    """Events in all and a run, CPU seconds of building and running, and the peak of memory in bytes.

    `here`: the work was done by this process, whose peak says something. No key where nothing is known.
    """
    finished = list(blocks)
    events = [count for block in finished for count in block.events]
    if not events:
        return {}
    totals: dict[str, float] = {"events": sum(events), "events_a_run": sum(events) / len(events)}
    totals["processor_s"] = sum(block.processor_s for block in finished)
    peak = peak_memory() if here else None
    return totals if peak is None else totals | {"peak_memory_bytes": peak}


_held_by_workers = 0


def held_by_workers(size: int) -> None:
    """The worker processes of one job have held so many bytes at most, all together."""
    global _held_by_workers
    _held_by_workers = max(_held_by_workers, size)


def peak_memory() -> int | None:
    """Bytes that this process and its workers have held at most; None where the system does not say."""
    own = _own_peak()
    return None if own is None else own + _held_by_workers


def private_peak() -> int:
    """Bytes that this process has held at most beside what it shares with others: libraries. 0 where nobody says."""
    shared = _said("RssFile:") + _said("RssShmem:")
    return max((_own_peak() or 0) - shared, 0)


def _own_peak() -> int | None:
    """Linux hands the peak of `getrusage` on to a process from the one that started it; that of /proc is its own."""
    if (peak := _said("VmHWM:")) > 0:
        return peak
    try:
        import resource
    except ImportError:
        return None
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIBIBYTE


def _said(name: str) -> int:
    """Bytes, as the system's page about this process says; 0 where there is no such line."""
    with suppress(OSError):
        for line in STATUS.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
    return 0
