"""Anger, 0 to 1: it grows by the e-fold of a wait past what was expected, is soothed by good answers, and wears off."""

from __future__ import annotations

import numpy as np

from .case import case_row
from .codes import MISSING, NOBODY, Status
from .exact import exp, halved, log
from .jit import compiled, float64, int64, transition, void, world_type


@compiled(float64(world_type, int64), by_python=True)
def anger_now(world, i):
    """a(w) = 1 - (1 - a0) max(1, w/tau)^(-kappa theta m) after w minutes of waiting, tau of them expected.

    Who waits for nothing calms down with the half-life of anger. theta is the passenger's temper; m > 1 while the wait
    is unexplained.
    """
    passenger = world.passengers[i]
    behaviour = world.behaviour[0]
    now = world.clock[0].now
    if np.isnan(passenger.waits_since):
        if passenger.anger == 0.0:
            return 0.0
        return passenger.anger * halved(now - passenger.anger_at, behaviour.anger_half_life)
    already = max(1.0, (passenger.anger_at - passenger.waits_since) / passenger.expected_wait)
    by_now = max(1.0, (now - passenger.waits_since) / passenger.expected_wait)
    if by_now <= already:
        return passenger.anger
    unexplained = 1.0 if passenger.explained else behaviour.unexplained
    return 1.0 - (1.0 - passenger.anger) * exp(
        -behaviour.kappa * passenger.temper * unexplained * log(by_now / already)
    )


@transition
def feel(world, i):
    """Bring anger up to date; while the matter is open, peak and end are remembered with the operator at hand."""
    passenger = world.passengers[i]
    passenger.anger = anger_now(world, i)
    passenger.anger_at = world.clock[0].now
    if passenger.status != Status.SEEKING:
        return
    case = world.cases[case_row(world, i, passenger.operator)]
    case.anger_peak = max(case.anger_peak, passenger.anger)
    case.anger_end = passenger.anger


@compiled(void(world_type, int64, float64))
def provoke(world, i, strength):
    """Something makes it worse: anger takes `strength` of the way to 1."""
    passenger = world.passengers[i]
    feel(world, i)
    passenger.anger += min(1.0, strength) * (1.0 - passenger.anger)
    feel(world, i)


@compiled(void(world_type, int64, float64))
def offend(world, i, strength):
    """Somebody makes it worse: how much worse is a matter of temper."""
    provoke(world, i, strength * world.passengers[i].temper)


@compiled(void(world_type, int64, float64))
def soothe(world, i, strength):
    """Something makes it better: `strength` of the anger is gone."""
    passenger = world.passengers[i]
    feel(world, i)
    passenger.anger *= 1.0 - strength
    feel(world, i)


@compiled(void(world_type, int64, float64))
def start_waiting(world, i, expected):
    """From now on a reply is awaited, within `expected` minutes."""
    feel(world, i)
    passenger = world.passengers[i]
    passenger.waits_since = world.clock[0].now
    passenger.expected_wait = expected


@transition
def stop_waiting(world, i):
    feel(world, i)
    world.passengers[i].waits_since = MISSING


@compiled(float64(world_type, int64, int64))
def disappointment(world, i, medium):
    """What is left of bad experience with a medium."""
    passenger = world.passengers[i]
    if passenger.medium_experience == NOBODY:
        return 0.0
    remembered = world.medium_experience[passenger.medium_experience]
    return remembered.by_medium[medium] * halved(
        world.clock[0].now - remembered.at, world.behaviour[0].forget_half_life
    )


@transition
def note_first_experience(world, i):
    """A row for bad experience: the next, or the passenger's own where their row is used again."""
    clock = world.clock[0]
    row = clock.medium_experiences
    if len(world.passenger_rows) > 0:
        row = i
        world.medium_experience[row].by_medium[:] = 0.0
    world.passengers[i].medium_experience = row
    clock.medium_experiences += 1


@compiled(void(world_type, int64, int64, float64))
def disappoint(world, i, medium, strength):
    """The medium let the passenger down: it is less likely to be chosen for a while."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    if passenger.medium_experience == NOBODY:
        note_first_experience(world, i)
    remembered = world.medium_experience[passenger.medium_experience]
    left = halved(clock.now - remembered.at, world.behaviour[0].forget_half_life)
    for m in range(len(remembered.by_medium)):
        remembered.by_medium[m] *= left
    remembered.by_medium[medium] += strength
    remembered.at = clock.now
