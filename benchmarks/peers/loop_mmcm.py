"""M/M/10+M in plain Python: `python benchmarks/peers/loop_mmcm.py --callers 50000`.

A heap of events, a line and a number of free people, nothing else: what a framework costs is the distance to it.
"""

from __future__ import annotations

from collections import deque
from heapq import heappop, heappush

import numpy as np
from mmcm import Outcome, Workload, measure, rows

NOBODY = -1
"""In the place of a row: a call has ended."""


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    waits, fates = [0.0] * len(workload), ["answered"] * len(workload)
    agenda: list[tuple[float, int]] = []
    line: deque[tuple[int, float, float]] = deque()
    waiting = [False] * len(workload)
    arrived = workload.arrivals.tolist()
    free = workload.always

    def until(now: float) -> None:
        nonlocal free
        while agenda and agenda[0][0] <= now:
            time, row = heappop(agenda)
            if row != NOBODY:
                if waiting[row]:
                    waiting[row] = False
                    waits[row], fates[row] = time - arrived[row], "abandoned"
                continue
            free += 1
            while line:
                first, arrival, service = line.popleft()
                if waiting[first]:
                    waiting[first] = False
                    waits[first] = time - arrival
                    heappush(agenda, (time + service, NOBODY))
                    free -= 1
                    break

    for row, arrival, service, patience in rows(workload):
        until(arrival)
        if free:
            free -= 1
            heappush(agenda, (arrival + service, NOBODY))
        else:
            waiting[row] = True
            line.append((row, arrival, service))
            heappush(agenda, (arrival + patience, row))
    until(float("inf"))
    return np.array(waits), np.array(fates)


if __name__ == "__main__":
    measure("plain Python", play)
