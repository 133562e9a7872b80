"""Opening hours from the moments of replies: a pause at the same time of every day in which posts waited.

A pause is taken for closing where posts that were answered later had to wait through it, and replies at other times of
the day are so quick that this is no chance. Where no such post is known, nobody can tell a closed desk from a quiet
one, and the desk is taken for open.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.posts import Posts, Stretches
from caresim.tasks.backtest.desks.queue import ALWAYS, DAY, Hours

Floats = NDArray[np.float64]
CHANCE = 0.01
"""A pause is closing where luck alone would make its posts wait so long less often than this, all pauses considered."""
FEWEST_WAITED, FEWEST_OTHERS = 3, 10
"""Posts that waited through a pause, and replies at other times, without which nothing is said of it."""
TAIL = 0.1
SAME = 1e-6
"""Minutes by which equal moments may differ."""
BEFORE_CLOSING = 180.0
"""Minutes before closing in which the pace of replies is counted."""


@dataclass(frozen=True)
class Opening:
    """The hours of a desk, with what they rest on. Minutes after local midnight."""

    hours: Hours
    closed: bool
    """Does the desk close at all, as far as can be seen?"""
    opens_low: float = math.nan
    closes_high: float = math.nan
    """It opens between `opens_low` and `hours.opens`, and closes between `hours.closes` and `closes_high`: 90 %."""
    lateness: float = math.nan
    """Mean minutes from opening to the earliest first reply."""
    lag: float = math.nan
    """Mean minutes from the last reply to closing."""
    mornings: int = 0
    waited: int = 0
    """Posts that waited through the pause."""
    chance: float = math.nan
    """How likely that is where the desk is open."""
    closing_seen: bool = True


def opening_of(posts: Posts, stretches: Stretches, shortest: float, lateness: float) -> Opening:
    """The hours that the fitted stretch shows. `shortest`: of a closing; `lateness`: before it is seen (min)."""
    trained = stretches.trained(posts)
    posted, replied = posts.posted[trained], posts.replied[trained]
    begin, end = stretches.start, stretches.split
    candidates = [pause for pause in pauses(replied, begin, end) if pause[1] - pause[0] >= shortest]
    open_hours = Opening(ALWAYS, False)
    for since, until in sorted(candidates, key=lambda pause: pause[0] - pause[1]):
        whole = min(begin, math.floor(begin / DAY) * DAY)
        nights = [(since + DAY * day, until + DAY * day) for day in range(-1, int((end - whole) // DAY) + 2)]
        nights = [(max(a, begin), b) for a, b in nights if b > begin and b <= end]
        inside = np.zeros(len(posted), dtype=bool)
        left = np.zeros(len(posted))
        for a, b in nights:
            # The reply that ends the pause is no evidence of it: it sets its end.
            mine = (posted >= a) & (posted < b) & (np.abs(replied - b) > SAME)
            inside |= mine
            left[mine] = b - posted[mine]
        others = replied[~inside] - posted[~inside]
        if inside.sum() < FEWEST_WAITED or len(others) < FEWEST_OTHERS:
            continue
        slower = np.array(
            [(np.count_nonzero(others > wait - SAME) + 0.5) / (len(others) + 1.0) for wait in left[inside]]
        )
        chance = min(1.0, float(np.exp(np.log(slower).sum())) * max(len(candidates), 1))
        if chance < CHANCE:
            return _measured(replied, nights, since, until, lateness, int(inside.sum()), chance, begin)
    return open_hours


def pauses(replied: Floats, begin: float, end: float) -> list[tuple[float, float]]:
    """Stretches of the day in which no reply was seen on any day, as (from, to): minutes after midnight, `to` perhaps
    after the next one. Times of the day that the fitted stretch does not hold belong to none.
    """
    if end - begin >= DAY:
        moments = np.unique(np.mod(replied, DAY))
        later = np.append(moments[1:], moments[:1] + DAY)
        return [(float(a), float(b)) for a, b in zip(moments, later, strict=True)]
    moments = np.sort(replied)
    edges = np.concatenate(([begin], moments))
    shift = math.floor(begin / DAY) * DAY
    return [(a - shift, b - shift) for a, b in pairwise(edges.tolist())]


def _measured(
    replied: Floats,
    nights: list[tuple[float, float]],
    since: float,
    until: float,
    lateness: float,
    waited: int,
    chance: float,
    begin: float,
) -> Opening:
    """The hours beside a pause, with their intervals."""
    firsts, paces, closings = [], [], 0
    for a, b in nights:
        after = replied[replied >= b]
        firsts.append(float(after.min() - b) if len(after) else 0.0)
        before = replied[(replied <= a) & (replied > a - BEFORE_CLOSING)]
        if a > begin and len(before):
            closings += 1
            paces.append(BEFORE_CLOSING / len(before))
    # The earliest first reply of several mornings is closer to the opening than that of one.
    mean_late = (lateness + math.fsum(firsts)) / len(nights) ** 2
    lag = float(np.mean(paces)) / closings if closings else 0.0
    least = -math.log(TAIL)
    opens = until % DAY
    closes = since if since > opens else since + DAY
    room = DAY - (closes - opens)
    return Opening(
        Hours(opens, closes),
        True,
        opens - min(least * mean_late, room),
        closes + min(least * lag, room),
        mean_late,
        lag,
        len(nights),
        waited,
        chance,
        closings > 0,
    )


def drawn(opening: Opening, rng: np.random.Generator) -> Hours:
    """Hours from their distribution: the desk opens somewhat before its first reply, and closes after its last."""
    if not opening.closed:
        return opening.hours
    room = (DAY - opening.hours.length) / 2.0
    early = min(rng.exponential(opening.lateness), room - 1.0)
    late = min(rng.exponential(opening.lag), room - 1.0) if opening.lag > 0 else 0.0
    return Hours(opening.hours.opens - early, opening.hours.closes + late)


def text(minute: float) -> str:
    """A minute of the day as a time."""
    whole = round(minute) % int(DAY)
    return f"{whole // 60:02d}:{whole % 60:02d}"
