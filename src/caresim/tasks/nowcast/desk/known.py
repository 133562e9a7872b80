"""What is known of a written desk at a moment: its posts until then, which of them wait, and which have expired."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from caresim.config.errors import MISSING, BadInput, choice
from caresim.tasks.backtest.desks.posts import ALL, Cut, Posts, Stretches, cut_at
from caresim.tasks.nowcast.desk.settings import NowcastOfDesk
from caresim.tasks.nowcast.settings import FILE

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
HOUR, DAY = 60.0, 1440.0


@dataclass(frozen=True)
class KnownDesk:
    """`posts` holds none that came after minute `now`, and no reply that came later."""

    posts: Posts
    now: float
    """Elapsed minutes since `midnight`, as all times."""
    seen_from: float
    """The first post of the file, to whichever desk."""
    midnight: datetime
    """Local, of the file's first day."""

    @cached_property
    def ages(self) -> Floats:
        """Minutes since each post came."""
        return self.now - self.posts.posted

    @cached_property
    def longest(self) -> float:
        """Minutes: the longest that the desk has taken for a reply."""
        return float(np.nanmax(self.posts.minutes))

    @cached_property
    def unanswered(self) -> NDArray[np.bool_]:
        return np.isnan(self.posts.replied)

    @cached_property
    def waiting(self) -> Rows:
        """Posts without a reply that are not older than the longest that the desk has taken, by age."""
        return np.flatnonzero(self.unanswered & (self.ages <= self.longest))

    @cached_property
    def expired(self) -> Rows:
        """Posts without a reply that are older than that."""
        return np.flatnonzero(self.unanswered & (self.ages > self.longest))

    @property
    def stretches(self) -> Stretches:
        """All that is known is fitted."""
        return Stretches(self.seen_from, self.now, self.now)

    @property
    def zone(self) -> ZoneInfo:
        zone = self.midnight.tzinfo
        assert isinstance(zone, ZoneInfo)
        return zone

    def moment(self, minute: float) -> datetime:
        """A minute on the local clock."""
        return (self.midnight.astimezone(UTC) + timedelta(minutes=minute)).astimezone(self.zone)

    def minute(self, day: date, minutes: float) -> float:
        """The minute of a local time of day."""
        local = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(minutes=minutes)
        return (local.astimezone(UTC) - self.midnight.astimezone(UTC)) / timedelta(minutes=1)

    def replies_since(self, minutes: float) -> Floats:
        """Minutes that the replies took which were given so lately."""
        return self.posts.minutes[self.posts.replied > self.now - minutes]

    @property
    def open_posts(self) -> pd.DataFrame:
        """A row for each post without a reply, the oldest first."""
        rows, waits = np.flatnonzero(self.unanswered), set(self.waiting.tolist())
        return pd.DataFrame(
            {
                "posted": [self.moment(m).isoformat(timespec="seconds") for m in self.posts.posted[rows].tolist()],
                "kind": np.array(self.posts.groups, object)[self.posts.group[rows]],
                "state": ["waiting" if row in waits else "expired" for row in rows.tolist()],
                "for_min": np.round(self.ages[rows], 3),
            }
        )


def known_at(settings: NowcastOfDesk) -> tuple[KnownDesk, list[str]]:
    """What the file says until `now`, and in sentences what was left out. BadInput where it cannot be used."""
    cut = cut_at(settings.fit, settings.now, FILE)
    return of_desk(cut, settings), cut.notes


def of_desk(cut: Cut, settings: NowcastOfDesk) -> KnownDesk:
    """One desk of a history. BadInput where it is not there, or none is named."""
    names = sorted(cut.desks)
    if not names:
        allowed = (
            "has until now no post but of the kinds that are left out ({}); allowed: a file with others, or a later now"
        )
        raise BadInput(FILE, settings.contacts, allowed.format(", ".join(settings.fit.left_out)))
    if settings.desk is None and len(names) > 1:
        raise BadInput("desk", MISSING, f"is required, as the file has several; allowed: {', '.join(names)}")
    name = settings.desk or names[0]
    if name not in cut.desks and names == [ALL]:
        raise BadInput("desk", name, "is not told apart in the file, which has no column desk; allowed: leave it out")
    if name not in cut.desks:
        raise BadInput("desk", name, choice(names, name))
    posts, fewest = cut.desks[name], settings.fit.fewest
    replies = int(np.count_nonzero(~np.isnan(posts.replied)))
    if replies < fewest:
        allowed = f"is too early: {replies} replies of {name} are known then; allowed: a moment with {fewest} or more"
        raise BadInput("now", settings.now, allowed)
    if cut.now - posts.posted[-1] > DAY:
        allowed = f"is more than a day after the last post to {name}; allowed: a moment of that day"
        raise BadInput("now", settings.now, allowed)
    return KnownDesk(posts, cut.now, cut.start, cut.midnight)
