"""Channels, as a table of the world: what a customer finds there, and how long one waits."""

from __future__ import annotations

import numpy as np

from caresim.config.experiment import Experiment
from caresim.config.operators import Channel
from caresim.config.staffing import Staffing
from caresim.model.behaviour import OF_MEDIUM
from caresim.model.codes import NEVER, NOBODY
from caresim.model.draws import name_key
from caresim.model.exact import exp, log
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.scenario.names import Names, code, mask

MOST_CHANNELS = 64
FOREVER = 10**9


def channels_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row a channel, in the order of configuration; waits and patience in minutes."""
    if len(names.channels) > MOST_CHANNELS:
        raise ValueError(f"an experiment has at most {MOST_CHANNELS} channels, not {len(names.channels)}")
    table = rows(len(names.channels), "channels")
    every = [
        (operator_name, name, channel)
        for operator_name, operator in experiment.operators.items()
        for name, channel in operator.channels.items()
    ]
    for row, (operator_name, name, channel) in zip(table, every, strict=True):
        medium = Medium.of_word(channel.medium)
        row.key = name_key("channel", operator_name, name)
        row.operator = names.operators.index(operator_name)
        row.medium = medium
        row.trunks = round(channel.lines.value) if channel.lines else FOREVER
        row.assistant = row.queue = NOBODY
        row.is_open = not medium.row.synchronous and name not in staffing.closed
        row.opens_at = NEVER
        row.visit = channel.visit.value if channel.visit else 0.0
        for need, share in channel.solves.items():
            row.solves[code(Need, need)] = share.value
        set_waits(row, experiment, medium)
        set_desk(row, name, channel, staffing, names)
    return table


def set_waits(row: np.record, experiment: Experiment, medium: Medium) -> None:
    """What customers of a channel expect of a wait, how long they bear it, and when they write again.

    Nobody waits where a machine answers.
    """
    row.expected_wait = row.prompt_until = row.late_from = row.patience = NEVER
    if not medium.row.self_service:
        waits = experiment.behaviour.media[medium.word]
        row.expected_wait = waits.expected.value
        if waits.prompt_until and waits.late_from:  # where passengers rate the care
            row.prompt_until, row.late_from = waits.prompt_until.value, waits.late_from.value
        row.patience = patience(experiment, medium)
        for key in OF_MEDIUM:
            row[key] = experiment.behaviour.in_writing(medium, key).value


def set_desk(row: np.record, name: str, channel: Channel, staffing: Staffing, names: Names) -> None:
    """Who answers a channel, and in which languages: NOBODY where it is closed, unanswered, or answers by itself."""
    desks = [d for d, desk in enumerate(staffing.desks.values()) if name in desk.serves]
    answered = desks and name not in staffing.closed and name not in staffing.unanswered
    row.desk = desks[0] if answered else NOBODY
    spoken = staffing.desks[names.desks[row.desk]].languages if answered else channel.languages
    row.offered = mask(channel.languages, names)
    row.languages = mask(spoken, names) & row.offered


def patience(experiment: Experiment, medium: Medium) -> list[float]:
    """Minutes by need: the scale of patience on the spot (Weibull), the median in writing (lognormal)."""
    minutes = [experiment.behaviour.patience_of(medium)[need.word].value for need in Need]
    if not medium.row.synchronous:
        return minutes
    phone = experiment.behaviour.phone
    if phone.patience_law == "endless":
        return [NEVER] * len(Need)
    mean = weibull_mean(phone.patience_shape.value) if phone.patience_law == "weibull" else 1.0
    return [each / mean for each in minutes]


def weibull_mean(shape: float) -> float:
    """Mean of a Weibull distribution of scale 1: gamma(1 + 1/shape), by Stirling's series from 20 up (no libm)."""
    x = 1.0 + 1.0 / shape
    product = 1.0
    while x < 20.0:
        product *= x
        x += 1.0
    series = 1.0 / (12.0 * x) - 1.0 / (360.0 * x * x * x) + 1.0 / (1260.0 * x * x * x * x * x)
    return float(exp((x - 0.5) * log(x) - x + 0.9189385332046727 + series)) / product
