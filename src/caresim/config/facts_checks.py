"""What must hold of questions, of the facts that answer them and of the notices that say these."""

from __future__ import annotations

from collections.abc import Iterable

from caresim.config.disruption import MOST_KINDS, Notice
from caresim.config.errors import BadInput, known
from caresim.config.experiment import Experiment
from caresim.config.references import check_moment, check_reach
from caresim.config.shares import check_told
from caresim.config.staffing import NoticeChange
from caresim.model.needs import QUESTIONS

SOONEST = 1.0
"""Minutes between two editions of a notice, at least."""


def check_questions(experiment: Experiment) -> None:
    """Kinds of questions are few, each once; cohorts and behaviour ask no others."""
    kinds = experiment.disruption.questions
    if len(kinds) > MOST_KINDS:
        raise BadInput("disruption.questions", list(kinds), f"must be at most {MOST_KINDS} kinds of questions")
    for kind in kinds:
        if kinds.count(kind) > 1:
            raise BadInput("disruption.questions", kind, "must be named once")
    for need, kind in experiment.behaviour.questions.items():
        if need in QUESTIONS:
            allowed = "is left out: who wants to know something asks what population.cohorts.*.asks says"
            raise BadInput(f"behaviour.questions.{need}", kind, allowed)
        check_kinds([kind], kinds, f"behaviour.questions.{need}")
    for name, cohort in experiment.population.cohorts.items():
        key = f"population.cohorts.{name}.asks"
        check_kinds(cohort.asks, kinds, key)
        informed = any(cohort.need[need].value > 0 for need in QUESTIONS if need in cohort.need)
        if kinds and informed and not cohort.ordinary and not cohort.asks:
            allowed = f"is required: some of them want to know something, of {', '.join(kinds)}"
            raise BadInput(key, None, f"{allowed} (disruption.questions)")


def check_kinds(asked: Iterable[str], kinds: tuple[str, ...], key: str) -> None:
    """BadInput for a kind of question that disruption.questions does not name."""
    for kind in asked:
        if not kinds:
            raise BadInput(key, kind, f"disruption.questions names no kinds: write disruption.questions: [{kind}]")
        known(kind, kinds, key, "kind of question")


def check_facts(experiment: Experiment) -> None:
    """Facts belong to an operator, become known within the run, and answer kinds of questions that there are."""
    disruption = experiment.disruption
    for name, fact in disruption.facts.items():
        key = f"disruption.facts.{name}"
        known(fact.operator, experiment.operators, f"{key}.operator", "operator")
        check_moment(experiment, fact.at, f"{key}.at")
        if disruption.questions and not fact.answers:
            allowed = f"is required: shares of the questions that it answers, of {', '.join(disruption.questions)}"
            raise BadInput(f"{key}.answers", None, allowed)
        check_kinds(fact.answers, disruption.questions, f"{key}.answers")
        check_own(experiment, fact.operator, fact.corrects, f"{key}.corrects")
        if name in fact.corrects:
            raise BadInput(f"{key}.corrects", name, "cannot correct itself; allowed: other facts")
        for corrected in fact.corrects:
            if name in corrects_in_the_end(experiment, corrected):
                raise BadInput(
                    f"{key}.corrects", corrected, f"corrects {name} itself: of the two, nobody would know any"
                )


def corrects_in_the_end(experiment: Experiment, name: str) -> set[str]:
    """The facts that one corrects, and those that these correct, and so on."""
    found: set[str] = set()
    ahead = [name]
    while ahead:
        new = set(experiment.disruption.facts[ahead.pop()].corrects) - found
        found |= new
        ahead += [each for each in sorted(new) if each in experiment.disruption.facts]
    return found


def check_notices(experiment: Experiment) -> None:
    """Notices, as the disruption has them and as staffing models change them, say facts of their own operator."""
    disruption = experiment.disruption
    for name, notice in disruption.notices.items():
        key = f"disruption.notices.{name}"
        known(notice.operator, experiment.operators, f"{key}.operator", "operator")
        check_moment(experiment, notice.at, f"{key}.at")
        check_reach(experiment, notice.reach, key)
        if notice.says is None and name in disruption.facts:
            raise BadInput(f"{key}.says", None, f"is required, because a fact has this name, too: write says: [{name}]")
        check_facts_there(experiment, notice.says or (), f"{key}.says")
        check_editions(experiment, notice, notice, key)
    for model, staffing in experiment.staffing.items():
        for name, change in staffing.notices.items():
            if name in disruption.notices:
                notice, key = disruption.notices[name], f"staffing.{model}.notices.{name}"
                check_facts_there(experiment, change.says or (), f"{key}.says")
                check_editions(experiment, change, notice, key)
        for name in disruption.notices:
            changed = name in staffing.notices and staffing.notices[name].says is not None
            key = f"staffing.{model}.notices.{name}" if changed else f"disruption.notices.{name}"
            check_told(experiment, staffing, name, key)


def check_editions(experiment: Experiment, given: Notice | NoticeChange, notice: Notice, key: str) -> None:
    """A notice is there for a while, and is not said again more often than anybody could."""
    check_moment(experiment, given.until, f"{key}.until")
    at, until = given.at or notice.at, given.until or notice.until
    if given.until is not None and until is not None and at is not None and until < at:
        raise BadInput(
            f"{key}.until", f"{until:%Y-%m-%d %H:%M} UTC", f"must not be before at ({at:%Y-%m-%d %H:%M} UTC)"
        )
    if given.every is not None and given.every.value < SOONEST:
        raise BadInput(f"{key}.every", given.every.text, f"must be at least {SOONEST:g} min")


def check_facts_there(experiment: Experiment, names: Iterable[str], key: str) -> None:
    """The facts are there, and each is named once."""
    named: set[str] = set()
    for index, fact in enumerate(names):
        known(fact, experiment.disruption.facts, f"{key}[{index}]", "fact")
        if fact in named:
            raise BadInput(f"{key}[{index}]", fact, "is named already; allowed: once")
        named.add(fact)


def check_own(experiment: Experiment, operator: str, names: tuple[str, ...], key: str) -> None:
    """The facts are there, and the operator's own."""
    facts = experiment.disruption.facts
    check_facts_there(experiment, names, key)
    for index, fact in enumerate(names):
        if facts[fact].operator != operator:
            allowed = f"is known to {facts[fact].operator}, not to {operator}; allowed: facts of {operator}"
            raise BadInput(f"{key}[{index}]", fact, allowed)
