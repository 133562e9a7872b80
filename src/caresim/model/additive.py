"""Law A of satisfaction: what is good and bad about a case adds up, and levels off at both ends of the scale."""

from __future__ import annotations

from .exact import exp
from .history import promptness
from .jit import behaviour_type, compiled, float64, history_type

LOWER, UPPER = 2.0, 4.0
"""Between these marks a point is a point; beyond them it is worth less and less."""


@compiled(float64(float64), inline=True)
def soft(x):
    """The mark, 1 to 5, of a score: itself from 2 to 4, levelling off beyond."""
    if x > UPPER:
        return 5.0 - exp(UPPER - x)
    if x < LOWER:
        return 1.0 + exp(x - LOWER)
    return x


@compiled(float64(float64), inline=True)
def slope(x):
    """How fast the mark follows the score."""
    if x > UPPER:
        return exp(UPPER - x)
    if x < LOWER:
        return exp(x - LOWER)
    return 1.0


@compiled(float64(behaviour_type, history_type))
def acknowledged(behaviour, history):
    """K, 0 to 1: a person replied at all, and how soon."""
    if history.answered >= 0.0:
        return 0.5 + 0.5 * promptness(history.prompt_until, history.late_from, history.answered)
    return 0.0


@compiled(float64(behaviour_type, history_type))
def prompt(behaviour, history):
    """P, 0 to 1: how soon the first useful thing came; less where the need was not met after all."""
    share = promptness(history.prompt_until, history.late_from, history.helped)
    return share if history.resolved else behaviour.unsolved * share


@compiled(float64(behaviour_type, history_type))
def lapses(behaviour, history):
    """Points: what went wrong in the care itself, whatever the outcome."""
    hand_overs = min(2.0, float64(history.hand_overs))
    points = behaviour.empty * max(0.0, history.empties - 1.0) + behaviour.passed_on * hand_overs
    points += behaviour.hollow * history.hollow + behaviour.broken * history.broken
    points += behaviour.dropped * history.dropped + behaviour.wrong * history.wrong + behaviour.deaf * history.deaf
    return min(behaviour.lapses_most, points)


@compiled(float64(behaviour_type, history_type))
def effort(behaviour, history):
    """Points: what the passenger had to do for it."""
    points = behaviour.contact * max(0.0, history.contacts - 1.0) + behaviour.busy * history.tones
    points += behaviour.closed * history.doors + behaviour.web * history.visits
    return min(behaviour.effort_most, points)


@compiled(float64(behaviour_type, history_type))
def score_of_care(behaviour, history):
    """Points, of somebody with a need, but for the base, the acknowledgement and the promptness, which are solved."""
    points = behaviour.outcome * history.outcome - behaviour.missed * history.missed
    points += behaviour.news * history.news + behaviour.tone * (history.quality - 0.5) + behaviour.kept * history.kept
    points -= lapses(behaviour, history) + effort(behaviour, history)
    return points - behaviour.anger_weight * 0.5 * (history.anger_peak + history.anger_end)


@compiled(float64(behaviour_type, history_type))
def score_of_being_told(behaviour, history):
    """Points, of somebody without a need, but for the base."""
    anger = 0.5 * (history.anger_peak + history.anger_end)
    return behaviour.news_no_need * history.news - behaviour.anger_weight * anger


@compiled(float64(behaviour_type, history_type))
def additive(behaviour, history):
    """The expected mark, 1 to 5."""
    if not history.needy:
        return soft(behaviour.base_no_need + score_of_being_told(behaviour, history))
    score = behaviour.base_need + score_of_care(behaviour, history)
    score += behaviour.acknowledged * acknowledged(behaviour, history)
    return soft(score + behaviour.prompt * prompt(behaviour, history))
