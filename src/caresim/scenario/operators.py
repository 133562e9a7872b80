"""Operators with their channels, flights, facts and notices, as tables of the world."""

from __future__ import annotations

import math
from collections.abc import Iterable
from enum import IntEnum

import numpy as np

from caresim.config.disruption import Notice
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.model.codes import NEVER, NOBODY, Kind, SeatRule
from caresim.model.draws import name_key, name_keys
from caresim.model.exact import exp, log
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import NEEDS, rows
from caresim.scenario.calendar import days, wall_clock
from caresim.scenario.names import Names

MOST_CHANNELS = 64
FOREVER = 10**9


def code(codes: type[IntEnum], word: str) -> int:
    """The number of a configuration word."""
    return int(codes[word.upper()])


def mask(languages: Iterable[str], names: Names) -> int:
    """Languages as bits."""
    return sum(1 << names.languages.index(language) for language in languages if language in names.languages)


def operators_of(experiment: Experiment, names: Names) -> np.recarray:
    table = rows(len(names.operators), "operators")
    for o, (name, operator) in enumerate(experiment.operators.items()):
        table[o].mood_at = experiment.begins
        table[o].first_waiting = table[o].last_waiting = NOBODY
        returned = operator.cancelled_seats_return
        table[o].cancelled_return = returned.value if returned else 0.0
        table[o].seat_rule = code(SeatRule, operator.seat_rule)
        public = [names.channels.index(key) for key, channel in operator.channels.items() if channel.medium == "public"]
        table[o].feed_channel = public[0] if public else NOBODY
        bystanders = experiment.disruption.bystanders
        if bystanders and bystanders.operator == name:
            table[o].feed_channel = names.channels.index(bystanders.channel)
    return table


def flights_of(experiment: Experiment, names: Names) -> tuple[np.recarray, list[tuple[str, str]]]:
    """Flights by departure, and (series, label) of each."""
    found = []
    for o, (name, operator) in enumerate(experiment.operators.items()):
        for series, flight in operator.flights.items():
            for day in days(experiment, flight.timezone):
                if not (flight.first <= day <= flight.last and day.weekday() in flight.days):
                    continue
                first = wall_clock(experiment, day, flight.departs.minutes, flight.timezone)
                date = day.isoformat()
                for number, after in enumerate(flight.within_a_day):
                    if first + after > 0:
                        found.append((first + after, name, series, date if not number else f"{date}#{number + 1}", o))
    found.sort()
    flown = [experiment.operators[name].flights[series] for _, name, series, *_ in found]
    table = rows(len(found), "flights")
    table["departure"] = [departure for departure, *_ in found]
    table["check_in"] = table["departure"] - np.array([flight.check_in_close.value for flight in flown])
    table["operator"] = [o for *_, o in found]
    table["capacity"] = [round(flight.capacity.value) for flight in flown]
    table["free"] = [int(flight.capacity.value * flight.free.value + 0.5) for flight in flown]
    table["booked"] = table["capacity"] - table["free"]
    table["cancelled"] = [flight.cancelled for flight in flown]
    table["no_show"] = [flight.no_show.value for flight in flown]
    table["key"] = name_keys([f"flight/{name}/{series}/{which}" for _, name, series, which, _ in found])
    return table, [(series, f"{series} {which}") for _, _, series, which, _ in found]


def channels_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    if len(names.channels) > MOST_CHANNELS:
        raise ValueError(f"an experiment has at most {MOST_CHANNELS} channels, not {len(names.channels)}")
    table = rows(len(names.channels), "channels")
    c = 0
    for o, (operator_name, operator) in enumerate(experiment.operators.items()):
        for name, channel in operator.channels.items():
            row = table[c]
            c += 1
            row.key = name_key("channel", operator_name, name)
            row.operator = o
            row.medium = code(Medium, channel.medium)
            row.trunks = round(channel.lines.value) if channel.lines else FOREVER
            row.expected_wait = row.typical_wait = NEVER
            row.patience = NEVER
            if channel.medium in experiment.behaviour.media:
                row.expected_wait = experiment.behaviour.media[channel.medium].expected.value
                row.typical_wait = experiment.behaviour.media[channel.medium].typical.value
                row.patience = patience(experiment, channel.medium)
            desks = [d for d, desk in enumerate(staffing.desks.values()) if name in desk.serves]
            row.desk = desks[0] if desks and name not in staffing.closed and name not in staffing.unanswered else NOBODY
            row.assistant = NOBODY
            row.is_open = channel.medium not in ("phone", "counter") and name not in staffing.closed
            spoken = staffing.desks[names.desks[row.desk]].languages if row.desk != NOBODY else channel.languages
            row.languages = mask(spoken, names) & mask(channel.languages, names)
            row.visit = channel.visit.value if channel.visit else 0.0
            for need, share in channel.solves.items():
                row.solves[code(Need, need)] = share.value
    return table


