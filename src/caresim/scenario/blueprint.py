"""What a world begins with whatever the luck of its replication: made once a draw and staffing model, and copied."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.records import copied
from caresim.scenario.behaviour import behaviour_of
from caresim.scenario.channels import channels_of
from caresim.scenario.cohorts import bookings_of, cohort_parameters_of, cohorts_of
from caresim.scenario.desks import desk_traits_of, desks_of
from caresim.scenario.facts import answers_of, facts_of, questions_of
from caresim.scenario.flights import flights_of, places_of, travels_of
from caresim.scenario.names import Names, named
from caresim.scenario.notices import gestures_of, notices_of, reaches_of
from caresim.scenario.openings import outages_of, set_first_openings
from caresim.scenario.operators import operators_of
from caresim.scenario.powers import instructions_of, orders_of
from caresim.scenario.premium import premium_periods_of
from caresim.scenario.recent import Recent
from caresim.scenario.replanning import hourly_work_of
from caresim.scenario.staff import Crew, crew_of


@dataclass(frozen=True)
class Blueprint:
    """The tables, the names of their rows, and who works there; a run changes its own copies."""

    tables: dict[str, np.recarray]
    crew: Crew
    _names: Names

    @property
    def names(self) -> Names:
        return self._names.copy()

    def copies(self) -> dict[str, np.recarray]:
        """The tables, for one world."""
        return {name: copied(table, name) for name, table in self.tables.items()}


_blueprints: Recent[Blueprint] = Recent(16, alone=1)
"""Six staffing models of two draws, when blocks of these are computed side by side, and a few more."""
_common: Recent[tuple[dict[str, np.recarray], list[str]]] = Recent(8, alone=2)


def blueprint_of(experiment: Experiment, staffing: str) -> Blueprint:
    """That of a staffing model in an experiment whose uncertain values are set."""
    return _blueprints.of(experiment, staffing, lambda: _made(experiment, staffing))


def _made(experiment: Experiment, staffing: str) -> Blueprint:
    model = experiment.staffing[staffing]
    names = named(experiment, model)
    common, flights = _common.of(experiment, tuple(names.languages), lambda: _for_all(experiment, names.copy()))
    names.flights.extend(flights)
    crew = crew_of(experiment, staffing, names)
    channels = channels_of(experiment, model, names)
    if model.assistant:
        channels["assistant"][[names.channels.index(name) for name in model.assistant.channels]] = crew.assistant
    set_first_openings(channels, crew.openings)
    answers = answers_of(experiment, names)
    own = {
        "answers": answers,
        "questions": questions_of(answers),
        "facts": facts_of(experiment, model, names),
        "notices": notices_of(experiment, model, names),
        "reaches": reaches_of(experiment, model, names),
        "instructions": instructions_of(experiment, model, names),
        "orders": orders_of(experiment, model, names),
        "channels": channels,
        "desks": desks_of(experiment, staffing, names),
        "cohorts": cohorts_of(experiment, model, names),
        "desk_traits": desk_traits_of(experiment, staffing),
        "staff": crew.staff,
        "shift_instances": crew.instances,
        "openings": crew.openings,
        "replans": crew.replans,
        "hourly_work": hourly_work_of(model),
        "premium_periods": premium_periods_of(experiment, model),
        "outages": outages_of(experiment, staffing),
    }
    return Blueprint(common | own, crew, names)


def _for_all(experiment: Experiment, names: Names) -> tuple[dict[str, np.recarray], list[str]]:
    """The tables that are the same for staffing models with the same languages, and the names of the flights."""
    flights, series = flights_of(experiment, names)
    parameters, rates = cohort_parameters_of(experiment, names)
    tables = {
        "behaviour": behaviour_of(experiment),
        "operators": operators_of(experiment, names),
        "flights": flights,
        "places": places_of(names),
        "travels": travels_of(experiment, names),
        "cohort_parameters": parameters,
        "rates": rates,
        "gestures": gestures_of(experiment, names),
        "bookings": bookings_of(experiment, names, flights, series),
    }
    return tables, names.flights
