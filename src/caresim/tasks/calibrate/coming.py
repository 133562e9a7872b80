"""Days to come of which nothing is known: arrivals are drawn, and people are on duty as on the last same weekday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.duty import Spell, spells_of
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import History

DAY_MIN = 1440.0
WEEK = 7


def write_coming(
    place: Path, final: Path, name: str, fitted: Fit, days: Sequence[date], draws: int, seed: int, label: str = ""
) -> None:
    """Write the experiment that plays these days, and what it reads; `label` goes before the names of its files."""
    history = fitted.history
    report, counts = to_come(history, days, draws, np.random.default_rng([seed, 3]))
    channels = sorted(set(report["channel"]))
    staff = files.staff_of(history, last_week(history, days, fitted.rules.rest_min), fitted, channels)
    posterior = fitted.posterior(draws, np.random.default_rng([seed, 2]), history.agents)
    whole = pd.concat([posterior, counts], ignore_index=True)
    files.write(place, final, name, fitted, {"intervals": report, "staff": staff}, {}, whole, label)


def next_week(history: History) -> list[date]:
    """The seven days after the last."""
    return [history.days[-1] + timedelta(days=day) for day in range(1, WEEK + 1)]


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
