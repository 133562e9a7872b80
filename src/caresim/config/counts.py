"""What a run of an experiment is made of, counted from its configuration before anything is laid out.

Each count comes with the keys that it follows from (`Driver`), so that a refusal can name the one to change.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from caresim.config.counts_of_duty import DAY, EXTRA, key_of_extra, length_of, staff_of
from caresim.config.quantity import Quantity

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment
    from caresim.config.operators import FlightSeries
    from caresim.config.population import Cohort
    from caresim.config.queue import Queue

HOUR = 60.0
MOST = 10**15
"""More of anything is no longer told apart, so that no number is too large for arithmetic."""
MOST_IN_MEMORY = 2e6
"""Contacts of a run whose rows are kept in memory, about (run/long_table.py: LONG)."""
OF_LENGTH = ("persons", "cases", "open", "kept_rows", "posts", "shifts", "duties", "bins", "hours")
"""Counts that grow with the length of a run."""
OF_PEOPLE, OF_STAFF = ("persons", "cases", "open", "kept_rows"), ("seats", "duties")
WAVER = 4.0
"""A queue that neither grows nor shrinks wavers by the root of its arrivals, times so many."""


@dataclass(frozen=True)
class Counts:
    """Of one run, under the staffing model that needs the most of each; `runs` are all that are asked for."""

    runs: float
    recorded: float
    """Runs among them that keep all their rows."""
    persons: float
    """Contact persons who are affected or call, as the ranges' middle values have it."""
    cases: float
    """Persons times operators."""
    open: float
    """Persons whose matter is open at a time, at most: all of them, where their rows are not used again."""
    posts: float
    """Spontaneous posts of bystanders."""
    kept_rows: float
    """Contacts of a replay whose rows stay in memory, of all runs: beyond `MOST_IN_MEMORY` a run they go to disk."""
    given: float
    """Contacts that the files of a replay hold, which are among the persons."""
    shifts: float
    """Of all desks and days."""
    seats: float
    """People on the rosters, each of them once."""
    duties: float
    """People on the rosters, once a day of work."""
    desks: float
    bins: float
    hours: float
    """Of the run, times the hourly profiles."""
    flights: float

    def scaled(self, fields: tuple[str, ...], factor: float) -> Counts:
        """The same with some of the counts multiplied; who is open at a time grows with the root of the persons."""
        changed = {name: getattr(self, name) * factor for name in fields}
        if {"open", "persons"} <= changed.keys() and factor < 1.0:
            changed["open"] = min(self.open * math.sqrt(factor), changed["persons"])
        return replace(self, **changed)


@dataclass(frozen=True)
class Driver:
    """A key that counts follow from: the counts are in proportion to its value (`inverse`: to one over it)."""

    key: str
    text: str | int
    """The value as it was written."""
    value: float
    unit: str
    """What a value of this key is written with."""
    fields: tuple[str, ...]
    share: float = 1.0
    """Part of these counts that follows from this key."""
    inverse: bool = False
    whole: bool = False


def counts_of(experiment: Experiment, runs: float, recorded: float | None = None) -> Counts:
    """The counts of an experiment of which so many runs are asked for; `recorded` of them, or all, keep all rows."""
    length, people = length_of(experiment), people_of(experiment)
    persons = math.fsum(people.values())
    staff = [staff_of(experiment, name) for name in experiment.compared]
    profiles = 1 + len([cohort for cohort in experiment.population.cohorts.values() if cohort.onset.per_hour])
    return Counts(
        runs=min(runs, MOST),
        recorded=min(runs if recorded is None else recorded, MOST),
        persons=persons,
        cases=persons * len(experiment.operators),
        open=_open_at_once(experiment, persons),
        posts=posts_of(experiment),
        kept_rows=kept_rows_of(experiment),
        given=len(experiment.replay.traffic.contacts) if experiment.replay else 0.0,
        shifts=max(shifts for shifts, _, _ in staff),
        seats=max(math.fsum(seats.values()) for _, seats, _ in staff),
        duties=max(math.fsum(duties.values()) for _, _, duties in staff),
        desks=max(len(experiment.staffing[name].desks) for name in experiment.compared),
        bins=length / experiment.bin.value,
        hours=length / HOUR * profiles,
        flights=math.fsum(flights_of(experiment).values()),
    )


def kept_rows_of(experiment: Experiment) -> float:
    """Contacts of a replay whose rows stay in memory, of all runs."""
    contacts = float(len(experiment.replay.traffic.contacts)) if experiment.replay else 0.0
    if contacts > MOST_IN_MEMORY or experiment.record == "none":
        return 0.0
    replications = float(min(experiment.replications, MOST)) if experiment.record == "all" else 1.0
    return contacts * replications * len(experiment.compared)


