"""Facts that nobody ever comes to know, and questions that nobody can ever answer."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from caresim.config.disruption import facts_of_notices, said_by
from caresim.config.shares import at_of, says_of, told_of

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

MANY = 0.3
"""A larger share is warned of: these people come back until their deadline, and no desk can help them."""


def said_somewhere(experiment: Experiment) -> set[str]:
    """The facts that a notice or an instruction of the disruption says."""
    disruption = experiment.disruption
    published = {name: notice for name, notice in disruption.notices.items() if notice.at is not None}
    by_notices = {fact for name, notice in published.items() for fact in said_by(name, notice)}
    return by_notices | {fact for instruction in disruption.instructions.values() for fact in instruction.says}


def never_answered(experiment: Experiment) -> dict[str, float]:
    """The share of the questions of each kind that no fact answers which becomes known; the largest over the cohorts
    that ask it. Empty where no kinds are named.
    """
    disruption = experiment.disruption
    said = said_somewhere(experiment)
    corrected = {name for fact in disruption.facts.values() for name in fact.corrects}
    told = told_of(experiment, experiment.staffing[experiment.baseline])
    facts = [
        (fact, {fact.operator, *(each.operator for each in told if each.fact == name)})
        for name, fact in disruption.facts.items()
        if (fact.at is not None or name in said) and not fact.wrong and name not in corrected
    ]
    own = [name for name in facts_of_notices(disruption) if disruption.notices[name].at is not None]
    frank = {disruption.notices[name].operator for name in own}
    frank |= {each.operator for each in told if each.fact in own}
    left: dict[str, float] = {}
    for cohort in experiment.population.cohorts.values():
        for kind in cohort.asks:
            if frank.intersection(cohort.operators):  # a notice that is a fact of its own answers all questions
                left[kind] = max(left.get(kind, 0.0), 0.0)
                continue
            shares = [
                fact.answers[kind].value
                for fact, knowing in facts
                if knowing.intersection(cohort.operators) and kind in fact.answers
            ]
            left[kind] = max(left.get(kind, 0.0), math.prod(1.0 - share for share in shares))
    return {kind: left[kind] for kind in disruption.questions if kind in left}


def lines_about(experiment: Experiment) -> list[str]:
    """What is said of it above a comparison: a line; none where no kinds are named."""
    shares = never_answered(experiment) if hasattr(experiment, "disruption") else {}
    told = ", ".join(f"“{kind}” {100 * share:.0f} %" for kind, share in shares.items())
    return (
        [f"Nobody can ever answer some of the questions, because no fact of the case does: {told}."] if shares else []
    )


def unanswerable(experiment: Experiment) -> Iterator[str]:
    """Kinds of questions of which much is never answered."""
    if much := [kind for kind, share in never_answered(experiment).items() if share > MANY]:
        yield (
            f"disruption.facts.*.answers: nobody can ever tell more than {MANY:.0%} of those who ask "
            f"{' or '.join(much)}, so that they come back until their deadline"
        )


def untold(experiment: Experiment) -> Iterator[str]:
    """Facts without a moment that no notice says, in no staffing model."""
    said = said_somewhere(experiment)
    for staffing in experiment.staffing.values():
        for name, notice in experiment.disruption.notices.items():
            change = staffing.notices.get(name)
            said |= set(says_of(name, notice, change) if at_of(notice, change) is not None else ())
    for name, fact in experiment.disruption.facts.items():
        if fact.at is None and name not in said:
            yield f"disruption.facts.{name}: nobody ever knows it; write at, or name it in the says of a notice"
