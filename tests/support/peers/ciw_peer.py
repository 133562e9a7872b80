"""The same traffic as a Ciw network of one node, with Ciw's own means.

Ciw samples a service when it starts and a patience when its customer arrives. `ciw.dists.Sequential` hands out its
numbers in that order, so under priorities or abandonment customer i would be given somebody else's service. Both are
therefore looked up by the customer: Ciw passes the individual to `sample`, and numbers individuals by arrival.

Arrivals are gaps, one distribution a priority class, added up by Ciw. The sums are exact on the workloads' grain.
A priority is a customer class with a `priority_classes` number, small first. Patience is `reneging_time_distributions`.
A roster is a `ciw.Schedule` without preemption. Ciw repeats schedules, so the last row lasts beyond the run.

Ciw breaks ties of time by chance; the workloads have none.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import ciw
import numpy as np

from tests.support.peers.workload import LONG_CREW, Workload

ROUNDING = 1e-9
"""Minutes; what adding up thousands of gaps may lose where times are off the grain (each sum at most 2e-13)."""
FATES = {"service": "answered", "renege": "abandoned"}


class Gaps(ciw.dists.Distribution):
    """From one arrival of the class to the next; none comes after the last."""

    def __init__(self, arrivals: np.ndarray) -> None:
        self.gaps = iter(np.diff(arrivals, prepend=0.0).tolist())

    def __deepcopy__(self, memo: dict[int, Any]) -> Gaps:
        """Ciw copies arrival distributions; an iterator cannot be copied, and nobody else uses this one."""
        return self

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> float:
        return next(self.gaps, float("inf"))


class OfCustomer(ciw.dists.Distribution):
    """The customer's own figure."""

    def __init__(self, figures: np.ndarray) -> None:
        self.figures = figures.tolist()

    def sample(self, t: float | None = None, ind: ciw.Individual | None = None) -> float:
        return self.figures[ind.id_number - 1]


def lacks(workload: Workload) -> str | None:
    """Why Ciw cannot play the workload; None: it can."""
    changes = workload.headcounts()
    if workload.always or all(heads == 0 or before == 0 for (_, before), (_, heads) in pairwise(changes)):
        gaps = [end - start for (start, heads), (end, _) in pairwise(changes) if heads == 0 and start > 0.0]
        if all(gap > workload.services.max() for gap in gaps):
            return None
    return "a change of headcount replaces the whole crew, and calls in hand go on beside the new one"


def run(workload: Workload, roster: ciw.Schedule | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Minutes until service or giving up (NaN: still waiting at the end), and the fate, of each customer.

    `roster` overrides the workload's own.
    """
    ranks = sorted(set(workload.priority.tolist()), reverse=True)
    names = [f"priority {rank}" for rank in ranks]
    services, patience = OfCustomer(workload.services), OfCustomer(workload.patience)
    gives_up = bool(np.isfinite(workload.patience).any())
    network = ciw.create_network(
        arrival_distributions={
            name: [Gaps(workload.arrivals[workload.priority == rank])] for name, rank in zip(names, ranks, strict=True)
        },
        service_distributions={name: [services] for name in names},
        number_of_servers=[roster or workload.always or schedule(workload)],
        routing={name: [[0.0]] for name in names},
        priority_classes={name: order for order, name in enumerate(names)},
        **({"reneging_time_distributions": {name: [patience] for name in names}} if gives_up else {}),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(LONG_CREW)
    waits, fates = np.full(len(workload), np.nan), np.full(len(workload), "waiting", dtype="<U9")
    for record in simulation.get_all_records():
        i = record.id_number - 1
        if abs(record.arrival_date - workload.arrivals[i]) > ROUNDING:
            raise ValueError(f"customer {i} arrived at {record.arrival_date}, not at {workload.arrivals[i]}")
        waits[i], fates[i] = record.waiting_time, FATES[record.record_type]
    return waits, fates


def schedule(workload: Workload) -> ciw.Schedule:
    """The roster as Ciw has it: headcounts, and until when each holds."""
    changes = workload.headcounts()
    ends = [time for time, _ in changes[1:]] + [2.0 * LONG_CREW]
    return ciw.Schedule(numbers_of_servers=[heads for _, heads in changes], shift_end_dates=ends, preemption=False)
