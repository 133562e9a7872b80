"""The needs, a row each: what customers come for, what it takes to settle it, and the words for it.

A new need is a row of `Need` here and its numbers in conf/ (handling times, patience, shares of the cohorts). A row
that lacks something is refused when this file is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from .codes import Tabled, check_numbers


class Settlement(IntEnum):
    """What settles a need."""

    NEWS = 0
    """Something that the operator knows and the customer does not; the desk `informs`."""
    SEAT = 1
    """A seat on another departure; the desk `rebooks` and `sees_booking`."""
    REFUND = 2
    """The booking is cancelled and paid back; the desk `refunds` and `sees_booking`."""
    DEED = 3
    """Something done on the spot, a hotel, a meal, a wheelchair; the desk `assists`."""
    REPLY = 4
    """Any reply by a person."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is true of a need."""

    settled_by: Settlement
    booking: bool
    """It takes access to the booking: in writing, the first reply asks for it."""
    wants: str
    """A customer ... (stories)."""
    says: str
    """The question in the customer's own words."""
    asks: str
    """A customer ... (dashboard)."""
    settled: str
    """What happens when it is settled (stories)."""
    settled_short: str
    """The same in two or three words (dashboard)."""
    outcome: str
    """The customer is ... (the last line of a story)."""
    waits_for: str
    """Somebody waits ..."""
    thing: str
    """What the customer is after."""
    missing: str
    """What a reply that informs does not bring."""
    matter: str
    """What a rating was for, where a company is rated twice."""


class Need(Tabled):
    """What customers come for. The numbers are kept in records: a new need gets the next one."""

    row: Row

    INFORMATION = (
        0,
        Row(
            settled_by=Settlement.NEWS, booking=False,
            wants="wants to know what happens now", says="“What happens now?”", asks="asks what happens now",
            settled="the question is answered", settled_short="the question is answered",
            outcome="informed", waits_for="for an answer", thing="an answer",
            missing="not the whole answer", matter="the question",
        ),
    )  # fmt: skip
    REBOOKING = (
        1,
        Row(
            settled_by=Settlement.SEAT, booking=True,
            wants="needs another seat", says="“I need another seat.”", asks="asks for another seat",
            settled="the matter is settled", settled_short="rebooked",
            outcome="rebooked", waits_for="for another seat", thing="another seat",
            missing="no seat", matter="the other seat",
        ),
    )  # fmt: skip
    ASSISTANCE = (
        2,
        Row(
            settled_by=Settlement.DEED, booking=False,
            wants="needs help on the spot", says="“We need help here.”", asks="asks for help on the spot",
            settled="help comes", settled_short="help comes",
            outcome="helped", waits_for="for help", thing="help",
            missing="no help", matter="the help on the spot",
        ),
    )  # fmt: skip
    REFUND = (
        3,
        Row(
            settled_by=Settlement.REFUND, booking=True,
            wants="wants the money back", says="“I want my money back.”", asks="asks for the money back",
            settled="the money comes back", settled_short="the money comes back",
            outcome="refunded", waits_for="for the money", thing="the money",
            missing="no money", matter="the money",
        ),
    )  # fmt: skip
    ACKNOWLEDGEMENT = (
        4,
        Row(
            settled_by=Settlement.REPLY, booking=False,
            wants="wants to be heard", says="“Is anybody there?”", asks="wants to be heard",
            settled="somebody listens, and that is enough", settled_short="somebody listens",
            outcome="heard", waits_for="for a kind word", thing="a kind word",
            missing="no more than that", matter="being heard",
        ),
    )  # fmt: skip


WORDS = tuple(need.word for need in Need)


BOOKING = tuple(need for need in Need if need.row.booking)


def settled_by(settlement: Settlement) -> tuple[Need, ...]:
    """The needs that this settles."""
    return tuple(need for need in Need if need.row.settled_by is settlement)


check_numbers(Need)
QUESTIONS = tuple(need.word for need in settled_by(Settlement.NEWS))
"""The words of the needs to know something, which facts answer."""
POWERS = {Settlement.SEAT: "rebooks", Settlement.REFUND: "refunds", Settlement.DEED: "assists"}
"""What takes the power to do it, and the key of a desk that says who has that power."""
DEEDS = tuple(need.word for need in Need if need.row.settled_by in POWERS)
"""The words of the needs that are met by something done."""
