"""The run up to now as series, one value a bin: posts, passengers who wait by medium, mood, free seats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.measure.waiting import Waiting
from caresim.model.media import STAFFED, Medium
from caresim.tasks.dashboard.scene import Scene

HOUR = 60.0


class History(NamedTuple):
    """`values` has shape (series, bins): `time` (minutes, end of the bin) comes first."""

    series: list[str]
    values: np.ndarray


def history(scene: Scene) -> History:
    """Rates per hour, and levels at the end of each bin that is over."""
    ticks = scene.sample.ticks
    time = ticks["time"].astype(float)
    length = np.diff(time, prepend=scene.experiment.begins) / HOUR
    waiting = scene.sample.tally(Waiting).levels(len(ticks))
    series = {
        "time": time,
        "posts": ticks["posts"] / length,
        "passenger_posts": ticks["passenger_posts"] / length,
        "mood": ticks["mood"],
        "seats": ticks["seats_free"],
        **{name: waiting[name] for name in (f"waiting_{medium.word}" for medium in media(scene))},
    }
    return History(list(series), np.array(list(series.values()), dtype=np.float32).reshape(len(series), -1))


def media(scene: Scene) -> list[Medium]:
    """The media of the experiment on which people wait for staff, in the order of their numbers."""
    return [medium for medium in STAFFED if medium in set(scene.words.media)]
