"""The people of the studies that set the level of satisfaction, as rows of `histories`.

One study asked people who had complained in public: some had been answered, some never. A panel asked passengers of
disrupted trains. How they were dealt with is not published; its composition is assumed, in conf/behaviour. The people
are drawn evenly over it and not by chance, so that it takes few of them.
"""

from __future__ import annotations

import numpy as np

from .codes import MISSING
from .exact import exp, log, normal_quantile
from .history import what_is_left, within
from .jit import boolean, compiled, float64, int64, transition, void, world_type

PEOPLE = 512
"""Of each kind: those who were never answered, those who were, and those of the panel, one kind after the other."""
STEP = 0.9370054227
"""Multiples of the powers of this, without their whole parts, fill ten dimensions evenly (x^11 = x + 1, 1/x)."""


@compiled(float64(int64, int64))
def even(r, dimension):
    """A number between 0 and 1, evenly spread over the people."""
    step = STEP
    for _ in range(1, dimension):
        step *= STEP  # no power: not every machine's is the same to the bit
    x = 0.5 + (r + 1.0) * step
    return x - np.floor(x)


@compiled(boolean(int64, int64, float64))
def one_of(r, dimension, share):
    """Is this one of the share of the people to whom it happened?"""
    return even(r, dimension) < share


@compiled(float64(world_type, int64, int64))
def delay(world, r, dimension):
    """Minutes until a reply or news, lognormal."""
    behaviour = world.behaviour[0]
    return behaviour.study_delay * exp(behaviour.study_sigma * normal_quantile(even(r, dimension)))


@transition
def blank_history(world, r):
    """Somebody who posted once and got nothing."""
    behaviour = world.behaviour[0]
    history = world.histories[r]
    history.needy = history.asked = 1
    history.resolved = history.missed = history.hollow = history.deaf = 0
    history.kept = history.broken = history.dropped = history.wrong = 0
    history.empties = history.hand_overs = history.tones = history.doors = history.visits = 0
    history.outcome = history.news = 0.0
    history.helped = history.answered = MISSING
    history.quality = 0.5
    history.prompt_until = behaviour.study_prompt_until
    history.late_from = behaviour.study_late_from
    history.expected = behaviour.study_expected


@compiled(void(world_type, int64, float64))
def note_solved(world, r, minutes):
    """The matter is settled after so many minutes: another seat, say."""
    behaviour = world.behaviour[0]
    history = world.histories[r]
    history.resolved = 1
    history.helped = minutes
    history.outcome = what_is_left(behaviour.outcome_least, behaviour.outcome_fall, behaviour.study_due, minutes)


@compiled(void(world_type, int64, float64))
def note_heard(world, r, minutes):
    """The first news came after so many minutes."""
    behaviour = world.behaviour[0]
    history = world.histories[r]
    first = what_is_left(behaviour.news_least, behaviour.news_fall, behaviour.news_due, minutes)
    covered = behaviour.study_fresh * even(r, 6)
    history.news = behaviour.news_first * first + (1.0 - behaviour.news_first) * covered


@transition
def be_silent(world, r):
    """Never answered, by an account that is open: some found a solution or news elsewhere."""
    behaviour = world.behaviour[0]
    blank_history(world, r)
    history = world.histories[r]
    history.deaf = 1
    history.contacts = behaviour.silent_contacts
    history.anger_peak = behaviour.silent_peak
    history.anger_end = behaviour.silent_end
    if one_of(r, 1, behaviour.silent_solved):
        note_solved(world, r, delay(world, r, 5))
    if history.resolved or one_of(r, 2, behaviour.study_elsewhere):
        note_heard(world, r, delay(world, r, 5))


@transition
def be_answered(world, r):
    """Answered after a while: the later, the less often usefully, and the less often with a solution.

    News that were heard elsewhere are news, and no answer to what was asked.
    """
    behaviour = world.behaviour[0]
    blank_history(world, r)
    history = world.histories[r]
    waited = delay(world, r, 5)
    late = log(waited / behaviour.study_delay)
    history.answered = waited
    history.contacts = behaviour.answered_contacts
    history.anger_peak = behaviour.answered_peak
    history.anger_end = behaviour.answered_end
    useful = one_of(r, 1, within(0.1, behaviour.study_useful - behaviour.study_useful_fall * late, 0.95))
    elsewhere = one_of(r, 2, behaviour.study_elsewhere)
    if useful and one_of(r, 3, within(0.1, behaviour.study_solved - behaviour.study_solved_fall * late, 0.9)):
        note_solved(world, r, waited)
    if useful:
        history.helped = waited
        note_heard(world, r, min(waited, delay(world, r, 4)) if elsewhere else waited)
    elif elsewhere:
        note_heard(world, r, delay(world, r, 4))
    history.hollow = not useful
    history.hand_overs = one_of(r, 7, behaviour.study_passed_on)
    history.dropped = one_of(r, 8, behaviour.study_dropped)
    history.broken = one_of(r, 9, behaviour.study_broken)


@transition
def be_of_panel(world, r):
    """A passenger who needed nobody: told after a while, or not."""
    behaviour = world.behaviour[0]
    blank_history(world, r)
    history = world.histories[r]
    history.needy = history.asked = 0
    history.contacts = 0.0
    told = one_of(r, 1, behaviour.panel_told)
    if told:
        spread = behaviour.panel_latest - behaviour.panel_soonest
        note_heard(world, r, behaviour.panel_soonest + spread * even(r, 5))
    history.anger_peak = behaviour.panel_anger_told if told else behaviour.panel_anger_untold
    history.anger_end = history.anger_peak


@compiled(void(world_type))
def ask_people(world):
    """Everybody of the studies."""
    for r in range(PEOPLE):
        be_silent(world, r)
        be_answered(world, PEOPLE + r)
        be_of_panel(world, 2 * PEOPLE + r)
