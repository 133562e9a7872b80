"""What the local clock shows at each moment of a history, also after it was put forward or back.

Times of a history are elapsed minutes since local midnight of its first day, and so are durations. Times of day, days
and opening hours are what the clock shows.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DAY, HOUR = 1440.0, 60.0
DAY_S = 86_400
FIRST_DAY, LAST_DAY = -2, 12 * 366
"""Days of a history between which changes are looked for: a file holds ten years at most (config/exports/clock.py)."""


@dataclass(frozen=True)
class LocalClock:
    """A clock that is ahead of the elapsed minutes by another number of minutes after each change."""

    changes: tuple[float, ...] = (math.inf,)
    """Elapsed minutes at which it is put forward or back; the last is infinity."""
    ahead: tuple[float, ...] = (0.0,)
    """Minutes, until each of the changes; negative: it is behind."""

    def at(self, minute: float) -> tuple[float, float]:
        """By how much it is ahead at an elapsed minute, and until when."""
        place = bisect_right(self.changes, minute)
        return self.ahead[place], self.changes[place]

    def each(self, minutes: Floats) -> tuple[Floats, Floats]:
        """The same of many."""
        place = np.searchsorted(self.changes[:-1], minutes, side="right")
        return np.array(self.ahead)[place], np.array(self.changes)[place]

    def shown_at(self, minute: float) -> float:
        """What it shows at an elapsed minute: minutes since midnight of the first day."""
        return minute + self.at(minute)[0]

    def shown(self, minutes: Floats) -> Floats:
        """The same of many."""
        return np.asarray(minutes + self.each(minutes)[0], dtype=np.float64)

    def time_of_day(self, minutes: Floats) -> Floats:
        """Minutes after local midnight."""
        return np.mod(self.shown(minutes), DAY)

    def hour(self, minutes: Floats) -> NDArray[np.int64]:
        """The local hour of the day, from 0 to 23."""
        return np.asarray(self.time_of_day(minutes) // HOUR, dtype=np.int64)

    def moment(self, shown: float) -> float:
        """The elapsed minute at which it shows a time, or a later one, for the first time."""
        since = -math.inf
        for ahead, change in zip(self.ahead, self.changes, strict=True):
            found = max(shown - ahead, since)
            if found < change:
                break
            since = change
        return found

    def midnight(self, minute: float) -> float:
        """The elapsed minute at which the local day began that a minute is of."""
        return self.moment(DAY * math.floor(self.shown_at(minute) / DAY))

    def since(self, midnight: float) -> LocalClock:
        """The same clock, minutes being counted from a local midnight."""
        day = DAY * math.floor(self.shown_at(midnight) / DAY)
        return LocalClock(
            tuple(change - midnight for change in self.changes), tuple(ahead + midnight - day for ahead in self.ahead)
        )

    def as_elapsed(self, begins: float, ends: float) -> list[tuple[float, float]]:
        """The elapsed minutes, from and to, in which it shows a time from `begins` until before `ends`."""
        found, since = [], -math.inf
        for ahead, change in zip(self.ahead, self.changes, strict=True):
            piece = max(begins - ahead, since), min(ends - ahead, change)
            if piece[1] > piece[0]:
                found.append(piece)
            since = change
        return found


EVEN = LocalClock()
"""One that is never put forward or back."""


def local_clock(midnight: datetime | None) -> LocalClock:
    """That of a history which begins on the day of this local midnight; of one in plain minutes (None), EVEN."""
    if midnight is None:
        return EVEN
    begins, base = midnight.astimezone(UTC), midnight.utcoffset()
    assert base is not None

    def ahead(second: int) -> float:
        offset = (begins + timedelta(seconds=second)).astimezone(midnight.tzinfo).utcoffset()
        assert offset is not None
        return (offset - base) / timedelta(minutes=1)

    changes, values = list[float](), [ahead(FIRST_DAY * DAY_S)]
    for day in range(FIRST_DAY, LAST_DAY):
        low, high = day * DAY_S, (day + 1) * DAY_S
        if ahead(high) == values[-1]:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if ahead(middle) == values[-1] else (low, middle)
        changes.append(high / 60.0)
        values.append(ahead(high))
    return LocalClock((*changes, math.inf), tuple(values))
