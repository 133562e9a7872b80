"""Cohorts: where their members turn, and how the members are drawn, as tables of the world."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.population import Cohort
from caresim.config.quantity import Quantity
from caresim.config.staffing import Staffing
from caresim.model.codes import MISSING, NOBODY
from caresim.model.codes import Onset as OnsetKind
from caresim.model.draws import name_key
from caresim.model.exact import halved, log
from caresim.model.needs import Need, Settlement
from caresim.model.question import ANY
from caresim.model.records import KINDS, rows
from caresim.scenario.behaviour import sigma_of
from caresim.scenario.calendar import first_hour, hourly
from caresim.scenario.facts import kinds_of
from caresim.scenario.names import Names, code

PULSES = 16
PARTIES = 8
LANGUAGES = 16


def cohorts_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row a cohort: its taste for each channel, and the same for those that this staffing model leaves open to it."""
    table = rows(len(names.cohorts), "cohorts")
    table.preference = table.taste = -math.inf
    for k, cohort in enumerate(experiment.population.cohorts.values()):
        table[k].ordinary = cohort.ordinary
        table[k].priority = cohort.priority.value
        table[k].first_operator = names.operators.index(cohort.operators[0])
        for channel, utility in cohort.preference.items():
            c = names.channels.index(channel)
            table[k].taste[c] = logit_of(utility)
            if channel not in staffing.closed:
                table[k].preference[c] = table[k].taste[c]
    return table


def logit_of(utility: Quantity) -> float:
    """The utility of a channel, which may be given as the share who prefer it."""
    return float(log(utility.value)) if utility.dimension == "share" else utility.value


def cumulative(shares: Sequence[float], width: int) -> np.ndarray:
    """Cumulative shares in a row of `width`; the last one used and all beyond are 1."""
    row = np.ones(width)
    row[: len(shares) - 1] = np.cumsum(shares)[:-1]
    return row


def mean_party(cohort: Cohort) -> float:
    """People a contact person speaks for, on average."""
    return math.fsum(size * share.value for size, share in cohort.party.items())


def size_of(experiment: Experiment, cohort: Cohort) -> int:
    """Contact persons: people x scale / mean party size."""
    if cohort.named:
        return 1
    if cohort.onset.cohort:
        return size_of(experiment, experiment.population.cohorts[cohort.onset.cohort])
    people = cohort.people.value if cohort.people else 0.0
    return round(people * experiment.population.factor_on(cohort) / mean_party(cohort))


def by_order(shares: Mapping, order: Sequence) -> list[float]:
    """The shares in this order; 0 of what is not named."""
    return [shares[name].value if name in shares else 0.0 for name in order]


def question_of(experiment: Experiment, cohort: Cohort, need: Need) -> int:
    """The kind of question that goes with a need; NOBODY: it is drawn of those that the cohort asks.

    Who wants to know something asks what the cohort asks; behind any other need is the question that behaviour names,
    or one of any kind.
    """
    kinds = experiment.disruption.questions
    if not kinds:
        return 0
    if need.row.settled_by is Settlement.NEWS:
        return NOBODY if cohort.asks else ANY
    kind = experiment.behaviour.questions.get(need.word)
    return ANY if kind is None else kinds.index(kind)


def cohort_parameters_of(experiment: Experiment, names: Names) -> tuple[np.recarray, np.recarray]:
    """A row a cohort and one for the bystanders, and the hourly rates that they point into (arrivals a minute)."""
    cohorts = experiment.population.cohorts
    table = rows(len(cohorts) + 1, "cohort_parameters")
    rates: list[float] = []
    for row, (name, cohort) in zip(table, cohorts.items(), strict=False):
        row.key = name_key("cohort", name)
        row.contacting = cohort.contacting.value
        row.need_share = cumulative(by_order(cohort.need, [need.word for need in Need]), len(Need))
        row.question_of = [question_of(experiment, cohort, need) for need in Need]
        row.ask_share = cumulative(by_order(cohort.asks, kinds_of(experiment)), KINDS)
        row.entitled = by_order(cohort.entitled, [need.word for need in Need])
        row.party_share = cumulative(by_order(cohort.party, range(1, PARTIES + 1)), PARTIES)
        row.language_share = cumulative(by_order(cohort.languages, names.languages), LANGUAGES)
        row.temper_sigma = sigma_of(experiment.behaviour.anger.temper_cv.value)
        row.anger = cohort.anger.value
        row.followers_median = cohort.followers_median.value
        row.followers_sigma = cohort.followers_sigma.value
        row.deadline = cohort.deadline.value if cohort.deadline else MISSING
        row.deadline_fixed = cohort.deadline_law == "fixed"
        _set_onset(row, experiment, cohort, rates)
    _set_bystanders(table[-1], experiment, rates)
    hours = rows(max(1, len(rates)), "rates")
    hours.rate[: len(rates)] = rates
    return table, hours


def _set_onset(row: np.record, experiment: Experiment, cohort: Cohort, rates: list[float]) -> None:
    """When the members of a cohort become affected."""
    onset = cohort.onset
    row.onset = code(OnsetKind, onset.kind)
    row.spread = _value(onset.spread)
    row.lead = _value(onset.lead)
    row.within = _value(onset.departure_within)
    row.not_before = onset.not_before.value if onset.not_before else experiment.begins
    row.regardless = onset.regardless
    if onset.pulses:
        _set_pulses(row, [(pulse.at.value, pulse.weight.value) for pulse in onset.pulses])
    if onset.per_hour:
        peak = onset.per_hour.value * experiment.population.factor_on(cohort)
        _set_rates(row, experiment, rates, peak, onset.profile, onset.timezone or "UTC", onset.days)
    if onset.cycle:
        row.swing, row.cycle = onset.swing.value, onset.cycle.value
        row.highest *= 1.0 + onset.swing.value


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
    """The hourly rates of a row (arrivals a minute), appended to all the others'."""
    row.table_from = first_hour(experiment, zone)
    row.first_rate = len(rates)
    for hour, weekday in hourly(experiment, zone):
        rates.append(per_minute * (profile[hour] if profile else 1.0) if weekday in open_days else 0.0)
    row.hours = len(rates) - row.first_rate
    row.highest = max(rates[row.first_rate :])


def _set_bystanders(row: np.record, experiment: Experiment, rates: list[float]) -> None:
    """When bystanders post of their own accord."""
    bystanders = experiment.disruption.bystanders
    if bystanders is None:
        return
    row.key = name_key("bystanders", bystanders.operator)
    _set_rates(row, experiment, rates, bystanders.base.value, bystanders.profile, bystanders.timezone, range(7))
    row.pulses = len(bystanders.pulses)
    row.half_life = bystanders.half_life.value
    height = bystanders.per_hour.value * experiment.population.crisis_scale.value
    heights = [(pulse.at.value, pulse.weight.value * height) for pulse in bystanders.pulses]
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