def people_of(experiment: Experiment) -> dict[str, float]:
    """Contact persons of each cohort."""
    return {name: _members(experiment, name, cohort) for name, cohort in experiment.population.cohorts.items()}


def _members(experiment: Experiment, name: str, cohort: Cohort) -> float:
    onset, scale = cohort.onset, experiment.population.factor_on(cohort)
    if cohort.named:
        return 1.0
    if onset.kind == "given":
        return float(len(experiment.replay.members.get(name, ()))) if experiment.replay else 0.0
    if onset.per_hour is not None:
        return onset.per_hour.value * scale * length_of(experiment) * len(onset.days) / 7
    leader = experiment.population.cohorts.get(onset.cohort or "", cohort)
    people = leader.people.value if leader.people else 0.0
    return people * scale / math.fsum(size * share.value for size, share in leader.party.items())


def come_one_by_one(experiment: Experiment) -> bool:
    """Does everybody come in a stream that is drawn and not given, and does nobody ask for them later?

    Then a run that keeps no rows uses those of passengers again (model/arrivals.py). A notice, or what
    is passed on, asks for all who were reached before it, and an observation for a person.
    """
    cohorts = experiment.population.cohorts.values()
    drawn = all(cohort.onset.streams and cohort.onset.kind != "given" for cohort in cohorts)
    read = experiment.disruption.notices or any(cohort.feed.value > 0 for cohort in cohorts)
    return drawn and not read and not experiment.observations


def may_look_back(experiment: Experiment) -> bool:
    """Is there a routing rule of a user, which could look at any of the past contacts?"""
    # Late: the rules are code that Numba compiles, which takes a while to load.
    from caresim.model.own_rules import OWN

    desks = (desk for name in experiment.compared for desk in experiment.staffing[name].desks.values())
    return any({desk.routing, desk.routing_in_writing} & OWN.keys() for desk in desks)


def _open_at_once(experiment: Experiment, persons: float) -> float:
    """Persons whose matter is open at a time, at most.

    Of a queue: those who are served, those whom more arrivals than the servers manage leave over, and what chance adds.
    Nobody waits longer than patience and redials have it. Of other streams nothing is known before they run.
    """
    queue = experiment.queue
    if not come_one_by_one(experiment) or may_look_back(experiment):
        return persons
    if queue is None:
        return persons
    load = queue.arrival_rate.value * queue.service_mean.value * (1 + queue.arrival_swing.value)
    left_over = max(0.0, 1.0 - queue.servers.value / load) * persons
    if queue.patience_mean is not None:
        waits = queue.patience_mean.value + (queue.redial_gap.value if queue.redial_gap else 0.0)
        tries = 1.0 / (1.0 - queue.redial_share.value)
        left_over = min(left_over, queue.arrival_rate.value * (1 + queue.arrival_swing.value) * waits * tries)
    return min(persons, queue.servers.value + left_over + WAVER * math.sqrt(persons * (1 + _spread(queue))))


def _spread(queue: Queue) -> float:
    """Squared coefficient of variation of the handling time."""
    if queue.service_cv is not None:
        return queue.service_cv.value**2
    return 0.0 if queue.service == "deterministic" else 1.0


def posts_of(experiment: Experiment) -> float:
    """Spontaneous posts of bystanders: those of any other day, and those that follow the pulses."""
    bystanders = experiment.disruption.bystanders
    if bystanders is None:
        return 0.0
    pulses = math.fsum(pulse.weight.value for pulse in bystanders.pulses) * experiment.population.crisis_scale.value
    after = min(bystanders.half_life.value / math.log(2), length_of(experiment))
    return bystanders.base.value * length_of(experiment) + bystanders.per_hour.value * pulses * after


def flights_of(experiment: Experiment) -> dict[str, float]:
    """Departures of each series within its dates, by the key that says how many there are a day."""
    return {
        f"operators.{name}.flights.{flight}.a_day": series.a_day.value * _days_flown(series)
        for name, operator in experiment.operators.items()
        for flight, series in operator.flights.items()
    }


def _days_flown(series: FlightSeries) -> float:
    return ((series.last - series.first).days + 1) * len(series.days) / 7


