"""What one run of `experiment=queue` shows, read from its rows: sums that theory gives the ratios of.

Each measure is a pair (numerator, denominator): the ratio of their expectations is what theory gives, without bias,
however long a run is. Times are minutes; all but `calls_per_fresh_call` and `blocking` are of calls that got a line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from caresim.model.codes import Outcome
from caresim.scenario.run import Run

Pair = tuple[float, float]
WITHIN = 1 / 3
"""Minutes: the 20 seconds of the service level."""
SHORT = 1 / 12
"""Minutes: abandoned before that is left out of the second service level."""
HOURS = 24


class Rows:
    """The calls that arrive from minute 0 to `until` (None: the window)."""

    def __init__(self, run: Run, until: float | None = None) -> None:
        self.until = run.experiment.window.value if until is None else until
        self.servers = run.experiment.queue.servers.value
        self.run = run
        contacts = np.asarray(run.world.contacts)[: int(run.world.clock[0].contacts)]
        self.begun = contacts["reply"] + 0.0
        self.ended = self.begun + contacts["handle"]
        self.arrived = contacts["arrival"] + 0.0
        part = (self.arrived >= 0) & (self.arrived < self.until)
        outcome = contacts["outcome"][part]
        if (outcome == Outcome.WAITING).any():
            raise ValueError("a call of the window still waits at the end of the run: the drain is too short")
        self.blocked = outcome == Outcome.BLOCKED
        self.answered = outcome == Outcome.ANSWERED
        self.abandoned = outcome == Outcome.ABANDONED
        until_fate = np.where(self.answered, self.begun[part], contacts["closed"][part])
        self.wait = until_fate - self.arrived[part]

    @property
    def calls(self) -> int:
        return len(self.wait)

    @property
    def admitted(self) -> int:
        return self.calls - int(self.blocked.sum())

    @cached_property
    def fresh(self) -> int:
        """Customers who came up within the time, each of whom calls at least once."""
        affected = np.asarray(self.run.world.passengers)["affected"]
        return int(((affected >= 0) & (affected < self.until)).sum())

    def in_system(self, times: NDArray[np.float64]) -> NDArray[np.int64]:
        """Number waiting or served at each of `times`, where nobody gives up."""
        gone = np.sort(self.ended)
        return np.searchsorted(self.arrived, times, "right") - np.searchsorted(gone, times, "right")


def probability_of_wait(rows: Rows) -> Pair:
    return float((rows.wait[~rows.blocked] > 0).sum()), rows.admitted


def abandonment(rows: Rows) -> Pair:
    return float(rows.abandoned.sum()), rows.admitted


def mean_wait(rows: Rows) -> Pair:
    return float(rows.wait[~rows.blocked].sum()), rows.admitted


def asa(rows: Rows) -> Pair:
    return float(rows.wait[rows.answered].sum()), float(rows.answered.sum())


def service_level(rows: Rows) -> Pair:
    return float((rows.answered & (rows.wait <= WITHIN)).sum()), rows.admitted


def lenient_service_level(rows: Rows) -> Pair:
    short = rows.abandoned & (rows.wait <= SHORT)
    return float((rows.answered & (rows.wait <= WITHIN)).sum()), rows.admitted - float(short.sum())


def blocking(rows: Rows) -> Pair:
    return float(rows.blocked.sum()), rows.calls


def occupancy(rows: Rows) -> Pair:
    """Minutes of service within the time, whenever the call came, of all minutes of all servers."""
    spent = np.minimum(rows.ended, rows.until) - np.maximum(rows.begun, 0.0)
    return float(np.maximum(spent[np.isfinite(rows.begun)], 0.0).sum()), rows.until * rows.servers


def calls_per_fresh_call(rows: Rows) -> Pair:
    return rows.calls, rows.fresh


MEASURES: dict[str, Callable[[Rows], Pair]] = {
    "P(wait)": probability_of_wait,
    "abandonment": abandonment,
    "mean wait": mean_wait,
    "ASA": asa,
    "service level": service_level,
    "service level, short abandonment left out": lenient_service_level,
    "blocking": blocking,
    "occupancy": occupancy,
    "calls per fresh call": calls_per_fresh_call,
}


def hour_of_cycle(hour: int) -> Callable[[Rows], Pair]:
    """Mean number in the system at an hour of the day."""

    def measure(rows: Rows) -> Pair:
        times = np.arange(60.0 * hour, rows.until, 60.0 * HOURS)
        return float(rows.in_system(times).sum()), len(times)

    return measure


def wave(lag: float, quarter: bool) -> Callable[[Rows], Pair]:
    """Fourier coefficient of the hourly number in the system, of a sine that is `lag` hours late.

    `quarter`: of the cosine instead, which is 0 where the lag is right.
    """

    def measure(rows: Rows) -> Pair:
        hours = np.arange(0.0, rows.until / 60.0, 1.0)
        hours = hours[: len(hours) // HOURS * HOURS]
        angle = 2 * np.pi * (hours - lag) / HOURS
        basis = np.cos(angle) if quarter else np.sin(angle)
        return float((rows.in_system(60.0 * hours) * basis).sum()), len(hours) / 2

    return measure
