"""When work is paid more than at other times: nights and Sundays by the clock where people work."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.premium import Premium
from caresim.config.staffing import Staffing
from caresim.model.records import rows
from caresim.scenario.calendar import days, wall_clock

SUNDAY = 6
MIDNIGHT, DAY = 0, 1440
Period = tuple[float, float, float]
"""From and to (minutes), and the share of the hourly cost that is paid on top."""


def periods_of(experiment: Experiment, premium: Premium | None, zone: str) -> list[Period]:
    """The nights and the Sundays of the run for which more is paid, by the clock of `zone`."""
    if premium is None:
        return []
    hours: list[tuple[date, int, int, float]] = []
    for day in days(experiment, zone):
        if premium.from_ is not None and premium.to is not None:
            begins, ends = premium.from_.minutes, premium.to.minutes
            hours.append((day, begins, ends if ends > begins else ends + DAY, premium.night.value))
        if day.weekday() == SUNDAY:
            hours.append((day, MIDNIGHT, DAY, premium.sunday.value))
    return [
        (wall_clock(experiment, day, begins, zone), wall_clock(experiment, day, ends, zone), share)
        for day, begins, ends, share in hours
        if share > 0
    ]


def premium_minutes(periods: Sequence[Period], start: float, end: float) -> float:
    """What is paid on top for one person from `start` to `end`, in minutes at the hourly cost."""
    return math.fsum(share * max(0.0, min(end, until) - max(start, since)) for since, until, share in periods)


def premium_periods_of(experiment: Experiment, model: Staffing) -> np.recarray:
    """The periods of each desk by its own clock, as a table: what people are paid on top who come unplanned."""
    found = [
        (d, *period)
        for d, desk in enumerate(model.desks.values())
        for period in periods_of(experiment, desk.premium, desk.timezone)
    ]
    table = rows(len(found), "premium_periods")
    for row, (d, start, end, share) in zip(table, found, strict=True):
        row.desk, row.start, row.end, row.share = d, start, end, share
    return table