def drivers_of(experiment: Experiment) -> Iterator[Driver]:
    """The keys that the counts follow from, the nearest to what a user types first."""
    staff = {name: staff_of(experiment, name)[1] for name in experiment.compared}
    most = max(math.fsum(seats.values()) for seats in staff.values())
    if experiment.queue is not None:
        queue = experiment.queue
        yield _driver("queue.customers", queue.customers, (*OF_PEOPLE, "hours", "shifts", "duties"), "people")
        rostered = max(math.fsum(_rostered(seats).values()) for seats in staff.values())
        yield _driver("queue.servers", queue.servers, OF_STAFF, "people", 1.0, _share(rostered, most))
        for name, seats in staff.items():
            yield from _of_extra(experiment, name, seats, most)
        return
    fields = OF_LENGTH if _come_in_streams(experiment) else tuple(name for name in OF_LENGTH if name not in OF_PEOPLE)
    yield _driver("window", experiment.window, fields, "d", 1 / DAY, experiment.window.value / length_of(experiment))
    for key in ("warm_up", "drain"):
        time = getattr(experiment, key)
        yield _driver(key, time, fields, "d", 1 / DAY, time.value / length_of(experiment))
    for key in ("scale", "crisis_scale"):
        if (factor := getattr(experiment.population, key)).value > 1:
            yield _driver(f"population.{key}", factor, OF_PEOPLE, "")
    yield from _of_cohorts(experiment)
    for name, seats in staff.items():
        yield from _of_staff(experiment, name, seats, most)
        yield from _of_extra(experiment, name, seats, most)
    if (bystanders := experiment.disruption.bystanders) is not None:
        yield _driver("disruption.bystanders.base", bystanders.base, ("posts",), "/h", HOUR)
        yield _driver("disruption.bystanders.per_hour", bystanders.per_hour, ("posts",), "/h", HOUR)
    yield Driver("bin", experiment.bin.text, experiment.bin.value, "min", ("bins",), inverse=True)


def _come_in_streams(experiment: Experiment) -> bool:
    """Do most persons come as long as the run lasts?"""
    people = people_of(experiment)
    streaming = [people[name] for name, cohort in experiment.population.cohorts.items() if cohort.onset.streams]
    return 2 * math.fsum(streaming) > math.fsum(people.values())


def _of_cohorts(experiment: Experiment) -> Iterator[Driver]:
    """The keys behind the largest cohort."""
    if most := largest(people_of(experiment)):
        name, share = most
        cohort = experiment.population.cohorts[name]
        key = f"population.cohorts.{name}"
        if cohort.onset.per_hour:
            yield _driver(f"{key}.onset.per_hour", cohort.onset.per_hour, OF_PEOPLE, "/h", HOUR, share)
        elif cohort.people:
            yield _driver(f"{key}.people", cohort.people, OF_PEOPLE, "people", 1.0, share)


def _of_staff(experiment: Experiment, staffing: str, seats: Mapping[str, float], most: float) -> Iterator[Driver]:
    """The key behind most of the people on the rosters of a staffing model; `most` people has the largest model."""
    rostered = _rostered(seats)
    if experiment.replay is not None and experiment.staffing[staffing].paid_hours is None:
        if not experiment.replay.traffic.crews:
            servers = experiment.replay.servers or experiment.replay.default_servers
            yield _driver(
                "replay.servers", servers, OF_STAFF, "people", 1.0, _share(math.fsum(rostered.values()), most)
            )
        return
    if (behind := largest(rostered)) is None:
        return
    key, share = behind[0], _share(seats[behind[0]], most)
    model = experiment.staffing[staffing]
    if key.endswith("paid_hours.factor"):
        assert model.paid_hours is not None
        yield _driver(key, model.paid_hours.factor, OF_STAFF, "", 1.0, share)
        return
    desk = model.desks[key.split(".")[3]]
    reserved = key.endswith("reserve.headcount") and desk.reserve is not None
    quantity = desk.reserve.headcount if reserved and desk.reserve else desk.headcount
    yield _driver(key, quantity, OF_STAFF, "people", 1.0, share)


def _of_extra(experiment: Experiment, staffing: str, seats: Mapping[str, float], most: float) -> Iterator[Driver]:
    """The key behind most of the people who come on top of the rosters of a staffing model."""
    behind = largest({key: heads for key, heads in seats.items() if EXTRA in key})
    if behind is None:
        return
    for name, desk in experiment.staffing[staffing].desks.items():
        for place, more in enumerate(desk.extra):
            if (key := key_of_extra(experiment, staffing, name, place)) == behind[0]:
                yield _driver(key, more.headcount, OF_STAFF, "people", 1.0, _share(seats[key], most))


def _rostered(seats: Mapping[str, float]) -> dict[str, float]:
    """Without the people who come on top."""
    return {key: heads for key, heads in seats.items() if EXTRA not in key}


def _share(part: float, whole: float) -> float:
    return part / whole if math.isfinite(whole) else 1.0


def _driver(
    key: str, quantity: Quantity, fields: tuple[str, ...], unit: str, per: float = 1.0, share: float = 1.0
) -> Driver:
    """`per`: so many of the unit is one of the canonical one."""
    return Driver(key, quantity.text, quantity.value * per, unit, fields, share, whole=unit == "people")


def largest(parts: Mapping[str, float]) -> tuple[str, float] | None:
    """The key of the largest part, and its share of all; None where there is nothing."""
    total = math.fsum(parts.values())
    if not total > 0:
        return None
    key = max(parts, key=lambda name: parts[name])
    return key, (parts[key] / total if math.isfinite(total) else 1.0)
