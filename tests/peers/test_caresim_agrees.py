"""caresim and the peers: every customer's wait to 1e-9 minutes, every customer's fate.

The tolerance is 60 nanoseconds. The figures go into caresim without rounding; what is left is a few roundings of
64-bit numbers below 8,192 (1e-12 each), and any mistake would be as large as a service.
"""

from __future__ import annotations

import csv
from dataclasses import replace

import numpy as np
import pytest
from tests.support.peers import caresim_peer
from tests.support.peers.peers import able, outcome
from tests.support.peers.workload import all_workloads, cut_in_two, traffic

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def replayed(tmp_path_factory):
    """caresim's waits and fates by name of the workload, each run once."""
    found = {}

    def play(workload):
        if workload.name not in found:
            found[workload.name] = caresim_peer.run(workload, tmp_path_factory.mktemp("replay"))
        return found[workload.name]

    return play


def test_the_files_lose_no_digit(tmp_path):
    workload = traffic("file", 3, seed=402, rate=3.0, customers=1000, patience=5.0, classes=3)
    endless = np.arange(1000) % 7 == 0
    workload = replace(workload, patience=np.where(endless, np.inf, workload.patience))
    caresim_peer.write_contacts(workload, tmp_path / "contacts.csv")
    with (tmp_path / "contacts.csv").open(encoding="utf-8") as text:
        rows = list(csv.DictReader(text))
    assert [float(row["arrival"]) for row in rows] == workload.arrivals.tolist()
    assert [float(row["service_s"]) / 60.0 for row in rows] == workload.services.tolist()
    assert [float(row["patience_s"] or "inf") / 60.0 for row in rows] == workload.patience.tolist()
    assert [int(row["priority"]) for row in rows] == workload.priority.tolist()


@pytest.mark.parametrize(
    ("workload", "peer"),
    [
        pytest.param(workload, peer, id=f"{workload.name}: {peer}")
        for workload in all_workloads()
        for peer in able(workload)
    ],
)
def test_every_customer_fares_alike(replayed, workload, peer):
    waits, fates = replayed(workload)
    expected_waits, expected_fates = outcome(peer, workload)
    assert np.flatnonzero(fates != expected_fates).tolist() == []
    np.testing.assert_allclose(waits, expected_waits, rtol=0.0, atol=TOLERANCE)


def test_cutting_a_row_of_the_roster_in_two_changes_nothing(replayed):
    whole = traffic("one long row", [(0.0, 400.0, 3)], seed=401, rate=3.0, customers=1000, patience=5.0)
    waits, fates = replayed(whole)
    cut_waits, cut_fates = replayed(cut_in_two(whole, at=200.0))
    np.testing.assert_array_equal(cut_fates, fates)
    np.testing.assert_array_equal(cut_waits, waits)
