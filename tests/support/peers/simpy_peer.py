"""The same traffic as two SimPy programs, with SimPy's own means.

`resource`: a crew that never changes is a PriorityResource, the way SimPy's documentation models a queue. A customer
yields `request | timeout(patience)`; leaving the `with` block withdraws a request that was not granted.

`people`: a resource cannot say *who* goes home, and its capacity is fixed. So each person is a process that takes calls
off a PriorityStore and yields `get | timeout(end of duty)`. A store serves its getters in the order in which they
asked, so the longest idle is next. A customer yields `answered | timeout(patience)` and takes the call out of the
store on giving up. The end of duty is only looked at between two calls: a call in hand is finished.

SimPy breaks ties of time by the order of scheduling, and a condition fires one step later than its first event. So
what fires at the same instant as something else may be seen late: the workloads have no such ties but one, people who
begin together, and their alarms are set in the order of their numbers before anything happens.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from typing import Any

import numpy as np
import simpy

from tests.support.peers.workload import Workload

Program = Generator[simpy.Event, Any, None]
"""What SimPy calls a process: a generator of the events that it waits for."""


class Ledger:
    """What became of each customer: `waits` in minutes (NaN: still waiting at the end) and `fates`."""

    def __init__(self, customers: int) -> None:
        self.waits = np.full(customers, np.nan)
        self.fates = np.full(customers, "waiting", dtype="<U9")

    def note(self, i: int, wait: float, fate: str) -> None:
        self.waits[i], self.fates[i] = wait, fate


class Resource:
    """A crew that never changes, as a PriorityResource."""

    @staticmethod
    def lacks(workload: Workload) -> str | None:
        """Why this program cannot play the workload; None: it can."""
        return None if workload.always else "a resource has a fixed capacity"

    @staticmethod
    def run(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
        """Minutes until service or giving up (NaN: still waiting at the end), and the fate, of each customer."""
        env = simpy.Environment()
        crew = simpy.PriorityResource(env, capacity=workload.always)
        ledger = Ledger(len(workload))

        def customer(i: int, arrival: float, service: float, patience: float, priority: int) -> Program:
            with crew.request(priority=-priority) as request:
                yield request | env.timeout(patience) if np.isfinite(patience) else request
                ledger.note(i, env.now - arrival, "answered" if request.triggered else "abandoned")
                if request.triggered:
                    yield env.timeout(service)

        env.process(arriving(env, workload, customer))
        env.run()
        return ledger.waits, ledger.fates


class Calls(simpy.PriorityStore):
    """Calls that wait, most important first, then by arrival."""

    def withdraw(self, call: simpy.PriorityItem) -> None:
        """The customer has rung off."""
        self.items.remove(call)
        heapq.heapify(self.items)


class People:
    """Any roster: each person is a process."""

    @staticmethod
    def lacks(workload: Workload) -> str | None:
        """This program plays every workload."""
        return None

    @staticmethod
    def run(workload: Workload) -> tuple[np.ndarray, np.ndarray]:
        """Minutes until service or giving up (NaN: still waiting at the end), and the fate, of each customer."""
        env = simpy.Environment()
        calls = Calls(env)
        ledger = Ledger(len(workload))

        def customer(i: int, arrival: float, service: float, patience: float, priority: int) -> Program:
            answered = env.event()
            call = simpy.PriorityItem((-priority, i), (answered, service))
            calls.put(call)
            yield answered | env.timeout(patience) if np.isfinite(patience) else answered
            if not answered.triggered:
                calls.withdraw(call)
            ledger.note(i, env.now - arrival, "answered" if answered.triggered else "abandoned")

        def person(duty: list[tuple[simpy.Event, float]]) -> Program:
            for start, end in duty:
                yield start
                while env.now < end:
                    call = calls.get()
                    yield call | env.timeout(end - env.now)
                    if not call.triggered:
                        call.cancel()
                        break
                    answered, service = call.value.item
                    answered.succeed()
                    yield env.timeout(service)

        for stretches in workload.stretches():
            env.process(person([(env.timeout(start), end) for start, end in stretches]))
        env.process(arriving(env, workload, customer))
        env.run()
        return ledger.waits, ledger.fates


def arriving(env: simpy.Environment, workload: Workload, customer: Callable[..., Program]) -> Program:
    """Start a process for each customer at the time of arrival, with the customer's own figures."""
    arrivals, services, patience = workload.arrivals.tolist(), workload.services.tolist(), workload.patience.tolist()
    rows = zip(arrivals, services, patience, workload.priority.tolist(), strict=True)
    for i, (arrival, *figures) in enumerate(rows):
        yield env.timeout(arrival - env.now)
        env.process(customer(i, arrival, *figures))
