"""What sets the level of both laws of satisfaction: people of published studies, rated by the same laws (studies.py).

The constants that make the laws agree with the studies are solved for by Newton's method, in so many steps whatever
the numbers, anew for every draw of them.
"""

from __future__ import annotations

import numpy as np

from . import additive as law_a
from . import justice as law_b
from .history import within
from .jit import compiled, float64, int64, void, world_type
from .studies import PEOPLE, ask_people

STEPS = 8
CARE, REPLY, PROMPT = range(3)
"""Parts of the additive score: all that is not solved for, the acknowledgement and the promptness."""
HALVINGS = 60
EXACT = 1e-6
"""Points: a mean that is met so well is met."""
NO_REPLY, NO_PROMPT, GRADIENT = range(3)
"""Ways to solve the additive law: acknowledgement is nothing, promptness is, or neither, with the gradient."""
SOON, LATE = 6.0, 67.0
"""Minutes: between replies sooner and later than these the study shows how much speed is worth."""


@compiled(float64(world_type, int64, int64))
def part_of(world, r, part):
    """One part of the additive score."""
    behaviour = world.behaviour[0]
    history = world.histories[r]
    if part == CARE:
        return law_a.score_of_care(behaviour, history)
    return law_a.acknowledged(behaviour, history) if part == REPLY else law_a.prompt(behaviour, history)


@compiled(float64(world_type, int64))
def soon_against_late(world, part):
    """By how much a part of the score is larger, on average, where a useful reply came soon than where it came late."""
    early = late = earlies = lates = 0.0
    for r in range(PEOPLE, 2 * PEOPLE):
        history = world.histories[r]
        if not history.hollow and history.answered < SOON:
            earlies += 1.0
            early += part_of(world, r, part)
        elif not history.hollow and history.answered > LATE:
            lates += 1.0
            late += part_of(world, r, part)
    return early / earlies - late / lates


@compiled(void(world_type, float64, float64))
def approach(world, by_reply, by_prompt):
    """One step of Newton's method on the base and one other constant, towards the mean marks of both kinds of people.

    When the other one grows by 1, acknowledgement grows by `by_reply` and promptness by `by_prompt`.
    """
    behaviour = world.behaviour[0]
    unanswered = answered = unanswered_by_base = unanswered_by_other = answered_by_base = answered_by_other = 0.0
    for r in range(2 * PEOPLE):
        k, p = part_of(world, r, REPLY), part_of(world, r, PROMPT)
        x = behaviour.base_need + part_of(world, r, CARE) + behaviour.acknowledged * k + behaviour.prompt * p
        slope = law_a.slope(x) / PEOPLE
        other = slope * (by_reply * k + by_prompt * p)
        if r < PEOPLE:
            unanswered += law_a.soft(x) / PEOPLE
            unanswered_by_base += slope
            unanswered_by_other += other
        else:
            answered += law_a.soft(x) / PEOPLE
            answered_by_base += slope
            answered_by_other += other
    by_unanswered, by_answered = behaviour.study_silent - unanswered, behaviour.study_answered - answered
    determinant = unanswered_by_base * answered_by_other - unanswered_by_other * answered_by_base
    behaviour.base_need += (by_unanswered * answered_by_other - unanswered_by_other * by_answered) / determinant
    more = (unanswered_by_base * by_answered - by_unanswered * answered_by_base) / determinant
    behaviour.acknowledged += by_reply * more
    behaviour.prompt += by_prompt * more


@compiled(void(world_type, int64))
def solve_additive(world, way):
    """Base, acknowledgement and promptness: the mean marks of those who were answered and who were not are the study's.

    With the gradient, so is what a useful reply in time is worth against a late one; without it, acknowledgement or
    promptness is nothing.
    """
    behaviour = world.behaviour[0]
    behaviour.base_need, behaviour.acknowledged, behaviour.prompt = 3.0, 0.0, 0.0
    by_reply, by_prompt = 0.0, 1.0
    if way == NO_PROMPT:
        by_reply, by_prompt = 1.0, 0.0
    elif way == GRADIENT:
        reply, prompt = soon_against_late(world, REPLY), soon_against_late(world, PROMPT)
        gradient = behaviour.speed_share * behaviour.study_gradient - soon_against_late(world, CARE)
        behaviour.prompt = gradient / prompt
        by_reply, by_prompt = 1.0, -reply / prompt
    for _ in range(STEPS):
        approach(world, by_reply, by_prompt)


@compiled(void(world_type))
def solve_base(world):
    """The base alone, where solutions and news are worth more to the answered than the study says: no reply is worth
    anything then, and only the mean mark of those who were never answered is met.
    """
    behaviour = world.behaviour[0]
    behaviour.base_need, behaviour.acknowledged, behaviour.prompt = 3.0, 0.0, 0.0
    for _ in range(STEPS):
        mark = slope = 0.0
        for r in range(PEOPLE):
            x = behaviour.base_need + part_of(world, r, CARE)
            mark += law_a.soft(x) / PEOPLE
            slope += law_a.slope(x) / PEOPLE
        behaviour.base_need += within(-1.0, (behaviour.study_silent - mark) / slope, 1.0)


@compiled(float64(world_type, int64))
def mean_justice(world, first):
    """The mean mark of one kind of people by law B; `first` is the first of them."""
    behaviour = world.behaviour[0]
    mean = 0.0
    for r in range(first, first + PEOPLE):
        latent = behaviour.scale * world.histories[r].judged
        mean += law_b.expected_mark(behaviour, latent if world.histories[r].needy else latent + behaviour.no_need)
    return mean / PEOPLE


