"""The words of the model and the numbers that stand for them in the records, tables, files and plots."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Self

NOBODY = -1
NEVER = float("inf")
MISSING = float("nan")


class Tabled(IntEnum):
    """Words with a row each of a table: a member is its number, which records keep, and its row."""

    row: Any

    def __new__(cls, number: int, row: Any = None) -> Self:
        if row is None:
            raise TypeError(f"number {number} of {cls.__name__} has no row")
        member = int.__new__(cls, number)
        member._value_ = number
        member.row = row
        return member

    @property
    def word(self) -> str:
        """What configuration and tables call it."""
        return self.name.lower()


def check_numbers(table: type[Tabled]) -> None:
    """Refuse numbers out of order: a new row gets the next one."""
    for number, member in enumerate(table):
        if member != number:
            raise TypeError(f"{table.__name__}.{member.name}: numbers are 0, 1, 2, ... in the order of the rows")


class Status(IntEnum):
    """Where a passenger stands."""

    UNAWARE = 0
    SEEKING = 1
    RESOLVED = 2
    MISSED = 3  # the deadline passed first
    GAVE_UP = 4
    NO_NEED = 5  # affected, but nothing to ask for


class State(IntEnum):
    """Where a contact stands."""

    WAITING = 0  # in a queue, nobody has handled it in this exchange
    IN_HAND = 1  # somebody works on it
    CUSTOMER = 2  # it is the customer's turn
    CLOSED = 3


LAWS = ("additive", "justice")
"""The laws of satisfaction, A and B: the fields of a case with the mark of each."""
MARKS = 5
"""Satisfaction is told in marks from 1 to 5."""


class Outcome(IntEnum):
    """How a contact ended for the customer: the column `outcome` of contacts.parquet."""

    WAITING = 0  # still open at the end of the run
    ANSWERED = 1
    ABANDONED = 2
    BLOCKED = 3
    DROPPED = 4  # the desk let go of it at the end of duty
    NEVER_ANSWERED = 5  # the author fell silent and nobody ever replied
    TOO_LATE = 6  # a reply came when the author had stopped caring


class Fate(IntEnum):
    """How a wait ended, when a run is measured."""

    WAITING = 0  # cut off by the end of the run
    ANSWERED = 1
    GAVE_UP = 2


@dataclass(frozen=True, kw_only=True)
class ResultRow:
    """What a reply did for the customer."""

    settles: bool
    """The matter is settled, whatever the need."""
    informs: bool
    """The customer hears what the operator knows: enough for somebody who came for news."""
    waitlists: bool
    """The customer gets a place on the waitlist."""
    is_news: bool = False
    """Somebody who came for news hears some, which is not the whole answer."""

    @property
    def useful(self) -> bool:
        """It informed or acted: the customer is better off than before."""
        return self.settles or self.informs or self.waitlists or self.is_news


class Result(Tabled):
    """What the last reply did. The numbers are kept in records: a new result gets the next one."""

    row: ResultRow

    NONE = (0, ResultRow(settles=False, informs=False, waitlists=False))
    SOLVED = (1, ResultRow(settles=True, informs=False, waitlists=False))
    INFORMED = (2, ResultRow(settles=False, informs=True, waitlists=False))
    WAITLISTED = (3, ResultRow(settles=False, informs=False, waitlists=True))
    ACKNOWLEDGED = (4, ResultRow(settles=False, informs=False, waitlists=False))
    EMPTY = (5, ResultRow(settles=False, informs=False, waitlists=False))
    HANDED_OVER = (6, ResultRow(settles=False, informs=False, waitlists=False))
    WRONG = (7, ResultRow(settles=False, informs=False, waitlists=False))
    UNKNOWN = (8, ResultRow(settles=False, informs=False, waitlists=False))
    PARTLY = (9, ResultRow(settles=False, informs=False, waitlists=False, is_news=True))
    NOT_YET = (10, ResultRow(settles=False, informs=False, waitlists=False))
    REFUSED = (11, ResultRow(settles=False, informs=False, waitlists=False))


check_numbers(Result)
SETTLING = tuple(result for result in Result if result.row.settles)
INFORMING = tuple(result for result in Result if result.row.informs)
TELLING = tuple(result for result in Result if result.row.informs or result.row.is_news)
USEFUL = tuple(result for result in Result if result.row.useful)
"""What settles, what informs, what tells anything new, and what helps at all: these, and a place on the waitlist."""


class Kind(IntEnum):
    """Staff kinds."""

    COMMUNITY_MANAGER = 0
    CALL_CENTER_AGENT = 1
    COUNTER_STAFF = 2
    ASSISTANT = 3


class EndOfDuty(IntEnum):
    FINISH = 0
    DROP = 1
    HAND_OVER = 2


class Onset(IntEnum):
    """When members of a cohort become affected."""

    PULSES = 0
    BEFORE_DEPARTURE = 1
    ORDINARY = 2
    POISSON = 3
    GIVEN = 4
    AFTER = 5


class Handling(IntEnum):
    """The distribution of handling times, each with the mean that the desk's table says."""

    LOGNORMAL = 0
    EXPONENTIAL = 1
    HYPEREXPONENTIAL = 2
    DETERMINISTIC = 3


class Patience(IntEnum):
    """The distribution of patience on the spot."""

    WEIBULL = 0
    DETERMINISTIC = 1
    ENDLESS = 2


class Callback(IntEnum):
    """Where a call stands that is to be returned."""

    NONE = 0
    WAITED_FOR = 1
    RETURNED = 2
    NOT_REACHED = 3
    MESSAGE = 4  # left with an assistant where nobody was on duty: waits with what was written


class ReplayInput(IntEnum):
    """What a replay says about a handling time."""

    NOTHING = 0
    ITSELF = 1
    ITS_MEAN = 2


class ReplayPatience(IntEnum):
    """What a replay says about patience."""

    NOTHING = 0
    ITSELF = 1
    AT_LEAST = 2


class SeatRule(IntEnum):
    """Who on the waitlist gets a seat that comes back."""

    ORDER_OF_ARRIVAL = 0
    NEED = 1
    LOUDEST = 2


def name_of(code: IntEnum) -> str:
    """The word as configuration and tables write it."""
    return code.name.lower()


def names(codes: type[IntEnum]) -> list[str]:
    return [name_of(code) for code in codes]
