"""Passengers who want another seat where there is none that they could take."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from caresim.config.directions import SEATED, wants_seats
from caresim.config.population_checks import first_departures

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.operators import FlightSeries
    from caresim.config.population import Cohort

PATIENT = 5.0
"""Mean times that hardly anybody's deadline lies beyond: one in 150."""


class Departures(NamedTuple):
    """Those of one series on one day, in minutes since the start, how long before check-in closes, and which way."""

    first: float
    last: float
    check_in: float
    origin: str
    destination: str


def departures_of(experiment: Experiment, series: FlightSeries) -> Iterator[Departures]:
    """Day by day, as far as they lie within the run."""
    span = 0.0 if series.until is None else float(series.until.minutes - series.departs.minutes)
    for moment in first_departures(series):
        first = experiment.minutes(moment)
        if first <= experiment.ends and first + span >= 0:
            yield Departures(first, first + span, series.check_in_close.value, series.from_, series.to)


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


def suits(cohort: Cohort, seat: Departures) -> bool:
    """Would any of them travel that way? Who does not say takes whatever flies."""
    if cohort.travels is None:
        return True
    ends = cohort.travels.from_.get(seat.origin), cohort.travels.to.get(seat.destination)
    return all(place is not None and place.accepted.value > 0 for place in ends)


def in_time(cohort: Cohort, seat: Departures, affected: float) -> bool:
    """Can a member affected then be there before check-in closes, and does it leave before it is too late?"""
    there = affected + (cohort.travels.from_[seat.origin].takes.value if cohort.travels else 0.0)
    return seat.last - seat.check_in >= there and seat.first <= latest(cohort, affected)


def without(experiment: Experiment) -> Iterator[str]:
    """A cohort that wants to be rebooked, and whom no seat serves."""
    for name, cohort in experiment.population.cohorts.items():
        if cohort.ordinary or not wants_seats(cohort):
            continue
        key = f"population.cohorts.{name}.need.{next(need for need in cohort.need if need in SEATED)}"
        seats = [seat for operator in cohort.operators for seat in seats_of(experiment, operator)]
        if not seats:
            companies = " or ".join(cohort.operators)
            yield f"{key}: no flight of {companies} has a seat for them within the run; see operators.*.flights"
        elif not (useful := [seat for seat in seats if suits(cohort, seat)]):
            ways = " or ".join(dict.fromkeys(f"{seat.origin} to {seat.destination}" for seat in seats))
            yield f"{key}: flights with a seat for them go {ways}, which none accept; see cohorts.{name}.travels"
        elif cohort.onset.pulses and not any(
            in_time(cohort, seat, pulse.at.value) for pulse in cohort.onset.pulses for seat in useful
        ):
            where = " that they accept" if cohort.travels else ""
            yield (
                f"{key}: no flight{where} with a seat for them leaves between when they are affected and their deadline"
            )
