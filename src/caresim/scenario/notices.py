"""What operators publish: notices and gestures, as tables of the world."""

from __future__ import annotations

import numpy as np

from caresim.config.disruption import Notice, said_by
from caresim.config.experiment import Experiment
from caresim.config.staffing import Staffing
from caresim.model.codes import NEVER
from caresim.model.draws import name_key
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.scenario.names import Names, bits, code, mask


def published(experiment: Experiment, staffing: Staffing) -> dict[str, Notice]:
    """The notices as this staffing model publishes them."""
    return {name: changed(notice, staffing, name) for name, notice in experiment.disruption.notices.items()}


def notices_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row a notice."""
    table = rows(len(names.notices), "notices")
    for row, (name, notice) in zip(table, published(experiment, staffing).items(), strict=True):
        row.time = experiment.minutes(notice.at)
        row.delay = notice.delay.value
        row.operator = names.operators.index(notice.operator)
        row.key = name_key("notice", name)
        row.languages = mask(notice.languages, names)
        row.says = bits(names.facts.index(fact) for fact in said_by(name, notice))
        row.clarity = notice.clarity.value
        row.prompts = notice.prompts.value
        row.every = notice.every.value if notice.every else 0.0
        row.until = experiment.minutes(notice.until) if notice.until else NEVER
        row.ends_wave = notice.ends_wave
        for need, share in notice.meets.items():
            row.meets[code(Need, need)] = share.value
    return table


def reaches_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """The share of each cohort that each notice reaches, then the share that each gesture reaches."""
    notices, gestures = published(experiment, staffing), experiment.disruption.gestures
    reaches = [notice.reach for notice in notices.values()] + [gesture.reach for gesture in gestures.values()]
    width = len(names.cohorts)
    table = rows(len(reaches) * width, "reaches")
    for number, reach in enumerate(reaches):
        for cohort, share in reach.items():
            table[number * width + names.cohorts.index(cohort)].share = share.value
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
