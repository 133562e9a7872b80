"""Local wall-clock time and minutes since the start: rosters, opening hours and departures in their own time zones."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from caresim.config.experiment import Experiment


@lru_cache(maxsize=4096)
def _midnight(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))


def wall_clock(experiment: Experiment, day: date, minutes: int, zone: str) -> float:
    """Minutes since the start at `minutes` after midnight of `day`, on the wall clock of `zone`.

    1440 minutes and more are of the day after.
    """
    later, minute = divmod(minutes, 1440)
    local = _midnight(day + timedelta(days=later), zone).replace(hour=minute // 60, minute=minute % 60)
    return experiment.minutes(local)


def days(experiment: Experiment, zone: str) -> Iterator[date]:
    """Every local date on which something of the run may begin, the day before it included."""
    first = experiment.moment(experiment.begins).astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    last = experiment.moment(experiment.ends).astimezone(ZoneInfo(zone)).date()
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def first_hour(experiment: Experiment, zone: str) -> float:
    """Minutes of the full hour, on the wall clock of `zone`, at or before the beginning of the run."""
    local = experiment.moment(experiment.begins).astimezone(ZoneInfo(zone))
    return experiment.begins - local.minute - local.second / 60


def hourly(experiment: Experiment, zone: str) -> tuple[tuple[int, int], ...]:
    """(hour of the day, weekday) on the wall clock of `zone` for each hour of the run, from `first_hour` on."""
    return _hours(experiment.moment(experiment.begins), int((experiment.ends - experiment.begins) / 60) + 2, zone)


@lru_cache(maxsize=64)
def _hours(begins: datetime, count: int, zone: str) -> tuple[tuple[int, int], ...]:
    local = [(begins + timedelta(hours=hour)).astimezone(ZoneInfo(zone)) for hour in range(count)]
    return tuple((moment.hour, moment.weekday()) for moment in local)
