"""Evenings: one passenger's dealings with one operator, written down by hand and rated under both laws."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.anger import anger_now
from caresim.model.case import WRONG_FOUND
from caresim.model.codes import NEVER, Status
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import rows
from caresim.model.satisfaction import rate
from caresim.model.world import World
from caresim.scenario.behaviour import behaviour_of

MISSING = np.nan
LONG = 3 * 1440.0
"""Minutes: nobody's deadline passes, and the disruption lasts so long, unless an evening says otherwise."""


@dataclass(frozen=True)
class Evening:
    """Minutes are counted from being affected; NaN: it never happened."""

    need: Need = Need.REBOOKING
    medium: Medium = Medium.PUBLIC
    asked: float = 0.0
    """First request; NaN: nobody was asked."""
    first_person: float = MISSING
    first_help: float = MISSING
    first_news: float = MISSING
    news_at: float = MISSING
    news_fresh: float = 0.0
    resolved: float = MISSING
    deadline: float = NEVER
    missed: bool = False
    over: float = LONG
    quality: float = 0.5
    """Of useful replies."""
    angers: tuple[float, float] = (0.3, 0.3)
    """At its peak and at the end."""
    counts: dict[str, int] = field(default_factory=dict)
    """Of the case: replies, useful_replies, contacts, empties, hand_overs, tones, doors, visits, kept, broken ..."""
    no_need: bool = False

    def but(self, **changes: Any) -> Evening:
        """The same evening, but for these; counts are added to."""
        more = changes.pop("counts", {})
        counts = {**self.counts, **{name: self.counts.get(name, 0) + n for name, n in more.items()}}
        return replace(self, counts=counts, **changes)


class Rater:
    """Rates evenings with the behaviour of an experiment."""

    def __init__(self, experiment: Experiment) -> None:
        behaviour = experiment.behaviour
        media = [medium for medium in Medium if medium.word in behaviour.media]
        self.world = World(
            behaviour=behaviour_of(experiment).copy(),
            channels=rows(len(media), "channels"),
            cohorts=rows(1, "cohorts"),
            amends=rows(0, "amends"),
            notices=rows(0, "notices"),
        )
        self.media = media
        for row, medium in zip(self.world.channels, media, strict=True):
            waits = behaviour.media[medium.word]
            row.medium = medium
            row.expected_wait = waits.expected.value
            row.prompt_until, row.late_from = waits.prompt_until.value, waits.late_from.value

    def __call__(self, evening: Evening) -> tuple[float, float]:
        """The expected marks, additive and justice."""
        world = self.world
        passenger, case, clock = world.passengers[0], world.cases[0], world.clock[0]
        clock.end = clock.now = 10 * LONG
        world.behaviour.over = evening.over
        passenger.affected = 0.0
        passenger.need = evening.need
        passenger.deadline = evening.deadline
        resolved = not np.isnan(evening.resolved)
        passenger.status = (
            Status.NO_NEED if evening.no_need
            else Status.RESOLVED if resolved
            else Status.MISSED if evening.missed
            else Status.GAVE_UP
        )  # fmt: skip
        if evening.missed:
            passenger.deadline = min(evening.deadline, LONG)
        for name in case.dtype.names:
            case[name] = 0
        case.first_channel = self.media.index(evening.medium)
        case.first_request = evening.asked
        for name in ("first_person", "first_help", "first_news", "news_fresh", "resolved"):
            case[name] = getattr(evening, name)
        case.news_at = evening.first_news if np.isnan(evening.news_at) else evening.news_at
        case.anger_peak, case.anger_end = evening.angers
        case.contacts = 1 if not np.isnan(evening.asked) else 0
        for name, count in evening.counts.items():
            case[name] = WRONG_FOUND if name == "wrong" and count else count
        case.tone = evening.quality * case.useful_replies
        rate(world, 0, 0)
        return float(case.additive), float(case.justice)


def waited(anger: float, minutes: float, expected: float, explained: bool = False) -> float:
    """Anger after a wait, by the law of the model, of somebody of ordinary temper."""
    world = World()
    world.behaviour.kappa, world.behaviour.unexplained = 0.25, 1.5
    passenger = world.passengers[0]
    passenger.anger, passenger.temper, passenger.explained = anger, 1.0, explained
    passenger.expected_wait = expected
    world.clock.now = minutes
    return float(anger_now(world, 0))