@compiled(void(world_type))
def step_justice(world):
    """One step of Newton's method on scale and cut; never more than twice or half the scale, and 2 of the cut."""
    behaviour = world.behaviour[0]
    unanswered = answered = unanswered_by_scale = unanswered_by_cut = answered_by_scale = answered_by_cut = 0.0
    for r in range(2 * PEOPLE):
        u = world.histories[r].judged
        mark = law_b.expected_mark(behaviour, behaviour.scale * u) / PEOPLE
        slope = law_b.slope(behaviour, behaviour.scale * u) / PEOPLE
        if r < PEOPLE:
            unanswered += mark
            unanswered_by_scale += slope * u
            unanswered_by_cut -= slope
        else:
            answered += mark
            answered_by_scale += slope * u
            answered_by_cut -= slope
    by_unanswered, by_answered = behaviour.study_silent - unanswered, behaviour.study_answered - answered
    determinant = unanswered_by_scale * answered_by_cut - unanswered_by_cut * answered_by_scale
    scale = behaviour.scale + (by_unanswered * answered_by_cut - unanswered_by_cut * by_answered) / determinant
    cut = (unanswered_by_scale * by_answered - by_unanswered * answered_by_scale) / determinant
    behaviour.scale = within(0.5 * behaviour.scale, scale, 2.0 * behaviour.scale)
    behaviour.cut += within(-2.0, cut, 2.0)


@compiled(void(world_type))
def bisect_justice(world):
    """Scale and cut where Newton's steps do not find them: one within the other, each halved again and again."""
    behaviour = world.behaviour[0]
    smallest, largest = 0.01, 100.0
    for _ in range(HALVINGS):
        behaviour.scale = np.sqrt(smallest * largest)
        low, high = -200.0, 200.0
        for _ in range(HALVINGS):
            behaviour.cut = 0.5 * (low + high)
            if mean_justice(world, 0) > behaviour.study_silent:
                low = behaviour.cut
            else:
                high = behaviour.cut
        if mean_justice(world, PEOPLE) > behaviour.study_answered:
            largest = behaviour.scale
        else:
            smallest = behaviour.scale


@compiled(void(world_type))
def solve_justice(world):
    """Scale and cut: the same two means."""
    behaviour = world.behaviour[0]
    for r in range(3 * PEOPLE):
        world.histories[r].judged = law_b.judgement(behaviour, world.histories[r])
    behaviour.scale, behaviour.cut = 1.0, -2.0
    for _ in range(STEPS):
        step_justice(world)
    off = abs(mean_justice(world, 0) - behaviour.study_silent)
    off += abs(mean_justice(world, PEOPLE) - behaviour.study_answered)
    if not off < EXACT:
        bisect_justice(world)


@compiled(void(world_type))
def solve_no_need(world):
    """What somebody without a need thinks to begin with, under either law: the mean mark is the panel's."""
    behaviour = world.behaviour[0]
    behaviour.base_no_need, behaviour.no_need = 2.8, behaviour.cut
    for r in range(2 * PEOPLE, 3 * PEOPLE):
        behaviour.no_need -= behaviour.scale * world.histories[r].judged / PEOPLE
    for _ in range(2 * STEPS):
        by_a = by_b = behaviour.panel_mark
        slope_a = slope_b = 0.0
        for r in range(2 * PEOPLE, 3 * PEOPLE):
            history = world.histories[r]
            x = behaviour.base_no_need + law_a.score_of_being_told(behaviour, history)
            v = behaviour.scale * history.judged + behaviour.no_need
            by_a -= law_a.soft(x) / PEOPLE
            by_b -= law_b.expected_mark(behaviour, v) / PEOPLE
            slope_a += law_a.slope(x) / PEOPLE
            slope_b += law_b.slope(behaviour, v) / PEOPLE
        behaviour.base_no_need += within(-2.0, by_a / slope_a, 2.0)
        behaviour.no_need += within(-2.0, by_b / slope_b, 2.0)


@compiled(float64(world_type))
def misses(world):
    """By how much, in all, the mean marks of both laws miss those of the studies; NaN where there is no solution."""
    behaviour = world.behaviour[0]
    off = abs(mean_justice(world, 0) - behaviour.study_silent)
    off += abs(mean_justice(world, PEOPLE) - behaviour.study_answered)
    off += abs(mean_justice(world, 2 * PEOPLE) - behaviour.panel_mark)
    unanswered = answered = panel = 0.0
    for r in range(PEOPLE):
        unanswered += law_a.additive(behaviour, world.histories[r]) / PEOPLE
        answered += law_a.additive(behaviour, world.histories[PEOPLE + r]) / PEOPLE
        panel += law_a.additive(behaviour, world.histories[2 * PEOPLE + r]) / PEOPLE
    off += abs(unanswered - behaviour.study_silent) + abs(panel - behaviour.panel_mark)
    if behaviour.acknowledged == 0.0 and behaviour.prompt == 0.0:
        return off + max(0.0, behaviour.study_answered - answered)
    return off + abs(answered - behaviour.study_answered)


@compiled(float64(world_type), by_python=True)
def solve(world):
    """Fill in what is solved for in the one row of `behaviour`, and say by how much the studies are missed.

    `histories` has room for all people of the studies.
    """
    behaviour = world.behaviour[0]
    ask_people(world)
    solve_additive(world, GRADIENT)
    if behaviour.acknowledged < 0.0:
        solve_additive(world, NO_REPLY)
    if behaviour.prompt < 0.0:
        solve_additive(world, NO_PROMPT)
    if behaviour.acknowledged < 0.0:
        solve_base(world)
    solve_justice(world)
    solve_no_need(world)
    return misses(world)
