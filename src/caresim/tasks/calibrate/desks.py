"""Desks by the main kinds of agents: told from whom they take early, and who helps out at which desk late."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.duty import SHARE_EXPECTED, handled, serves
from caresim.tasks.calibrate.history import Codes, Floats, History, Truths

ALONE = -1
AFTERS_MIN = (0.5, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Minutes after which a contact may move to another desk."""
EARLY_S = 60.0 * AFTERS_MIN[0] - 1.0
"""A contact that is taken within so many seconds is of one of the agent's main kinds; waits may be rounded."""
FEWEST_EARLY = 10
"""Such contacts of an agent from which main kinds are told. Assumption."""
FEWEST_LATE = 30
"""Contacts of a desk that another desk's agents took late, from which an overflow is looked at. Assumption."""


class Desk(NamedTuple):
    """The people of some kinds; contacts that have waited here for `after_min` move to the desk `to`, by its place."""

    kinds: tuple[str, ...]
    """Those of most contacts first."""
    to: int = ALONE
    after_min: float = 0.0

    @property
    def name(self) -> str:
        return f"calls_{self.kinds[0]}"


Desks = tuple[Desk, ...]
"""The desk of most contacts first; none: all kinds are at one desk."""


def desks_of(history: History) -> Desks:
    """Kinds that an agent takes early are at one desk. None where that is a single one.

    A kind that nobody takes early is at the desk whose people take most of it; one that nobody takes, at the first.
    """
    rows = _early(history)
    counts = _counts(history, rows)
    total = counts.sum()
    usual = counts.sum(axis=1, keepdims=True) * counts.sum(axis=0) / total if total else counts
    main = counts >= np.maximum(SHARE_EXPECTED * usual, 1.0)
    main[counts.sum(axis=1) < FEWEST_EARLY] = False
    groups: list[set[int]] = []
    for kinds in {tuple(np.flatnonzero(row).tolist()) for row in main if row.any()}:
        alike = [group for group in groups if group & set(kinds)]
        groups = [group for group in groups if group not in alike] + [set(kinds).union(*alike)]
    if len(groups) < 2:
        return ()
    came = np.bincount(history.kind, minlength=len(history.kinds))
    groups.sort(key=lambda group: (-int(came[sorted(group)].sum()), min(group)))
    taken = _counts(history, handled(history))
    for kind in set(range(len(history.kinds))).difference(*groups):
        helpers = [float(taken[main[:, sorted(group)].any(axis=1), kind].sum()) for group in groups]
        groups[int(np.argmax(helpers))].add(kind)
    ordered = [sorted(group, key=lambda kind: (-int(came[kind]), kind)) for group in groups]
    return tuple(Desk(tuple(history.kinds[kind] for kind in group)) for group in ordered)


def guessed(history: History, desks: Desks) -> list[str]:
    """The kinds that are at a desk although no agent of this history, by which desks were told, has had them."""
    had = set(history.kind[handled(history)].tolist())
    return [kind for desk in desks for kind in desk.kinds if history.kinds.index(kind) not in had]


def overflows(history: History, desks: Desks) -> list[Desks]:
    """The desks with an overflow more, for each that the history speaks for: enough contacts were taken late by the
    people of the other desk. No desk that helps out has an overflow, so that no way leads round.
    """
    desks = desks or desks_of(history)
    if not desks:
        return []
    rows = handled(history)
    rows = rows[history.wait_s[rows] >= EARLY_S]
    of = desk_of_kinds(history.kinds, desks)[history.kind[rows]]
    by = desk_of_agents(history, desks)[history.agent[rows]]
    helping = {desk.to for desk in desks}
    found = []
    for place, desk in enumerate(desks):
        if desk.to != ALONE or place in helping:
            continue
        for to, other in enumerate(desks):
            waits = history.wait_s[rows[(of == place) & (by == to)]]
            if to == place or other.to != ALONE or len(waits) < FEWEST_LATE:
                continue
            found += [(*desks[:place], Desk(desk.kinds, to, after), *desks[place + 1 :]) for after in _afters(waits)]
    return found


def _afters(waits: Floats) -> list[float]:
    """After how many minutes contacts that waited so long (seconds) when they were taken may have moved: the longest
    that nine in ten have waited for, and longer ones that half of them have.
    """
    most, half = (sum(level >= 60.0 * after - 1.0 for after in AFTERS_MIN) for level in np.quantile(waits, (0.1, 0.5)))
    return list(AFTERS_MIN[max(most - 1, 0) : half])


def desk_of_kinds(kinds: Sequence[str], desks: Desks) -> NDArray[np.int64]:
    """The place of the desk of each kind; a kind that no desk knows is at the first."""
    places = {kind: place for place, desk in enumerate(desks) for kind in desk.kinds}
    return np.array([places.get(kind, 0) for kind in kinds], np.int64)


def desk_of_agents(history: History, desks: Desks) -> NDArray[np.int64]:
    """The place of the desk of each agent: that of most of the contacts that they took early, else of all of theirs."""
    of_kind = desk_of_kinds(history.kinds, desks)
    found = np.zeros((len(history.agents), len(desks)))
    for rows, weight in ((_early(history), 1e6), (handled(history), 1.0)):
        np.add.at(found, (history.agent[rows], of_kind[history.kind[rows]]), weight)
    return np.argmax(found, axis=1).astype(np.int64)


def main_kinds(history: History, desks: Desks) -> Truths:
    """Which agents serve which kinds from the start, shape (agents, kinds): those of their desk that they have had."""
    at_desk = desk_of_agents(history, desks)[:, None] == desk_of_kinds(history.kinds, desks)
    there = serves(history) & at_desk
    idle = at_desk & ~there.any(axis=1, keepdims=True)
    return there | idle | (at_desk & ~there.any(axis=0))


def helped(desks: Desks, at: int) -> set[str]:
    """The kinds whose contacts move to the desk `at`, by its place."""
    return {kind for desk in desks if desk.to == at for kind in desk.kinds}


def waits_for(desks: Desks, at: int, kind: str, waited_min: float) -> bool:
    """Does a contact that has waited so long wait for the people of desk `at`?"""
    own = int(desk_of_kinds([kind], desks)[0])
    to, after = desks[own].to, desks[own].after_min
    return at == (to if to != ALONE and waited_min >= after else own)


def stretches(history: History, desks: Desks, at: int, kinds: Truths) -> tuple[Floats, Floats]:
    """From and until which minute each contact waits for an agent of desk `at` who serves `kinds`; infinity: never.

    What has moved on waits for the other desk's people alone, unless those of its own desk have taken it all the same.
    """
    of_kind = desk_of_kinds(history.kinds, desks)
    to, after = (np.array([getattr(desk, key) for desk in desks]) for key in ("to", "after_min"))
    mine = desk_of_agents(history, desks) == at
    since = np.where(kinds[history.kind], history.arrival, np.inf)
    of = of_kind[history.kind]
    moves = history.arrival + after[of]
    since = np.where(to[of] == at, moves, since)
    taken = history.answered & (history.agent >= 0) & np.append(mine, False)[history.agent]
    gone = (of == at) & (to[of] != ALONE) & ~taken
    return since, np.where(gone, np.minimum(history.began, moves), history.began)


def _early(history: History) -> NDArray[np.intp]:
    rows = handled(history)
    return rows[history.wait_s[rows] < EARLY_S]


def _counts(history: History, rows: NDArray[np.intp] | Codes) -> Floats:
    """Contacts by agent and kind."""
    counts = np.zeros((len(history.agents), len(history.kinds)))
    np.add.at(counts, (history.agent[rows], history.kind[rows]), 1.0)
    return counts
