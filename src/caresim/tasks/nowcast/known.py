"""What is known of a centre at a moment: its history until then, who waits, who is in a call, who is on duty."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from caresim.tasks.calibrate.history import NOBODY, Floats, History

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Known:
    """`history` holds nothing that came, began or ended later than minute `now`; the others are rows of it."""

    history: History
    now: float
    waiting: Rows
    """They came and nobody has answered them, nor have they given up; by arrival."""
    handled: Rows
    """Somebody is handling them."""
    lost_sight_of: Rows
    """Contacts without an end that began too long ago to be open still."""

    @cached_property
    def moment(self) -> datetime:
        """Now, on the local clock."""
        start = self.history.start.astimezone(UTC) + timedelta(minutes=self.now)
        return start.astimezone(ZoneInfo(self.history.zone))

    def moment_after(self, minutes: float) -> datetime:
        """So long after now, on the local clock, which may have been put forward or back in between."""
        return (self.moment.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(ZoneInfo(self.history.zone))

    @property
    def today(self) -> date:
        return self.moment.date()

    @cached_property
    def of_today(self) -> Rows:
        """The contacts that have come since midnight."""
        return np.flatnonzero(self.history.day == self.today.toordinal())

    @property
    def waits_min(self) -> Floats:
        """For how long those who wait have waited."""
        return self.now - self.history.arrival[self.waiting]

    def on_duty(self, rest_min: float) -> NDArray[np.int64]:
        """The agents who are in a call, or whose last one ended no longer ago than the rest that ends a spell."""
        history = self.history
        busy = history.agent[self.handled]
        named = history.agent != NOBODY
        lately = named & history.answered & (history.ended >= self.now - rest_min)
        found = np.unique(np.concatenate((busy[busy != NOBODY], history.agent[lately])))
        return found.astype(np.int64)

    def last_ended(self, agent: int) -> float:
        """The minute at which an agent's last call ended; -inf where they had none."""
        ended = self.history.ended[(self.history.agent == agent) & self.history.answered]
        return float(ended.max(initial=-np.inf))


def known_at(whole: History, moment: datetime, open_at_most: float) -> Known:
    """What the file says of the time until `moment`: of whatever goes on beyond it, only that it does.

    `open_at_most`: minutes after which a contact without an end is not open any more.
    """
    now = (moment - whole.start.astimezone(UTC)) / timedelta(minutes=1)
    seen = whole.of(whole.arrival <= now)
    silent = ~seen.answered & ~seen.abandoned & np.isnan(seen.service_s)
    began_later = ~(seen.began <= now)  # NaN: not known
    no_wait = np.isnan(seen.wait_s)
    waits = (no_wait & silent) | (~no_wait & began_later)
    begun = np.where(no_wait, seen.arrival, seen.began)
    no_end = np.isnan(seen.service_s) | ~(begun + seen.service_s / 60.0 <= now)
    handled = ~waits & seen.answered & no_end
    old = (waits & (seen.arrival < now - open_at_most)) | (handled & (begun < now - open_at_most))
    handled = handled & ~old & _is_last(seen, handled, waits)
    waits = waits & ~old
    open_ones = waits | old
    known = replace(
        seen,
        agent=np.where(open_ones, NOBODY, seen.agent),
        wait_s=np.where(open_ones, np.nan, seen.wait_s),
        answered=seen.answered & ~open_ones,
        abandoned=seen.abandoned & ~open_ones,
        service_s=np.where(open_ones | no_end, np.nan, seen.service_s),
    )
    return Known(_named_until_now(known), now, np.flatnonzero(waits), np.flatnonzero(handled), np.flatnonzero(old))


def _is_last(history: History, handled: NDArray[np.bool_], waits: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whoever has had another contact since has ended this one, even where the file does not say when."""
    begun = np.where(np.isnan(history.wait_s), history.arrival, history.began)
    last = np.ones(len(history), bool)
    for row in np.flatnonzero(handled).tolist():
        agent = history.agent[row]
        if agent != NOBODY:
            last[row] = not ((history.agent == agent) & history.answered & ~waits & (begun > begun[row])).any()
    return last


def _named_until_now(history: History) -> History:
    """Without the kinds and agents of whom nothing has been heard yet."""
    kinds = np.unique(history.kind)
    agents = np.unique(history.agent[history.agent != NOBODY])
    new_agent = np.full(len(history.agents) + 1, NOBODY, np.int64)
    new_agent[agents] = np.arange(len(agents))
    return replace(
        history,
        kinds=tuple(history.kinds[k] for k in kinds.tolist()),
        agents=tuple(history.agents[a] for a in agents.tolist()),
        kind=np.searchsorted(kinds, history.kind).astype(np.int64),
        agent=new_agent[history.agent],
    )
