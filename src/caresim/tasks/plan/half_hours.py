"""What becomes of the contacts of a desk by half hour and by local day: counts of runs, as in an interval report."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.inference.variance_components import Estimate, by_draw, mean_of
from caresim.tasks.plan.judging import ENDS

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.measure.sample import Sample

    Floats = NDArray[np.float64]

COUNTS = ("starts", "offered", "answered", "patient", "within_target", "response", "busy", "duty")
"""Minutes at which half hours of the clock begin; contacts that came in each, answered, hung up after more than a short
wait, and answered within the target; minutes of waiting of those answered; minutes of handling and of people on duty.
"""
MINUTE_S = 60.0
MOST = {"asa_s": math.inf, "occupancy": math.inf}
"""What a value of a day can be at most, where that is not 1; overtime makes people busier than on duty."""


def counted(sample: Sample, d: int) -> dict[str, list[float]]:
    """COUNTS of desk `d` by half hour of the window."""
    from caresim.measure import workload
    from caresim.measure.interval_report import WIDTH, Cells

    cells = sample.tally(Cells)
    at_desk = sample.channels["desk"][cells.channels] == d
    starts = cells.edges[:-1]
    within = (starts > -WIDTH) & (starts < sample.window)

    def of_desk(values: NDArray[Any]) -> list[float]:
        by_channel = values.reshape(len(starts), len(cells.channels))
        return by_channel[within][:, at_desk].sum(axis=1).astype(np.float64).tolist()

    duty = np.maximum(workload.on_duty(sample).between(cells.edges, d), 0.0)
    return {
        "starts": starts[within].tolist(),
        **{name: of_desk(cells.count[name]) for name in ("offered", "answered", "patient", "within_target")},
        "response": of_desk(cells.sums["response"]),
        "busy": cells.busy[d][within].tolist(),
        "duty": duty[within].tolist(),
    }


@dataclass(frozen=True)
class HalfHours:
    """COUNTS of one roster in its fresh runs, each of shape (runs, half hours)."""

    starts: Floats
    """Minutes since the start, shape (half hours,)."""
    counts: dict[str, Floats]
    draws: NDArray[np.int64]
    """The world of each run."""

    @classmethod
    def of(cls, runs: pd.DataFrame) -> HalfHours:
        """From rows with `counts`, a dictionary of COUNTS, and `draw`."""
        told = runs.sort_values("replication")
        counts = {name: np.array([one[name] for one in told["counts"]], dtype=np.float64) for name in COUNTS}
        return cls(counts.pop("starts")[0], counts, told["draw"].to_numpy(dtype=np.int64))

    def level(self) -> Floats:
        """Service level by half hour, of all runs together; NaN where nobody came who waited."""
        return quotient(self.counts["within_target"].sum(axis=0), self.waited.sum(axis=0))

    def asa(self) -> Floats:
        """Mean wait of the answered by half hour (seconds), of all runs together; NaN where nobody was."""
        return MINUTE_S * quotient(self.counts["response"].sum(axis=0), self.counts["answered"].sum(axis=0))

    @property
    def waited(self) -> Floats:
        """What a service level is a share of: those answered, and those who hung up after more than a short wait."""
        return self.counts["answered"] + self.counts["patient"]

    def by_day(self, experiment: Experiment, confidence: float) -> list[Day]:
        """A row a local day of the window."""
        from caresim.measure.clock import wall_clock

        dates = np.array([str(stamp.date()) for stamp in wall_clock(experiment, np.maximum(self.starts, 0.0))])
        return [self.day(date, dates == date, confidence) for date in dict.fromkeys(dates.tolist())]

    def day(self, date: str, which: NDArray[np.bool_], confidence: float) -> Day:
        """Means over the runs of what some half hours give in each."""
        sums = {name: values[:, which].sum(axis=1) for name, values in self.counts.items()}
        shares = {
            "answered": quotient(sums["answered"], sums["offered"]),
            "service_level": quotient(sums["within_target"], sums["answered"] + sums["patient"]),
            "asa_s": MINUTE_S * quotient(sums["response"], sums["answered"]),
            "occupancy": quotient(sums["busy"], sums["duty"]),
        }
        known = {name: self.mean(values, MOST.get(name, 1.0), confidence) for name, values in shares.items()}
        levels = self.level()[which]
        worst = float(np.nanmin(levels)) if np.isfinite(levels).any() else math.nan
        return Day(date, float(sums["offered"].mean()), known, worst)

    def mean(self, values: Floats, most: float, confidence: float) -> Estimate:
        """The mean of a value a run, with intervals that do not reach beyond 0 and the most that it can be."""
        found = mean_of(by_draw(values, self.draws), confidence)
        return replace(found, **{end: float(np.clip(getattr(found, end), 0.0, most)) for end in ENDS})

    def worst(self, count: int) -> list[int]:
        """The half hours with the lowest service level, the lowest first, of those in which a contact comes a run."""
        levels = np.where(self.waited.mean(axis=0) >= 1.0, self.level(), np.nan)
        order = np.argsort(levels, kind="stable")  # NaN last
        return [int(place) for place in order[:count] if math.isfinite(levels[place])]

    def below(self, target: float) -> tuple[int, int]:
        """How many half hours have a service level below the target, and of how many in which anybody waited."""
        levels = self.level()
        return int(np.count_nonzero(levels < target)), int(np.isfinite(levels).sum())


@dataclass(frozen=True)
class Day:
    """One local day at the desk: means over runs."""

    date: str
    offered: float
    means: dict[str, Estimate]
    """`answered`, `service_level` and `occupancy` (shares), `asa_s` (seconds)."""
    worst: float
    """The lowest service level of its half hours, of all runs together."""


def quotient(part: Floats, whole: Floats) -> Floats:
    """Part / whole, NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(np.shape(whole), np.nan), where=np.asarray(whole) > 0)


def split(runs: pd.DataFrame, rosters: Sequence[str]) -> tuple[pd.DataFrame, dict[str, HalfHours]]:
    """The measures of runs without the counts, and the half hours of the rosters that were counted."""
    parts = {name: HalfHours.of(runs[runs["staffing"] == name]) for name in rosters}
    return runs.drop(columns="counts"), parts
