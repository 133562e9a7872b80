"""The hours ahead, half hour by half hour: what each replication says of each, and the bands over replications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.simulated import Replicated
from caresim.tasks.nowcast.hours_ahead import BOUNDS, average_and_bands
from caresim.tasks.nowcast.mood import Anger

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
NOT_ANY: Rows = np.zeros(0, np.intp)
HALF_HOUR = 30.0
CONTACTS, BACKLOG, WAIT, ABANDONED, MOOD = QUANTITIES = (
    "contacts",
    "backlog",
    "first_response_s",
    "abandoned",
    "anger",
)
MEANINGS = {
    CONTACTS: "contacts that come",
    BACKLOG: "customers waiting at the end of the half hour",
    WAIT: "mean wait until answered or hung up, s, of those who come",
    ABANDONED: "share that hangs up, of those who come",
    MOOD: "mean anger at the end of the wait, 0 to 1, of those who come",
}
COLUMNS = ("alternative", "begins", "ends", "quantity", "mean", *BOUNDS)
"""The mean and its bounds are of the replications in which somebody comes."""


class Ahead(NamedTuple):
    """Of each quantity an array (half hours, replications), NaN: nobody comes; `begins`: minutes of the history."""

    begins: Floats
    values: dict[str, Floats]


def edges(now: float, hours: float) -> Floats:
    """Minutes of the history at which half hours begin, and the last ends."""
    return np.asarray(now + HALF_HOUR * np.arange(round(60.0 * hours / HALF_HOUR) + 1), np.float64)


def ahead_of(found: Replicated, shift: float, marks: Floats, anger: Anger) -> Ahead:
    """What replications say of the half hours between `marks`; `shift`: their minute 0 as a minute of the history."""
    arrival = found.arrival + shift
    leaves = arrival + found.wait_s / 60.0
    count = len(marks) - 1
    shape = (count, arrival.shape[1])
    there = np.isfinite(arrival)
    place = np.where(there, np.searchsorted(marks, np.nan_to_num(arrival, nan=-np.inf), side="right") - 1, -1)
    row, column = np.nonzero((place >= 0) & (place < count))
    at = (place[row, column], column)
    came = np.zeros(shape)
    np.add.at(came, at, 1.0)
    values = {CONTACTS: came}
    angry = anger.after(found.wait_s[row, column] / 60.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        for name, each in (
            (WAIT, found.wait_s[row, column]), (ABANDONED, found.hung_up[row, column]), (MOOD, angry),
        ):  # fmt: skip
            total = np.zeros(shape)
            np.add.at(total, at, each)
            values[name] = total / np.where(came > 0, came, np.nan)
    values[BACKLOG] = np.array([((arrival < mark) & (leaves > mark)).sum(axis=0) for mark in marks[1:]], np.float64)
    return Ahead(marks[:-1], {name: values[name] for name in QUANTITIES})


def observed(history: History, marks: Floats, anger: Anger, waiting: Rows = NOT_ANY) -> dict[str, Floats]:
    """The same of what came: a value a half hour. Those of `waiting` (rows) have come and wait still, and count as
    such; waits, hang-ups and anger are those of whoever does not wait any more.
    """
    wait, gone = history.wait_s[:, None], history.abandoned[:, None].astype(np.float64)
    known = ~np.isnan(history.wait_s)
    one = Replicated(
        np.where(np.isnan(wait), 0.0, wait),
        gone,
        np.where(known, history.arrival, np.nan)[:, None],
        np.arange(len(known)),
    )
    found = {name: values[:, 0] for name, values in ahead_of(one, 0.0, marks, anger).values.items()}
    arrival = np.sort(history.arrival[waiting])
    found[CONTACTS] = np.diff(np.searchsorted(np.sort(history.arrival), marks)).astype(np.float64)
    found[BACKLOG] = found[BACKLOG] + np.searchsorted(arrival, marks[1:])
    return found


def table_of(alternatives: Mapping[str, Ahead], history: History) -> pd.DataFrame:
    """A row for each alternative, half hour and quantity (COLUMNS); times are local, with their offset."""
    zone, zero = ZoneInfo(history.zone), history.start.astimezone(UTC)

    def moment(minute: float) -> str:
        return (zero + timedelta(minutes=minute)).astimezone(zone).isoformat(timespec="minutes")

    rows = []
    for name, ahead in alternatives.items():
        for quantity, values in ahead.values.items():
            for begins, each in zip(ahead.begins.tolist(), values, strict=True):
                bounds = average_and_bands(each, np.mean)
                rows.append((name, moment(begins), moment(begins + HALF_HOUR), quantity, *bounds))
    return pd.DataFrame(rows, columns=list(COLUMNS))
