"""Flights, as a table of the world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from caresim.config.directions import routes_for
from caresim.config.experiment import Experiment
from caresim.model.draws import name_keys
from caresim.model.records import rows
from caresim.scenario.calendar import days, wall_clock
from caresim.scenario.names import Names


class Departure(NamedTuple):
    """One flight; departures are sorted by minute, operator and series."""

    minute: float
    operator: str
    series: str
    which: str
    """Local date, and the number of the flight within the day from the second one on."""


def departures(experiment: Experiment) -> list[Departure]:
    """Every flight that leaves after the start, in order."""
    dated = []
    for name, operator in experiment.operators.items():
        for series, flight in operator.flights.items():
            for day in days(experiment, flight.timezone):
                if not (flight.first <= day <= flight.last and day.weekday() in flight.days):
                    continue
                first, date = wall_clock(experiment, day, flight.departs.minutes, flight.timezone), day.isoformat()
                dated += [
                    Departure(first + after, name, series, f"{date}#{number}" if number > 1 else date)
                    for number, after in enumerate(flight.within_a_day, start=1)
                    if first + after > 0
                ]
    return sorted(dated)


def flights_of(experiment: Experiment, names: Names) -> tuple[np.recarray, list[str]]:
    """A row a flight, by departure, and the series of each; fills `names.flights`."""
    flights = departures(experiment)
    flown = [experiment.operators[flight.operator].flights[flight.series] for flight in flights]
    table = rows(len(flights), "flights")
    table["departure"] = [flight.minute for flight in flights]
    table["check_in"] = table["departure"] - np.array([series.check_in_close.value for series in flown])
    takes = [series.takes.value if series.takes else 0.0 for series in flown]
    table["arrival"] = table["departure"] + np.array(takes)
    table["origin"] = [names.places.index(series.from_) for series in flown]
    table["destination"] = [names.places.index(series.to) for series in flown]
    table["operator"] = [names.operators.index(flight.operator) for flight in flights]
    table["capacity"] = [round(series.capacity.value) for series in flown]
    table["free"] = [int(series.capacity.value * series.free.value + 0.5) for series in flown]
    table["booked"] = table["capacity"] - table["free"]
    table["cancelled"] = [series.cancelled for series in flown]
    table["no_show"] = [series.no_show.value for series in flown]
    table["key"] = name_keys([f"flight/{flight.operator}/{flight.series}/{flight.which}" for flight in flights])
    names.flights.extend(f"{flight.series} {flight.which}" for flight in flights)
    return table, [flight.series for flight in flights]


def places_of(names: Names) -> np.recarray:
    """A row a place."""
    table = rows(len(names.places), "places")
    table["key"] = name_keys([f"place/{place}" for place in names.places])
    return table


def travels_of(experiment: Experiment, names: Names) -> np.recarray:
    """A row a cohort and place: whose journeys begin and end there. Who does not say so goes the only way there is."""
    cohorts = experiment.population.cohorts.values()
    table = rows(len(cohorts) * len(names.places), "travels")
    for k, cohort in enumerate(cohorts):
        row = {place: table[k * len(names.places) + p] for p, place in enumerate(names.places)}
        if cohort.travels is not None:
            for place, there in cohort.travels.from_.items():
                row[place].before, row[place].begins = there.takes.value, there.accepted.value
            for place, there in cohort.travels.to.items():
                row[place].after, row[place].ends = there.takes.value, there.accepted.value
        elif len(routes := routes_for(experiment, cohort)) == 1:
            row[routes[0][0]].begins = row[routes[0][1]].ends = 1.0
    return table
