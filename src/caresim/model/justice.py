"""Law B of satisfaction: what was got against what could be expected; losses count double; an ordered logit."""

from __future__ import annotations

from .codes import MARKS
from .exact import exp, log
from .history import promptness, within
from .jit import behaviour_type, compiled, float64, history_type, int64

LN10 = 2.302585092994046


@compiled(float64(float64, float64), inline=True)
def valued(loss, x):
    """A gain counts as it is, a loss by so much more."""
    return x if x >= 0.0 else loss * x


@compiled(float64(behaviour_type, history_type))
def outcome(behaviour, history):
    """d: what came of it."""
    if history.resolved:
        return history.outcome
    return -behaviour.loss_missed if history.missed else -behaviour.loss_unresolved


@compiled(float64(behaviour_type, history_type))
def told(behaviour, history):
    """n: what was told, against being told half of it."""
    n = 2.0 * history.news - 1.0
    return n if n >= 0.0 else 0.5 * n


@compiled(float64(behaviour_type, history_type))
def conduct(behaviour, history):
    """c: how one was treated."""
    c = (
        2.0 * (history.quality - 0.5)
        + behaviour.conduct_kept * history.kept
        - behaviour.conduct_broken * history.broken
    )
    c -= behaviour.conduct_empty * max(0.0, history.empties - 1.0) + behaviour.conduct_dropped * history.dropped
    c -= behaviour.conduct_wrong * history.wrong + behaviour.conduct_passed_on * history.hand_overs
    return within(-1.0, c - behaviour.conduct_deaf * history.deaf, 1.0)


@compiled(float64(behaviour_type, history_type))
def wait(behaviour, history):
    """w: the wait for something useful against what was expected, a reply meanwhile, and what it took to get there."""
    w = -1.0 if history.asked else -0.5
    if history.helped >= 0.0:
        w = within(-1.0, log(history.expected / max(history.helped, 1e-3)) / LN10, 1.0)
    if w < 0.0 and history.answered >= 0.0:
        share = promptness(history.prompt_until, history.late_from, history.answered)
        w = min(0.0, w + behaviour.lift * (1.0 + share))
    w -= behaviour.contact * max(0.0, history.contacts - 1.0) + behaviour.busy * history.tones
    w -= behaviour.closed * history.doors + behaviour.web * history.visits
    return max(-1.0, w)


@compiled(float64(behaviour_type, history_type))
def judgement(behaviour, history):
    """The gains and losses of the case, before they are scaled; speed without substance is no gain."""
    loss = behaviour.loss
    feelings = behaviour.justice_anger * (history.anger_peak + history.anger_end)
    n = told(behaviour, history)
    if not history.needy:
        return behaviour.justice_news * valued(loss, n) - feelings
    d, w = outcome(behaviour, history), wait(behaviour, history)
    if w > 0.0:
        w *= max(0.0, max(d, n))
    value = valued(loss, d) + behaviour.justice_news * valued(loss, n)
    value += behaviour.justice_conduct * valued(loss, conduct(behaviour, history))
    return value + behaviour.justice_wait * valued(loss, w) - feelings


@compiled(float64(behaviour_type, float64, int64), inline=True)
def at_most(behaviour, latent, k):
    """P(at most k stars) = 1/(1 + exp(V - cut - spacing (k - 2.5)))."""
    return 1.0 / (1.0 + exp(latent - behaviour.cut - behaviour.spacing * (k - 2.5)))


@compiled(float64(behaviour_type, float64))
def expected_mark(behaviour, latent):
    """5 less the chances of at most 1, 2, 3 and 4."""
    mark = float64(MARKS)
    for k in range(1, MARKS):
        mark -= at_most(behaviour, latent, k)
    return mark


@compiled(float64(behaviour_type, float64))
def slope(behaviour, latent):
    """How fast the expected mark follows V."""
    total = 0.0
    for k in range(1, MARKS):
        p = at_most(behaviour, latent, k)
        total += p * (1.0 - p)
    return total


@compiled(float64(behaviour_type, history_type))
def justice(behaviour, history):
    """The expected mark, 1 to 5."""
    latent = behaviour.scale * judgement(behaviour, history)
    return expected_mark(behaviour, latent if history.needy else latent + behaviour.no_need)