def patience(experiment: Experiment, medium: str) -> list[float]:
    """Scale of patience by need: of a Weibull distribution on the spot, median of a lognormal in writing."""
    behaviour = experiment.behaviour
    if medium in ("public", "private", "email"):
        return [behaviour.text.patience.value] * NEEDS
    means = behaviour.phone.patience if medium == "phone" else behaviour.phone.counter_patience
    if behaviour.phone.patience_law == "endless":
        return [NEVER] * NEEDS
    scale = weibull_mean(behaviour.phone.patience_shape.value) if behaviour.phone.patience_law == "weibull" else 1.0
    return [means[need.name.lower()].value / scale for need in Need]


def weibull_mean(shape: float) -> float:
    """Mean of a Weibull distribution of scale 1: gamma(1 + 1/shape), by Stirling's series from 20 up (no libm)."""
    x = 1.0 + 1.0 / shape
    product = 1.0
    while x < 20.0:
        product *= x
        x += 1.0
    series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x * x * x) + 1.0 / (1260.0 * x * x * x * x * x)
    return float(exp((x - 0.5) * log(x) - x + 0.9189385332046727 + series)) / product


def facts_of(experiment: Experiment, names: Names) -> np.recarray:
    table = rows(len(experiment.disruption.facts), "facts")
    for k, fact in enumerate(experiment.disruption.facts.values()):
        table[k].time = experiment.minutes(fact.at)
        table[k].operator = names.operators.index(fact.operator)
    return table


def notices_of(experiment: Experiment, staffing: Staffing, names: Names) -> tuple[np.recarray, np.recarray]:
    """Notices as this staffing model publishes them, and whom they and the gestures after it all reach."""
    table = rows(len(names.notices), "notices")
    gestures = experiment.disruption.gestures
    reaches = rows((len(names.notices) + len(gestures)) * len(names.cohorts), "reaches")
    for g, gesture in enumerate(gestures.values(), len(names.notices)):
        for cohort, share in gesture.reach.items():
            reaches[g * len(names.cohorts) + names.cohorts.index(cohort)].share = share.value
    for k, (name, planned) in enumerate(experiment.disruption.notices.items()):
        notice = changed(planned, staffing, name)
        row = table[k]
        row.time = experiment.minutes(notice.at)
        row.delay = notice.delay.value
        row.operator = names.operators.index(notice.operator)
        row.key = name_key("notice", name)
        row.languages = mask(notice.languages, names)
        row.prompts = notice.prompts.value
        row.ends_wave = notice.ends_wave
        for need, share in notice.meets.items():
            row.meets[code(Need, need)] = share.value
        for cohort, share in notice.reach.items():
            reaches[k * len(names.cohorts) + names.cohorts.index(cohort)].share = share.value
    return table, reaches


def gestures_of(experiment: Experiment, names: Names) -> np.recarray:
    table = rows(len(experiment.disruption.gestures), "gestures")
    for row, (name, gesture) in zip(table, experiment.disruption.gestures.items(), strict=True):
        row.key = name_key("gesture", name)
        row.operator = names.operators.index(gesture.operator)
        row.strength = gesture.strength.value
        row.ceiling = gesture.ceiling.value
    return table


def changed(notice: Notice, staffing: Staffing, name: str) -> Notice:
    """The notice with what the staffing model changes in it."""
    if name not in staffing.notices:
        return notice
    change = staffing.notices[name]
    told = {key: value for key in type(change).model_fields if (value := getattr(change, key)) is not None}
    for key in ("reach", "meets"):
        if key in told:
            told[key] = {**getattr(notice, key), **told[key]}
    return notice.model_copy(update=told)


def cohorts_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    table = rows(len(names.cohorts), "cohorts")
    table.preference = -math.inf
    for k, cohort in enumerate(experiment.population.cohorts.values()):
        table[k].ordinary = cohort.ordinary
        table[k].priority = cohort.priority.value
        table[k].first_operator = names.operators.index(cohort.operators[0])
        for channel, utility in cohort.preference.items():
            if channel not in staffing.closed:
                table[k].preference[names.channels.index(channel)] = utility.value
    return table


def machine_of(staffing: Staffing, names: Names, table: np.recarray, s: int) -> None:
    """The assistant's record in row `s` of `staff`."""
    assistant = staffing.assistant
    assert assistant is not None
    row = table[s]
    row.key = name_key("assistant")
    row.kind = Kind.ASSISTANT
    row.desk = NOBODY
    row.contact = row.inbox = row.next_free = row.previous_free = NOBODY
    row.speed = 1.0
    row.quality = assistant.quality.value
    row.pace = assistant.handle.value
    row.languages = mask(assistant.languages, names)
    row.escalates = assistant.hands_over.value
    row.cost_per_contact = assistant.cost_per_contact.value
    for need, share in assistant.solves.items():
        row.solves[code(Need, need)] = share.value
    for need, share in assistant.errs.items():
        row.errs[code(Need, need)] = share.value
