"""The same traffic through caresim itself: `experiment=replay` with given times, from files as a user would write them.

Minutes and seconds are written with all their digits. Both are exact: a workload's times are multiples of 2**-20
minutes, and sixty times such a number still fits into 64 bits.
"""

from __future__ import annotations

import csv
from math import ceil, isfinite
from pathlib import Path

import numpy as np

import caresim
from tests.support.peers.workload import Workload

SECONDS = 60.0
FATES = {"answered": "answered", "abandoned": "abandoned", "waiting": "waiting"}
"""A replay of calls to one desk knows no other outcome; any other is a KeyError here."""


def run(workload: Workload, folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Minutes until service or giving up (NaN: still waiting at the end), and the fate, of each customer.

    The files of the replay are written to `folder`.
    """
    contacts, staff = folder / "contacts.csv", folder / "staff.csv"
    write_contacts(workload, contacts)
    write_staff(workload, staff)
    seconds = "replay.format={units: {service_s: s, patience_s: s}}"  # however long or short they are
    experiment = caresim.load(
        "experiment=replay", f"replay.contacts={contacts}", f"replay.staff={staff}", "replications=1", seconds
    )
    rows = caresim.simulate(experiment).contacts.sort_values("row")
    if len(rows) != len(workload):
        raise ValueError(f"{len(workload)} customers went in, {len(rows)} came out")
    if (moved := np.abs(rows["arrival_min"].to_numpy() - workload.arrivals).max()) > 1e-9:
        raise ValueError(f"arrivals have moved by up to {moved} minutes")
    fates = np.array([FATES[str(outcome)] for outcome in rows["outcome"]])
    return np.where(fates == "waiting", np.nan, rows["wait_min"].to_numpy()), fates


def write_contacts(workload: Workload, file: Path) -> None:
    """One row a customer: minutes of arrival, seconds of service and of patience (empty: endless), priority."""
    with file.open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text)
        table.writerow(["arrival", "service_s", "patience_s", "priority"])
        for arrival, service, patience, priority in zip(
            workload.arrivals.tolist(),
            (SECONDS * workload.services).tolist(),
            (SECONDS * workload.patience).tolist(),
            workload.priority.tolist(),
            strict=True,
        ):
            table.writerow([arrival, service, patience if isfinite(patience) else "", priority])


def write_staff(workload: Workload, file: Path) -> None:
    """The rows of the roster as they are; a crew that never goes home stays until all work must be done."""
    done = float(ceil(workload.arrivals[-1] + workload.services.sum()) + 1)
    with file.open("w", newline="", encoding="utf-8") as text:
        table = csv.writer(text)
        table.writerow(["start", "end", "desk", "headcount"])
        table.writerows([start, min(end, done), "phone", heads] for start, end, heads in workload.crews)
