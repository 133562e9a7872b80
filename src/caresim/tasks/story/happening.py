"""What is written down of one person's way through a run."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from caresim.model.media import SELF_SERVICE, STAFFED

ASKED = frozenset(medium.row.asked for medium in STAFFED)
"""The person turns to somebody who is there to answer."""
LOOKED_UP = frozenset(medium.row.asked for medium in SELF_SERVICE)
"""The person looks at what a machine shows."""
ANSWERED = frozenset({"taken", "replied", "machine_solved", "machine_erred"})
"""The person gets an answer, whatever it is worth."""
WAITING, IN_HAND = "waiting", "in_hand"


@dataclass(frozen=True)
class Happening:
    """Something that happened to the person, `time` minutes after the start. Rows are the world's; -1: none.

    `matter` is a row of passengers; `before` and `anger` are the anger (0 to 1) right before and after; `facts` holds
    what else the sentence says.
    """

    time: float
    event: str
    matter: int
    before: float
    anger: float
    operator: int = -1
    channel: int = -1
    desk: int = -1
    contact: int = -1
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """A stretch of a contact, in minutes since the start: `phase` is waiting or in_hand."""

    contact: int
    channel: int
    phase: str
    since: float
    until: float


@dataclass(frozen=True)
class Ending:
    """Where a matter stood at the end: a `Status`, when it was settled (NaN: never) and the flight won (-1: none)."""

    matter: int
    need: int
    status: int
    resolved: float
    flight: int


@dataclass
class Course:
    """All that was seen of one person in one run."""

    happenings: list[Happening] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    angers: list[tuple[float, float]] = field(default_factory=list)
    """(minutes, anger) along the way, fine enough to draw."""
    endings: list[Ending] = field(default_factory=list)
