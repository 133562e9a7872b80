"""The names behind the row numbers of a world, and the numbers behind the words of configuration."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from enum import IntEnum

from caresim.config.directions import places_of
from caresim.config.disruption import facts_of_notices
from caresim.config.experiment import Experiment
from caresim.config.shares import TOLD_TO, owner_of, told_of
from caresim.config.staffing import Staffing


@dataclass(frozen=True)
class Names:
    """One list a table: the name of each row. Channels and desks are named within their operator's experiment."""

    operators: list[str]
    channels: list[str]
    desks: list[str]
    cohorts: list[str]
    languages: list[str]
    notices: list[str]
    """Those that operators publish, then one for each fact that is passed on once it is told in public."""
    facts: list[str] = field(default_factory=list)
    """The facts of the experiment, then notices that say nothing else and are a fact of their own, then those of both
    that other operators are told of.
    """
    instructions: list[str] = field(default_factory=list)
    media: dict[str, str] = field(default_factory=dict)
    """Medium of each channel."""
    flights: list[str] = field(default_factory=list)
    """Flight series and local date of each flight."""
    places: list[str] = field(default_factory=list)
    """Where flights leave and arrive."""
    staff: list[str] = field(default_factory=list)
    """Seat of each member of staff: desk/shift/number."""
    staff_kind: list[str] = field(default_factory=list)

    def copy(self) -> Names:
        """The same names, in lists that can be added to."""
        return Names(**{table.name: getattr(self, table.name).copy() for table in fields(self)})


def named(experiment: Experiment, staffing: Staffing) -> Names:
    """Names in the order of configuration, which is the order of the rows."""
    spoken: dict[str, None] = {}
    for cohort in experiment.population.cohorts.values():
        spoken |= dict.fromkeys(cohort.languages)
    for desk in staffing.desks.values():
        spoken |= dict.fromkeys(desk.languages)
    channels = {
        name: channel.medium
        for operator in experiment.operators.values()
        for name, channel in operator.channels.items()
    }
    return Names(
        operators=list(experiment.operators),
        channels=list(channels),
        desks=list(staffing.desks),
        cohorts=list(experiment.population.cohorts),
        languages=list(spoken),
        notices=[*experiment.disruption.notices, *(feed_of(fact) for fact in fed(experiment, staffing))],
        facts=[
            *experiment.disruption.facts,
            *facts_of_notices(experiment.disruption),
            *(told.name for told in told_of(experiment, staffing)),
        ],
        instructions=list(experiment.disruption.instructions),
        media=channels,
        places=places_of(experiment),
    )


def code(codes: type[IntEnum], word: str) -> int:
    """The number of a configuration word."""
    return int(codes[word.upper()])


def fed(experiment: Experiment, staffing: Staffing) -> list[str]:
    """The facts that come before the eyes of those who follow an operator, once they are told in public."""
    cohorts = experiment.population.cohorts.values()
    followed = {operator for cohort in cohorts if cohort.feed.value > 0 for operator in cohort.operators}
    disruption = experiment.disruption
    facts = {name: owner_of(experiment, name) for name in (*disruption.facts, *facts_of_notices(disruption))}
    facts |= {told.name: told.operator for told in told_of(experiment, staffing)}
    return [name for name, operator in facts.items() if operator in followed]


def known_as(experiment: Experiment, fact: str, operator: str) -> str:
    """The name of a fact as an operator knows it: its own, or one that it has been told of."""
    return fact if owner_of(experiment, fact) == operator else f"{fact}{TOLD_TO}{operator}"


def operator_of(experiment: Experiment, name: str) -> str:
    """Who knows it: whose fact it is, or who is told of it."""
    fact, _, told = name.partition(TOLD_TO)
    return told or owner_of(experiment, fact)


def feed_of(fact: str) -> str:
    """The name of the notice that stands for a fact's being passed on; none in configuration has a space."""
    return f"feed {fact}"


def bits(numbers: Iterable[int]) -> int:
    """Rows as bits."""
    return sum(1 << int(number) for number in numbers)


def mask(languages: Iterable[str], names: Names) -> int:
    """Languages as bits, in the order of `names`; those that nobody speaks are left out."""
    return sum(1 << names.languages.index(language) for language in languages if language in names.languages)
