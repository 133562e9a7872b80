"""The two tracks: what comes out where arrivals and roster of the days are given, and where nothing is."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.run.progress import Watch
from caresim.tasks.backtest.history.arrivals import to_come
from caresim.tasks.backtest.history.settings import FORECAST, OfHistory
from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.calibrate import predicted
from caresim.tasks.calibrate.duty import Spell, spells_of
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.simulated import Replicated, replicated

DAY_MIN = 1440.0
WEEK = 7


def given(fitted: Fit, test: History, settings: OfHistory, watch: Watch) -> Replicated:
    """The contacts of the days come when they came, and the agents are on duty when they were seen to be."""
    return predicted(fitted, test, settings.draws, settings.replications, settings.seed, settings.workers, watch)


def forecast(fitted: Fit, days: Sequence[date], settings: OfHistory, watch: Watch) -> Replicated:
    """Arrivals are drawn; on duty is who was on duty on the last same weekday of the training days.

    Minutes are those since midnight of the first of `days`.
    """
    history = fitted.history
    luck = np.random.default_rng([settings.seed, 3])
    report, counts = to_come(history, days, settings.draws, luck)
    channels = sorted(set(report["channel"]))
    staff = files.staff_of(history, last_week(history, days, fitted.rules.rest_min), fitted, channels)
    posterior = fitted.posterior(settings.draws, np.random.default_rng([settings.seed, 2]), history.agents)
    draws = pd.concat([posterior, counts], ignore_index=True)
    with tempfile.TemporaryDirectory(prefix="caresim_") as folder:
        place = Path(folder)
        files.write(place, place, FORECAST, fitted, {"intervals": report, "staff": staff}, {}, draws)
        return replicated(place, FORECAST, settings.seed, settings.replications, settings.workers, watch)


def last_week(history: History, days: Sequence[date], rest_min: float) -> list[Spell]:
    """For each of the days the spells that began on the last same weekday, moved there; else on the last day at all."""
    there = history.days
    spells = spells_of(history, rest_min)
    first = history.start.date()
    moved = []
    for day in days:
        like = [past for past in there if past.weekday() == day.weekday()] or there
        source = like[-1]
        by = (day - source) // timedelta(days=1) * DAY_MIN
        begin = (source - first) // timedelta(days=1) * DAY_MIN
        moved += [
            Spell(spell.agent, spell.start + by, spell.end + by)
            for spell in spells
            if begin <= spell.start < begin + DAY_MIN
        ]
    return _apart(moved)


def _apart(spells: Sequence[Spell]) -> list[Spell]:
    """Spells of an agent that would overlap, because two days have been put side by side, as one."""
    found: list[Spell] = []
    for spell in sorted(spells):
        last = found[-1] if found else None
        if last and last.agent == spell.agent and spell.start <= last.end:
            found[-1] = last._replace(end=max(last.end, spell.end))
        else:
            found.append(spell)
    return found
