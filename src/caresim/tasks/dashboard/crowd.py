"""The passengers as a cloud: how long each has waited for a first answer, how angry each is, and where they stand."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import NamedTuple

import numpy as np

from caresim.model.codes import Status
from caresim.tasks.dashboard.scene import Scene


class Mark(IntEnum):
    """What a dot stands for."""

    HIDDEN = 0  # not in need of anybody
    WAITING = 1  # no answer yet
    ANSWERED = 2  # an answer, and no solution yet
    RESOLVED = 3
    LOST = 4  # gave up, or it is too late


STANDS = np.zeros(len(Status), dtype=np.int8)
STANDS[[Status.RESOLVED, Status.MISSED, Status.GAVE_UP]] = Mark.RESOLVED, Mark.LOST, Mark.LOST
COLUMNS = ("status", "anger", "anger_at", "waits_since", "expected_wait", "explained", "temper")


class Crowd(NamedTuple):
    """One entry a passenger of the disruption who has been reached by it; waits in minutes, anger 0 to 1."""

    wait: np.ndarray
    anger: np.ndarray
    mark: np.ndarray

    def count(self, mark: Mark) -> int:
        return int(np.count_nonzero(self.mark == mark))


def crowd(scene: Scene) -> Crowd:
    """Everybody who has been affected up to now, in the order of the rows."""
    rows = scene.passengers[: scene.affected]
    people = {name: scene.sample.passengers[name][rows] for name in COLUMNS}
    requested, answered = first_times(scene, rows)
    resolved = scene.sample.resolved[rows]
    ended = np.fmin(np.where(np.isnan(resolved), people["anger_at"], resolved), scene.now)
    over = people["status"] > Status.SEEKING
    until = np.where(np.isfinite(answered), answered, np.where(over, ended, scene.now))
    wait = np.nan_to_num(np.maximum(until - requested, 0.0))
    return Crowd(wait, angers(scene, people), marks(people["status"], np.isfinite(answered)))


def first_times(scene: Scene, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """When each first turned to staff of any company, and was first answered (NaN: not yet)."""
    operators = scene.sample.operators
    cases = scene.sample.cases.reshape(-1, operators)
    requested, answered = (np.fmin.reduce(cases[name][rows], axis=1) for name in ("first_request", "first_response"))
    return requested, answered


def marks(status: np.ndarray, answered: np.ndarray) -> np.ndarray:
    seeking = np.where(answered, Mark.ANSWERED, Mark.WAITING)
    return np.where(status == Status.SEEKING, seeking, STANDS[status]).astype(np.int8)


def angers(scene: Scene, people: Mapping[str, np.ndarray]) -> np.ndarray:
    """Anger now: `model.anger.anger_now`, which takes one passenger, for many at once."""
    behaviour = scene.world.behaviour[0]
    now = scene.now
    anger, since, expected = people["anger"], people["waits_since"], people["expected_wait"]
    calm = anger * np.exp2(-(now - people["anger_at"]) / float(behaviour.anger_half_life))
    with np.errstate(invalid="ignore", divide="ignore"):
        already = np.fmax(1.0, (people["anger_at"] - since) / expected)
        by_now = np.fmax(1.0, (now - since) / expected)
        unexplained = np.where(people["explained"] != 0, 1.0, float(behaviour.unexplained))
        power = float(behaviour.kappa) * people["temper"] * unexplained
        grown = 1.0 - (1.0 - anger) * np.exp(-power * np.log(by_now / already))
        waiting = np.where(by_now <= already, anger, grown)
    return np.where(np.isnan(since), calm, waiting)
