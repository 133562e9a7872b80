"""M/M/10+M in Cimba: `python benchmarks/peers/cimba_mmcm.py --callers 50000` (needs the package cimba).

Cimba is a C library; its Python package compiles a model to run on it. A caller is a process spawned on arrival, which
sets a timer for its patience and asks for one of the crew: whatever comes first wakes it.
"""

# No postponed annotations: cimba reads them.

import cimba
import numpy as np
from cimba import inputs
from mmcm import PEOPLE, Outcome, Workload, measure


class Caller(cimba.Model):
    """Somebody on the phone: waits for a person, is served, or gives up."""

    row: cimba.Param[float]
    service: cimba.Param[float]
    patience: cimba.Param[float]
    desk: cimba.Ref["Desk"]

    @cimba.process
    def call(self):
        arrival = cimba.now()
        cimba.this_process().timer_set(self.patience, 1)
        answered = self.desk.crew.acquire(1) == 0
        cimba.this_process().timers_clear()
        self.desk.decided.record(self.row if answered else -1.0 - self.row)
        self.desk.waits.record(cimba.now() - arrival)
        if answered:
            cimba.hold(self.service)
            self.desk.crew.release(1)
        cimba.release(self)


class Desk(cimba.Model):
    """The crew, traffic that is given, and what became of everybody in the order in which it was decided."""

    gaps: cimba.Input[float]
    services: cimba.Input[float]
    patience: cimba.Input[float]
    callers: cimba.Param[int] = 1
    crew: cimba.Resource = cimba.Resource(capacity=PEOPLE)
    decided: cimba.Dataset = cimba.Dataset()
    waits: cimba.Dataset = cimba.Dataset()

    @cimba.process
    def arrivals(self):
        for row in range(self.callers):
            cimba.hold(self.gaps.next())
            cimba.spawn(Caller, row=float(row), service=self.services.next(), patience=self.patience.next(), desk=self)


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    desk = Desk()
    desk.callers = len(workload)
    desk.gaps = inputs.trace(np.diff(workload.arrivals, prepend=0.0))
    desk.services = inputs.trace(workload.services)
    desk.patience = inputs.trace(workload.patience)
    desk.decided.capture()
    desk.waits.capture()
    results = cimba.Experiment(desk).run(workers=1)
    if results.failed.any():
        raise RuntimeError(f"cimba: {results.failure_reasons}")
    decided = results[desk].decided.trial(0, 0)[1].astype(np.int64)
    rows = np.where(decided < 0, -1 - decided, decided)
    waits, fates = np.full(len(workload), np.nan), np.full(len(workload), "waiting", dtype="<U9")
    waits[rows] = results[desk].waits.trial(0, 0)[1]
    fates[rows] = np.where(decided < 0, "abandoned", "answered")
    return waits, fates


if __name__ == "__main__":
    measure("Cimba", play)
