"""What became of the contacts of a replay, row by row of the file they came from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from caresim.config.traffic import Traffic

COLUMNS = {
    "staffing": "staffing",
    "replication": "replication",
    "row": "row",
    "arrival_min": "arrival_min",
    "channel": "channel",
    "desk": "desk",
    "wait_min": "wait_s",
    "handle_min": "handle_s",
    "outcome": "outcome",
}
"""Columns of `contacts` and what they are called beside the file's own, which are in seconds."""
SECONDS = ("wait_s", "handle_s")


def replayed(contacts: pd.DataFrame, traffic: Traffic) -> pd.DataFrame:
    """One row a contact of the file and recorded run, in the file's order (rows from 0); redials are left out.

    `wait_s` until the first reply or until the contact was given up, NaN while it is waiting; beside it, where the
    file says so, `observed_wait_s` and `observed_outcome`. Rows of an interval report are its intervals.
    """
    first = contacts[contacts["row"].notna()]
    first = first.sort_values(["replication", "row", "arrival_min"], kind="stable")
    models = first["staffing"].unique()
    table = pd.concat([first[first["staffing"] == name] for name in models]) if len(models) else first
    table = table[list(COLUMNS)].rename(columns=COLUMNS).reset_index(drop=True)
    for name in SECONDS:
        table[name] = table[name] * 60.0
    rows = table["row"].to_numpy(dtype=np.int64)
    for name, values in traffic.columns.items():
        table[f"observed_{name}"] = pd.Series(values, dtype=object if name == "outcome" else np.float64).to_numpy()[
            rows
        ]
    return table
