"""The traffic of a replay: contacts to come, and the people who are on duty when they do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.contacts import Contact, Contacts
from caresim.model.media import SYNCHRONOUS, Medium
from caresim.model.needs import Need

CHANNEL, NEED, COHORT = Medium.PHONE.word, Need.ACKNOWLEDGEMENT.word, "customers"
"""What a contact is whose file says nothing else: a call, to be answered by anybody, of a customer like any other."""
ON_THE_SPOT = frozenset(medium.word for medium in SYNCHRONOUS)
"""Media on which the customer waits on the line or at a counter."""


class Interval(NamedTuple):
    """One row of an interval report; NaN where it does not say."""

    row: int
    """Its place in the report, from 0."""
    start: float
    """Minutes, as in `Contacts`."""
    width: float
    channel: str
    medium: str
    desk: str
    offered: int
    answered: float = math.nan
    abandoned: float = math.nan
    aht_s: float = math.nan
    """Mean handling time of those who were answered, seconds."""
    asa_s: float = math.nan
    """Their mean wait, seconds."""
    staff: float = math.nan
    """Mean number of people at the desk."""


@dataclass(frozen=True)
class Crew:
    """So many people at a desk from `start` to `end` (minutes)."""

    desk: str
    start: float
    end: float
    headcount: int
    agent: str = ""
    """Who it is; empty: the file names nobody."""
    speed: float | None = None
    """Factor on the handling times of each of them; None: the file states none."""
    skills: tuple[str, ...] = ()
    """Channels of the desk that each of them serves; empty: all."""


class Seat(NamedTuple):
    """One person of a desk, or a place that people take who are alike to the file."""

    spells: list[tuple[float, float]]
    """Of duty: start and end in minutes."""
    agent: str = ""
    speed: float | None = None
    skills: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Traffic:
    """What the files say. `start` is the moment of minute 0, None where times are plain numbers."""

    contacts: Contacts
    crews: tuple[Crew, ...]
    start: datetime | None
    columns: dict[str, NDArray[Any]] = field(default_factory=dict)
    """What was observed of each contact: `wait_s` and `outcome`, where the file says it."""
    intervals: tuple[Interval, ...] = ()
    """The rows of an interval report; none of a list of contacts."""
    ignored: tuple[str, ...] = ()
    """Columns of the files that are not read."""
    notes: tuple[str, ...] = ()
    """How the files were read where that is no matter of course, in sentences."""

    @property
    def rows(self) -> tuple[Contact, ...]:
        """The contacts one by one, made anew each time: for whoever looks at a few."""
        return self.contacts.rows()

    @cached_property
    def keys(self) -> NDArray[np.uint64]:
        """A 64-bit key for the luck of each contact."""
        return self.contacts.keys("" if self.start is None else self.start.astimezone(UTC).isoformat())


def seats(crews: tuple[Crew, ...], desk: str) -> list[Seat]:
    """The seats of a desk: those of each agent, and of each kind of people whom the file does not name."""
    kinds: dict[tuple[str, float | None, tuple[str, ...]], list[Crew]] = {}
    for crew in crews:
        if crew.desk == desk:
            kinds.setdefault((crew.agent, crew.speed, crew.skills), []).append(crew)
    return [Seat(spells, *kind) for kind, alike in kinds.items() for spells in _spells(alike)]


def _spells(crews: list[Crew]) -> list[list[tuple[float, float]]]:
    """Spells of duty (minutes) of each seat: seat k is taken whenever more than k people are rostered.

    So a change of headcount sends home, or calls in, only the difference; the others stay where they are.
    """
    changes: dict[float, int] = {}
    for crew in crews:
        changes[crew.start] = changes.get(crew.start, 0) + crew.headcount
        changes[crew.end] = changes.get(crew.end, 0) - crew.headcount
    spells: list[list[tuple[float, float]]] = []
    on_duty_since: list[float] = []
    """Of the people who are there, seat by seat."""
    for moment in sorted(changes):
        change = changes[moment]
        for _ in range(-change):
            since = on_duty_since.pop()
            spells[len(on_duty_since)].append((since, moment))
        for _ in range(change):
            on_duty_since.append(moment)
            if len(on_duty_since) > len(spells):
                spells.append([])
    return spells
