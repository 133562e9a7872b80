"""What an interval says about a difference, given the smallest difference that matters."""

from __future__ import annotations

import math
from dataclasses import dataclass

BETTER, WORSE, SAME, UNDECIDED = "better", "worse", "no difference that matters", "undecided"
MOST_PAIRS = 1_000_000
"""`pairs_needed` is not reported beyond: a difference that sits on its margin is never decided."""


@dataclass(frozen=True)
class Judgement:
    """A verdict and, while undecided, the replications it would take (None: decided, or not to be told)."""

    verdict: str | None
    pairs_needed: int | None


def judge(
    estimate: float, low: float, high: float, margin: float, better: str, replications: int, draws: int
) -> Judgement:
    """The verdict on a difference (of logarithms, for a ratio) whose interval is `low` to `high`.

    Within the margins all of it: no difference that matters. Without 0 and with an estimate that reaches the margin:
    better or worse. Anything else is undecided. Where no way is better, only the first can be said and the verdict is
    else None.
    """
    if math.isnan(low) or math.isnan(high) or math.isnan(estimate):
        return Judgement(None if better == "neither" else UNDECIDED, None)
    if -margin < low and high < margin:
        return Judgement(SAME, None)
    if better == "neither":
        return Judgement(None, None)
    if (low > 0 or high < 0) and abs(estimate) >= margin:
        return Judgement(BETTER if (estimate > 0) == (better == "higher") else WORSE, None)
    return Judgement(UNDECIDED, pairs_needed(estimate, (high - low) / 2, margin, replications, draws))


def pairs_needed(estimate: float, half: float, margin: float, replications: int, draws: int) -> int | None:
    """Replications of both staffing models until the verdict falls, if estimate and spread stay as they are.

    The interval's half-width shrinks as one over the root of the draws. It has to come below the room left: from the
    estimate to the margin when the estimate is within (no difference that matters), from the estimate to 0 when it is
    not. So draws needed = draws x (half / room)^2, rounded up, times the replications of a draw; MOST_PAIRS when it is
    that or more.
    """
    if not math.isfinite(half):
        return None
    room = margin - abs(estimate) if abs(estimate) < margin else abs(estimate)
    each = math.ceil(replications / draws)
    if draws * (half / room) ** 2 * each >= MOST_PAIRS:
        return MOST_PAIRS
    return max(math.floor(draws * (half / room) ** 2) + 1, draws + 1) * each
