"""What a request takes, known before it starts: events, memory and time, estimated from counts.

A request that does not fit into the memory of this machine is refused. One that takes longer than a day is refused
unless `i_have_time` says that it is meant: time can be given, memory cannot. The refusal names the key that costs most,
what it costs, and the largest value that fits.

The constants were measured (docs/performance.md: cost against size, worker processes); tests/run/test_price.py holds
them against real runs, within a factor of 3.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from caresim.config.amounts import in_memory, in_number, in_time, in_units, rounded_down
from caresim.config.counts import MOST, Counts, Driver, counts_of, drivers_of, flights_of, largest, people_of
from caresim.config.errors import BadInput
from caresim.config.machine import memory
from caresim.config.shares import told_of
from caresim.model.cores import cores

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

LONGEST_S = 86_400.0
"""Seconds that a request may take unasked: a day. Who starts what lasts longer should know, and may say so."""
MOST_WORKERS = 1000
"""Workers that may be asked for: as processes they would hold 180 GB, and no machine has so many cores."""
MOST_FLIGHTS = 500_000
"""Of an experiment: three times those of ash_cloud, the largest there is. Each is an object of Python when dates and
bookings are checked, so that millions would take minutes before anything runs.
"""
LAST_YEAR = 9990
"""Dates end with the year 9999; rosters and reports look some days ahead."""
TIME_KEY = "i_have_time"

# Events of a run. Per person: 8.0 in tokyo, 7.9 in a queue, 6.9 to 12.5 in ash_cloud.
EVENTS_A_PERSON = 8.0
EVENTS_A_POST = 4.0
"""3 to 5 in activism: a post, those that follow it, and what becomes of each."""
EVENTS_A_DUTY = 12.0
"""Of a person's day of work: 15 with breaks (tokyo, ash_cloud), 3.5 without (queue)."""
EVENTS_A_FLIGHT = 2.0

# CPU seconds, of one core of the machine of docs/performance.md.
SECONDS_A_RUN = 0.02
"""Metrics and curves of a run of hardly anybody: 0.011 to 0.017."""
SECONDS_AN_EVENT = 150e-9
"""With its share of building and measuring: 120 to 180 ns up to a million persons."""
CACHED_PERSONS = 5e6
"""So many persons more cost as much again for each event: memory is slower than the caches (10 million: 380 to 630)."""
SECONDS_A_ROW, SECONDS_A_CONTACT = 8e-6, 8e-6
"""Of a contact in a file: to read it, and to bring it into a run and write down what became of it."""
SECONDS_A_SHIFT, SECONDS_A_SEAT, SECONDS_A_FLIGHT, SECONDS_AN_HOUR = 30e-6, 10e-6, 10e-6, 1e-6

SECONDS_A_POINT, SECONDS_A_FIGURED_POINT = 0.12, 0.52
"""Of a run of a sweep beside its simulation: to compose, judge and write it, without figures and with them."""

# Bytes of a world, which are those of its tables (src/caresim/model/records.py), and of what Python keeps beside them.
BYTES_A_WORLD = 4e6
BYTES_A_PERSON = 256.0
"""Passenger 128, medium experience 64, two events to come 48, and what orders them."""
BYTES_A_CASE = 88.0
BYTES_A_CONTACT, CONTACTS_A_PERSON, CONTACTS_IN_MEMORY = 128.0, 4.0, 2**20
"""A run begins with room for four contacts of each person, up to a million; beyond that they lie in a file."""
BYTES_OF_THE_PAST = 150e6
"""Of a run that uses rows again: what is over, until it is measured, and what is counted of it. 110 to 170 MB."""
GROWN = 2.0
"""Rows in memory for each that is open, where tables grow while a run goes on: the old one is copied to the new one."""
BYTES_A_POST = 400.0
BYTES_A_DUTY = 500.0
"""Stretches between breaks, and events to come: 40 and 24 each, 190 to 330 in all (tokyo, ash_cloud)."""
BYTES_A_SEAT = 1000.0
"""A record of 344, two names, and a place in three lists of Python's."""
BYTES_A_SHIFT = 600.0
BYTES_AN_HOUR = 100.0
BYTES_A_FLIGHT = 500.0
BYTES_A_BIN, BYTES_A_BIN_AND_DESK = 500.0, 100.0
BYTES_A_GIVEN_CONTACT = 260.0
"""A row of a file: packed while it is read, then a number in each of some ten columns, and what is made of them at the
end. Three million rows of five columns took 1.8 GB in all, and 2.1 GB with all rows recorded and all figures, where 2.4
are asked for (benchmarks/large_replay.py).
"""
MOST_READINGS = 2.0**31
"""Pairs of a passenger and a notice: an event has one number of four bytes for them."""
BYTES_HELD_A_CONTACT = 60.0
"""Of these, the columns of a file that has been read."""
BYTES_A_REPLAY_INPUT = 40.0
"""What a world knows of a contact of a file."""
BYTES_A_RECORDED = 1250.0
"""Rows of a replayed contact in the tables of a recorded run, while they are put together and written: 850 to 1,150."""
BYTES_A_RUN = 15e3
"""Its row of metrics; what is longer goes to disk once there is much of it."""
BYTES_A_ROW, MOST_ROWS = 400.0, 2**21
"""Of a person in the tables of a recorded run, with their contacts; longer tables are files (run/long_table.py)."""
BYTES_OF_RESULTS = 300e6
"""Libraries, statistics and figures, and series that are still in memory."""
BYTES_A_POINT = 20e3
"""Of a sweep's table in memory, for each staffing model of a run."""
BYTES_A_PROCESS, MOST_THREADS = 180e6, 4
"""A worker process before it has a world; up to four workers are threads."""


