"""Who was on duty when, and for how long people are away after a contact, told from the agents' own contacts."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.survival import Law, kaplan_meier
from caresim.tasks.calibrate.history import NOBODY, History

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

SHARE_EXPECTED = 0.1
"""Who has had less than this share of the contacts of a kind that fell to them evenly does not serve it. Assumption."""
FEWEST = 30
"""Contacts of an agent from which it is told which kinds they serve; times from which a law is made. Assumption."""

PRIOR_PEOPLE = 10
"""Around the clock, where no agents are known: `replay.default_servers`, which nothing here overrides."""


class Spell(NamedTuple):
    """An agent (code) on duty from and to (minutes)."""

    agent: int
    start: float
    end: float


def handled(history: History) -> NDArray[np.intp]:
    """The contacts of named agents whose begin and end are known, by agent and begin."""
    there = history.answered & (history.agent != NOBODY) & ~np.isnan(history.began) & ~np.isnan(history.service_s)
    rows = np.flatnonzero(there)
    return rows[np.lexsort((history.began[rows], history.agent[rows]))]


def spells_of(history: History, rest_min: float) -> list[Spell]:
    """An agent is on duty from one contact to the next, unless more than `rest_min` minutes lie in between."""
    spells: list[Spell] = []
    rows = handled(history)
    columns = history.agent[rows].tolist(), history.began[rows].tolist(), history.ended[rows].tolist()
    for agent, began, ended in zip(*columns, strict=True):
        last = spells[-1] if spells else None
        if last and last.agent == agent and began - last.end <= rest_min:
            spells[-1] = last._replace(end=max(last.end, ended))
        else:
            spells.append(Spell(agent, began, ended))
    return [spell for spell in spells if spell.end > spell.start]


def roster_unknown(history: History) -> str:
    """Who is assumed to be there, where the file names no agents; empty where it does."""
    if len(history.agents):
        return ""
    why = "names no agent" if "agent" in history.given else "has no column agent"
    return (
        f"NO ROSTER: the file {why}, so {PRIOR_PEOPLE} people around the clock are assumed (prior). Waits and lost "
        "calls are those of so many people, not of yours; format.columns={agent: NAME} says which column names who "
        "answered."
    )


def serves(history: History) -> Truths:
    """Which agents serve which kinds, shape (agents, kinds): by whom they have had until now."""
    rows = handled(history)
    counts = np.zeros((len(history.agents), len(history.kinds)))
    np.add.at(counts, (history.agent[rows], history.kind[rows]), 1.0)
    total = counts.sum()
    usual = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total if total else counts
    there = counts >= SHARE_EXPECTED * np.maximum(usual, 1.0 / SHARE_EXPECTED)
    there[counts.sum(axis=1) < FEWEST] = True
    there[:, counts.sum(axis=0) == 0] = True
    there[~there.any(axis=1)] = True
    return there | ~there.any(axis=0)


def after_call_law(history: History, skills: Truths, rest_min: float) -> Law | None:
    """Minutes from the end of a contact until the agent takes the next, while somebody waits whom they serve.

    Where the last of these is answered by others, or gives up, before the agent is back, it lasted at least until then
    (Kaplan and Meier 1958). Breaks of more than `rest_min` end a spell of duty and are none. None where there are
    fewer than FEWEST such times.
    """
    rows = handled(history)
    values: list[tuple[float, bool]] = []
    queues: dict[bytes, tuple[Floats, Floats]] = {}
    for agent in np.unique(history.agent[rows]).tolist():
        mine = rows[history.agent[rows] == agent]
        key = skills[agent].tobytes()
        if key not in queues:
            queues[key] = _waiting(history, skills[agent])
        starts, ends = queues[key]
        if not len(starts):
            continue
        ended, again = history.ended[mine][:-1], history.began[mine][1:]
        place = np.searchsorted(starts, ended, side="right") - 1
        until = np.where(place >= 0, ends[np.maximum(place, 0)], -np.inf) - ended
        gap = again - ended
        seen = (until > 0) & (gap >= 0) & (gap <= rest_min)
        back = gap <= until + 0.01
        values += zip(np.where(back, gap, until)[seen].tolist(), (~back)[seen].tolist(), strict=True)
    if len([gap for gap, censored in values if not censored]) < FEWEST:
        return None
    return kaplan_meier(values)


def _waiting(history: History, kinds: Truths) -> tuple[Floats, Floats]:
    """The stretches of time (minutes) in which at least one customer of these kinds waits: begins and ends."""
    rows = np.flatnonzero(kinds[history.kind] & (history.wait_s > 0))
    begins, ends = history.arrival[rows], np.maximum.accumulate(history.began[rows])
    if not len(rows):
        return begins, ends
    first = np.append(True, begins[1:] > ends[:-1])
    return begins[first], ends[np.append(np.flatnonzero(first)[1:] - 1, len(rows) - 1)]


def drawn_after_call(law: Law | None, count: int, luck: np.random.Generator) -> Floats:
    """Minutes away after each of so many contacts; 0 where there is no law. None is longer than the longest seen."""
    if law is None:
        return np.zeros(count)
    survival = np.array(law.survival)
    place = np.searchsorted(-survival, -luck.random(count), side="left")
    return np.array(law.times)[np.minimum(place, len(survival) - 1)]
