"""Companies that share what they know: what one comes to know, others are told some time later."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from caresim.config.errors import BadInput, known
from caresim.config.sharing import Shares

if TYPE_CHECKING:
    from caresim.config.disruption import Notice
    from caresim.config.experiment import Experiment
    from caresim.config.staffing import NoticeChange, Staffing


TOLD_TO = " told to "
"""Between the names of a fact and of who is told; no name in configuration has a space."""


class Told(NamedTuple):
    """A fact of one operator as another one knows it, which has been told."""

    fact: str
    operator: str
    """Who is told."""
    shares: Shares

    @property
    def name(self) -> str:
        return f"{self.fact}{TOLD_TO}{self.operator}"


def fact_of(name: str) -> str:
    """The fact in the words of the configuration, whoever knows it."""
    return name.partition(TOLD_TO)[0]


def sharing(experiment: Experiment, staffing: Staffing) -> dict[str, Shares]:
    """Who shares what they know under a staffing model: its own word goes before that of the operators."""
    usual = {name: operator.shares for name, operator in experiment.operators.items() if operator.shares is not None}
    return usual | staffing.shares


def owner_of(experiment: Experiment, fact: str) -> str:
    """Whose fact it is: of the experiment, or of a notice that is a fact of its own."""
    disruption = experiment.disruption
    return disruption.facts[fact].operator if fact in disruption.facts else disruption.notices[fact].operator


def told_of(experiment: Experiment, staffing: Staffing) -> list[Told]:
    """Every fact that somebody is told of under a staffing model, in the order of the facts."""
    disruption = experiment.disruption
    own = [name for name, notice in disruption.notices.items() if notice.says is None]
    sharers = sharing(experiment, staffing)
    return [
        Told(fact, operator, shares)
        for fact in (*disruption.facts, *own)
        if (shares := sharers.get(owner_of(experiment, fact))) is not None
        for operator in shares.with_
    ]


def check_shares(experiment: Experiment, given: dict[str, Shares], key: str) -> None:
    """BadInput for an operator that is not there, or is told by itself or twice; `key` has `*` for who shares."""
    for name, shares in given.items():
        own = key.replace("*", name)
        known(name, experiment.operators, own, "operator")
        for index, other in enumerate(shares.with_):
            known(other, experiment.operators, f"{own}.with[{index}]", "operator")
            if other == name or other in shares.with_[:index]:
                why = "knows it already" if other == name else "is named already"
                others = ", ".join(each for each in experiment.operators if each != name)
                raise BadInput(f"{own}.with[{index}]", other, f"{why}; allowed: each of {others}, once")


def first_known(experiment: Experiment, staffing: Staffing, fact: str) -> datetime | None:
    """When the operator of a fact first knows it under a staffing model; None: never."""
    disruption = experiment.disruption
    moments = [disruption.facts[fact].at] if fact in disruption.facts else []
    for name, notice in disruption.notices.items():
        change = staffing.notices.get(name)
        if notice.operator == owner_of(experiment, fact) and fact in says_of(name, notice, change):
            moments.append(at_of(notice, change))
    for name, instruction in disruption.instructions.items():
        if fact in instruction.says:
            changed = staffing.instructions.get(name)
            moments.append((changed and changed.at) or instruction.at)
    return min((moment for moment in moments if moment is not None), default=None)


def at_of(notice: Notice, change: NoticeChange | None) -> datetime | None:
    """When a notice is published under a staffing model; None: it is not."""
    return (change and change.at) or notice.at


def says_of(name: str, notice: Notice, change: NoticeChange | None) -> tuple[str, ...]:
    """The facts that a notice tells under a staffing model."""
    said = notice.says if change is None or change.says is None else change.says
    return (name,) if said is None else said


def check_told(experiment: Experiment, staffing: Staffing, notice: str, key: str) -> None:
    """BadInput where a notice that is published says a fact of somebody else that its operator has not been told."""
    about, change = experiment.disruption.notices[notice], staffing.notices.get(notice)
    at, told = at_of(about, change), {(each.fact, each.operator): each for each in told_of(experiment, staffing)}
    if at is None:
        return
    for index, fact in enumerate(says_of(notice, about, change)):
        owner = owner_of(experiment, fact)
        if owner == about.operator:
            continue
        where = f"{key}.says[{index}]"
        each = told.get((fact, about.operator))
        if each is None:
            example = f"shares: {{{owner}: {{with: [{about.operator}], delay: 10 min}}}}"
            allowed = f"is known to {owner}, not to {about.operator}; allowed: facts of {about.operator}"
            raise BadInput(where, fact, f"{allowed}, or in the staffing model {example}")
        first, delay = first_known(experiment, staffing, fact), each.shares.delay
        latest = None if first is None else first + timedelta(minutes=delay.high or delay.value)
        if latest is None or at < latest:
            when = "never" if latest is None else f"by {latest:%Y-%m-%d %H:%M} UTC at the latest"
            allowed = f"{about.operator} is told it by {owner} {when}; allowed: a notice that is published later"
            raise BadInput(where, fact, allowed)
