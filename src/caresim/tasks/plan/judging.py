"""What rosters do on fresh luck and in fresh worlds: means, paired differences, and how much of a gap is closed.

No candidate was chosen by these replications, so that nothing here is flattered by the choice (Nelson & Matejcik 1995
on cleaning up after a search).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from caresim.inference.variance_components import Estimate, by_draw, draw_means, mean_of
from caresim.tasks.plan.measures import DAYS, bounds

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BEFORE, PLAN, BESIDE = "before", "plan", "beside"
"""The names of rosters: as it was, as planned, and the one that is judged beside them."""
EARLIER_NAME, MORE_NAME = "earlier", "more_people"
"""The names of rosters under other rules."""
EARLIER, MORE = 240.0, 6
"""By how much a rule is moved to say what it is worth: minutes, people."""
HOURS = (0.8, 0.9, 1.1, 1.2)
"""Times the paid hours: the points of the frontier beside the plan itself."""

ENDS = ("low", "high", "luck_low", "luck_high")
"""Of an estimate's intervals."""


def hours_name(times: float) -> str:
    """What the roster with so many times the hours is called."""
    return f"hours_{times:g}"


@dataclass(frozen=True)
class Difference:
    """A paired difference, with its interval for luck and assumptions, and in how many worlds it is above zero."""

    value: float
    low: float
    high: float
    above: int
    worlds: int
    ties: int = 0
    """Worlds in which it is exactly zero."""

    @classmethod
    def of(cls, matrix: Floats, confidence: float) -> Difference:
        """From differences by draw, shape (draws, replications a draw)."""
        estimate = mean_of(matrix, confidence)
        means = draw_means(matrix)
        defined = means[np.isfinite(means)]
        above, ties = int((defined > 0).sum()), int((defined == 0).sum())
        return cls(estimate.value, estimate.low, estimate.high, above, len(defined), ties)

    @property
    def below(self) -> int:
        """Worlds in which it is below zero."""
        return self.worlds - self.above - self.ties

    @property
    def turned(self) -> Difference:
        """With the sign turned: of a measure of which less is better."""
        return Difference(-self.value, -self.high, -self.low, self.below, self.worlds, self.ties)


@dataclass(frozen=True)
class Counts:
    """In how many worlds, and single runs, a difference is above zero; `matter`: by at least a margin."""

    more: int
    matter: int
    worlds: int
    runs_more: int


@dataclass(frozen=True)
class Judging:
    """Fresh replications of several rosters, paired by replication."""

    runs: pd.DataFrame
    confidence: float

    def mean(self, roster: str, measure: str) -> Estimate:
        """The mean of a measure, with its intervals, which do not reach beyond the values that it can take."""
        part = self._part(roster)
        found = mean_of(by_draw(part[measure].to_numpy(dtype=np.float64), self._draws(part)), self.confidence)
        ends = {end: float(np.clip(getattr(found, end), *bounds(measure))) for end in ENDS}
        return replace(found, **ends)

    def difference(self, roster: str, other: str, measure: str) -> Difference:
        """Roster less other."""
        return Difference.of(self._differences(roster, other, measure), self.confidence)

    def counts(self, roster: str, other: str, measure: str, margin: float) -> Counts:
        """Worlds and runs in which roster is above other; a world is the mean of its runs."""
        matrix = self._differences(roster, other, measure)
        means = draw_means(matrix)
        defined = means[np.isfinite(means)]
        more, matter = (int(np.count_nonzero(defined > 0)), int(np.count_nonzero(defined >= max(margin, 1e-12))))
        return Counts(more, matter, len(defined), int(np.count_nonzero(matrix > 0)))

    def gap_closed(self, roster: str, before: str, beside: str, measure: str) -> Difference:
        """(roster - before) / (beside - before), a ratio of means with the interval of its linearisation.

        `above`: worlds in which the roster closes more than half of the gap there is on the whole. NaN without a gap.
        """
        part, whole = (self._differences(name, before, measure) for name in (roster, beside))
        gap = float(np.nanmean(draw_means(whole)))
        if not gap:
            return Difference(math.nan, math.nan, math.nan, 0, 0)
        ratio = float(np.nanmean(draw_means(part))) / gap
        linear = Difference.of((part - ratio * whole) / gap, self.confidence)
        return Difference(ratio, ratio + linear.low, ratio + linear.high, linear.above, linear.worlds, linear.ties)

    def largest_fall(self, roster: str, other: str) -> tuple[int, Difference]:
        """The day on which ordinary customers are answered least, against the other, and the difference on it.

        -1 and NaN where no ordinary customers come. The day is found and shown by the same replications: of ten equal
        days the one that looks worst is shown.
        """
        one, two = (np.array(self._part(name)[DAYS].tolist(), dtype=np.float64) for name in (roster, other))
        apart = one - two
        defined = np.flatnonzero(np.isfinite(apart).any(axis=0))
        if not len(defined):
            return -1, Difference(math.nan, math.nan, math.nan, 0, 0)
        draws = self._draws(self._part(roster))
        day = int(min(defined, key=lambda place: float(np.nanmean(apart[:, place]))))
        return day, Difference.of(by_draw(apart[:, day], draws), self.confidence)

    def on_day(self, roster: str, day: int) -> Estimate:
        """The share of ordinary customers answered who come on a day of the window."""
        part = self._part(roster)
        values = np.array(part[DAYS].tolist(), dtype=np.float64)[:, day]
        found = mean_of(by_draw(values, self._draws(part)), self.confidence)
        return replace(found, **{end: float(np.clip(getattr(found, end), 0.0, 1.0)) for end in ENDS})

    def _differences(self, roster: str, other: str, measure: str) -> Floats:
        one, two = self._part(roster), self._part(other)
        apart = one[measure].to_numpy(dtype=np.float64) - two[measure].to_numpy(dtype=np.float64)
        return by_draw(apart, self._draws(one))

    def _part(self, roster: str) -> pd.DataFrame:
        return self._parts[roster]

    @cached_property
    def _parts(self) -> dict[str, pd.DataFrame]:
        """The runs of each roster, in the order of their replications."""
        by_roster = self.runs.groupby("staffing", sort=False)
        return {str(name): part.sort_values("replication") for name, part in by_roster}

    def _draws(self, part: pd.DataFrame) -> NDArray[np.int64]:
        return part["draw"].to_numpy(dtype=np.int64)
