"""What operators can know, and which questions it answers, as tables of the world."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from caresim.config.experiment import Experiment
from caresim.model.codes import NEVER
from caresim.model.draws import name_key
from caresim.model.facts import ANY
from caresim.model.records import KINDS, rows
from caresim.scenario.names import Names


def facts_of(experiment: Experiment, names: Names) -> np.recarray:
    """A row a fact: the minute from which its operator knows it. The facts of the experiment come first, then those of
    notices that say nothing else: they are known when the notice is published.
    """
    disruption = experiment.disruption
    table = rows(len(names.facts), "facts")
    for row, name in zip(table, names.facts, strict=True):
        fact = disruption.facts.get(name)
        at = fact.at if fact else None
        row.key = name_key("fact", name)
        row.time = NEVER if at is None else experiment.minutes(at)
        row.operator = names.operators.index(fact.operator if fact else disruption.notices[name].operator)
    return table


def kinds_of(experiment: Experiment) -> tuple[str, ...]:
    """The kinds of questions; where the experiment names none, there is one, without a name."""
    return experiment.disruption.questions or ("",)


def answers_of(experiment: Experiment, names: Names) -> np.recarray:
    """The share of the questions of each kind that each fact answers: all, where no kinds are named."""
    disruption = experiment.disruption
    table = rows(len(names.facts) * KINDS, "answers")
    for k, name in enumerate(names.facts):
        fact = disruption.facts.get(name)
        for number, kind in enumerate(kinds_of(experiment)):
            if fact is None or not disruption.questions:
                table[k * KINDS + number].share = 1.0
            elif kind in fact.answers:
                table[k * KINDS + number].share = fact.answers[kind].value
    return table


def questions_of(answers: np.recarray) -> np.recarray:
    """The facts that are about each kind of question, as bits; about any kind in the last row."""
    table = rows(KINDS + 1, "questions")
    about = answers["share"].reshape(-1, KINDS) > 0.0
    for kind in range(KINDS):
        table[kind].about = bits(np.flatnonzero(about[:, kind]))
    table[ANY].about = bits(np.flatnonzero(about.any(axis=1)))
    return table


def bits(facts: Iterable[int]) -> int:
    """Rows of facts as bits."""
    return sum(1 << int(k) for k in facts)
