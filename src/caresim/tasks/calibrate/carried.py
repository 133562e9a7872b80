"""The roster that is carried to other days: it has a rest of its own, chosen by its score on such days."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pandas as pd

from caresim.run.progress import Watch
from caresim.tasks.calibrate.cells import cells_of
from caresim.tasks.calibrate.coming import last_week
from caresim.tasks.calibrate.fit import fit
from caresim.tasks.calibrate.given import score
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.rules import Rules
from caresim.tasks.calibrate.settings import Calibrate

RESTS_MIN = (45.0, 60.0, 120.0, math.inf)
"""Minutes between two contacts from which a carried agent was off duty, beside the rest of the rules; infinite: none
of the day. Whoever was idle for an hour of one day need not be idle at that hour of another.
"""
FEWEST_DAYS = 3
"""Days of the last third, with a same weekday in the first two thirds, from which the rest is chosen."""
ROSTER, GIVEN, CARRIED = "roster", "given", "carried"
AT_ONE_DESK = "at_one_desk"
"""The column of candidates.csv that says which were scored without their overflow; there is none where none was."""


class Carried(NamedTuple):
    """The rest with which a roster is carried to other days, and whether it was chosen by its score."""

    rest_min: float
    chosen: bool

    @property
    def text(self) -> str:
        """In words."""
        return words(self.rest_min)


def words(rest_min: float) -> str:
    """How long an agent is there."""
    if math.isinf(rest_min):
        return "an agent is there from their first to their last contact of the day"
    return f"a rest of {rest_min:g} min ends a spell of duty"


def thirds(train: History) -> tuple[History, History]:
    """The first two thirds of the training days, which candidates are fitted to, and the last, which they predict."""
    days = train.days
    first = days[len(days) * 2 // 3].toordinal()
    return train.of(train.day < first), train.of(train.day >= first)


def carried(
    train: History, rules: Rules, before: int, settings: Calibrate, watch: Watch
) -> tuple[Carried, pd.DataFrame]:
    """The rest with which the roster of the first two thirds, carried to the last third, has the smallest CRPS of the
    mean wait by hour, arrivals given; and a row for each candidate. Where nothing was chosen `before`, or fewer
    than FEWEST_DAYS have a same weekday: the rest of the rules, and no row.
    """
    kept = Carried(rules.rest_min, False)
    if not before:
        return kept, pd.DataFrame()
    early, late = thirds(train)
    weekdays = {day.weekday() for day in early.days}
    days = [day for day in late.days if day.weekday() in weekdays]
    if len(days) < FEWEST_DAYS:
        return kept, pd.DataFrame()
    late = late.of(np.isin(late.day, [day.toordinal() for day in days]))
    if not cells_of(late, 60):
        return kept, pd.DataFrame()
    rests = (rules.rest_min, *RESTS_MIN)
    watch.expect((before + len(rests)) * settings.choosing)
    fitted = fit(early, rules, settings.seed)
    scores = {rest: score(fitted, late, settings, watch, last_week(early, days, rest)) for rest in rests}
    best = min(rests, key=lambda rest: scores[rest].crps_wait_s)
    columns = ["rules", ROSTER, "crps_wait_s", "hours", "chosen", AT_ONE_DESK]
    rows = [
        (f"carried to other days, {words(rest)}", CARRIED, of.crps_wait_s, of.hours, rest == best, of.at_one_desk)
        for rest, of in scores.items()
    ]
    return Carried(best, True), pd.DataFrame(rows, columns=columns)
