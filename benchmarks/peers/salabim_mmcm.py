"""M/M/10+M in salabim: `python benchmarks/peers/salabim_mmcm.py --callers 5000` (needs the package salabim).

The crew is a Resource; a caller requests one of it and fails after `fail_delay`, as salabim's manual models reneging.
Monitors of the crew are off: nobody reads them.
"""

from __future__ import annotations

import numpy as np
import salabim
from mmcm import Outcome, Workload, measure, rows

salabim.yieldless(True)  # salabim's own default, and the faster of the two


class Desk(salabim.Environment):
    """The crew, the traffic, and what became of everybody."""

    def setup(self, workload: Workload) -> None:
        self.crew = salabim.Resource("crew", capacity=workload.always, monitor=False, env=self)
        self.waits, self.fates = [0.0] * len(workload), ["answered"] * len(workload)
        Arrivals(workload=workload, env=self)


class Arrivals(salabim.Component):
    """Makes each caller at the time of arrival."""

    def setup(self, workload: Workload) -> None:
        self.rows = rows(workload)

    def process(self) -> None:
        for row, arrival, service, patience in self.rows:
            self.hold(till=arrival)
            Caller(row=row, arrival=arrival, service=service, patience=patience, env=self.env)


class Caller(salabim.Component):
    """Somebody on the phone: waits for a person, is served, or gives up."""

    def setup(self, row: int, arrival: float, service: float, patience: float) -> None:
        self.row, self.arrival, self.service, self.patience = row, arrival, service, patience

    def process(self) -> None:
        self.request(self.env.crew, fail_delay=self.patience)
        self.env.waits[self.row] = self.env.now() - self.arrival
        if self.failed():
            self.env.fates[self.row] = "abandoned"
        else:
            self.hold(self.service)
            self.release()


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    desk = Desk(trace=False, workload=workload)
    desk.run()
    return np.array(desk.waits), np.array(desk.fates)


if __name__ == "__main__":
    measure("salabim", play)
