"""The headline numbers so far; at the end of the run they are those of the tables."""

from __future__ import annotations

from typing import Any

import numpy as np

from caresim.analysis.incidence import Fate
from caresim.analysis.sample import SOCIAL, Cases
from caresim.model.codes import Status
from caresim.model.satisfaction import satisfaction
from caresim.view.live.crowd import Crowd, Mark
from caresim.view.live.scene import Scene

HOUR = 60.0
IS_OVER = np.isin(np.arange(len(Status)), (Status.RESOLVED, Status.MISSED, Status.GAVE_UP))


class Ratings:
    """Satisfaction of those whose matter is over, rated once, when it is first seen to be."""

    def __init__(self) -> None:
        self.rated: np.ndarray | None = None
        self.total, self.number = 0.0, 0

    def mean(self, scene: Scene) -> float:
        """So far; at the end that of all, as settled. NaN: nobody yet."""
        sample = scene.sample
        if scene.ended:
            score = sample.dealings["satisfaction"][sample.dealing_counted]
            score = score[np.isfinite(score)]
            return float(score.mean()) if len(score) else np.nan
        if self.rated is None:
            self.rated = np.zeros(len(sample.dealings), dtype=bool)
        new = IS_OVER[sample.passengers["status"]][sample.dealing_passenger] & ~self.rated
        for row in np.flatnonzero(new & sample.dealing_counted):
            self.rated[row] = True
            self.total += satisfaction(scene.world, *divmod(int(row), sample.operators))
            self.number += 1
        return self.total / self.number if self.number else np.nan


def within_hour(scene: Scene) -> float:
    """Share answered within 60 minutes of all cases first asked at least 60 minutes ago; NaN: none yet."""
    sample = scene.sample
    asked = sample.dealings["first_request"]
    with np.errstate(invalid="ignore"):
        asked = asked[sample.counted[sample.dealing_passenger] & (asked >= 0) & (asked < sample.window)]
    cases = sample.tally(Cases).spells(sample)
    return share(ripe(asked, scene), (cases.fate == Fate.ANSWERED) & (cases.wait <= HOUR))


def social_within_hour(scene: Scene) -> float:
    """The same for posts and messages."""
    sample = scene.sample
    mask = sample.medium(*SOCIAL)
    spells = sample.spells(mask)
    answered = (spells.fate == Fate.ANSWERED) & (spells.wait <= HOUR)
    return share(ripe(sample.column("arrival")[mask], scene), answered)


def ripe(asked: np.ndarray, scene: Scene) -> np.ndarray:
    """Asked long enough ago for an hour's wait to be over."""
    return asked <= scene.now - HOUR


def share(of: np.ndarray, what: np.ndarray) -> float:
    number = int(np.count_nonzero(of))
    return int(np.count_nonzero(of & what)) / number if number else np.nan


def numbers(scene: Scene, people: Crowd, ratings: Ratings, paid_hours: float) -> dict[str, Any]:
    """Shares 0 to 1, counts, score 1 to 5, hours; NaN where there is nothing to tell yet."""
    return {
        "social": social_within_hour(scene),
        "answered": within_hour(scene),
        "waiting": people.count(Mark.WAITING),
        "resolved": people.count(Mark.RESOLVED),
        "lost": people.count(Mark.LOST),
        "affected": int(np.count_nonzero(people.mark != Mark.HIDDEN)),
        "satisfaction": ratings.mean(scene),
        "paid_hours": paid_hours,
    }
