"""What operators publish: notices and gestures, as tables of the world."""

from __future__ import annotations

import numpy as np

from caresim.config.disruption import Notice, said_by
from caresim.config.experiment import Experiment
from caresim.config.quantity import Quantity
from caresim.config.staffing import Staffing
from caresim.model.codes import NEVER
from caresim.model.draws import name_key
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.scenario.names import Names, bits, code, fed, known_as, mask, operator_of

PUBLIC = frozenset({"web", "press"})
"""Media of notices that everybody can read, and may pass on."""


def published(experiment: Experiment, staffing: Staffing) -> dict[str, Notice]:
    """The notices as this staffing model publishes them."""
    return {name: changed(notice, staffing, name) for name, notice in experiment.disruption.notices.items()}


def notices_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row a notice."""
    table = rows(len(names.notices), "notices")
    notices = published(experiment, staffing)
    for row, (name, notice) in zip(table, notices.items(), strict=False):
        row.time = experiment.minutes(notice.at) if notice.at else NEVER
        row.public = not PUBLIC.isdisjoint(notice.media)
        row.operator = names.operators.index(notice.operator)
        row.key = name_key("notice", name)
        row.languages = mask(notice.languages, names)
        said = said_by(name, notice) if notice.at else ()
        row.says = bits(names.facts.index(known_as(experiment, fact, notice.operator)) for fact in said)
        row.clarity = notice.clarity.value
        row.prompts = notice.prompts.value
        row.every = notice.every.value if notice.every else 0.0
        row.until = experiment.minutes(notice.until) if notice.until else NEVER
        row.ends_wave = notice.ends_wave
        for need, share in notice.meets.items():
            row.meets[code(Need, need)] = share.value
    for row, fact in zip(table[len(notices) :], fed(experiment, staffing), strict=True):
        row.time = row.until = NEVER
        row.fed = True
        row.key = name_key("fact", fact)
        row.operator = names.operators.index(operator_of(experiment, fact))
        row.languages = mask(names.languages, names)
        row.says = 1 << names.facts.index(fact)
        row.clarity = experiment.behaviour.public.feed_clarity.value
    return table


def reaches_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """The share of each cohort that each notice reaches and when, then the share that each gesture reaches."""
    gestures = experiment.disruption.gestures
    reaches: list[dict[str, tuple[Quantity, Quantity | None]]] = [
        {cohort: (share, notice.delay) for cohort, share in notice.reach.items()}
        for notice in published(experiment, staffing).values()
    ]
    cohorts = experiment.population.cohorts.items()
    for fact in fed(experiment, staffing):
        operator = operator_of(experiment, fact)
        reaches.append({name: (who.feed, who.feed_delay) for name, who in cohorts if operator in who.operators})
    reaches += [{cohort: (share, None) for cohort, share in gesture.reach.items()} for gesture in gestures.values()]
    width = len(names.cohorts)
    table = rows(len(reaches) * width, "reaches")
    for number, reach in enumerate(reaches):
        for cohort, (share, delay) in reach.items():
            row = table[number * width + names.cohorts.index(cohort)]
            row.share, row.delay = share.value, delay.value if delay else 0.0
    return table


def gestures_of(experiment: Experiment, names: Names) -> np.recarray:
    """A row a gesture."""
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
    given = {key: value for key in type(change).model_fields if (value := getattr(change, key)) is not None}
    for key in ("reach", "meets"):
        if key in given:
            given[key] = {**getattr(notice, key), **given[key]}
    return notice.model_copy(update=given)
