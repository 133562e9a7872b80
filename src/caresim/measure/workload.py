"""Minutes on duty and minutes of handling, from duty periods and contacts and not from levels of the timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from caresim.measure.incidence import Floats
from caresim.measure.sample import Sample
from caresim.model.codes import Kind


@dataclass(frozen=True)
class Stretches:
    """Stretches of time `start` to `end` (minutes, shape (n,)), each at a `desk`."""

    start: Floats
    end: Floats
    desk: NDArray[Any]

    def minutes(self, start: float, end: float) -> float:
        """Minutes of all stretches between two moments."""
        minutes = np.minimum(self.end, end)
        minutes -= np.maximum(self.start, start)
        return float(np.maximum(minutes, 0.0, out=minutes).sum())

    def between(self, edges: Floats, desk: int) -> Floats:
        """Minutes at one desk between consecutive edges, shape (len(edges) - 1,)."""
        here = self.desk == desk
        return np.diff(_elapsed(self.start[here], edges) - _elapsed(self.end[here], edges))

    def at(self, desks: NDArray[Any]) -> Stretches:
        """Only those at the desks (a mask, one entry a desk)."""
        here = desks[self.desk]
        return Stretches(self.start[here], self.end[here], self.desk[here])


def on_duty(sample: Sample) -> Stretches:
    """Stretches of rostered duty of people (breaks are gaps between them; automated assistants are not people)."""
    periods = np.asarray(sample.world.duty_periods)
    if not len(periods) or not len(sample.staff):
        return Stretches(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
    person = (sample.staff["kind"] != Kind.ASSISTANT)[periods["staff"]]
    periods = periods[person]
    desk = sample.staff["desk"][periods["staff"]].astype(np.int64)
    start, end = (np.clip(periods[side], sample.begin, sample.end) for side in ("start", "end"))
    return Stretches(start, end, desk)


def in_use(sample: Sample) -> Stretches:
    """Stretches of handling by people.

    A synchronous contact (a call, a visit) is handled from its reply on. A deferred one is handled before its reply; of
    several exchanges, the first ends at the first reply, and the others are taken to end together when the contact
    closes (their own times are not recorded). All handling goes to the desk that had the contact last.
    """
    from caresim.model import tally  # late: it loads Numba

    most, desk_of = len(sample.contacts), sample.staff["desk"].astype(np.int64)
    first, later = ((np.empty(most), np.empty(most), np.empty(most, dtype=np.int64)) for _ in range(2))
    counts = tally.stretches(sample.contacts, sample.judged[0], desk_of, *first, *later)
    pairs = zip(first, later, strict=True)
    return Stretches(
        *(np.concatenate((a[: counts[0]], b[: counts[1]])) if counts[1] else a[: counts[0]] for a, b in pairs)
    )


def _elapsed(moments: Floats, edges: Floats) -> Floats:
    """Sum over moments of the minutes since each, at every edge."""
    ordered = np.sort(moments)
    passed = np.searchsorted(ordered, edges, side="right")
    return passed * edges - np.concatenate(([0.0], np.cumsum(ordered)))[passed]
