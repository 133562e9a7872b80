"""Who will be on duty in the hours ahead: those who work today, at the hours of the last same weekday."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.coming import apart, last_week
from caresim.tasks.calibrate.duty import PRIOR_PEOPLE, Spell, spells_of
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.nowcast.known import Known

Floats = NDArray[np.float64]
DAY = 1440.0
PERSON = "person"
"""Before the number of somebody whom the file does not name."""
GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0
"""Multiples of it, whole parts left out, are spread evenly from 0 to 1, however many there are (Weyl 1916)."""
LATE_MIN = 60.0
"""Whoever has not come an hour after they came on the last same weekday does not come today. Assumption."""
HOLDS_MIN = 150.0
"""For how long, on average, what today says of an agent holds; afterwards they work as on the last same weekday. Of 0,
1, 2.5, 5 and 10 h and the whole day, it had the best CRPS of the mean wait on a bank's calls of 17 to 21 January 1999,
each day told from those before it (docs/nowcast.md).
"""
SHORTEST_MIN = 60.0
"""An agent with less than an hour from the first contact of a day to the last did not work a shift. Assumption."""


class Roster(NamedTuple):
    """Spells from now on; agents are codes of `names`."""

    names: tuple[str, ...]
    spells: list[Spell]


class Habits(NamedTuple):
    """Medians of the training days, minutes."""

    shift: float
    """From an agent's first contact of a day to their last."""
    stretch: float
    """A spell of duty."""
    pause: float
    """Between two spells of a day."""


def roster_ahead(known: Known, fitted: Fit, until: float, holds_min: float = HOLDS_MIN) -> Roster:
    """The spells of the last same weekday, corrected by who has worked today for as long as that holds.

    What today says is right for a while: of the agents, a share of exp(-minutes / `holds_min`) still follows it.
    """
    today = of_today(known, fitted, until)
    if not today.names:
        return today
    usual = as_last_week(known, fitted, until)
    agents = sorted({spell.agent for spell in (*today.spells, *usual.spells)})
    spells: list[Spell] = []
    for place, agent in enumerate(agents):
        # Evenly spread over the law, in an order that no agent's hours or name decide.
        share = math.fmod((place + 0.5) * GOLDEN, 1.0)
        turns = known.now - holds_min * math.log(share) if math.isfinite(holds_min) else math.inf
        spells += [spell._replace(end=min(spell.end, turns)) for spell in today.spells if spell.agent == agent]
        spells += [spell._replace(start=max(spell.start, turns)) for spell in usual.spells if spell.agent == agent]
    return Roster(today.names, apart([spell for spell in spells if spell.end > spell.start]))


def of_today(known: Known, fitted: Fit, until: float) -> Roster:
    """The spells of the last same weekday, corrected by who has worked today.

    Agents who are not on duty at a time at which they were, are on a break if they have worked today, and absent if
    not. Agents of today who did not work on that day go when they have been there for as long as shifts last. Without
    agents: the people that are assumed where no roster is known.
    """
    names = known.history.agents
    if not names:
        return Roster((), [Spell(n, known.now, until) for n in range(max(PRIOR_PEOPLE, len(known.handled)))])
    rest, now = fitted.rules.rest_min, known.now
    habits, plan = habits_of(fitted), _plan(known, fitted)
    here = set(known.on_duty(rest).tolist())
    first = _first_today(known)
    spells: list[Spell] = []
    for agent in sorted({*plan, *here, *first}):
        mine = plan.get(agent, [])
        covering = [spell for spell in mine if spell.start <= now < spell.end]
        later = [spell for spell in mine if now < spell.start < until]
        begins = now if agent in here else now + habits.pause / 2.0
        if agent in first:
            spells += later
            goes = max(first[agent] + habits.shift, now + habits.stretch / 2.0)
            ends = covering[0].end if covering else min(goes, now + habits.stretch / 2.0) if later else goes
            if covering or agent in here or (not mine and goes > begins):
                spells.append(Spell(agent, begins, ends))
        elif agent in here:
            spells += [Spell(agent, now, covering[0].end if covering else now + habits.stretch / 2.0), *later]
        else:
            came = min((spell.start for spell in mine if now - spell.start < DAY / 2.0), default=now)
            if came > now - LATE_MIN:
                spells += [spell._replace(start=begins) for spell in covering] + later
    return Roster(names, apart([spell for spell in spells if spell.end > spell.start]))


def as_last_week(known: Known, fitted: Fit, until: float) -> Roster:
    """The same without a look at today: the spells of the last same weekday."""
    spells = [
        spell._replace(start=max(spell.start, known.now))
        for mine in _plan(known, fitted).values()
        for spell in mine
        if spell.start < until and spell.end > known.now
    ]
    return Roster(known.history.agents, apart(spells))


def habits_of(fitted: Fit) -> Habits:
    """How long shifts, spells and breaks were on the training days."""
    spells = spells_of(fitted.history, fitted.rules.rest_min)
    by_day: dict[tuple[int, int], list[Spell]] = {}
    for spell in spells:
        by_day.setdefault((spell.agent, int(spell.start // DAY)), []).append(spell)
    shifts = [max(s.end for s in day) - min(s.start for s in day) for day in by_day.values()]
    pauses = [later.start - earlier.end for day in by_day.values() for earlier, later in pairwise(day)]
    whole = [length for length in shifts if length >= SHORTEST_MIN]
    stretch = [spell.end - spell.start for spell in spells]
    return Habits(*(float(np.median(some)) if some else SHORTEST_MIN for some in (whole, stretch, pauses)))


def _plan(known: Known, fitted: Fit) -> dict[int, list[Spell]]:
    """By agent, the spells that the last same weekdays let expect, from yesterday on."""
    train, names = fitted.history, known.history.agents
    days = [known.today + timedelta(days=ahead) for ahead in (-1, 0, 1, 2)]
    plan: dict[int, list[Spell]] = {}
    for spell in last_week(train, days, fitted.rules.rest_min):
        agent = names.index(train.agents[spell.agent])
        shift = (train.start - known.history.start) / timedelta(minutes=1)
        plan.setdefault(agent, []).append(Spell(agent, spell.start + shift, spell.end + shift))
    return plan


def _first_today(known: Known) -> dict[int, float]:
    """By agent, the minute at which their first contact of today began."""
    history, found = known.history, dict[int, float]()
    for row in known.of_today.tolist():
        agent = int(history.agent[row])
        if agent >= 0 and history.answered[row]:
            begun = history.arrival[row] if np.isnan(history.wait_s[row]) else history.began[row]
            found[agent] = min(found.get(agent, np.inf), float(begun))
    return found
