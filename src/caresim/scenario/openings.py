"""Opening hours of the channels that are waited for on the spot, as a table of the world."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from caresim.config.desk import Desk
from caresim.config.experiment import Experiment
from caresim.model.media import Medium
from caresim.model.records import rows
from caresim.scenario.calendar import days, wall_clock
from caresim.scenario.names import Names
from caresim.scenario.roster import Roster

Span = tuple[float, float]
"""From one minute to another."""


def openings_of(experiment: Experiment, staffing: str, rosters: Sequence[Roster], names: Names) -> np.recarray:
    """When each channel that is waited for on the spot is open, by start: also while an assistant answers it."""
    model = experiment.staffing[staffing]
    assisted = model.assistant.channels if model.assistant else ()
    works = works_of(experiment, staffing)
    opened = []
    for desk, roster in zip(model.desks.values(), rosters, strict=True):
        hours = hours_of(experiment, desk, roster)
        for channel in desk.serves:
            answered = channel not in (*model.closed, *model.unanswered)
            if answered and Medium.of_word(names.media[channel]).row.synchronous:
                spans = merged([*hours, *works], experiment.begins, experiment.ends) if channel in assisted else hours
                opened += [(start, end, names.channels.index(channel)) for start, end in spans]
    table = rows(len(opened), "openings")
    for row, (start, end, c) in zip(table, sorted(opened), strict=True):
        row.start, row.end, row.channel = start, end, c
    return table


def outages_of(experiment: Experiment, staffing: str) -> np.recarray:
    """When the assistant fails, by start."""
    assistant = experiment.staffing[staffing].assistant
    outages = assistant.outages if assistant else ()
    table = rows(len(outages), "outages")
    for row, outage in zip(table, sorted(outages, key=lambda each: each.from_), strict=True):
        row.start, row.end = experiment.minutes(outage.from_), experiment.minutes(outage.to)
    return table


def works_of(experiment: Experiment, staffing: str) -> list[Span]:
    """When the assistant works: always but for its outages."""
    works: list[Span] = []
    since = experiment.begins
    for outage in outages_of(experiment, staffing):
        works.append((since, float(outage.start)))
        since = max(since, float(outage.end))
    return merged([*works, (since, experiment.ends)], experiment.begins, experiment.ends)


def set_first_openings(channels: np.recarray, openings: np.recarray) -> None:
    """When each channel that is waited for on the spot opens for the first time."""
    for opening in openings[::-1]:
        channels[opening.channel].opens_at = opening.start


def hours_of(experiment: Experiment, desk: Desk, roster: Roster) -> list[Span]:
    """When the channels of a desk are open: as configured, or whenever somebody is rostered."""
    if desk.opening == "always":
        return [(experiment.begins, experiment.ends)]
    if desk.opening == "when staffed":
        hours = [(shift.start, shift.end) for shift in roster if shift.heads > 0]
    else:
        hours = [
            (
                wall_clock(experiment, day, span.start.minutes, desk.timezone),
                wall_clock(experiment, day, span.end.minutes, desk.timezone),
            )
            for span in desk.opening
            for day in days(experiment, desk.timezone)
            if day.weekday() in span.days
        ]
    return merged(hours, experiment.begins, experiment.ends)


def merged(spans: Sequence[Span], begins: float, ends: float) -> list[Span]:
    """The union of spans within a period, in order."""
    union: list[Span] = []
    for start, end in sorted((max(start, begins), min(end, ends)) for start, end in spans):
        if end <= start:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union
