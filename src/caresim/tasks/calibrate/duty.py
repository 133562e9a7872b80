"""Who was on duty when, and who serves what, told from the agents' own contacts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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
    """An agent is on duty from one contact to the next, unless more than `rest_min` minutes lie in between; of an
    infinite rest, from the first to the last of the contacts that come on a local day.
    """
    spells: list[Spell] = []
    rows = handled(history)
    day = history.day[rows] if math.isinf(rest_min) else np.zeros(len(rows), np.int64)
    columns = history.agent[rows], history.began[rows], history.ended[rows], day
    before = NOBODY
    for agent, began, ended, today in zip(*(column.tolist() for column in columns), strict=True):
        last = spells[-1] if spells else None
        if last and last.agent == agent and began - last.end <= rest_min and today == before:
            spells[-1] = last._replace(end=max(last.end, ended))
        else:
            spells.append(Spell(agent, began, ended))
        before = today
    return [spell for spell in spells if spell.end > spell.start]


def hours_of(spells: Sequence[Spell]) -> float:
    """The staffed hours of these spells."""
    return sum(spell.end - spell.start for spell in spells) / 60.0


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