@dataclass(frozen=True)
class Price:
    """Of a request: events of all its runs, the most memory at a time in bytes, and hours on this machine's clock."""

    events: float
    bytes: float
    seconds: float

    def __str__(self) -> str:
        return f"about {in_number(self.events)} events, {in_memory(self.bytes)} of memory, {in_time(self.seconds)}"

    def allowed(self, has_time: bool, held: float = 0.0) -> bool:
        """Does it fit into memory, of which `held` bytes are taken already, and into a day (`has_time`: any time)?"""
        return self.bytes - held <= memory() and (has_time or self.seconds <= LONGEST_S)


def price_of(experiment: Experiment, runs: float | None = None) -> Price:
    """Of `runs` runs of an experiment, of which each keeps its rows; None: of each staffing model in each of its
    replications, as `record` says.
    """
    return _of(experiment, asked(experiment, runs), experiment.workers, runs is None)


def asked(experiment: Experiment, runs: float | None = None) -> Counts:
    """The counts of `runs` runs of an experiment (see `price_of`)."""
    if runs is not None:
        return counts_of(experiment, runs)
    whole = all_runs(experiment)
    recorded = {"none": 0.0, "first": min(whole, float(len(experiment.compared)))}.get(experiment.record, whole)
    return counts_of(experiment, whole, recorded)


def _of(experiment: Experiment, counts: Counts, workers: int | None, is_study: bool) -> Price:
    """The price of counts where they are computed: a study may have a cluster do it."""
    return priced_away(counts) if is_study and experiment.cluster is not None else priced(counts, workers)


def all_runs(experiment: Experiment) -> float:
    """Staffing models times replications."""
    return float(min(experiment.replications, MOST)) * len(experiment.compared)


def priced(counts: Counts, workers: int | None) -> Price:
    """The price of so much on this machine."""
    one = events_of_run(counts)
    processor_s = (
        SECONDS_A_RUN
        + SECONDS_AN_EVENT * one * (1 + counts.persons / CACHED_PERSONS)
        + SECONDS_A_CONTACT * counts.given
        + SECONDS_A_SHIFT * counts.shifts
        + SECONDS_A_SEAT * counts.seats
        + SECONDS_A_FLIGHT * counts.flights
        + SECONDS_AN_HOUR * counts.hours
    )
    here = cores()
    at_once = max(1.0, min(workers or here, counts.runs))
    processes = at_once if at_once > MOST_THREADS else 0.0
    rows = BYTES_A_GIVEN_CONTACT * counts.given * (1 + processes)
    recorded = min(counts.recorded, at_once)
    worlds = recorded * bytes_of_world(counts) + (at_once - recorded) * bytes_of_world(counts, keeps_rows=False)
    whole = worlds + processes * BYTES_A_PROCESS + rows
    whole += BYTES_A_RECORDED * counts.kept_rows + BYTES_A_RUN * counts.runs
    seconds = SECONDS_A_ROW * counts.given + counts.runs * processor_s / min(at_once, here)
    return Price(counts.runs * one, whole + BYTES_OF_RESULTS, seconds)


def events_of_run(counts: Counts) -> float:
    """Events of one run."""
    return (
        EVENTS_A_PERSON * counts.persons
        + EVENTS_A_POST * counts.posts
        + EVENTS_A_DUTY * counts.duties
        + EVENTS_A_FLIGHT * counts.flights
        + counts.bins
    )


def priced_away(counts: Counts) -> Price:
    """What a cluster leaves to this machine: files that are read, and results. How long it takes, nobody knows here."""
    rows = BYTES_A_ROW * min(counts.persons, MOST_ROWS) if counts.recorded else 0.0
    whole = BYTES_A_GIVEN_CONTACT * counts.given + BYTES_A_RUN * counts.runs + rows + BYTES_OF_RESULTS
    return Price(counts.runs * events_of_run(counts), whole, 0.0)


