"""Whose event it is: `PLAYED` says of each kind which agent plays it, by which method, and what the method is told.

It is made from the rows of the table of events (model/events.py). There are four ways to find the agent of a subject;
a row that fits none of them is refused when the program starts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from caresim.agents.columns import Columns
from caresim.model.codes import NOBODY
from caresim.model.events import Event, Row
from caresim.model.records import DTYPES

BYSTANDERS, READERS = "bystanders", "readers"
"""The agent without a table of its own, and the subject that is a passenger and a notice in one number."""


class Player(NamedTuple):
    """The agent whose event it is: a row of a table. (Bystanders are the last row of the cohorts.)"""

    table: str
    row: int


class Played(NamedTuple):
    """How an event of one kind is played."""

    agent_of: Callable[[Columns, int], Player]
    """The agent of a subject."""
    method: str
    """The method of that agent."""
    argument: str
    """The table of what the method is told; empty: the subject is the agent, and it is told nothing."""


def of_itself(table: str) -> Callable[[Columns, int], Player]:
    """The subject is the agent."""
    return lambda columns, subject: Player(table, subject)


def through_column(subject: str, *owners: tuple[str, str]) -> Callable[[Columns, int], Player]:
    """The agent stands in a column of the subject: in the first of those `owners` (table, column) that names one."""
    *first, (last_table, last_column) = owners

    def agent_of(columns: Columns, row: int) -> Player:
        record = columns[subject]
        for table, column in first:
            agent = record[column].item(row)
            if agent != NOBODY:
                return Player(table, agent)
        return Player(last_table, record[last_column].item(row))

    return agent_of


def of_reader(columns: Columns, subject: int) -> Player:
    """The passenger who reads a notice."""
    return Player("passengers", subject // len(columns.world.notices))


def of_bystanders(columns: Columns, subject: int) -> Player:
    """The one agent who stands for all of them."""
    return Player("cohort_parameters", len(columns.world.cohort_parameters) - 1)


def played(event: Event, row: Row) -> Played:
    """How the table of events wants it; TypeError where the row does not say how to find the agent."""
    if row.agent == BYSTANDERS:
        return Played(of_bystanders, row.method, row.subject)
    if row.subject == READERS:
        return Played(of_reader, row.method, "notices")
    if row.owner:
        owners = [(row.agent, row.owner), *([row.otherwise] if any(row.otherwise) else [])]
        for _, column in owners:
            if column not in (DTYPES[row.subject].names or ()):
                raise TypeError(f"Event.{event.name}: the record of {row.subject} has no {column}")
        return Played(through_column(row.subject, *owners), row.method, row.subject)
    if row.agent != row.subject:
        raise TypeError(f"Event.{event.name}: which column of {row.subject} names the row of {row.agent}?")
    return Played(of_itself(row.agent), row.method, "")


PLAYED = {event: played(event, event.row) for event in Event if event.row.agent}
"""The kinds of events that are some agent's; the others are the run's book-keeping."""
