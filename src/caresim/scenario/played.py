"""Which contacts a replication of a replay plays: those of the file, or those of days drawn from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.replay import Replay
from caresim.config.traffic import Row, Traffic
from caresim.model.draws import Purpose, luck_of, name_key, uniform
from caresim.model.world import World
from caresim.scenario.recent import Recent

KEY = name_key("replay", "days")
FIRST = 0
"""The replication that always plays the file as it is."""


class Played(NamedTuple):
    """The contacts of one replication."""

    rows: Sequence[Row]
    keys: Sequence[int]
    """For the luck of each."""
    sources: Sequence[int]
    """Position in the file of each."""
    members: Mapping[str, Sequence[int]]
    """Positions in `rows` of the members of each cohort."""


_resampled_lately: Recent[Played] = Recent(4)


def played_in(world: World, experiment: Experiment) -> Played:
    """The contacts of the replication that `world` is of; none where nothing is replayed."""
    replay = experiment.replay
    if replay is None:
        return Played((), (), (), {})
    luck = world.clock[0].luck
    if replay.days is None or luck == luck_of(experiment.seed, FIRST):
        rows = replay.traffic.rows
        return Played(rows, replay.traffic.keys, range(len(rows)), replay.members)
    return _resampled_lately.of(experiment, int(luck), lambda: _resampled(replay, luck))


def _resampled(replay: Replay, luck: np.uint64) -> Played:
    """In place of each day another of its pool, with replacement; its contacts come at the same times of the clock.

    A contact that comes on another day, or on two, has luck of its own on each.
    """
    days = replay.days
    assert days is not None
    on_day: dict[int, list[int]] = {}
    for place, day in enumerate(days.of_row):
        on_day.setdefault(day, []).append(place)
    rows, sources = [], []
    for day, pool in days.pools.items():
        drawn = pool[int(uniform(luck, KEY, Purpose.RESAMPLED_DAY, day) * len(pool))]
        for place in on_day[drawn]:
            row = replay.traffic.rows[place]
            rows.append(row._replace(arrival=days.moved(row.arrival, drawn, day)))
            sources.append(place)
    cohort_of = {place: name for name, places in replay.members.items() for place in places}
    members: dict[str, list[int]] = {}
    for position, place in enumerate(sources):
        members.setdefault(cohort_of[place], []).append(position)
    keys = Traffic(tuple(rows), (), replay.traffic.start).keys
    return Played(rows, keys, sources, members)