def bytes_of_world(counts: Counts, keeps_rows: bool = True) -> float:
    """Of one run at its largest. Many persons whose rows nobody keeps are forgotten once their matter is over."""
    forgets = not keeps_rows and counts.open < counts.persons
    if forgets and CONTACTS_A_PERSON * counts.persons > CONTACTS_IN_MEMORY:
        held = counts.scaled(("persons", "cases"), GROWN * counts.open / counts.persons)
        return BYTES_OF_THE_PAST + bytes_of_world(held)
    return (
        BYTES_A_WORLD
        + BYTES_A_PERSON * counts.persons
        + BYTES_A_CASE * counts.cases
        + BYTES_A_REPLAY_INPUT * counts.given
        + BYTES_A_CONTACT * min(CONTACTS_A_PERSON * counts.persons, CONTACTS_IN_MEMORY)
        + BYTES_A_POST * counts.posts
        + BYTES_A_DUTY * counts.duties
        + BYTES_A_SEAT * counts.seats
        + BYTES_A_SHIFT * counts.shifts
        + BYTES_AN_HOUR * counts.hours
        + BYTES_A_FLIGHT * counts.flights
        + (BYTES_A_BIN + BYTES_A_BIN_AND_DESK * counts.desks) * counts.bins
    )


def check(experiment: Experiment, runs: float | None = None) -> None:
    """BadInput where so many runs (None: all) are more than this machine has memory or, unless asked for, a day for."""
    check_workers(experiment.workers)
    check_flights(experiment)
    counts, is_study = asked(experiment, runs), runs is None
    price = _of(experiment, counts, experiment.workers, is_study)
    held = BYTES_HELD_A_CONTACT * counts.given
    if not price.allowed(experiment.i_have_time, held):
        drivers = [*drivers_of(experiment)]
        if counts.runs > len(experiment.compared):
            value = experiment.replications
            drivers.insert(0, Driver("replications", value, float(min(value, MOST)), "", ("runs",), whole=True))
        raise _refusal(price, counts, drivers, experiment, held, is_study)
    check_readings(experiment)
    check_dates(experiment)


def check_workers(workers: int | None) -> None:
    """BadInput for more workers than any machine has cores for."""
    if workers is not None and workers > MOST_WORKERS:
        allowed = (
            f"must be at most {MOST_WORKERS:,}; more workers than cores do not help, and this machine has {cores()}"
        )
        raise BadInput("workers", workers, allowed)


def check_flights(experiment: Experiment) -> None:
    """BadInput, at the series that has most of them, for more flights than can be looked through."""
    flights = flights_of(experiment)
    total, most = math.fsum(flights.values()), largest(flights)
    if total > MOST_FLIGHTS and most is not None:
        key, (_, operator, _, flight, _) = most[0], most[0].split(".")
        series = experiment.operators[operator].flights[flight]
        allowed = f"makes {total:,.0f} flights from {series.first} to {series.last}, with those of other series"
        raise BadInput(key, series.a_day.text, f"{allowed}; allowed: at most {MOST_FLIGHTS:,} in all")


def check_readings(experiment: Experiment) -> None:
    """BadInput for more pairs of a passenger and a notice than the agenda can number; what is passed on is a notice."""
    disruption, persons = experiment.disruption, math.fsum(people_of(experiment).values())
    feeds = any(cohort.feed.value > 0 for cohort in experiment.population.cohorts.values())
    told = max(len(told_of(experiment, model)) for model in experiment.staffing.values())
    notices = len(disruption.notices) + feeds * (len(disruption.facts) + len(disruption.notices) + told)
    if persons * notices >= MOST_READINGS:
        allowed = f"makes {persons:,.0f} people, too many for {notices} notices and facts that are passed on"
        raise BadInput("population.scale", experiment.population.scale.text, f"{allowed}; allowed: fewer of either")


def check_dates(experiment: Experiment) -> None:
    """BadInput where the run lasts beyond the dates that there are."""
    for sign, keys in ((-1, ("warm_up",)), (1, ("window", "drain"))):
        minutes = math.fsum(getattr(experiment, key).value for key in keys)
        try:
            year = (experiment.start + sign * timedelta(minutes=minutes)).year
        except OverflowError:
            year = sign * 10_000
        if not 2 <= year <= LAST_YEAR:
            key = max(keys, key=lambda name: getattr(experiment, name).value)
            allowed = f"leads beyond the years 2 to {LAST_YEAR:,}; allowed: a shorter time"
            raise BadInput(key, getattr(experiment, key).text, allowed)


