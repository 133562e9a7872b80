"""Who comes: plans of each cohort and of the bystanders, and the passengers drawn from them."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.population import Cohort
from caresim.config.quantity import Quantity
from caresim.config.traffic import Row
from caresim.model import traits
from caresim.model.codes import MISSING, ReplayInput
from caresim.model.codes import Onset as Kind
from caresim.model.draws import name_key
from caresim.model.exact import halved
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.model.world import World
from caresim.scenario.calendar import first_hour, hourly
from caresim.scenario.names import Names
from caresim.scenario.behaviour import sigma_of

PULSES = 16
PARTIES = 8
LANGUAGES = 16


def cumulative(shares: Sequence[float], width: int) -> np.ndarray:
    """Cumulative shares in a row of `width`; the last one used and all beyond are 1."""
    row = np.ones(width)
    row[: len(shares) - 1] = np.cumsum(shares)[:-1]
    return row


def mean_party(cohort: Cohort) -> float:
    return math.fsum(size * share.value for size, share in cohort.party.items())


def size_of(experiment: Experiment, cohort: Cohort) -> int:
    """Contact persons: people x scale / mean party size."""
    if cohort.named:
        return 1
    if cohort.onset.cohort:
        return size_of(experiment, experiment.population.cohorts[cohort.onset.cohort])
    people = cohort.people.value if cohort.people else 0.0
    return round(people * experiment.population.scale.value / mean_party(cohort))


def by_order(shares: Mapping, order: Sequence) -> list[float]:
    return [shares[name].value if name in shares else 0.0 for name in order]


def cohort_parameters_of(experiment: Experiment, names: Names) -> tuple[np.recarray, np.recarray]:
    """One plan a cohort and one for the bystanders, and the hourly rates they point into."""
    cohorts = experiment.population.cohorts
    table = rows(len(cohorts) + 1, "cohort_parameters")
    rates: list[float] = []
    for row, (name, cohort) in zip(table, cohorts.items(), strict=False):
        row.key = name_key("cohort", name)
        row.contacting = cohort.contacting.value
        row.need_share = cumulative(by_order(cohort.need, [need.name.lower() for need in Need]), len(Need))
        row.party_share = cumulative(by_order(cohort.party, range(1, PARTIES + 1)), PARTIES)
        row.language_share = cumulative(by_order(cohort.languages, names.languages), LANGUAGES)
        row.temper_sigma = sigma_of(experiment.behaviour.anger.temper_cv.value)
        row.anger = cohort.anger.value
        row.followers_median = cohort.followers_median.value
        row.followers_sigma = cohort.followers_sigma.value
        row.deadline = cohort.deadline.value if cohort.deadline else MISSING
        row.deadline_fixed = cohort.deadline_law == "fixed"
        row.onset = Kind[cohort.onset.kind.upper()]
        row.spread = _value(cohort.onset.spread)
        row.lead = _value(cohort.onset.lead)
        row.within = _value(cohort.onset.departure_within)
        row.not_before = cohort.onset.not_before.value if cohort.onset.not_before else experiment.begins
        row.regardless = cohort.onset.regardless
        if cohort.onset.pulses:
            _set_pulses(row, [(p.at.value, p.weight.value) for p in cohort.onset.pulses])
        onset = cohort.onset
        if onset.per_hour:
            peak = onset.per_hour.value * experiment.population.scale.value
            _set_rates(row, experiment, rates, peak, onset.profile, onset.timezone or "UTC", onset.days)
        if onset.cycle:
            row.swing, row.cycle = onset.swing.value, onset.cycle.value
            row.highest *= 1.0 + onset.swing.value
    _plan_bystanders(table[-1], experiment, rates)
    hours = rows(max(1, len(rates)), "rates")
    hours.rate[: len(rates)] = rates
    return table, hours


def _value(quantity: Quantity | None) -> float:
    return quantity.value if quantity else 0.0


def _set_pulses(row: np.record, pulses: list[tuple[float, float]]) -> None:
    if len(pulses) > PULSES:
        raise ValueError(f"an onset has at most {PULSES} pulses, not {len(pulses)}")
    weights = np.array([weight for _, weight in pulses])
    row.pulse_at[: len(pulses)] = [at for at, _ in pulses]
    row.pulse_share = cumulative(list(weights / weights.sum()), PULSES)
    row.pulses = 0


def _set_rates(
    row: np.record,
    experiment: Experiment,
    rates: list[float],
    per_minute: float,
    profile: Sequence[float] | None,
    zone: str,
    open_days: Collection[int],
) -> None:
    """The hourly rates of a plan, appended to all the others'."""
    row.table_from = first_hour(experiment, zone)
    row.first_rate = len(rates)
    for hour, weekday in hourly(experiment, zone):
        rates.append(per_minute * (profile[hour] if profile else 1.0) if weekday in open_days else 0.0)
    row.hours = len(rates) - row.first_rate
    row.highest = max(rates[row.first_rate :])


