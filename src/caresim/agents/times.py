"""Clock times and minutes since the start."""

from __future__ import annotations

from datetime import datetime, timedelta
from numbers import Real
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from caresim.config.clock import CLOCK
from caresim.config.errors import BadInput

if TYPE_CHECKING:
    from caresim.agents.framework import When
    from caresim.config.experiment import Experiment


def clock_time(experiment: Experiment, minutes: float) -> datetime:
    """The moment so many minutes after the start, in the experiment's time zone."""
    return experiment.moment(minutes).astimezone(ZoneInfo(experiment.timezone))


def minutes_of(experiment: Experiment, when: When, now: float) -> float:
    """Minutes since the start of a time.

    A moment without a zone is one in the experiment's. "18:00" is the next one there, after `now` or at it.
    """
    if isinstance(when, Real) and not isinstance(when, bool):
        return float(when)
    if isinstance(when, str):
        if CLOCK.fullmatch(when):
            return _next(experiment, when, now)
        try:
            when = datetime.fromisoformat(when)
        except ValueError:
            raise BadInput("at", when, 'must be minutes, a datetime, "2011-03-12 18:00" or "18:00"') from None
    if not isinstance(when, datetime):
        raise BadInput("at", when, 'must be minutes, a datetime, "2011-03-12 18:00" or "18:00"')
    return experiment.minutes(when if when.tzinfo else when.replace(tzinfo=ZoneInfo(experiment.timezone)))


def _next(experiment: Experiment, text: str, now: float) -> float:
    hours, minutes = int(text[:2]), int(text[3:5])
    if hours > 23 or minutes > 59 or len(text) > 5:
        raise BadInput("at", text, "must be a clock time from 00:00 to 23:59")
    today = clock_time(experiment, now).replace(hour=hours, minute=minutes, second=0, microsecond=0)
    found = experiment.minutes(today)
    return found if found >= now else experiment.minutes(today + timedelta(days=1))
