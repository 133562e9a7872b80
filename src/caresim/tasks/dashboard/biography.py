"""What has happened to one passenger so far, in sentences that know nothing of what is still to come."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.config.errors import BadInput
from caresim.config.experiment import Experiment
from caresim.model.codes import Status
from caresim.tasks.dashboard.wording import STANDING, long, stands
from caresim.tasks.story.choose import introduction
from caresim.tasks.story.happening import ANSWERED, ASKED, Course
from caresim.tasks.story.tale import tale
from caresim.tasks.story.vocabulary import Vocabulary
from caresim.tasks.story.watch import watch

if TYPE_CHECKING:
    from caresim.tasks.dashboard.side import Side

KEPT = 32
"""Stories kept in memory, so that a second look costs nothing."""


class Biographer:
    """Tells the stories of one window. It runs the world again up to now and watches the passenger asked about."""

    def __init__(self) -> None:
        self._biography = lru_cache(maxsize=KEPT)(biography)

    def tell(self, side: Side, person: int, now: float) -> dict[str, Any]:
        """`who`, `lead` (where they stand now) and `lines` of {day, clock, text, anger}.

        BadInput where somebody's own code has changed the model: what it shows is not what the experiment says.
        """
        story, world = self._biography(Question(side.drawn, side.staffing, side.replication, person, now))
        if side.is_guest and fingerprint(side.model.world) != world:
            problem = "has no story: code has changed this model, and a story runs the experiment as it is"
            raise BadInput("passenger", person, problem)
        return story


class Question:
    """A question, equal to another about the same person at the same moment of the same run."""

    def __init__(self, experiment: Experiment, staffing: str, replication: int, person: int, now: float) -> None:
        self.experiment, self.staffing, self.replication = experiment, staffing, replication
        self.person, self.now = person, now
        # An experiment that is kept here keeps its place in memory: no other one can take its number.
        self.key = (id(experiment), staffing, replication, person, now)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Question) and self.key == other.key


def fingerprint(world: Any) -> bytes:
    """Of all passengers and contacts at this moment."""
    contacts = np.asarray(world.contacts)[: int(world.clock["contacts"][0])]
    marks = sha256()
    for table in (np.asarray(world.passengers), contacts):
        marks.update(table.tobytes())
    return marks.digest()


def biography(question: Question) -> tuple[dict[str, Any], bytes]:
    """The story, and the fingerprint of the world in which it happened."""
    course, world, names = watch(
        question.experiment, question.staffing, question.replication, question.person, question.now
    )
    words = Vocabulary(question.experiment, names, world)
    story = tale(question.staffing, course, words)
    lines = [
        {"day": line.day, "clock": line.clock, "text": line.text, "anger": line.anger.strip(" ()")}
        for line in story.lines
    ]
    story_so_far = {"who": introduction(words, question.person), "lead": standing(course, question.now), "lines": lines}
    return story_so_far, fingerprint(world)


def standing(course: Course, now: float) -> str:
    """Where the matters stand now, and the first answer so far."""
    parts = [stands(ending.status, ending.need) for ending in course.endings] or [STANDING[Status.UNAWARE]]
    tried = [h.time for h in course.happenings if h.event in ASKED]
    answers = [h.time for h in course.happenings if h.event in ANSWERED]
    if tried and answers:
        parts.append(f"first answered after {long(answers[0] - tried[0])}")
    elif tried and any(ending.status == Status.SEEKING for ending in course.endings):
        parts.append(f"no answer for {long(now - tried[0])}")
    elif tried:
        parts.append("never answered")
    if course.angers:
        parts.append(f"anger {round(10 * course.angers[-1][1])} of 10")
    text = "; ".join(parts)
    return text[:1].upper() + text[1:]