def _plan_bystanders(row: np.record, experiment: Experiment, rates: list[float]) -> None:
    bystanders = experiment.disruption.bystanders
    if bystanders is None:
        return
    row.key = name_key("bystanders", bystanders.operator)
    _set_rates(row, experiment, rates, bystanders.base.value, bystanders.profile, bystanders.timezone, range(7))
    row.pulses = len(bystanders.pulses)
    row.half_life = bystanders.half_life.value
    heights = [(pulse.at.value, pulse.weight.value * bystanders.per_hour.value) for pulse in bystanders.pulses]
    for p, (at, height) in enumerate(heights):
        row.pulse_at[p] = at
        row.pulse_height[p] = height
    # the greatest sum of the pulses is at the moment of one of them; each earlier one has halved for the time between
    sums = [
        math.fsum(height * halved(at - earlier, row.half_life) for earlier, height in heights if earlier <= at)
        for at, _ in heights
    ]
    row.highest += max(sums, default=0.0)


def bookings_of(experiment: Experiment, names: Names, flights: np.recarray, series: Sequence[str]) -> np.recarray:
    """Cumulative share of each cohort booked on each flight, in proportion to the seats sold."""
    cohorts = experiment.population.cohorts
    table = rows(max(1, len(cohorts) * len(flights)), "bookings")
    for k, cohort in enumerate(cohorts.values()):
        sold = np.where([name in cohort.booked_on for name in series], flights["booked"], 0).astype(float)
        if sold.sum() > 0:
            share = np.cumsum(sold) / sold.sum()
            share[np.flatnonzero(sold)[-1] :] = 1.0
            table.share[k * len(flights) : (k + 1) * len(flights)] = share
    return table


def draw_population(world: World, experiment: Experiment, names: Names) -> None:
    """Fill `passengers` (sorted by when they are affected), `cases`, `given` and `fresh`."""
    cohorts = list(experiment.population.cohorts.values())
    arrivals = {k: stream(world, experiment, k) for k, cohort in enumerate(cohorts) if cohort.onset.streams}
    counts = [len(arrivals[k][0]) if k in arrivals else size_of(experiment, cohort) for k, cohort in enumerate(cohorts)]
    total = sum(int(count) for count in counts)
    passengers = rows(total, "passengers")
    world.set_table("passengers", passengers)
    firsts = dict(zip(experiment.population.cohorts, accumulate(counts, initial=0), strict=False))
    for k, (name, cohort) in enumerate(experiment.population.cohorts.items()):
        if k in arrivals:
            traits.draw_stream(world, k, firsts[name], *arrivals[k], counts[k])
        elif not cohort.onset.cohort:
            traits.draw_cohort(world, k, firsts[name], counts[k])
    for k, (name, cohort) in enumerate(experiment.population.cohorts.items()):
        if cohort.onset.cohort:
            traits.draw_followers(world, k, firsts[name], firsts[cohort.onset.cohort], counts[k])
    inputs = replay_inputs_of(experiment, total)
    ties = inputs["row"] if len(inputs) else passengers["key"]
    world.set_table("replay_inputs", inputs)
    if not in_order(passengers["affected"]):
        rearrange(world, by_time(passengers["affected"], ties))
    cases = total * len(names.operators)
    world.set_table("cases", rows(cases, "cases"))
    world.set_table("amends", rows(cases if experiment.disruption.gestures else 0, "amends"))
    world.amends["satisfaction"] = MISSING
    asked = any(observation.measure == "last_reply" for observation in experiment.observations.values())
    world.set_table("last_replies", rows(cases if asked else 0, "last_replies"))
    world.last_replies["time"] = MISSING
    world.set_table("medium_experience", rows(total, "medium_experience"))
    traits.blank_cases(world)
    draw_bystanders(world, experiment, names)


def in_order(times: np.ndarray) -> bool:
    """Is it one stream of arrivals, in order as it comes?"""
    return bool((times[1:] > times[:-1]).all())


