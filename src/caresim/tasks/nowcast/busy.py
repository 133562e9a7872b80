"""Until when what began before now keeps people busy: the rest of their calls, and the time away after one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from caresim.config.survival import Law, kaplan_meier
from caresim.scenario.empirical import drawn
from caresim.tasks.calibrate.after_call import after_call_law
from caresim.tasks.calibrate.desks import desk_of_agents, waits_for
from caresim.tasks.calibrate.fit import Fit
from caresim.tasks.calibrate.history import NOBODY
from caresim.tasks.nowcast.known import Known
from caresim.tasks.nowcast.people import PERSON, Roster

Floats = NDArray[np.float64]
FEWEST = 30
"""Handling times of a kind from which it has a law of its own."""


def busy_until(
    known: Known, fitted: Fit, roster: Roster, draws: int, speed: dict[str, Floats], luck: np.random.Generator
) -> dict[str, Floats]:
    """By agent, until which minute what began before now keeps them busy, a draw each; nobody who is free is in it.

    A call that has gone on for so long goes on as the longer ones of its kind do, at the agent's speed (`speed`, by
    draw). Away after a call is who has not taken the next although somebody waits whom they serve; where nobody waits,
    they may be.
    """
    found: dict[str, Floats] = {}
    names = roster.names or tuple(f"{PERSON} {n + 1}" for n in range(len(roster.spells)))
    history, laws = known.history, _laws(fitted)
    unnamed = iter(range(len(names)))
    for row in known.handled.tolist():
        agent = int(history.agent[row])
        if agent == NOBODY:
            if roster.names:
                continue  # whose call it is the file does not say: nobody is kept busy by it
            agent = next(unnamed)
        name = names[agent]
        since = known.now - (history.arrival[row] if np.isnan(history.wait_s[row]) else history.began[row])
        scale = speed.get(name, np.ones(draws))
        law = laws[history.kinds[history.kind[row]]]
        found[name] = known.now - since + drawn(law, luck.random(draws), since / scale) * scale
    if not roster.names:
        return found
    rules = fitted.rules
    away = after_call_law(fitted.history, fitted.skills, rules.rest_min, rules.desks) if rules.after_call else None
    if away is None:
        return found
    for agent in sorted({spell.agent for spell in roster.spells if spell.start <= known.now}):
        name, ended = names[agent], known.last_ended(agent)
        since = known.now - ended
        if name in found or not np.isfinite(since) or since > rules.rest_min:
            continue
        waited_for = _serves_somebody(known, fitted, name)
        least = np.full(draws, since if waited_for else 0.0)
        found[name] = np.maximum(ended + drawn(away, luck.random(draws), least), known.now)
    return found


def _serves_somebody(known: Known, fitted: Fit, name: str) -> bool:
    """Does somebody wait whom this agent serves?"""
    kinds = [known.history.kinds[k] for k in known.history.kind[known.waiting].tolist()]
    if name not in fitted.history.agents:
        return bool(kinds)
    agent, desks = fitted.history.agents.index(name), fitted.rules.desks
    served = fitted.skills[agent]
    of_theirs = [kind not in fitted.history.kinds or served[fitted.history.kinds.index(kind)] for kind in kinds]
    if not desks:
        return any(of_theirs)
    at = int(desk_of_agents(fitted.history, desks)[agent])
    return any(
        waits_for(desks, at, kind, waited) and (theirs or kind not in desks[at].kinds)
        for kind, theirs, waited in zip(kinds, of_theirs, known.waits_min.tolist(), strict=True)
    )


def _laws(fitted: Fit) -> dict[str, Law]:
    """Handling times (minutes) by kind, at the average agent's speed; of a kind that is new, those of all."""
    assert fitted.handling is not None
    handling, history = fitted.handling, fitted.history
    kind = history.kind[handling.rows]
    whole = kaplan_meier([(minutes, False) for minutes in handling.normal.tolist()])
    laws = _Laws(whole)
    for k, name in enumerate(history.kinds):
        times = handling.normal[kind == k]
        if len(times) >= FEWEST:
            laws[name] = kaplan_meier([(minutes, False) for minutes in times.tolist()])
    return laws


class _Laws(dict[str, Law]):
    """Laws by name; those that are not there are `whole`."""

    def __init__(self, whole: Law) -> None:
        super().__init__()
        self._whole = whole

    def __missing__(self, name: str) -> Law:
        return self._whole
