"""Passengers who want another seat where there is none that they could take."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from caresim.model.needs import Settlement, settled_by

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.operators import FlightSeries
    from caresim.config.population import Cohort

BY_SEAT = tuple(need.word for need in settled_by(Settlement.SEAT))
PATIENT = 5.0
"""Mean times that hardly anybody's deadline lies beyond: one in 150."""


class Departures(NamedTuple):
    """Those of one series on one day, in minutes since the start, and how long before check-in closes."""

    first: float
    last: float
    check_in: float


def departures_of(experiment: Experiment, series: FlightSeries) -> Iterator[Departures]:
    """Day by day, as far as they lie within the run."""
    zone = ZoneInfo(series.timezone)
    span = 0.0 if series.until is None else float(series.until.minutes - series.departs.minutes)
    for ahead in range((series.last - series.first).days + 1):
        day = series.first + timedelta(days=ahead)
        first = experiment.minutes(datetime.combine(day, time(*divmod(series.departs.minutes, 60)), zone))
        if day.weekday() in series.days and first <= experiment.ends and first + span >= 0:
            yield Departures(first, first + span, series.check_in_close.value)


def seats_of(experiment: Experiment, operator: str) -> Iterator[Departures]:
    """The departures of an operator on which a seat is free or may become free."""
    company = experiment.operators[operator]
    returned = company.cancelled_seats_return
    for series in company.flights.values():
        free = series.free.value > 0 or series.no_show.value > 0 or (returned is not None and returned.value > 0)
        if free and not series.cancelled:
            yield from departures_of(experiment, series)


def latest(cohort: Cohort, affected: float) -> float:
    """Until when a member affected then may still leave; infinite where nothing says when it is too late."""
    if cohort.deadline is None:
        return float("inf")
    return affected + cohort.deadline.value * (1.0 if cohort.deadline_law == "fixed" else PATIENT)


def without(experiment: Experiment) -> Iterator[str]:
    """A cohort that wants to be rebooked, and whom no seat serves."""
    for name, cohort in experiment.population.cohorts.items():
        if cohort.ordinary or not any(cohort.need[need].value > 0 for need in BY_SEAT if need in cohort.need):
            continue
        key = f"population.cohorts.{name}.need.{BY_SEAT[0]}"
        seats = [seat for operator in cohort.operators for seat in seats_of(experiment, operator)]
        if not seats:
            companies = " or ".join(cohort.operators)
            yield f"{key}: no flight of {companies} has a seat for them within the run; see operators.*.flights"
        elif cohort.onset.pulses and not any(
            seat.last - seat.check_in >= pulse.at.value and seat.first <= latest(cohort, pulse.at.value)
            for pulse in cohort.onset.pulses
            for seat in seats
        ):
            yield f"{key}: no flight with a seat for them leaves between when they are affected and their deadline"
