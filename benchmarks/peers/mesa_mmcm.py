"""M/M/10+M in Mesa: `python benchmarks/peers/mesa_mmcm.py --callers 50000` (needs the extra `mesa`).

A caller is an Agent, the desk is the Model, and time runs by Mesa's discrete-event simulator, under the names of
Mesa 3.3, the last one for Python 3.11.
"""

from __future__ import annotations

import sys
from collections import deque
from pathlib import Path

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator, SimulationEvent

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests" / "peers"))
from mmcm import Outcome, measure
from workload import Workload


class Caller(mesa.Agent):
    """Somebody on the phone: waits for a person, is served, or gives up."""

    model: Desk

    def __init__(self, model: Desk, row: int, service: float, patience: float) -> None:
        super().__init__(model)
        self.row = row
        self.service = service
        self.arrival = model.simulator.time
        self.tired: SimulationEvent = model.simulator.schedule_event_relative(self.give_up, patience)

    def be_answered(self) -> None:
        self.model.simulator.cancel_event(self.tired)
        self.model.note(self, "answered")
        self.model.simulator.schedule_event_relative(self.ring_off, self.service)

    def ring_off(self) -> None:
        self.model.free += 1
        self.model.call_next()
        self.remove()

    def give_up(self) -> None:
        self.model.line.remove(self)
        self.model.note(self, "abandoned")
        self.remove()


class Desk(mesa.Model):
    """People, a line, and traffic that is given."""

    def __init__(self, workload: Workload, simulator: DEVSimulator) -> None:
        super().__init__(rng=0)
        self.simulator = simulator
        simulator.setup(self)
        self.free = workload.always
        self.line: deque[Caller] = deque()
        self.waits = np.full(len(workload), np.nan)
        self.fates = np.full(len(workload), "waiting", dtype="<U9")
        rows = (workload.arrivals.tolist(), workload.services.tolist(), workload.patience.tolist())
        self.traffic = enumerate(zip(*rows, strict=True))
        self.expect_next()

    def expect_next(self) -> None:
        """The next arrival, if there is one, goes onto Mesa's list of events."""
        for row, (arrival, service, patience) in self.traffic:
            self.simulator.schedule_event_absolute(self.arrive, arrival, function_args=[row, service, patience])
            return

    def arrive(self, row: int, service: float, patience: float) -> None:
        self.line.append(Caller(self, row, service, patience))
        self.call_next()
        self.expect_next()

    def call_next(self) -> None:
        """The longest waiting caller is answered if somebody is free."""
        if self.free and self.line:
            self.free -= 1
            self.line.popleft().be_answered()

    def note(self, caller: Caller, fate: str) -> None:
        self.waits[caller.row] = self.simulator.time - caller.arrival
        self.fates[caller.row] = fate


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    simulator = DEVSimulator()
    desk = Desk(workload, simulator)
    while not simulator.event_list.is_empty():
        simulator.run_next_event()
    return desk.waits, desk.fates


if __name__ == "__main__":
    measure("Mesa", play)