def rearrange(world: World, order: np.ndarray) -> None:
    """Passengers, and what is given of them, in another order."""
    passengers = world.passengers
    traits.rearrange(passengers.view(np.ndarray).view(np.uint64).reshape(len(order), -1), order)
    led = np.flatnonzero(passengers["leader"] >= 0)
    if len(led):
        passengers["leader"][led] = np.argsort(order, kind="stable")[passengers["leader"][led]]
    if len(world.replay_inputs):
        world.set_table("replay_inputs", world.replay_inputs[order])


def by_time(times: np.ndarray, ties: np.ndarray) -> np.ndarray:
    """The order of the times, equal ones by `ties`. (A sort by both keys takes three times as long.)"""
    order = np.argsort(times, kind="stable")
    ranked = times[order]
    same = ranked[1:] == ranked[:-1]
    tied = np.flatnonzero(np.append(same, False) | np.append(False, same))
    members = order[tied]
    order[tied] = members[np.lexsort((ties[members], ranked[tied]))]
    return order


def stream(world: World, experiment: Experiment, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Times and keys of those who arrive as they come: given ones, or a Poisson stream."""
    name, cohort = list(experiment.population.cohorts.items())[k]
    if cohort.onset.kind != "given":
        return _arrivals(world, experiment, k)
    rows = told(experiment, name)
    times = np.array([row.arrival for row in rows], float)
    widths = np.array([row.width for row in rows], float)
    everybody = experiment.replay.traffic.keys if experiment.replay else []
    keys = np.array([everybody[n] for n in members(experiment, name)], np.uint64)
    traits.scatter(world, widths, times, keys)
    return times, keys


def members(experiment: Experiment, cohort: str) -> Sequence[int]:
    """Positions of the rows of a replay that are members of a cohort."""
    return experiment.replay.members.get(cohort, ()) if experiment.replay else ()


def told(experiment: Experiment, cohort: str) -> list[Row]:
    """The rows of a replay that are members of a cohort."""
    return [experiment.replay.traffic.rows[n] for n in members(experiment, cohort)] if experiment.replay else []


def replay_inputs_of(experiment: Experiment, total: int) -> np.recarray:
    """What a replay says of each passenger, cohort by cohort; no rows in all other runs."""
    if experiment.replay is None:
        return rows(0, "replay_inputs")
    table = rows(total, "replay_inputs")
    cohorts = experiment.population.cohorts.items()
    with_cohort = [(row, cohort) for name, cohort in cohorts for row in told(experiment, name)]
    everybody = [row for row, _ in with_cohort]
    table["service"] = [row.service for row in everybody]
    table["patience"] = [row.patience for row in everybody]
    table["priority"] = [
        cohort.priority.value if math.isnan(row.priority) else row.priority for row, cohort in with_cohort
    ]
    table["row"] = [row.line for row in everybody]
    itself = [ReplayInput.ITS_MEAN if row.service_is_mean else ReplayInput.ITSELF for row in everybody]
    table["about_service"] = np.where(np.isnan(table["service"]), ReplayInput.NOTHING, itself)
    table["about_patience"] = np.where(np.isnan(table["patience"]), ReplayInput.NOTHING, ReplayInput.ITSELF)
    return table


def draw_bystanders(world: World, experiment: Experiment, names: Names) -> None:
    """Fill `fresh`: when bystanders may post unprompted."""
    bystanders = experiment.disruption.bystanders
    times, keys = _arrivals(world, experiment, len(experiment.population.cohorts))
    posts = rows(len(times), "spontaneous_posts")
    posts["time"], posts["key"] = times, keys
    if bystanders:
        posts["operator"] = names.operators.index(bystanders.operator)
    world.set_table("spontaneous_posts", posts)


def room(world: World, experiment: Experiment, k: int) -> int:
    """Rows that the candidates of plan `k` will hardly ever exceed: ten standard deviations above the mean."""
    mean = float(world.cohort_parameters[k].highest) * (experiment.ends - experiment.begins)
    return int(mean + 10.0 * math.sqrt(mean) + 64)


def _arrivals(world: World, experiment: Experiment, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Times and keys of a plan's Poisson stream until the end of the run."""
    most = room(world, experiment, k)
    times, keys = np.zeros(most), np.zeros(most, np.uint64)
    kept = traits.draw_arrivals(world, k, experiment.ends, times, keys)
    return times[:kept], keys[:kept]
