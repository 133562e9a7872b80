"""Opening hours from the moments of replies: a pause at the same time of every day in which posts waited.

A pause is taken for closing where posts that were answered later had to wait through it, and replies at other times of
the day are so quick that this is no chance. Where no such post is known, nobody can tell a closed desk from a quiet
one, and the desk is taken for open.

When it opens is pooled from all its mornings: the first reply comes somewhat after the opening, by a time whose mean is
drawn from `lateness` towards what the mornings show, and people begin at round hours more often than between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.backtest.desks.local_clock import LocalClock
from caresim.tasks.backtest.desks.posts import Posts, Stretches
from caresim.tasks.backtest.desks.queue import ALWAYS, DAY, Hours
from caresim.tasks.backtest.desks.settings import Desks, Priors

Floats = NDArray[np.float64]
CHANCE = 0.01
"""A pause is closing where luck alone would make its posts wait so long less often than this, all pauses considered."""
FEWEST_WAITED, FEWEST_OTHERS = 3, 10
"""Posts that waited through a pause, and replies at other times, without which nothing is said of it."""
DRAWS = 400
"""Of opening and of closing."""
SAME = 1e-6
"""Minutes by which equal moments may differ."""
BEFORE_CLOSING = 180.0
"""Minutes before closing in which the pace of replies is counted."""
BAND = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Opening:
    """The hours of a desk, with what they rest on. Minutes after local midnight."""

    hours: Hours
    closed: bool
    """Does the desk close at all, as far as can be seen?"""
    opens_low: float = math.nan
    opens_high: float = math.nan
    closes_low: float = math.nan
    closes_high: float = math.nan
    """The middle 90 % of opening and of closing; `hours` are their medians."""
    first_reply: float = math.nan
    last_reply: float = math.nan
    """The earliest and the latest of the day that were seen."""
    opens: Floats = field(default_factory=lambda: np.zeros(0))
    closes: Floats = field(default_factory=lambda: np.zeros(0))
    """Draws of both, evenly spread."""
    mornings: int = 0
    waited: int = 0
    """Posts that waited through the pause."""
    chance: float = math.nan
    """How likely that is where the desk is open."""
    closing_seen: bool = True


def opening_of(posts: Posts, stretches: Stretches, settings: Desks) -> Opening:
    """The hours that the fitted stretch shows.

    Every reply says that somebody was there, also one to a post of a kind that is not fitted.
    """
    trained = stretches.trained(posts)
    posted, replied = posts.posted[trained], posts.replied[trained]
    begin, end = stretches.start, stretches.split
    others = posts.other_replies[(posts.other_replies >= begin) & (posts.other_replies < end)]
    seen = np.sort(np.concatenate((replied, others)))
    shortest = settings.shortest_closing.value
    clock = posts.clock
    candidates = [pause for pause in pauses(seen, begin, end, clock) if pause[1] - pause[0] >= shortest]
    for since, until in sorted(candidates, key=lambda pause: pause[0] - pause[1]):
        nights = nights_of(since, until, begin, end, clock)
        inside = np.zeros(len(posted), dtype=bool)
        left = np.zeros(len(posted))
        for a, b in nights:
            # The reply that ends the pause is no evidence of it: it sets its end.
            mine = (posted >= a) & (posted < b) & (np.abs(replied - b) > SAME)
            inside |= mine
            left[mine] = b - posted[mine]
        quick = replied[~inside] - posted[~inside]
        if inside.sum() < FEWEST_WAITED or len(quick) < FEWEST_OTHERS:
            continue
        slower = np.array([(np.count_nonzero(quick > wait - SAME) + 0.5) / (len(quick) + 1.0) for wait in left[inside]])
        chance = min(1.0, float(np.exp(np.log(slower).sum())) * max(len(candidates), 1))
        if chance < CHANCE:
            found = _measured(seen, nights, since, until, settings.priors, begin, clock)
            return replace(found, waited=int(inside.sum()), chance=chance)
    return Opening(ALWAYS, False)


def nights_of(since: float, until: float, begin: float, end: float, clock: LocalClock) -> list[tuple[float, float]]:
    """A pause of the day (minutes after local midnight) on every day on which its end is seen: elapsed minutes."""
    whole = math.floor(clock.shown_at(begin) / DAY) * DAY
    days = [whole + DAY * day for day in range(-1, int((clock.shown_at(end) - whole) // DAY) + 2)]
    nights = [(clock.moment(since + day), clock.moment(until + day)) for day in days]
    return [(max(a, begin), b) for a, b in nights if b > begin and b <= end]


def pauses(replied: Floats, begin: float, end: float, clock: LocalClock) -> list[tuple[float, float]]:
    """Stretches of the day in which no reply was seen on any day, as (from, to): minutes after local midnight, `to`
    perhaps after the next one. Times of the day that the fitted stretch does not hold belong to none.
    """
    begin, end = clock.shown_at(begin), clock.shown_at(end)
    if end - begin >= DAY:
        moments = np.unique(clock.time_of_day(replied))
        later = np.append(moments[1:], moments[:1] + DAY)
        return [(float(a), float(b)) for a, b in zip(moments, later, strict=True)]
    moments = np.sort(clock.shown(replied))
    edges = np.concatenate(([begin], moments))
    shift = math.floor(begin / DAY) * DAY
    return [(a - shift, b - shift) for a, b in pairwise(edges.tolist())]


def _measured(
    replied: Floats, nights: list[tuple[float, float]], since: float, until: float, priors: Priors, begin: float,
    clock: LocalClock,
) -> Opening:  # fmt: skip
    """The hours beside a pause, with their intervals."""
    firsts, lasts, gaps = [], [], []
    for a, b in nights:
        after = replied[replied >= b - SAME]
        firsts.append(float(after.min() - b) if len(after) else 0.0)
        before = replied[(replied <= a + SAME) & (replied > a - BEFORE_CLOSING)]
        if a > begin and len(before):
            lasts.append(float(a - before.max()))
            gaps.append(BEFORE_CLOSING / len(before))
    room = until - since
    early = _moments(until, -1.0, room, firsts, priors.lateness.value, priors)
    late = _moments(since, 1.0, room, lasts, float(np.mean(gaps)), priors) if lasts else np.array([since])
    opens, closes = np.quantile(early, BAND), np.quantile(late, BAND)
    day = DAY * math.floor(opens[1] / DAY)
    later = DAY * math.ceil((opens[1] - day - closes[1]) / DAY)
    return Opening(
        Hours(float(opens[1] - day), float(closes[1] + later), clock),
        True,
        opens_low=float(opens[0] - day),
        opens_high=float(opens[2] - day),
        closes_low=float(closes[0] + later),
        closes_high=float(closes[2] + later),
        first_reply=until - day,
        last_reply=since + later,
        opens=early - day,
        closes=late + later,
        mornings=len(nights),
        closing_seen=bool(lasts),
    )


def _moments(seen: float, way: float, room: float, apart: list[float], mean: float, priors: Priors) -> Floats:
    """When a desk opens (`way` -1) or closes (1), given the outermost reply of the day that was seen: evenly spread
    draws. `apart`: by how much each day's own outermost reply falls short of it; `mean`: of such times, as believed.

    Given the moment, each day falls short by an exponential time; its mean is inverse gamma. So the likelihood is that
    of a Lomax law: (b + sum of times) to the power of -(a + days).
    """
    minutes = np.arange(0.0, max(math.floor(room / 2.0), 1.0))
    moments = np.concatenate(([seen], way * np.arange(math.floor(way * seen) + 1.0, way * seen + len(minutes))))
    short = way * (moments - seen)
    nights = priors.lateness_nights.value
    total = nights * mean + len(apart) * short + math.fsum(apart)
    log = -(nights + 1.0 + len(apart)) * np.log(total)
    of_hour = np.mod(np.round(moments), 60.0)
    begins = {0.0: priors.on_the_hour.value, 30.0: priors.on_the_half_hour.value}
    chance = np.full(len(moments), (1.0 - math.fsum(begins.values())) / (60.0 - len(begins)))
    for minute, share in begins.items():
        chance[(of_hour == minute) & (np.abs(moments - np.round(moments)) < SAME)] = share
    weight = chance * np.exp(log - log.max())
    order = np.argsort(moments, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    places = np.searchsorted(reached, (np.arange(DRAWS) + 0.5) / DRAWS)
    return np.asarray(moments[order][np.minimum(places, len(order) - 1)], dtype=np.float64)


def drawn(opening: Opening, rng: np.random.Generator) -> Hours:
    """Hours from their distribution."""
    if not opening.closed:
        return opening.hours
    opens, closes = float(rng.choice(opening.opens)), float(rng.choice(opening.closes))
    return replace(opening.hours, opens=opens, closes=min(closes, opens + DAY - 1.0))


def text(minute: float) -> str:
    """A minute of the day as a time."""
    whole = round(minute) % int(DAY)
    return f"{whole // 60:02d}:{whole % 60:02d}"
