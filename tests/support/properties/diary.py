"""What an onlooker writes down of a run: who waited where, who worked on what, who got which seat, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from caresim.scenario.run import Run

OPEN = float("nan")
"""The end of what had not ended when the run did."""


@dataclass(slots=True)
class Happening:
    """One event. `at_once`: right after the one before, not from the agenda; `next`: the first that is left there."""

    time: float
    kind: int
    subject: int
    at_once: bool
    next: tuple[float, int, int] | None


@dataclass(slots=True)
class Stay:
    """A contact's time in one queue of a desk, with the rank it had when it joined (small is next)."""

    contact: int
    desk: int
    live: bool
    since: float
    rank: float
    until: float = OPEN
    left: str = ""


@dataclass(slots=True)
class Touch:
    """One person's work on one contact; `source` is where the contact was, `on_duty` what the roster said then.

    `overtime_end`: when it began, how long the person would stay on. `limit`: how long while it lasted.
    """

    staff: int
    contact: int
    since: float
    source: str
    on_duty: bool
    overtime_end: float
    limit: float
    until: float = OPEN
    ended: str = ""


@dataclass(slots=True)
class Duty:
    """A stretch of duty (row of `shifts`) as it was done. `rested`: minutes of break before it, `owed` what was due."""

    staff: int
    shift: int
    since: float
    rested: float
    owed: float
    until: float = OPEN


@dataclass(slots=True)
class Level:
    """Levels at the end of a bin, counted by the onlooker: by desk, and waiting contacts by medium."""

    waiting_synchronous: list[int]
    waiting_deferred: list[int]
    on_duty: list[int]
    busy: list[int]
    backlog: list[int]
    unresolved: int


@dataclass(slots=True)
class Grant:
    """A party given seats on a flight."""

    passenger: int
    flight: int
    time: float


@dataclass
class Diary:
    """A finished run and what an onlooker saw of it."""

    run: Run
    happenings: list[Happening] = field(default_factory=list)
    arrivals: dict[int, float] = field(default_factory=dict)
    """When each contact arrived (ADMIT)."""
    fates: dict[int, str] = field(default_factory=dict)
    """How each contact that arrived ended, as the onlooker understood it; absent: still open."""
    replies: dict[int, float] = field(default_factory=dict)
    stays: list[Stay] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)
    duties: list[Duty] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    seats: list[tuple[float, list[int], list[int], list[int]]] = field(default_factory=list)
    """(time, free, booked, taken) by flight whenever one of them changed."""
    statuses: list[tuple[float, int, int, int]] = field(default_factory=list)
    """(time, passenger, status before, status after)."""
    jumps: list[str] = field(default_factory=list)
    """Contacts taken before another whose turn it was."""
    strays: list[str] = field(default_factory=list)
    """Deeds of contacts and passengers that were in no position for them."""
    kept: list[str] = field(default_factory=list)
    """Conversations still with a person whose overtime is used up."""
    crowded: list[str] = field(default_factory=list)
    """Lines in use beyond those there are."""
    posts: dict[int, list[tuple[float, int]]] = field(default_factory=lambda: defaultdict(list))
    """By operator: (end of the bin, posts that named it within)."""
    signals: dict[int, list[tuple[float, int, int, float]]] = field(default_factory=lambda: defaultdict(list))
    """By desk: (end of the bin, calls and visits within, how many wait that can be answered, the longest wait)."""
    angers: list[tuple[float, float, float]] = field(default_factory=list)
    """(time, least, most) anger of anybody, at the end of each bin."""
    area: list[float] = field(default_factory=list)
    """By desk: integral over time of the number that the desk itself counts as waiting (contact-minutes)."""
    left_over: dict[str, int] = field(default_factory=dict)
    """What the onlooker still had open at the end: waiting, in hand, on the line, at work."""
