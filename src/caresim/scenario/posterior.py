"""A world of a calibrated replay: the draw of its posterior that it lives in, and what that changes."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from caresim.config.contacts import Contacts
from caresim.config.empirical import clock_of
from caresim.config.experiment import Experiment
from caresim.config.posterior import BUSY, CALLS, EVERY_HOUR, SPEED, Posterior, posterior_of
from caresim.model.codes import NEVER
from caresim.model.world import World
from caresim.scenario.names import Names

Floats = NDArray[np.float64]
OF_AGENT = "/agent "
"""Stands in the name of a seat before that of the agent whom a file names."""


def drawn_from(experiment: Experiment) -> tuple[Posterior, int] | None:
    """The posterior and the number of the draw; None where there is no posterior."""
    replay = experiment.replay
    if replay is None or replay.posterior is None or replay.posterior_at is None:
        return None
    posterior = posterior_of(replay.posterior, replay.content)
    return posterior, posterior.number(replay.posterior_at.value)


def set_speeds(world: World, experiment: Experiment, names: Names) -> None:
    """Multiply each named agent's speed by that of the draw; who is not in the posterior stays as drawn."""
    if (found := drawn_from(experiment)) is None:
        return
    posterior, draw = found
    for row, name in enumerate(names.staff):
        agent = name.partition(OF_AGENT)[2]
        if agent:
            world.staff[row].speed *= posterior.factor(SPEED, agent, 0, draw)


def keep_busy(world: World, experiment: Experiment, names: Names) -> None:
    """Whoever is busy with what began before the run begins duty when that is over, or not at all if it lasts longer.

    A posterior says until when, by agent; who is not in it is there from the start.
    """
    if (found := drawn_from(experiment)) is None:
        return
    posterior, draw = found
    periods = world.duty_periods
    for row, name in enumerate(names.staff):
        until = posterior.values.get((BUSY, name.partition(OF_AGENT)[2], EVERY_HOUR))
        if until is None:
            continue
        mine = np.flatnonzero((periods["staff"] == row) & (periods["start"] < until[draw]))
        over = mine[periods["end"][mine] <= until[draw]]
        periods["start"][mine] = until[draw]
        periods["start"][over] = periods["end"][over] = NEVER


def factors(experiment: Experiment, what: str, order: NDArray[np.intp]) -> Floats | None:
    """For contacts, by their position in the file, the factor on handling time or patience; None where all are 1."""
    replay = experiment.replay
    if replay is None or (found := drawn_from(experiment)) is None:
        return None
    posterior, draw = found
    contacts = replay.traffic.contacts
    hours = clock_of(replay.traffic, replay.timezone)
    rows = zip(contacts.kind[order].tolist(), contacts.arrival[order].tolist(), strict=True)
    channel = [kind.channel for kind in contacts.kinds]
    return np.array([posterior.factor(what, channel[kind], hours(arrival), draw) for kind, arrival in rows])


def kept(experiment: Experiment, contacts: Contacts) -> NDArray[np.intp]:
    """Positions of the contacts that come: of each row of the file as many, the first, as the draw says."""
    everybody = np.arange(len(contacts))
    if (found := drawn_from(experiment)) is None:
        return everybody
    posterior, draw = found
    counts = {int(of): values[draw] for (what, of, _), values in posterior.values.items() if what == CALLS}
    if not counts:
        return everybody
    order = np.argsort(contacts.line, kind="stable")
    lines = contacts.line[order]
    number = np.empty(len(lines))
    number[order] = np.arange(len(lines)) - np.searchsorted(lines, lines, side="left")
    limit = np.array([counts.get(line, np.inf) for line in contacts.line.tolist()])
    return everybody[number < limit]


def only(contacts: Contacts, places: NDArray[np.intp]) -> Contacts:
    """These contacts, in the order of their places."""
    columns = {field.name: getattr(contacts, field.name)[places] for field in fields(contacts) if field.name != "kinds"}
    return Contacts(contacts.kinds, **columns)
