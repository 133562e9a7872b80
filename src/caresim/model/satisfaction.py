"""Settlement: what a passenger thinks of each operator's care when it is over (care is rated, not blame)."""

from __future__ import annotations

import numpy as np

from .anger import feel
from .case import case_row, person_of
from .codes import MISSING, Status
from .draws import Purpose, happens, join, normal
from .exact import log
from .jit import compiled, float64, int64, transition, world_type


@compiled(float64(world_type, int64))
def worth_of_speed(world, row):
    """L: the worth of the first reply, falling with the logarithm of its latency.

    Twitter and Applied Marketing Science 2016.
    """
    behaviour = world.behaviour[0]
    case = world.cases[row]
    waited = case.first_response - case.first_request
    ratio = waited / world.channels[case.first_channel].typical_wait * behaviour.latency_anchor / behaviour.latency_unit
    value = behaviour.latency_top
    if ratio > 1.0:
        value = behaviour.latency_top - behaviour.latency_slope * log(ratio)
    return max(value, behaviour.latency_floor) / behaviour.latency_scale


@compiled(float64(world_type, int64, int64))
def satisfaction(world, i, o):
    """1 to 5: reply and its latency, resolution, effort, tone, anger at peak and end, a deaf account, and chance."""
    behaviour = world.behaviour[0]
    row = case_row(world, i, o)
    case = world.cases[row]
    replied = case.replies > 0
    resolved = not np.isnan(case.resolved)
    score = behaviour.no_reply
    if replied:
        score += worth_of_speed(world, row)
        score += behaviour.tone * (case.tone / case.replies - 0.5)
    expected = behaviour.resolution_replied if replied else behaviour.resolution_silent
    score += behaviour.resolution * ((1.0 if resolved else 0.0) - expected)
    score -= behaviour.effort * (min(float64(case.contacts), behaviour.effort_cap) - behaviour.effort_reference)
    score -= behaviour.anger_weight * (0.5 * (case.anger_peak + case.anger_end) - behaviour.anger_reference)
    if case.deaf and not replied:
        score -= behaviour.deaf
    passenger = world.passengers[i]
    if behaviour.noise > 0.0:
        score += behaviour.noise * normal(world.clock[0].luck, passenger.key, Purpose.SETTLE, o)
    return min(5.0, max(1.0, score))


@compiled(float64(world_type, int64, int64))
def made_up_for(world, i, o):
    """Satisfaction once a gesture has come, a letter say: up by a part of what is missing to a good service."""
    passenger = world.passengers[i]
    cohorts = len(world.cohorts)
    score = world.cases[case_row(world, i, o)].satisfaction
    for g in range(len(world.gestures)):
        gesture = world.gestures[g]
        share = world.reaches[(len(world.notices) + g) * cohorts + passenger.cohort].share
        who = join(gesture.key, person_of(world, i))
        if gesture.operator == o and happens(share, world.clock[0].luck, who, Purpose.GESTURE, 0):
            score += gesture.strength * max(0.0, gesture.ceiling - score)
    return score


@transition
def settle(world, i):
    """Rate every operator one has had to do with; without any contact, the one the ticket is from."""
    passenger = world.passengers[i]
    feel(world, i)
    own = int64(world.cohorts[passenger.cohort].first_operator)
    for o in range(len(world.operators)):
        case = world.cases[case_row(world, i, o)]
        case.satisfaction = MISSING
        touched = case.contacts > 0 or (o == own and passenger.status != Status.NO_NEED)
        if passenger.status != Status.UNAWARE and touched:
            case.satisfaction = satisfaction(world, i, o)
            if len(world.amends) > 0:
                world.amends[case_row(world, i, o)].satisfaction = made_up_for(world, i, o)
