"""M/M/10+M in Mesa: `python benchmarks/peers/mesa_mmcm.py --callers 50000` (needs the extra `mesa`).

A caller is an Agent, the desk is the Model, and time runs by Mesa's discrete-event simulator, under the names of
Mesa 3.3, the last one for Python 3.11.
"""

from __future__ import annotations

from collections import deque

import mesa
import numpy as np
from mesa.experimental.devs import DEVSimulator, SimulationEvent
from mmcm import Outcome, Workload, measure, rows


class Caller(mesa.Agent):
    """Somebody on the phone: waits for a person, is served, or gives up."""

    model: Desk

    def __init__(self, model: Desk, row: int, service: float) -> None:
        super().__init__(model)
        self.row = row
        self.service = service

    def wait(self, patience: float) -> None:
        self.arrival = self.model.simulator.time
        self.tired: SimulationEvent = self.model.simulator.schedule_event_relative(self.give_up, patience)
        self.model.line.append(self)

    def be_called(self) -> None:
        self.model.simulator.cancel_event(self.tired)
        self.model.waits[self.row] = self.model.simulator.time - self.arrival
        self.be_answered()

    def be_answered(self) -> None:
        self.model.simulator.schedule_event_relative(self.ring_off, self.service)

    def ring_off(self) -> None:
        self.model.call_next()
        self.remove()

    def give_up(self) -> None:
        self.model.line.remove(self)
        self.model.waits[self.row] = self.model.simulator.time - self.arrival
        self.model.fates[self.row] = "abandoned"
        self.remove()


class Desk(mesa.Model):
    """People, a line, and traffic that is given."""

    def __init__(self, workload: Workload, simulator: DEVSimulator) -> None:
        super().__init__(rng=0)
        self.simulator = simulator
        simulator.setup(self)
        self.free = workload.always
        self.line: deque[Caller] = deque()
        self.waits, self.fates = [0.0] * len(workload), ["answered"] * len(workload)
        self.traffic = rows(workload)
        self.expect_next()

    def expect_next(self) -> None:
        """The next arrival, if there is one, goes onto Mesa's list of events."""
        for row, arrival, service, patience in self.traffic:
            self.simulator.schedule_event_absolute(self.arrive, arrival, function_args=[row, service, patience])
            return

    def arrive(self, row: int, service: float, patience: float) -> None:
        caller = Caller(self, row, service)
        if self.free:
            self.free -= 1
            caller.be_answered()
        else:
            caller.wait(patience)
        self.expect_next()

    def call_next(self) -> None:
        """Somebody is free: the longest waiting caller is answered."""
        if self.line:
            self.line.popleft().be_called()
        else:
            self.free += 1


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    simulator = DEVSimulator()
    desk = Desk(workload, simulator)
    while not simulator.event_list.is_empty():
        simulator.run_next_event()
    return np.array(desk.waits), np.array(desk.fates)


if __name__ == "__main__":
    measure("Mesa", play)
