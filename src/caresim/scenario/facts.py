"""What operators can know, and which questions it answers, as tables of the world."""

from __future__ import annotations

import numpy as np

from caresim.config.disruption import said_by
from caresim.config.experiment import Experiment
from caresim.config.shares import fact_of, told_of
from caresim.config.staffing import Staffing
from caresim.model.codes import NEVER, NOBODY
from caresim.model.draws import name_key
from caresim.model.question import ANY
from caresim.model.records import KINDS, rows
from caresim.scenario.names import Names, bits, fed, feed_of, known_as, operator_of
from caresim.scenario.notices import published
from caresim.scenario.powers import instructed


def facts_of(experiment: Experiment, staffing: Staffing, names: Names) -> np.recarray:
    """A row a fact: the minute from which its operator knows it. The facts of the experiment come first, then those of
    notices that say nothing else: they are known when the notice is published. Then come the facts that others are
    told of: they answer the same questions of the same people, and correct what is corrected where they come from.
    """
    disruption = experiment.disruption
    table = rows(len(names.facts), "facts")
    followed = set(fed(experiment, staffing))
    for row, name in zip(table, names.facts, strict=True):
        fact = disruption.facts.get(fact_of(name))
        operator = operator_of(experiment, name)
        at = fact.at if fact and name in disruption.facts else None
        row.key = name_key("fact", fact_of(name))
        row.time = NEVER if at is None else experiment.minutes(at)
        row.operator = names.operators.index(operator)
        corrected = [known_as(experiment, other, operator) for other in fact.corrects] if fact else []
        row.corrects = bits(names.facts.index(other) for other in corrected)
        row.wrong = fact.wrong if fact else False
        row.feed = names.notices.index(feed_of(name)) if name in followed else NOBODY
    for told in told_of(experiment, staffing):
        copy = names.facts.index(told.name)
        table[names.facts.index(told.fact)].passes_on |= 1 << copy
        table[copy].delay = told.shares.delay.value
    known = known_from(experiment, staffing, names)
    for k, row in enumerate(table):
        row.corrected_at = min((known[x] for x in range(len(table)) if table[x].corrects >> k & 1), default=NEVER)
    return table


def known_from(experiment: Experiment, staffing: Staffing, names: Names) -> list[float]:
    """Minutes since the start from which each fact is known: by itself, or by what says it first, a notice or an
    instruction, or by being told.
    """
    facts = experiment.disruption.facts
    dates = {name: [experiment.minutes(fact.at)] for name, fact in facts.items() if fact.at is not None}
    for name, notice in published(experiment, staffing).items():
        if notice.at is not None:
            for fact in said_by(name, notice):
                dates.setdefault(known_as(experiment, fact, notice.operator), []).append(experiment.minutes(notice.at))
    for instruction in instructed(experiment, staffing).values():
        for fact in instruction.says:
            dates.setdefault(fact, []).append(experiment.minutes(instruction.at))
    for told in told_of(experiment, staffing):
        known = min(dates.get(told.fact, [NEVER])) + told.shares.delay.value
        dates.setdefault(told.name, []).append(known)
    return [min(dates.get(name, [NEVER])) for name in names.facts]


def kinds_of(experiment: Experiment) -> tuple[str, ...]:
    """The kinds of questions; where the experiment names none, there is one, without a name."""
    return experiment.disruption.questions or ("",)


def answers_of(experiment: Experiment, names: Names) -> np.recarray:
    """The share of the questions of each kind that each fact answers: all, where no kinds are named."""
    disruption = experiment.disruption
    table = rows(len(names.facts) * KINDS, "answers")
    for k, name in enumerate(names.facts):
        fact = disruption.facts.get(fact_of(name))
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
