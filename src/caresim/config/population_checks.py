"""What must hold of the passengers: where they turn, which seats they hold, and that somebody is left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from caresim.config.errors import BadInput, known
from caresim.config.experiment import Experiment
from caresim.config.operators import FlightSeries
from caresim.config.population import MOST_LANGUAGES, Cohort
from caresim.config.quantity import Quantity
from caresim.config.references import channels_of, within


def check_population(experiment: Experiment) -> None:
    """BadInput for the first cohort that refers to nothing, or does not fit the flights or the replay."""
    cohorts = experiment.population.cohorts
    spoken = dict.fromkeys(language for cohort in cohorts.values() for language in cohort.languages)
    if len(spoken) > MOST_LANGUAGES:
        allowed = f"must speak at most {MOST_LANGUAGES} languages between them"
        raise BadInput("population.cohorts", list(spoken), allowed)
    for name, cohort in cohorts.items():
        check_cohort(experiment, cohort, f"population.cohorts.{name}")
    check_scale(experiment)
    check_bookings(experiment)
    check_replay(experiment)


def check_cohort(experiment: Experiment, cohort: Cohort, key: str) -> None:
    """Operators, channels, flights and the earlier matter are there, and pulses lie within the run."""
    for index, operator in enumerate(cohort.operators):
        known(operator, experiment.operators, f"{key}.operators[{index}]", "operator")
    open_to_them = [name for name, operator in channels_of(experiment).items() if operator in cohort.operators]
    for channel in cohort.preference:
        known(channel, open_to_them, f"{key}.preference.{channel}", "channel")
    series = [flight for operator in cohort.operators for flight in experiment.operators[operator].flights]
    for index, flight in enumerate(cohort.booked_on):
        known(flight, series, f"{key}.booked_on[{index}]", "flight series")
    check_leader(experiment, cohort, key)
    for index, pulse in enumerate(cohort.onset.pulses or ()):
        within(experiment, pulse.at.value, f"{key}.onset.pulses[{index}].at", pulse.at.text)


def check_leader(experiment: Experiment, cohort: Cohort, key: str) -> None:
    """A later matter follows from one that is nobody's later matter itself, and has a deadline."""
    name = cohort.onset.cohort
    if name is None:
        return
    cohorts = experiment.population.cohorts
    known(name, cohorts, f"{key}.onset.cohort", "cohort")
    leader = cohorts[name]
    if leader.onset.streams or leader.onset.kind == "after":
        raise BadInput(f"{key}.onset.cohort", name, "must be a cohort with a number of people of its own")
    if leader.deadline is None and not leader.booked_on:
        raise BadInput(f"{key}.onset.cohort", name, "must have a deadline, at which the later matter arises")


def check_replay(experiment: Experiment) -> None:
    """The contacts of a replay are those of its file, no fewer and no more, and only a replay has such contacts."""
    for key in ("scale", "crisis_scale"):
        scale = getattr(experiment.population, key)
        if experiment.replay is not None and scale.value != 1:
            allowed = "must be 1 in a replay: its contacts are those of the file"
            raise BadInput(f"population.{key}", scale.text, allowed)
    for name, cohort in experiment.population.cohorts.items():
        if cohort.onset.kind == "given" and experiment.replay is None:
            raise BadInput(f"population.cohorts.{name}.onset.kind", "given", "needs a replay, whose file says when")


def factor_of(experiment: Experiment) -> tuple[str, Quantity, float]:
    """Which factor on the crisis's people is not 1 (`scale`, where none is): its key, what it is, and the other one."""
    population = experiment.population
    if population.crisis_scale.value != 1:
        return "population.crisis_scale", population.crisis_scale, population.scale.value
    return "population.scale", population.scale, 1.0


def check_scale(experiment: Experiment) -> None:
    """Somebody is left whose case counts."""
    key, scale, other = factor_of(experiment)
    empty_at = [nobody_at(experiment, cohort) for cohort in experiment.population.cohorts.values()]
    least = min((largest for largest in empty_at if largest is not None), default=-1.0) / other
    if scale.value <= least and experiment.queue is not None and scale.value == 1:
        raise BadInput("queue.customers", experiment.queue.customers.text, "leaves no customer; allowed: more than 0.5")
    if scale.value <= least:
        allowed = f"leaves no passenger; allowed: more than {rounded(least, 2, math.ceil)}"
        raise BadInput(key, scale.text, allowed)


def nobody_at(experiment: Experiment, cohort: Cohort) -> float | None:
    """The largest scale with which half a contact person is expected, or less, which rounds to none.

    Negative where no scale does that; None of a cohort that follows from another, and of ordinary traffic.
    """
    if cohort.ordinary or cohort.onset.kind == "after":
        return None
    if cohort.named or cohort.onset.kind == "given":
        return -1.0
    if cohort.people is not None:
        return 0.5 * math.fsum(size * share.value for size, share in cohort.party.items()) / cohort.people.value
    rate = cohort.onset.per_hour.value if cohort.onset.per_hour else 0.0
    expected = rate * experiment.window.value
    return 0.5 / expected if expected > 0 else None


def rounded(value: float, digits: int, whole: Callable[[float], int]) -> str:
    """To so many digits: not below the value where `whole` is math.ceil, not above it where it is math.floor."""
    step = 10.0 ** (math.floor(math.log10(value)) + 1 - digits)
    return f"{whole(value / step) * step:.{digits}g}"


def check_bookings(experiment: Experiment) -> None:
    """Nobody holds a seat that was never sold."""
    flights = {name: series for operator in experiment.operators.values() for name, series in operator.flights.items()}
    cohorts = experiment.population.cohorts.items()
    booked = {name: cohort.people for name, cohort in cohorts if cohort.booked_on and cohort.people is not None}
    series = {flight for name, cohort in cohorts if name in booked for flight in cohort.booked_on}
    sold = math.fsum(seats_sold(experiment, flights[name]) for name in series)
    factor, scale, other = factor_of(experiment)
    people = math.fsum(number.value for number in booked.values()) * other
    if people * scale.value <= sold:
        return
    largest = max(booked, key=lambda name: booked[name].value)
    key, too_many = f"population.cohorts.{largest}.people", f"{people * scale.value:,.0f} people booked"
    if scale.value == 1:
        allowed = f"makes {too_many}, with other cohorts, on {sold:,.0f} seats sold; allowed: no more"
        raise BadInput(key, booked[largest].text, allowed)
    allowed = f"makes {too_many} on {sold:,.0f} seats sold; allowed: at most {rounded(sold / people, 3, math.floor)}"
    raise BadInput(factor, scale.text, f"{allowed}, or fewer people ({key} says most) or more seats")


def seats_sold(experiment: Experiment, series: FlightSeries) -> float:
    """On all departures within the run, before the start."""
    return len(departures(experiment, series)) * series.capacity.value * (1 - series.free.value)


def departures(experiment: Experiment, series: FlightSeries) -> list[datetime]:
    """Departures (aware, local) of a series between the start and the end of the run."""
    return [
        moment + timedelta(minutes=after)
        for moment in first_departures(series)
        for after in series.within_a_day
        if 0 <= experiment.minutes(moment) + after <= experiment.ends
    ]


def first_departures(series: FlightSeries) -> Iterator[datetime]:
    """The first departure (aware, local) of each day on which a series flies."""
    zone, clock = ZoneInfo(series.timezone), time(*divmod(series.departs.minutes, 60))
    for ahead in range((series.last - series.first).days + 1):
        day: date = series.first + timedelta(days=ahead)
        if day.weekday() in series.days:
            yield datetime.combine(day, clock, zone)
