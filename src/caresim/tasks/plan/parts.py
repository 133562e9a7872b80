"""What becomes of those who come in each half hour, for what must hold on every day or in every half hour.

In a single run a half hour has few contacts, and luck alone would break any promise. So such a condition is of all runs
together: of the expected service of that day or half hour, as in the staffing problems of the literature (Atlason,
Epelman & Henderson 2004; Avramidis, Chan, Gendreau, L'Ecuyer & Pisacane 2010).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.inference.variance_components import by_draw, mean_of
from caresim.tasks.plan.half_hours import quotient
from caresim.tasks.plan.judging import Difference
from caresim.tasks.plan.measures import DAY, MINUTE, PARTED, Condition, ordinary_waits

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from caresim.config.experiment import Experiment
    from caresim.measure.sample import Sample

    Floats = NDArray[np.float64]
    Whole = NDArray[np.int64]

WIDTH = 30.0
"""Minutes of a half hour of the clock."""
SECONDS = 60.0
"""In a minute."""
ENOUGH = 1.0
"""Contacts a run, below which a day or half hour is not looked at."""
SURELY = 1.645
"""Standard errors by which a value lies above its bound in the search: 95 %, one-sided.

The search picks what just holds; without them half of the half hours that just hold would not on fresh luck.
"""


def of_parts(sample: Sample, names: Sequence[str]) -> dict[str, Any]:
    """`starts` (minutes) of the half hours of the clock, and for each measure what it is a quotient of, by half hour.

    Whoever comes in the window, as in the metrics of the same names: all half hours together are the metric.
    """
    from caresim.measure.clock import minutes_past
    from caresim.model.codes import Outcome

    past = minutes_past(sample.run.experiment, WIDTH)
    starts = np.arange(math.floor(past / WIDTH), math.ceil((sample.window + past) / WIDTH)) * WIDTH - past

    def binned(moments: Floats, weights: Any) -> Floats:
        place = np.clip(np.floor((moments - starts[0]) / WIDTH).astype(np.int64), 0, len(starts) - 1)
        found = np.bincount(place, weights=np.asarray(weights, dtype=np.float64), minlength=len(starts))
        return found.astype(np.float64)

    waits, came = ordinary_waits(sample)
    calls = sample.of_disruption & sample.having("TRUNKS") & sample.in_window
    arrival, outcome, wait = (
        values[calls] for values in (sample.contacts["arrival"], sample.contacts["outcome"], sample.judged[2])
    )
    study = sample.run.experiment.study
    answered = sample.having("ANSWERED")[calls]
    blocked = outcome == Outcome.BLOCKED
    abandoned = (outcome == Outcome.ABANDONED) & ~answered
    within = answered & (wait <= study.service_level_within.value)
    patient = abandoned & (wait > study.short_abandonment.value)
    seconds = SECONDS * np.where(answered, wait, 0.0)
    quotients = {
        "ordinary_answered": (came, np.isfinite(waits), np.ones(len(came))),
        MINUTE: (came, waits <= 1.0, np.ones(len(came))),
        "phone_service_level": (arrival, within, answered | patient),
        "phone_answered": (arrival, answered, np.ones(len(arrival))),
        "phone_abandonment": (arrival, abandoned, ~blocked),
        "phone_asa": (arrival, seconds, answered),
    }
    assert quotients.keys() == set(PARTED)
    found = {name: [binned(quotients[name][0], part).tolist() for part in quotients[name][1:]] for name in names}
    return {"starts": starts.tolist(), **found}


@dataclass(frozen=True)
class Parts:
    """The half hours of one roster in some runs."""

    starts: Floats
    """Minutes since the start, shape (half hours,)."""
    tops: dict[str, Floats]
    """Of each measure, shape (runs, half hours)."""
    bottoms: dict[str, Floats]
    draws: Whole
    """The world of each run."""

    @classmethod
    def of(cls, runs: pd.DataFrame) -> Parts:
        """From the rows of one roster with `parts`, what of_parts gives, in the order of their replications."""
        told = runs.sort_values("replication")
        rows = list(told["parts"])
        names = [name for name in rows[0] if name != "starts"]
        tops, bottoms = ({name: np.array([row[name][end] for row in rows]) for name in names} for end in (0, 1))
        return cls(np.array(rows[0]["starts"]), tops, bottoms, told["draw"].to_numpy(dtype=np.int64))

    def first(self, count: int) -> Parts:
        """Those of the first runs."""
        tops, bottoms = ({name: values[:count] for name, values in ends.items()} for ends in (self.tops, self.bottoms))
        return Parts(self.starts, tops, bottoms, self.draws[:count])

    def groups(self, each: str, experiment: Experiment) -> Whole:
        """To which part each half hour belongs: its local day, or itself."""
        from caresim.measure.clock import wall_clock

        if each != DAY:
            return np.arange(len(self.starts))
        dates = [stamp.date() for stamp in wall_clock(experiment, np.maximum(self.starts, 0.0))]
        return np.unique(np.array(dates, dtype="datetime64[D]"), return_inverse=True)[1].astype(np.int64)

    def summed(self, measure: str, groups: Whole) -> tuple[Floats, Floats]:
        """What the measure is a quotient of, by run and part."""
        member = groups[:, None] == np.arange(groups.max() + 1)
        return self.tops[measure] @ member, self.bottoms[measure] @ member


@dataclass(frozen=True)
class Part:
    """One day or half hour: what it has, what it must have, and the difference between them."""

    start: float
    """Minutes since the start."""
    value: float
    bound: float
    apart: Difference
    """Value less bound, turned where less is better: below 0 it falls short."""
    error: float
    """Standard error of the difference."""

    @property
    def is_short(self) -> bool:
        """Does it fall short, in the mean of all runs?"""
        return self.apart.value < 0.0


def parts_of(condition: Condition, now: Parts, before: Parts, experiment: Experiment) -> list[Part]:
    """The days or half hours in which at least one contact a run comes, in their order."""
    groups = now.groups(condition.each, experiment)
    confidence = experiment.study.confidence.value
    value, residuals = linear(*now.summed(condition.measure, groups))
    if condition.value is None:
        bound, of_bound = linear(*before.summed(condition.measure, groups))
        bound = bound + condition.more
    else:
        bound, of_bound = np.full(len(value), condition.value), np.zeros_like(residuals)
    sign = 1.0 if condition.at_least else -1.0
    came = now.summed(condition.measure, groups)[1].mean(axis=0)
    found = []
    for part in np.flatnonzero((came >= ENOUGH) & np.isfinite(value) & np.isfinite(bound)).tolist():
        apart = sign * (value[part] - bound[part] + residuals[:, part] - of_bound[:, part])
        matrix = by_draw(apart, now.draws)
        mean = mean_of(matrix, confidence)
        means = np.nanmean(matrix, axis=1)
        error = float(means.std(ddof=1) / math.sqrt(len(means))) if len(means) > 1 else math.nan
        above = int((means > 0).sum())
        difference = Difference(mean.value, mean.low, mean.high, above, len(means), int((means == 0).sum()))
        start = float(now.starts[groups == part][0])
        found.append(Part(start, float(value[part]), float(bound[part]), difference, error))
    return found


def linear(top: Floats, bottom: Floats) -> tuple[Floats, Floats]:
    """A quotient of sums over all runs, by part, and what each run adds to its error, with mean zero (linearised)."""
    whole = quotient(top.sum(axis=0), bottom.sum(axis=0))
    return whole, quotient(top - whole * bottom, np.broadcast_to(bottom.mean(axis=0), bottom.shape))


def missing(part: Part, condition: Condition, slack: float = SURELY) -> float:
    """How much it lacks to hold by so many standard errors, below 0 where it does; against the roster before: in the
    mean.
    """
    error = 0.0 if condition.value is None or math.isnan(part.error) else part.error
    return slack * error - part.apart.value


def holds_by(part: Part, condition: Condition, slack: float = SURELY) -> bool:
    """Does it hold by so many standard errors? Where the roster before is the bound, in the mean."""
    return missing(part, condition, slack) <= 0.0
