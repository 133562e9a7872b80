"""What an interval says about a difference, given the smallest difference that matters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from caresim.inference.variance_components import Estimate
    from caresim.inference.worlds import Worlds

BETTER, WORSE, SAME, UNDECIDED = "better", "worse", "no difference that matters", "undecided"
SURELY_BETTER = "surely better, perhaps too little to matter"
SURELY_WORSE = "surely worse, perhaps too little to matter"
DEPENDS = "depends on the assumptions"
MOST_PAIRS = 1_000_000
"""`pairs_needed` is not reported beyond: a difference that sits on its margin is never decided."""


@dataclass(frozen=True)
class Judgement:
    """A verdict and, while undecided, the replications it would take (None: decided, or not to be told)."""

    verdict: str | None
    pairs_needed: int | None


def judge(estimate: Estimate, margin: float, better: str) -> Judgement:
    """The verdict on a difference (of logarithms, for a ratio), given the smallest difference that matters.

    Within the margins all of the interval: no difference that matters. Without 0 and with an estimate that reaches the
    margin: better or worse. Anything else is undecided. Where no way is better, only the first can be said and the
    verdict is else None.
    """
    word = _word(estimate, margin, better)
    known = not (math.isnan(estimate.low) or math.isnan(estimate.high) or math.isnan(estimate.value))
    return Judgement(word, pairs_needed(estimate, margin) if word == UNDECIDED and known else None)


def _word(estimate: Estimate, margin: float, better: str) -> str | None:
    if math.isnan(estimate.low) or math.isnan(estimate.high) or math.isnan(estimate.value):
        return None if better == "neither" else UNDECIDED
    if -margin < estimate.low and estimate.high < margin:
        return SAME
    if better == "neither":
        return None
    if (estimate.low > 0 or estimate.high < 0) and abs(estimate.value) >= margin:
        return BETTER if (estimate.value > 0) == (better == "higher") else WORSE
    return UNDECIDED


def detail(estimate: Estimate, margin: float, better: str, worlds: Worlds) -> str | None:
    """The finer verdict, which keeps apart how well the average is known and how many worlds agree with it.

    Better by enough to matter in some worlds and worse in others: it depends on the assumptions, whatever the average.
    Else of the average's interval: within the margins no difference that matters; beyond a margin better or worse;
    beyond 0 surely so, and perhaps too little to matter; anything else is undecided. Where no way is better, only no
    difference that matters can be said.
    """
    if better != "neither" and worlds.divided:
        return DEPENDS
    rough = _word(estimate, margin, better)
    if rough in (SAME, None) or not (estimate.low > 0 or estimate.high < 0):
        return rough
    upwards = estimate.low > 0
    good = upwards == (better == "higher")
    if (estimate.low if upwards else -estimate.high) >= margin:
        return BETTER if good else WORSE
    return SURELY_BETTER if good else SURELY_WORSE


def pairs_needed(estimate: Estimate, margin: float) -> int | None:
    """Replications of both staffing models until the verdict falls, if estimate and spread stay as they are.

    The interval's half-width has to come below the room left: from the estimate to the margin when the estimate is
    within (no difference that matters), from the estimate to 0 when it is not. The fewest draws for which it does,
    times the replications of a draw; MOST_PAIRS when it is that or more. None where that cannot be told.

    A new study has an estimate of its own: at that size it decides about every other time, at twice the size four times
    in five. Less often where the truth sits next to the margin (the estimate has to reach it) or to 0 (both ends of the
    interval have to come within the margins).
    """
    room = margin - abs(estimate.value) if abs(estimate.value) < margin else abs(estimate.value)
    width = estimate.width
    if width is None or not math.isfinite(width.half(width.draws)) or not 0 < room < math.inf:
        return None
    a_draw = math.ceil(estimate.count / width.draws)
    few, enough = width.draws, MOST_PAIRS // a_draw
    if width.half(enough) >= room:
        return MOST_PAIRS
    while enough - few > 1:
        middle = (few + enough) // 2
        few, enough = (few, middle) if width.half(middle) < room else (middle, enough)
    return enough * a_draw
