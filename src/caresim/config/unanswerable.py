"""Questions that nobody can ever answer: what facts leave over of each kind."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from caresim.config.disruption import said_by

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

MANY = 0.3
"""A larger share is warned of: these people come back until their deadline, and no desk can help them."""


def never_answered(experiment: Experiment) -> dict[str, float]:
    """The share of the questions of each kind that no fact answers which becomes known; the largest over the cohorts
    that ask it. Empty where no kinds are named.
    """
    disruption = experiment.disruption
    said = {fact for name, notice in disruption.notices.items() for fact in said_by(name, notice)}
    corrected = {name for fact in disruption.facts.values() for name in fact.corrects}
    facts = [
        fact
        for name, fact in disruption.facts.items()
        if (fact.at is not None or name in said) and not fact.wrong and name not in corrected
    ]
    left: dict[str, float] = {}
    for cohort in experiment.population.cohorts.values():
        for kind in cohort.asks:
            shares = [
                fact.answers[kind].value for fact in facts if fact.operator in cohort.operators and kind in fact.answers
            ]
            left[kind] = max(left.get(kind, 0.0), math.prod(1.0 - share for share in shares))
    return {kind: left[kind] for kind in disruption.questions if kind in left}


def lines_about(experiment: Experiment) -> list[str]:
    """What is said of it above a comparison: a line, and a warning where it is much; none where no kinds are named."""
    shares = never_answered(experiment) if hasattr(experiment, "disruption") else {}
    if not shares:
        return []
    told = ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items())
    lines = [f"Questions that no fact ever answers: {told}."]
    if much := [kind for kind, share in shares.items() if share > MANY]:
        lines.append(
            f"Warning: nobody can tell more than {MANY:.0%} of those who ask {' or '.join(much)}, so they come back"
            " until their deadline; see disruption.facts.*.answers."
        )
    return lines
