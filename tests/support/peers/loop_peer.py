"""The plain reference: one heap of events, one list of who waits, one list of who is free. No library, no framework."""

from __future__ import annotations

import bisect
import heapq

import numpy as np

from tests.support.peers.workload import Workload

GO_HOME, COME, ARRIVE, GIVE_UP, FINISH = range(5)


def lacks(workload: Workload) -> str | None:
    """The reference plays every workload."""
    return None


def run(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Minutes until service or giving up (NaN: still waiting at the end), and the fate, of each customer."""
    arrivals = workload.arrivals.tolist()
    services, patience, priority = workload.services.tolist(), workload.patience.tolist(), workload.priority.tolist()
    waits, fates = np.full(len(arrivals), np.nan), np.full(len(arrivals), "waiting", dtype="<U9")
    agenda = [(time, ARRIVE, i) for i, time in enumerate(arrivals)]
    agenda += [(time + patience[i], GIVE_UP, i) for i, time in enumerate(arrivals)]
    for k, stretches in enumerate(workload.stretches()):
        agenda += [event for start, end in stretches for event in ((start, COME, k), (end, GO_HOME, k))]
    heapq.heapify(agenda)
    line: list[tuple[int, int]] = []
    free: list[int] = []
    on_duty: set[int] = set()
    on_the_phone: set[int] = set()
    while agenda:
        now, what, which = heapq.heappop(agenda)
        if what == ARRIVE:
            bisect.insort(line, (-priority[which], which))
        elif what == GIVE_UP:
            if fates[which] == "waiting" and now < np.inf:
                line.remove((-priority[which], which))
                waits[which], fates[which] = now - arrivals[which], "abandoned"
        elif what == GO_HOME:
            on_duty.discard(which)
            if which in free:
                free.remove(which)
        else:
            (on_duty.add if what == COME else on_the_phone.discard)(which)
            if which in on_duty and which not in on_the_phone:
                free.append(which)
        while line and free:
            i, k = line.pop(0)[1], free.pop(0)
            waits[i], fates[i] = now - arrivals[i], "answered"
            on_the_phone.add(k)
            heapq.heappush(agenda, (now + services[i], FINISH, k))
    return waits, fates
