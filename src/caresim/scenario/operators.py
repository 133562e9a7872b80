"""Operators, as a table of the world."""

from __future__ import annotations

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.codes import NOBODY, SeatRule
from caresim.model.media import Medium
from caresim.model.records import rows
from caresim.scenario.names import Names, code
from caresim.scenario.powers import allowing


def operators_of(experiment: Experiment, names: Names) -> np.recarray:
    """A row an operator, as it stands when the run begins."""
    table = rows(len(names.operators), "operators")
    for row, (name, operator) in zip(table, experiment.operators.items(), strict=True):
        row.mood_at = experiment.begins
        row.first_waiting = row.last_waiting = NOBODY
        returned = operator.cancelled_seats_return
        row.cancelled_return = returned.value if returned else 0.0
        row.rooms = round(operator.rooms.value) if operator.rooms else NOBODY
        row.seat_rule = code(SeatRule, operator.seat_rule)
        row.allowing = allowing(experiment, name, names)
        row.feed_channel = feed_channel(experiment, name, names)
    return table


def feed_channel(experiment: Experiment, operator: str, names: Names) -> int:
    """The row of the channel on which bystanders post about an operator; NOBODY where there is none."""
    bystanders = experiment.disruption.bystanders
    if bystanders and bystanders.operator == operator:
        return names.channels.index(bystanders.channel)
    channels = experiment.operators[operator].channels.items()
    public = [name for name, channel in channels if Medium.of_word(channel.medium).row.public]
    return names.channels.index(public[0]) if public else NOBODY
