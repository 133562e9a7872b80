"""What has been seen of one person so far, and what is written down of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from caresim.model.codes import NOBODY
from caresim.model.world import World
from caresim.tasks.story.happening import ASKED, Course, Happening


@dataclass(frozen=True)
class Look:
    """The person's records at one moment: rows of passengers, of contacts, and of cases by (matter, operator)."""

    matters: dict[int, Any]
    contacts: dict[int, Any]
    cases: dict[tuple[int, int], Any]
    anger: float
    """The greatest over the matters that have begun."""


@dataclass(frozen=True)
class Change:
    """What one event did to the person: their records before and after it."""

    before: Look
    after: Look
    aim: int = NOBODY
    """Of a passenger who turns to a channel: which one they wanted."""
    prompts: bool = False
    """The event makes something else happen at the same moment."""


class Notebook:
    """The course of events, and what has to be remembered to write the next sentence of it."""

    def __init__(self, world: World, law: str) -> None:
        self.world = world
        self.law = law
        """Of satisfaction: the field of a case with its mark."""
        self.course = Course()
        self.clock = world.clock.view(np.ndarray)
        self.waits_since: dict[int, float] = {}
        """When the customer last wrote, called or came, by contact: a wait is counted from then."""
        self.news: dict[int, int] = {}
        """What the last reply said that was new, as bits, by contact."""
        self.desks: dict[int, int] = {}
        """The desk that replied last, by contact."""

    @property
    def now(self) -> float:
        return float(self.clock["now"][0])

    @property
    def drawn_until(self) -> float:
        """The last moment on the curve of anger; infinite before the first one."""
        return self.course.angers[-1][0] if self.course.angers else np.inf

    def waited(self, c: int) -> float:
        """Minutes that the customer has waited in a contact."""
        return self.now - self.waits_since[c]

    def has_asked(self, i: int, operator: int) -> bool:
        """The operator has been asked about this matter before, other than on its website."""
        return any(
            (happening.matter, happening.operator) == (i, operator) and happening.event in ASKED
            for happening in self.course.happenings
        )

    def write(self, event: str, i: int, change: Change, c: int = NOBODY, **facts: Any) -> None:
        """Write down that something happened; the place is that of contact `c`, unless `facts` give another."""
        contact = change.after.contacts.get(c)
        place = {
            name: int(facts.pop(name, contact[name] if contact is not None else NOBODY))
            for name in ("operator", "channel", "desk")
        }
        angers = change.before.anger, change.after.anger
        self.course.happenings.append(Happening(self.now, event, i, *angers, **place, contact=c, facts=facts))
        self.course.angers.append((self.now, change.after.anger))
