"""Stars: marks as people give them, whole ones that scatter about the expected mark."""

from __future__ import annotations

from .codes import LAWS, MARKS
from .exact import normal_below
from .jit import behaviour_type, compiled, float64, int64, types, void
from .justice import at_most, expected_mark, slope

ADDITIVE = LAWS.index("additive")
STEPS = 12
_numbers, _behaviours = (types.Array(kind, 1, "C") for kind in (float64, behaviour_type))


@compiled(float64(behaviour_type, float64))
def latent_of(behaviour, mark):
    """V of law B at which a mark is expected, by Newton's method from the middle; exact to 1e-9 from 1.01 to 4.99."""
    latent = behaviour.cut
    for _ in range(STEPS):
        step = (mark - expected_mark(behaviour, latent)) / max(slope(behaviour, latent), 1e-6)
        latent += min(2.0, max(-2.0, step))
    return latent


@compiled(void(_behaviours, _numbers, int64, _numbers), by_python=True)
def count(behaviours, marks, law, totals):
    """Add to `totals` how many of those with these expected marks give 1 to 5 stars.

    P(at most k) is that of a normal distribution about the mark, cut at k + 1/2, under law A; of the logit under law B.
    """
    behaviour = behaviours[0]
    for m in range(len(marks)):
        before = 0.0
        latent = 0.0 if law == ADDITIVE else latent_of(behaviour, marks[m])
        for k in range(1, MARKS):
            if law == ADDITIVE:
                upto = normal_below((k + 0.5 - marks[m]) / behaviour.noise)
            else:
                upto = at_most(behaviour, latent, k)
            totals[k - 1] += upto - before
            before = upto
        totals[MARKS - 1] += 1.0 - before
