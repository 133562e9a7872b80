"""M/M/10+M in Ciw: `python benchmarks/peers/ciw_mmcm.py --callers 50000`.

One node, one class of customers, `reneging_time_distributions`, each customer's own figures, given as in tests/peers.
"""

from __future__ import annotations

import sys
from pathlib import Path

import ciw
import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2]))
from mmcm import Outcome, Workload, measure
from tests.support.peers.ciw_peer import Gaps, OfCustomer


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
