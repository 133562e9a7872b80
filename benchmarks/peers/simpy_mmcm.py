"""M/M/10+M in SimPy: `python benchmarks/peers/simpy_mmcm.py --callers 50000`.

The fastest plain program that we know: a Resource, a process a caller, Python's own lists. Whoever is served at once
waits for nothing; the others for `request | timeout(patience)`, the way SimPy's documentation models reneging.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
import simpy
from mmcm import Outcome, Workload, measure, rows

Program = Generator[simpy.Event, object, None]
"""What SimPy calls a process."""


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    env = simpy.Environment()
    crew = simpy.Resource(env, capacity=workload.always)
    waits, fates = [0.0] * len(workload), ["answered"] * len(workload)

    def caller(row: int, service: float, patience: float) -> Program:
        with crew.request() as request:
            if not request.triggered:
                arrival = env.now
                yield request | env.timeout(patience)
                waits[row] = env.now - arrival
                if not request.triggered:
                    fates[row] = "abandoned"
                    return
            yield env.timeout(service)

    def arrivals() -> Program:
        for row, arrival, service, patience in rows(workload):
            yield env.timeout(arrival - env.now)
            env.process(caller(row, service, patience))

    env.process(arrivals())
    env.run()
    return np.array(waits), np.array(fates)


if __name__ == "__main__":
    measure("SimPy", play)