def of_sweep(experiment: Experiment, count: int, dearer: float = 1.0) -> Price:
    """Of `count` experiments one after the other, which take on average `dearer` times the seconds of this one."""
    one, points = price_of(experiment), float(min(count, MOST))
    drawn = experiment.setting("figures") != "none"
    seconds = points * (one.seconds * dearer + (SECONDS_A_FIGURED_POINT if drawn else SECONDS_A_POINT))
    return Price(points * one.events * dearer, one.bytes + points * BYTES_A_POINT * len(experiment.compared), seconds)


def together(parts: Iterable[Price]) -> Price:
    """Of requests that follow one another."""
    prices = list(parts)
    events, seconds = math.fsum(part.events for part in prices), math.fsum(part.seconds for part in prices)
    return Price(events, max(part.bytes for part in prices), seconds)


def check_total(
    whole: Price, has_time: bool, key: str, value: object, count: float, what: str, makes: str = ""
) -> None:
    """BadInput where several requests are too much together: `count` of `what`, as the value of `key` says."""
    if whole.allowed(has_time):
        return
    fits = min(memory() / whole.bytes, math.inf if has_time else LONGEST_S / whole.seconds)
    most = math.floor(rounded_down(min(count, MOST) * fits))
    raise BadInput(key, value, f"{makes}{_takes(whole)}; {_largest(most or None, what, whole)}")


def _refusal(
    price: Price, counts: Counts, drivers: list[Driver], experiment: Experiment, held: float, is_study: bool
) -> BadInput:
    """Names the key without which the request would cost least, its largest value that fits, and what else helps."""
    in_the_way = [driver for driver in drivers if driver.value > 0]

    def of(rest: Counts) -> Price:
        return _of(experiment, rest, experiment.workers, is_study)

    def without(driver: Driver) -> float:
        rest = of(counts.scaled(driver.fields, 1.0 - driver.share))
        return (rest.bytes - held) / memory_or_one() if not _fits(price, held) else rest.seconds

    worst = min(in_the_way, key=without)
    factor = _largest_factor(lambda part: of(counts.scaled(worst.fields, part)).allowed(experiment.i_have_time, held))
    left = (worst.share - 1.0 + factor) / worst.share
    value = _value(worst, left)
    helps = "".join(f", or {words}" for words in _other_remedies(counts, experiment, held, is_study))
    return BadInput(worst.key, worst.text, f"{_takes(price, held)}; {_largest(value, worst.unit, price, held)}{helps}")


def _other_remedies(counts: Counts, experiment: Experiment, held: float, is_study: bool) -> Iterator[str]:
    """What to type instead of a smaller request: fewer workers, or no rows."""
    if not is_study or experiment.cluster is not None or _fits(priced(counts, experiment.workers), held):
        return

    def fits(asked_for: Counts, workers: int | None) -> bool:
        return priced(asked_for, workers).allowed(experiment.i_have_time, held)

    no_rows = replace(counts, recorded=0.0)
    at_once = int(max(1.0, min(experiment.workers or cores(), counts.runs)))
    fewer = next((number for number in range(at_once - 1, 0, -1) if fits(counts, number)), None)
    if fewer is not None:
        yield f"workers={fewer}"
    if fits(no_rows, experiment.workers):
        yield "record=none"


def _fits(price: Price, held: float) -> bool:
    return price.bytes - held <= memory()


def memory_or_one() -> float:
    """Bytes that can be had, where something is divided by them."""
    return float(max(memory(), 1))


def _largest_factor(fits: Callable[[float], bool]) -> float:
    """By how much the counts behind a key may be multiplied so that the request fits: 0 to 1, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2 if low > 0 else high / 1024
        if fits(middle):
            low = middle
        else:
            high = middle
        if high < 1e-18 or (low > 0 and high - low < 1e-4 * low):
            break
    return low


def _value(driver: Driver, left: float) -> float | None:
    """The value of a key at which `left` of its counts are left; None where none fits."""
    if left <= 0:
        return None
    if driver.inverse:
        return -rounded_down(-driver.value / left)
    value = rounded_down(driver.value * left)
    return None if driver.whole and value < 1 else float(math.floor(value)) if driver.whole else value


def _takes(price: Price, held: float = 0.0) -> str:
    if not _fits(price, held):
        return f"needs about {in_memory(price.bytes)} of memory, of which {in_memory(memory() + held)} can be had here"
    return f"takes about {in_time(price.seconds)} ({in_number(price.events)} events on {cores()} cores)"


def _largest(value: float | None, unit: str, price: Price, held: float = 0.0) -> str:
    """What to type instead."""
    at_most = "a smaller request" if value is None else f"at most {in_units(value)} {unit}".strip()
    if value is not None and value < 0:
        at_most = f"at least {in_units(-value)} {unit}".strip()
    if not _fits(price, held):
        return f"allowed: {at_most}"
    return f"allowed: {at_most}, which takes a day, or {TIME_KEY}=true"
