"""Days of a replayed file that stand for each other, so that replications show how another history could have been."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from caresim.config.errors import BadInput
from caresim.config.traffic import Traffic

NONE, DAYS = "none", "days"
DAY = 1440.0
ENOUGH = 4
"""Days of each weekday from which on a day is drawn from those of its weekday. Assumption."""


class Days(NamedTuple):
    """The local days on which contacts come, as numbers that count up (those of plain minutes from 0)."""

    of_row: tuple[int, ...]
    """Of each contact."""
    pools: dict[int, tuple[int, ...]]
    """The days that may be played in place of each, itself among them."""
    by_weekday: bool
    """Are these the days of its weekday?"""
    start: datetime | None
    zone: str
    latest: float
    """Minutes at which the last contact can have come, whichever days are drawn."""

    def moved(self, arrival: float, day: int, other: int) -> float:
        """Minutes at which a contact comes on another day, at the same time of its clock."""
        return _moved(self.start, self.zone, arrival, other - day)


def days_of(traffic: Traffic, zone: str) -> Days:
    """The days of a file. BadInput where there is only one."""
    local = ZoneInfo(zone)
    arrivals = traffic.contacts.arrival.tolist()
    if traffic.start is None:
        of_row = [int(arrival // DAY) for arrival in arrivals]
    else:
        start = traffic.start.astimezone(UTC)
        moments = [(start + timedelta(minutes=arrival)).astimezone(local) for arrival in arrivals]
        of_row = [moment.date().toordinal() for moment in moments]
    days = sorted(set(of_row))
    if len(days) < 2:
        raise BadInput("replay.resample", DAYS, "draws whole days, and all contacts come on one; allowed: none")
    weekdays = {day: _weekday(day, traffic.start) for day in days}
    counts = Counter(weekdays.values())
    by_weekday = traffic.start is not None and min(counts.values()) >= ENOUGH
    alike = {day: tuple(other for other in days if not by_weekday or weekdays[other] == weekdays[day]) for day in days}
    last = days[-1]
    latest = max(
        _moved(traffic.start, zone, arrival, last - day) + width
        for arrival, width, day in zip(arrivals, traffic.contacts.width.tolist(), of_row, strict=True)
    )
    return Days(tuple(of_row), alike, by_weekday, traffic.start, zone, latest)


def _weekday(day: int, start: datetime | None) -> int:
    """Plain minutes have no weekdays: all of their days are alike."""
    return 0 if start is None else date.fromordinal(day).weekday()


def _moved(start: datetime | None, zone: str, arrival: float, days: int) -> float:
    if not days:
        return arrival
    if start is None:
        return arrival + DAY * days
    local = ZoneInfo(zone)
    moment = (start.astimezone(UTC) + timedelta(minutes=arrival)).astimezone(local)
    other = (moment.replace(tzinfo=None) + timedelta(days=days)).replace(tzinfo=local)
    return (other.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 60.0
