"""The run up to now as series, one value a bin: posts, backlog by channel, mood, free seats."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.model.codes import names
from caresim.model.media import Medium
from caresim.tasks.dashboard.scene import Scene

HOUR = 60.0


class History(NamedTuple):
    """`values` has shape (series, bins): `time` (minutes, end of the bin) comes first."""

    series: list[str]
    values: np.ndarray


def history(scene: Scene) -> History:
    """Rates an hour and levels at the end of each bin that is over."""
    ticks = scene.sample.ticks
    time = ticks["time"].astype(float)
    length = np.diff(time, prepend=scene.experiment.begins) / HOUR
    found = {
        "time": time,
        "posts": ticks["posts"] / length,
        "passenger_posts": ticks["passenger_posts"] / length,
        "mood": ticks["mood"],
        "seats": ticks["seats_free"],
        **{f"backlog_{names(Medium)[medium]}": ticks["backlog"][:, medium] for medium in media(scene)},
    }
    return History(list(found), np.array(list(found.values()), dtype=np.float32).reshape(len(found), -1))


def media(scene: Scene) -> list[Medium]:
    """The media on which anybody waits for somebody, in their order."""
    present = set(scene.words.media)
    return [medium for medium in Medium if medium in present and medium != Medium.WEB]
