"""The peers by name, and what each makes of a workload (worked out once)."""

from __future__ import annotations

import numpy as np

from tests.support.peers import ciw_peer, loop_peer, simpy_peer
from tests.support.peers.workload import Workload

PEERS = {
    "reference loop": loop_peer,
    "SimPy resource": simpy_peer.Resource,
    "SimPy people": simpy_peer.People,
    "Ciw": ciw_peer,
}
"""Each has `lacks(workload)`, a reason or None, and `run(workload)`, the waits (minutes) and fates of all customers."""


def able(workload: Workload) -> list[str]:
    """The peers that can play it."""
    return [name for name, peer in PEERS.items() if peer.lacks(workload) is None]


_known: dict[tuple[str, str], tuple[np.ndarray, np.ndarray]] = {}


def outcome(peer: str, workload: Workload) -> tuple[np.ndarray, np.ndarray]:
    """Waits (minutes; NaN: still waiting at the end) and fates. Workloads are told apart by their names."""
    if (peer, workload.name) not in _known:
        _known[peer, workload.name] = PEERS[peer].run(workload)
    return _known[peer, workload.name]
