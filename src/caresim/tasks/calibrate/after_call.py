"""For how long people are away after a contact, told from the agents' own contacts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.config.survival import Law, kaplan_meier
from caresim.tasks.calibrate.desks import Desks, desk_of_agents, stretches
from caresim.tasks.calibrate.duty import FEWEST, handled
from caresim.tasks.calibrate.history import History, Truths

Floats = NDArray[np.float64]


def after_call_law(history: History, skills: Truths, rest_min: float, desks: Desks = ()) -> Law | None:
    """Minutes from the end of a contact until the agent takes the next, while somebody waits whom they serve.

    Where the last of these is answered by others, or gives up, before the agent is back, it lasted at least until then
    (Kaplan and Meier 1958). Breaks of more than `rest_min` end a spell of duty and are none. Of several desks, people
    serve whom has moved to theirs, too. None where there are fewer than FEWEST such times.
    """
    rows = handled(history)
    values: list[tuple[float, bool]] = []
    queues: dict[tuple[int, bytes], tuple[Floats, Floats]] = {}
    at_desk = desk_of_agents(history, desks) if desks else np.zeros(len(history.agents), np.int64)
    for agent in np.unique(history.agent[rows]).tolist():
        mine = rows[history.agent[rows] == agent]
        key = int(at_desk[agent]), skills[agent].tobytes()
        if key not in queues:
            queues[key] = _waiting(history, skills[agent], desks, key[0])
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


def _waiting(history: History, kinds: Truths, desks: Desks, at: int) -> tuple[Floats, Floats]:
    """The stretches of time (minutes) in which at least one customer waits for people of desk `at` who serve these
    kinds: begins and ends.
    """
    if desks:
        since, until = stretches(history, desks, at, kinds)
    else:
        since, until = np.where(kinds[history.kind], history.arrival, np.inf), history.began
    rows = np.flatnonzero(np.isfinite(since) & (history.wait_s > 0) & (until >= since))
    rows = rows[np.argsort(since[rows], kind="stable")]
    begins, ends = since[rows], np.maximum.accumulate(until[rows])
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
