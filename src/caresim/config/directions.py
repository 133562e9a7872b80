"""Which way people go: what must hold between flights, cohorts and the places between which they travel."""

from __future__ import annotations

from collections.abc import Mapping

from caresim.config.errors import BadInput, known
from caresim.config.experiment import Experiment
from caresim.config.operators import FlightSeries
from caresim.config.population import Cohort
from caresim.config.travels import Place
from caresim.model.needs import Settlement, settled_by

SEATED = frozenset(need.word for need in settled_by(Settlement.SEAT))
"""The needs that a seat settles."""
MOST_PLACES = 127
"""What the records of the model have room for."""


def places_of(experiment: Experiment) -> list[str]:
    """Every place that flights leave or reach, in the order in which they are named."""
    series = [series for operator in experiment.operators.values() for series in operator.flights.values()]
    return list(dict.fromkeys(place for flight in series for place in (flight.from_, flight.to)))


def flights_for(experiment: Experiment, cohort: Cohort) -> dict[str, FlightSeries]:
    """The series of flights of the operators of a cohort, by name."""
    operators = [experiment.operators[name] for name in cohort.operators]
    return {name: series for operator in operators for name, series in operator.flights.items()}


def routes_for(experiment: Experiment, cohort: Cohort) -> list[tuple[str, str]]:
    """The ways that the flights of its operators go, each once."""
    return list(dict.fromkeys((series.from_, series.to) for series in flights_for(experiment, cohort).values()))


def check_directions(experiment: Experiment) -> None:
    """BadInput for the first cohort of whom nobody knows which way it goes, or when a cancelled journey has no end."""
    places = places_of(experiment)
    if len(places) > MOST_PLACES:
        raise BadInput("operators", len(places), f"must have at most {MOST_PLACES} places between their flights")
    for name, cohort in experiment.population.cohorts.items():
        check_travels(experiment, cohort, f"population.cohorts.{name}")
        check_cancelled(experiment, cohort, f"population.cohorts.{name}")


def check_travels(experiment: Experiment, cohort: Cohort, key: str) -> None:
    """Who needs a seat says where to, unless there is one way only; nobody is booked on a way they do not go."""
    routes = routes_for(experiment, cohort)
    if cohort.travels is None:
        if len(routes) > 1 and not cohort.ordinary and wants_seats(cohort):
            ways = " and ".join(f"{origin} to {destination}" for origin, destination in routes[:3])
            example = f"{{from: {{{routes[0][0]}: 0 h}}, to: {{{routes[0][1]}: 0 h}}}}"
            allowed = f"is required: flights go {ways}; write where they go, such as travels: {example}"
            raise BadInput(f"{key}.travels", None, allowed)
        return
    if not routes:
        raise BadInput(f"{key}.travels", "is given", "has no effect: the operators of this cohort have no flights")
    check_places(cohort.travels.from_, [origin for origin, _ in routes], f"{key}.travels.from")
    check_places(cohort.travels.to, [destination for _, destination in routes], f"{key}.travels.to")
    series = flights_for(experiment, cohort)
    for index, flight in enumerate(cohort.booked_on):
        origin, destination = series[flight].from_, series[flight].to
        if origin not in cohort.travels.from_ or destination not in cohort.travels.to:
            allowed = f"goes from {origin} to {destination}, which is not among the places of {key}.travels"
            raise BadInput(f"{key}.booked_on[{index}]", flight, allowed)


def check_places(places: Mapping[str, Place], ends: list[str], key: str) -> None:
    """Flights leave, or reach, every place that is named."""
    for place in places:
        known(place, dict.fromkeys(ends), f"{key}.{place}", "place")


def wants_seats(cohort: Cohort) -> bool:
    """Does anybody of them come for a seat?"""
    return any(share.value > 0 for need, share in cohort.need.items() if need in SEATED)


def check_cancelled(experiment: Experiment, cohort: Cohort, key: str) -> None:
    """A journey that was cancelled has no departure at which it is over."""
    series = flights_for(experiment, cohort)
    cancelled = [flight for flight in cohort.booked_on if series[flight].cancelled]
    if cancelled and cohort.deadline is None:
        allowed = f"is required where they are booked on {cancelled[0]}, which does not fly; write for how long a seat "
        raise BadInput(f"{key}.deadline", None, f"{allowed}is of use to them, such as deadline: {{value: 24 h}}")


def lines_about_routes(experiment: Experiment) -> list[str]:
    """What is said of flights that are written as in earlier editions: a line each."""
    return [
        f"Warning: operators.{name}.flights.{flight}.route is understood for this version only; "
        f"write from: {series.from_} and to: {series.to}."
        for name, operator in getattr(experiment, "operators", {}).items()
        for flight, series in operator.flights.items()
        if series.route is not None
    ]
