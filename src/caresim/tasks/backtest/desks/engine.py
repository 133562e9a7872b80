"""Replies of many possible desks by caresim's own engine: each draw is a desk of one replay, with people and hours."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from caresim.config.compose import compose
from caresim.config.replay import STAFFING
from caresim.measure.sample import Sample
from caresim.scenario.run import run
from caresim.tasks.backtest.desks.queue import DAY, Hours, spells

Floats = NDArray[np.float64]
MOST_DESKS = 50
"""Of one replay: an experiment has at most 64 channels."""
DRAIN_D = 10
"""Days after the last post in which it can still be answered."""


@dataclass(frozen=True)
class Load:
    """What comes to one possible desk, and who is there. Elapsed minutes since local midnight of day 0."""

    ready: Floats
    handling: Floats
    rank: Floats
    people: int
    hours: Hours
    more: tuple[tuple[float, float, int], ...] = ()
    """From, to and how many people come on top."""


def replies(loads: Sequence[Load]) -> list[Floats]:
    """The minute at which each post is answered, desk by desk; NaN where it is not within ten days."""
    answered: list[Floats] = []
    for first in range(0, len(loads), MOST_DESKS):
        answered += _replayed(loads[first : first + MOST_DESKS])
    return answered


def _replayed(loads: Sequence[Load]) -> list[Floats]:
    """One replay with a channel and a desk for each of these."""
    last = max(float(load.ready.max()) for load in loads if len(load.ready))
    days = math.ceil(last / DAY) + DRAIN_D
    contacts, staff = ["arrival,channel,medium,desk,service_s,priority"], ["start,end,desk,headcount"]
    order = [np.argsort(load.ready, kind="stable") for load in loads]
    for number, (load, places) in enumerate(zip(loads, order, strict=True)):
        contacts += [
            f"{load.ready[i]:.9f},d{number},public,d{number},{60.0 * load.handling[i]:.9f},{-load.rank[i]:.12f}"
            for i in places.tolist()
        ]
        staff += [f"{a:.9f},{b:.9f},d{number},{load.people}" for a, b in spells(load.hours, days)]
        staff += [f"{a:.9f},{b:.9f},d{number},{people}" for a, b, people in load.more]
    with tempfile.TemporaryDirectory() as folder:
        files = {name: Path(folder) / f"{name}.csv" for name in ("contacts", "staff")}
        files["contacts"].write_text("\n".join(contacts) + "\n", encoding="utf-8")
        files["staff"].write_text("\n".join(staff) + "\n", encoding="utf-8")
        words = [f"replay.{name}='{path}'" for name, path in files.items()]
        # Said outright: a desk whose replies take seconds is possible, and no slip of units.
        form = ["replay.format.dates=minutes", "replay.format.units.service_s=s"]
        experiment = compose(["experiment=replay", *words, *form, f"drain={DRAIN_D} d"])
        played = run(experiment, STAFFING, 0)
    sample, names = Sample(played), played.names.channels
    channel, arrival, moments = (sample.column(name) for name in ("channel", "arrival", "reply"))
    answers = []
    for number, places in enumerate(order):
        mine = np.flatnonzero(channel == names.index(f"d{number}"))
        found = np.full(len(places), math.nan)
        found[places] = moments[mine[np.argsort(arrival[mine], kind="stable")]]
        answers.append(found)
    return answers
