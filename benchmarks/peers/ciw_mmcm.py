"""M/M/10+M in Ciw: `python benchmarks/peers/ciw_mmcm.py --callers 50000`.

One node, one class of customers, `reneging_time_distributions`, each customer's own figures: looked up by the customer,
because Ciw samples services and patience in another order than that of the arrivals.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ciw
import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from mmcm import Outcome, Workload, measure


class Gaps(ciw.dists.Distribution):
    """From one arrival to the next; none comes after the last."""

    def __init__(self, arrivals: np.ndarray) -> None:
        self.gaps = iter(np.diff(arrivals, prepend=0.0).tolist())

    def __deepcopy__(self, memo: dict[int, object]) -> Gaps:
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


def play(workload: Workload) -> Outcome:
    """Waits (minutes) and fates of all callers."""
    network = ciw.create_network(
        arrival_distributions=[Gaps(workload.arrivals)],
        service_distributions=[OfCustomer(workload.services)],
        reneging_time_distributions=[OfCustomer(workload.patience)],
        number_of_servers=[workload.always],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(float("inf"))
    waits, fates = [0.0] * len(workload), ["answered"] * len(workload)
    for record in simulation.get_all_records():
        row = record.id_number - 1
        waits[row] = record.waiting_time
        if record.record_type == "renege":
            fates[row] = "abandoned"
    return np.array(waits), np.array(fates)


if __name__ == "__main__":
    measure("Ciw", play)
