"""The headline numbers so far; at the end of the run they are those of the tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.measure.case_waits import CaseWaits
from caresim.measure.waiting import TOTALS, waiting_now
from caresim.model.codes import Fate
from caresim.model.media import SOCIAL, WRITTEN
from caresim.tasks.dashboard.crowd import Crowd, Mark
from caresim.tasks.dashboard.scene import Scene

HOUR = 60.0


def satisfaction(scene: Scene) -> float:
    """Mean of all ratings at the end; NaN before, because those whose matter is over first are not like the others."""
    sample = scene.sample
    if not scene.ended:
        return np.nan
    score = sample.marks[sample.those("NEEDED")]
    score = score[np.isfinite(score)]
    return float(score.mean()) if len(score) else np.nan


def anger(people: Crowd) -> float:
    """Mean, 0 to 1, of those who wait for a first answer; NaN: nobody does."""
    waiting = people.anger[people.mark == Mark.WAITING]
    return float(waiting.mean()) if len(waiting) else np.nan


def within_hour(scene: Scene) -> float:
    """Share answered within 60 minutes of all cases first asked at least 60 minutes ago; NaN: none yet."""
    sample = scene.sample
    first_requests = sample.cases["first_request"]
    with np.errstate(invalid="ignore"):
        first_requests = first_requests[
            sample.counted[sample.case_passenger] & (first_requests >= 0) & (first_requests < sample.window)
        ]
    cases = sample.tally(CaseWaits).spells(sample)
    return share(ripe(first_requests, scene), (cases.fate == Fate.ANSWERED) & (cases.wait <= HOUR))


def social_within_hour(scene: Scene) -> tuple[float, int]:
    """The same for posts and messages, and of how many."""
    sample = scene.sample
    mask = sample.medium(*SOCIAL)
    spells = sample.spells(mask)
    answered = (spells.fate == Fate.ANSWERED) & (spells.wait <= HOUR)
    judged = ripe(sample.column("arrival")[mask], scene)
    return share(judged, answered), int(np.count_nonzero(judged))


def never_answered(scene: Scene) -> int:
    """Posts and messages of passengers that nobody answered while the author waited, or that the desk put aside.

    One that its author asks again counts as waiting once more, as long as the author waits.
    """
    sample = scene.sample
    let_down = (sample.column("author_waiting") == 0) | (sample.column("expired") != 0)
    return int(np.count_nonzero(sample.medium(*WRITTEN) & ~sample.answered & let_down))


def ripe(first_requests: np.ndarray, scene: Scene) -> np.ndarray:
    """Those that were asked at least an hour ago."""
    return first_requests <= scene.now - HOUR


def share(of: np.ndarray, what: np.ndarray) -> float:
    number = int(np.count_nonzero(of))
    return int(np.count_nonzero(of & what)) / number if number else np.nan


def numbers(scene: Scene, people: Crowd, paid_hours: float) -> dict[str, Any]:
    """Shares and anger 0 to 1, counts, score 1 to 5, hours; NaN where there is nothing to show yet."""
    social, social_of = social_within_hour(scene)
    waiting = waiting_now(scene.sample, scene.now)
    return {
        "social": social,
        "social_of": social_of,
        "answered": within_hour(scene),
        "never": never_answered(scene),
        **{name: waiting[name] for name in TOTALS},
        "resolved": people.count(Mark.RESOLVED),
        "lost": people.count(Mark.LOST),
        "affected": int(np.count_nonzero(people.mark != Mark.HIDDEN)),
        "anger": anger(people),
        "satisfaction": satisfaction(scene),
        "paid_hours": paid_hours,
    }
