"""Who waits and can still be answered, from the rows of contacts: passengers, ordinary customers and bystanders apart.

A desk puts a post aside when its turn comes, so that the length of a queue holds posts that are long too old. And at an
account that nobody answers there is no queue, yet people wait. So what waits is counted from the rows: from arrival to
the first of reply, silence, end, and the moment from which on the desk would put the post aside as too old.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from caresim.measure.incidence import Floats
from caresim.measure.sample import Sample
from caresim.model.codes import NEVER
from caresim.model.media import Medium

TOTALS = ("waiting", "waiting_ordinary", "waiting_bystanders", "expired")
"""Passengers of the disruption who still care, ordinary customers who do, bystanders' posts, and posts of all of them
that are too old for their desk and have no reply.
"""


class Waiting:
    """Contacts that wait at the end of each bin, or at other `times` (sorted), by medium and whose they are."""

    def __init__(self, sample: Sample, times: Floats | None = None) -> None:
        self.times = ends_of_bins(sample) if times is None else times
        kinds = len(Medium) + len(TOTALS) - 1
        self._changes = np.zeros((kinds, len(self.times) + 1), dtype=np.int64)
        """By how much each level rises at each time: passengers by medium, ordinary customers, bystanders, expired."""
        desks = np.asarray(sample.world.desks)["expires"]
        self._expires = np.append(desks, NEVER)
        """Minutes by desk; the last is for an account that nobody answers (row -1)."""

    def add(self, part: Sample) -> None:
        from caresim.model import tally  # late: it loads Numba

        tally.follow_waiting(part.contacts, part.judged[0], self._expires, self.times, self._changes)

    def levels(self, bins: int | None = None) -> dict[str, NDArray[np.int64]]:
        """The TOTALS, then `waiting_<medium>` of passengers, at the first `bins` of the times (None: all)."""
        levels = self._changes.cumsum(axis=1)[:, : len(self.times) if bins is None else bins]
        by_medium = {f"waiting_{medium.word}": levels[medium] for medium in Medium}
        totals = (levels[: len(Medium)].sum(axis=0), *levels[len(Medium) :])
        return dict(zip(TOTALS, totals, strict=True)) | by_medium


def ends_of_bins(sample: Sample) -> Floats:
    """When the levels of the timeline are taken."""
    bins = max(0, math.ceil((sample.end - sample.begin) / sample.bin))
    return np.minimum(sample.begin + np.arange(1, bins + 1) * sample.bin, sample.end)


def waiting_now(sample: Sample, now: float) -> dict[str, int]:
    """The same TOTALS and media at this moment of a run that goes on, or at an earlier one."""
    counted = Waiting(sample, np.array([now]))
    counted.add(sample)
    return {name: int(level[0]) for name, level in counted.levels().items()}
