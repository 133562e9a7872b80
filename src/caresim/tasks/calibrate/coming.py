"""Days to come of which nothing is known: arrivals are drawn, and people are on duty as on the last same weekday."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from caresim.tasks.calibrate import files
from caresim.tasks.calibrate.arrivals import to_come
from caresim.tasks.calibrate.duty import Spell, spells_of
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import History
from caresim.tasks.calibrate.redials import Redials, without

WEEK = 7


def write_coming(
    place: Path, final: Path, name: str, fitted: Fit, days: Sequence[date], draws: int, seed: int, rest_min: float,
    label: str = "", redials: Redials | None = None,
) -> None:  # fmt: skip
    """Write the experiment that plays these days, and what it reads. The roster that is carried to them is told with
    `rest_min`; `label` goes before the names of its files. With `redials` they are no part of the arrivals, and are
    drawn.
    """
    history = fitted.history
    fresh = history if redials is None else without(history, redials)
    report, counts = to_come(fresh, days, draws, np.random.default_rng([seed, 3]))
    channels = sorted(set(report["channel"]))
    staff = files.staff_of(history, last_week(history, days, rest_min), fitted, channels)
    posterior = fitted.posterior(draws, np.random.default_rng([seed, 2]), history.agents)
    whole = pd.concat([posterior, counts], ignore_index=True)
    behaviour = {} if redials is None else redials.behaviour
    files.write(place, final, name, fitted, {"intervals": report, "staff": staff}, {}, whole, label, behaviour)


def next_week(history: History) -> list[date]:
    """The seven days after the last."""
    return [history.days[-1] + timedelta(days=day) for day in range(1, WEEK + 1)]


def last_week(history: History, days: Sequence[date], rest_min: float) -> list[Spell]:
    """For each of the days the spells that began on the last same weekday, at the same times of the local clock; else
    those of the last day at all. Of a night in which the clock goes forward the hour that is left out is nobody's.
    """
    there = history.days
    spells = [(_local(history, spell.start).date(), spell) for spell in spells_of(history, rest_min)]
    moved = []
    for day in days:
        like = [past for past in there if past.weekday() == day.weekday()] or there
        source = like[-1]
        moved += [
            Spell(spell.agent, *(carried(history, minute, day - source) for minute in (spell.start, spell.end)))
            for began, spell in spells
            if began == source
        ]
    return apart([spell for spell in moved if spell.end > spell.start])


def _local(history: History, minute: float) -> datetime:
    """A minute of the history as a moment of its local clock."""
    return (history.start.astimezone(UTC) + timedelta(minutes=minute)).astimezone(ZoneInfo(history.zone))


def carried(history: History, minute: float, by: timedelta) -> float:
    """The minute at which the local clock shows the same so many days later; 1,440 a day but for a clock change."""
    there = _local(history, minute)
    here = _moment_of(there.replace(tzinfo=None, fold=0) + by, ZoneInfo(history.zone))
    return minute + (here - there.astimezone(UTC)) / timedelta(minutes=1)


def _moment_of(clock: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which a local clock shows this; where it leaps over it, the moment of the leap."""
    found = clock.replace(tzinfo=zone).astimezone(UTC)
    before = clock.replace(tzinfo=zone, fold=1).astimezone(UTC)
    while found - before > timedelta(microseconds=1):  # in a leap alone is the second reading the earlier one
        middle = before + (found - before) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < clock:
            before = middle
        else:
            found = middle
    return found


def apart(spells: Sequence[Spell]) -> list[Spell]:
    """Spells of an agent that would overlap, because two days have been put side by side, as one."""
    found: list[Spell] = []
    for spell in sorted(spells):
        last = found[-1] if found else None
        if last and last.agent == spell.agent and spell.start <= last.end:
            found[-1] = last._replace(end=max(last.end, spell.end))
        else:
            found.append(spell)
    return found
