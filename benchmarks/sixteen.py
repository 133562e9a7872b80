"""Sixteen workers on a machine with fewer cores: how much faster than one they would be."""

from __future__ import annotations

from dataclasses import dataclass

WORKERS = 16


@dataclass(frozen=True)
class Shares:
    """What a comparison has been measured to take, in seconds of the processor.

    `alone_s`: with one worker. `parent_s`: what the process that hands out the work does itself, while `workers`
    processes (0: threads of it) work `workers_s` together, their own start included.
    """

    alone_s: float
    parent_s: float
    workers_s: float
    workers: int


def predicted(shares: Shares, two: float, workers: int = WORKERS) -> float:
    """How many times as fast as one worker so many would be, each with a core.

    Processes: one after the other come what the parent does, and a share of what all others do. Both overlap in fact,
    which makes this too low; and cores share memory and the last blocks end at different times, which makes it too
    high. Threads have one interpreter between them: the share that nobody else can work beside is what keeps two of
    them from being twice as fast (Amdahl).
    """
    if shares.workers:
        return shares.alone_s / (shares.parent_s + shares.workers_s / workers)
    serial = min(1.0, max(0.0, 2 / two - 1))
    return 1 / (serial + (1 - serial) / workers)


def serial_share(shares: Shares, two: float) -> float:
    """The share of one worker's time that sixteen would do one after the other."""
    return shares.parent_s / shares.alone_s if shares.workers else max(0.0, 2 / two - 1)
