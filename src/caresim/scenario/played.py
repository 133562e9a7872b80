"""Which contacts a replication of a replay plays: those of the file, or those of days drawn from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.contacts import Contacts
from caresim.config.experiment import Experiment
from caresim.config.replay import Replay
from caresim.config.traffic import Traffic
from caresim.model.draws import Purpose, luck_of, name_key, uniform
from caresim.model.world import World
from caresim.scenario.posterior import kept, only
from caresim.scenario.recent import Recent

FIRST = 0
"""The replication that always plays the file as it is."""


class Played(NamedTuple):
    """The contacts of one replication."""

    contacts: Contacts
    keys: NDArray[np.uint64]
    """For the luck of each."""
    sources: NDArray[np.intp]
    """Position in the file of each."""
    members: Mapping[str, NDArray[np.intp]]
    """Positions in `contacts` of the members of each cohort."""


_resampled_lately: Recent[Played] = Recent(4)


def played_in(world: World, experiment: Experiment) -> Played:
    """The contacts of the replication that `world` is of; none where nothing is replayed."""
    replay = experiment.replay
    if replay is None:
        return Played(Contacts.none(), np.zeros(0, np.uint64), np.zeros(0, np.intp), {})
    luck = world.clock[0].luck
    if replay.days is None or luck == luck_of(experiment.seed, FIRST):
        contacts, places = replay.traffic.contacts, kept(experiment, replay.traffic.contacts)
        if len(places) == len(contacts):
            return Played(contacts, replay.traffic.keys, places, replay.members)
        return _some(replay, places)
    return _resampled_lately.of(experiment, int(luck), lambda: _resampled(replay, luck))


def _some(replay: Replay, places: NDArray[np.intp]) -> Played:
    """Only the contacts at these places of the file."""
    now = np.full(len(replay.traffic.contacts), -1)
    now[places] = np.arange(len(places))
    members = {name: there[there >= 0] for name, here in replay.members.items() for there in (now[here],)}
    return Played(only(replay.traffic.contacts, places), replay.traffic.keys[places], places, members)


def _resampled(replay: Replay, luck: np.uint64) -> Played:
    """In place of each day another of its pool, with replacement; its contacts come at the same times of the clock.

    A contact that comes on another day, or on two, has luck of its own on each.
    """
    days, contacts = replay.days, replay.traffic.contacts
    assert days is not None
    day_of, key = np.array(days.of_row), name_key("replay", "days")
    on_day = {day: np.flatnonzero(day_of == day) for day in days.pools}
    sources, arrivals = [], []
    for day, pool in days.pools.items():
        drawn = pool[int(uniform(luck, key, Purpose.RESAMPLED_DAY, day) * len(pool))]
        sources.append(on_day[drawn])
        arrivals += [days.moved(arrival, drawn, day) for arrival in contacts.arrival[on_day[drawn]].tolist()]
    places = np.concatenate(sources)
    columns = {field.name: getattr(contacts, field.name)[places] for field in fields(contacts) if field.name != "kinds"}
    moved = Contacts(contacts.kinds, **{**columns, "arrival": np.array(arrivals)})
    cohort_of = np.zeros(len(contacts), np.intp)
    for number, here in enumerate(replay.members.values()):
        cohort_of[here] = number
    members = {name: np.flatnonzero(cohort_of[places] == number) for number, name in enumerate(replay.members)}
    start = replay.traffic.start
    return Played(moved, Traffic(moved, (), start).keys, places, {n: m for n, m in members.items() if len(m)})
