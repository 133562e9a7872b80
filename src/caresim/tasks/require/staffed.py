"""A staffing model with so many people on duty in each interval: what a requirement is tried with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC

import numpy as np
from numpy.typing import NDArray

from caresim.config.clock import Clock
from caresim.config.desk import Desk, Extra
from caresim.config.experiment import Experiment
from caresim.config.quantity import exactly
from caresim.tasks.require.grid import Grid

Whole = NDArray[np.int64]
DAY = 1440
HALF_A_SECOND = 1 / 120
"""In minutes: an interval begins at a whole minute, whatever its float says."""
APART = 7
"""Intervals between the hours at which one seat and the next change hands: at no time do many do so at once."""


def with_people(experiment: Experiment, staffing: str, people: Mapping[str, Whole], grid: Grid) -> Experiment:
    """The experiment in which the desks named have so many people on duty in each interval.

    These people are all alike, as quick and as good as the desk's are on average, and never away: what is found is a
    number of people at work. The other desks stay as they are, at the heads that the roster gives them.
    """
    model = experiment.staffing[staffing]
    desks = {
        name: _alike(desk, spells(experiment, people[name], grid)) if name in people else desk
        for name, desk in model.desks.items()
    }
    changed = model.model_copy(update={"desks": desks, "paid_hours": None})
    return experiment.model_copy(update={"staffing": {**experiment.staffing, staffing: changed}})


def _alike(desk: Desk, spells: tuple[Extra, ...]) -> Desk:
    """The desk with these people instead of its own, and nobody on call or planned anew."""
    new = desk.novices.value
    nothing = exactly(0, "share")
    return desk.model_copy(
        update={
            **{"roster": "shifts", "shifts": (), "extra": spells, "scale_with_hours": False},
            **{"reserve": None, "replans": None, "shrinkage": nothing, "absence": nothing},
            **{"speed_cv": exactly(0, "number"), "quality_spread": nothing, "novices": exactly(1, "share")},
            "novice_slowness": exactly(1 + new * (desk.novice_slowness.value - 1), "number"),
            "novice_quality": exactly(1 + new * (desk.novice_quality.value - 1), "number"),
        }
    )


def spells(experiment: Experiment, people: Whole, grid: Grid) -> tuple[Extra, ...]:
    """Spells of duty with so many people in each interval: seat k is taken whenever more than k are wanted.

    So a change sends home, or calls in, only the difference. Nobody stays for more than a day.
    """
    a_day = round(DAY / grid.width)
    found: Counter[tuple[int, int]] = Counter()
    for seat in range(int(people.max(initial=0))):
        taken = np.concatenate(([False], people > seat, [False]))
        begins = np.flatnonzero(taken[1:] & ~taken[:-1])
        ends = np.flatnonzero(taken[:-1] & ~taken[1:])
        for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
            first = begin + (APART * seat - begin) % a_day
            cuts = [cut for cut in range(first, end, a_day) if cut > begin]
            for one, other in zip([begin, *cuts], [*cuts, end], strict=True):
                found[one, other] += 1
    return tuple(_spell(experiment, grid, *spell, heads) for spell, heads in sorted(found.items()))


def _spell(experiment: Experiment, grid: Grid, first: int, last: int, heads: int) -> Extra:
    start = experiment.moment(float(grid.edges[first]) + HALF_A_SECOND).astimezone(UTC)
    minute = start.hour * 60 + start.minute
    end = minute + round((last - first) * grid.width)
    return Extra(
        start=Clock.at(minute), end=Clock.at(end), timezone="UTC",
        first=start.date(), last=start.date(), headcount=exactly(heads, "count"),
    )  # fmt: skip
