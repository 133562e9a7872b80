"""Sixteen workers on a machine with fewer cores: how much faster than one they would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WORKERS = 16
Look = tuple[float, float]
"""CPU seconds that a process has worked until then, and those of all that it has started."""


@dataclass(frozen=True)
class Shares:
    """What a comparison has been measured to take, in CPU seconds.

    `alone_s`: with one worker. With many, that are processes: what the one that hands out the work does before they
    begin, while they work, and after; and `workers_s` of all of them together, their own start included (0: the workers
    are threads of it).
    """

    alone_s: float
    before_s: float
    during_s: float
    after_s: float
    workers_s: float

    @staticmethod
    def of(alone_s: float, begun: float, ended: float, looks: Sequence[Look]) -> Shares:
        """From looks at the processes, of which those count where the first has worked for `begun` to `ended` s."""
        seen = [(own, others) for own, others in looks if begun <= own <= ended]
        worked = [later for (_, before), later in pairwise(seen) if later[1] > before]
        if not worked:
            return Shares(alone_s, 0.0, ended - begun, 0.0, 0.0)
        (first, _), (last, workers_s) = worked[0], worked[-1]
        return Shares(alone_s, first - begun, last - first, ended - last, workers_s)


def predicted(shares: Shares, two: float, workers: int = WORKERS) -> float:
    """How many times as fast as one worker so many would be, each with a core; `two`: as two have been measured to be.

    Processes: what one does before and after them, and between, whatever takes longer: its own work or a share of
    theirs. That cores share memory, and that the last blocks end at different times, is left out. Threads have one
    interpreter between them: the share that nobody else can work beside is what keeps two of them from being twice as
    fast (Amdahl).
    """
    if not shares.workers_s:
        serial = serial_share(shares, two)
        return 1 / (serial + (1 - serial) / workers)
    between = max(shares.during_s, shares.workers_s / workers)
    return shares.alone_s / (shares.before_s + between + shares.after_s)


def serial_share(shares: Shares, two: float) -> float:
    """The share of one worker's time that many would do one after the other."""
    if not shares.workers_s:
        return min(1.0, max(0.0, 2 / two - 1))
    return (shares.before_s + shares.during_s + shares.after_s) / shares.alone_s
