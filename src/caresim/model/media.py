"""The media, a row each: all that the project knows of a medium, except the numbers of conf/.

A new medium is a row of `Medium` here and its numbers in conf/. Everything else reads the row: what the customer does
while waiting, what is counted, what stands in tables and labels, and the colour. A row that lacks something is refused
when this file is imported.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is true of a medium."""

    synchronous: bool
    """The customer holds the line or stands in the queue; of a deferred medium, they have written and gone on."""
    written: bool
    """What is said is there to be read, and a person may answer it when they like."""
    public: bool
    """Everybody reads along: what is written shows in the mood and may spread."""
    social: bool
    """It is counted as social media: in the metrics `social_...` and `overload_social`."""
    self_service: bool
    """A machine answers at once and nobody of the staff does: there is no queue and no response time."""
    trunks: bool
    """It has `lines`, which can all be taken, and its desk may offer to call back."""
    patience: str
    """Where conf/behaviour says how long customers wait on it; empty: nobody waits."""
    group: str
    """Under which heading of `GROUPS` its response times are reported; empty: under none."""
    arrivals: str
    """The column of the timeline that counts what arrives on it; empty: none (public posts have some of their own)."""
    listed: bool
    """Its columns stand in every table; those of other media only where an experiment has such a channel."""
    label: str
    """What it is called in figures."""
    colour: str
    """Its colour in figures, of Okabe and Ito (2008)."""
    noun: str
    """What a channel of it is called: the line, the counter, the account of a company."""
    place: str
    """Where one is with a company on it, in stories; {own} is what is peculiar to the channel's name."""
    place_unnamed: str
    """The same where the name of the channel says nothing more."""
    lane: str
    """Two or three words for a channel of it; {own} as in `place`."""
    asked: str
    """The event of a story in which a customer turns to it."""
    gave_up: str
    """The event of a story in which the customer gives up waiting."""
    where: str
    """Where a customer who is served on it is; empty: it does not matter."""
    ahead: tuple[str, str]
    """Who waits in front of a customer: one, several."""


class Medium(IntEnum):
    """How customers reach an operator. The numbers are kept in records: a new medium gets the next one."""

    row: Row

    def __new__(cls, number: int, row: Any = None) -> Medium:
        if not isinstance(row, Row):
            raise TypeError(f"number {number} has no row")
        member = int.__new__(cls, number)
        member._value_ = number
        member.row = row
        return member

    PHONE = (
        0,
        Row(
            synchronous=True, written=False, public=False, social=False, self_service=False, trunks=True,
            patience="phone.patience", group="phone", arrivals="calls", listed=True,
            label="phone", colour="#0072B2", noun="line",
            place="the {own} line of {company}", place_unnamed="the line of {company}", lane="phone {own}",
            asked="called", gave_up="hung_up", where="on the phone", ahead=("caller", "callers"),
        ),
    )  # fmt: skip
    COUNTER = (
        1,
        Row(
            synchronous=True, written=False, public=False, social=False, self_service=False, trunks=False,
            patience="phone.counter_patience", group="counter", arrivals="visits", listed=True,
            label="counter", colour="#E69F00", noun="counter",
            place="the {own} counter of {company}", place_unnamed="the counter of {company}", lane="counter {own}",
            asked="queued", gave_up="walked_off", where="at the counter", ahead=("person", "people"),
        ),
    )  # fmt: skip
    PUBLIC = (
        2,
        Row(
            synchronous=False, written=True, public=True, social=True, self_service=False, trunks=False,
            patience="text.patience", group="social", arrivals="", listed=True,
            label="public posts", colour="#D55E00", noun="account",
            place="{company} on {own}", place_unnamed="the account of {company}", lane="{own}",
            asked="posted", gave_up="stopped_waiting", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    PRIVATE = (
        3,
        Row(
            synchronous=False, written=True, public=False, social=True, self_service=False, trunks=False,
            patience="text.patience", group="social", arrivals="private_messages", listed=True,
            label="private messages", colour="#CC79A7", noun="account",
            place="{company} in a private message", place_unnamed="{company} in a private message",
            lane="messages {own}",
            asked="wrote", gave_up="stopped_waiting", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    EMAIL = (
        4,
        Row(
            synchronous=False, written=True, public=False, social=False, self_service=False, trunks=False,
            patience="text.patience", group="", arrivals="", listed=True,
            label="e-mail", colour="#009E73", noun="account",
            place="{company} by e-mail", place_unnamed="{company} by e-mail", lane="email {own}",
            asked="wrote", gave_up="stopped_waiting", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip
    WEB = (
        5,
        Row(
            synchronous=False, written=False, public=False, social=False, self_service=True, trunks=False,
            patience="", group="", arrivals="web_visits", listed=True,
            label="website", colour="#8C8C8C", noun="website",
            place="the {own} website of {company}", place_unnamed="the website of {company}", lane="website {own}",
            asked="looked_up", gave_up="", where="", ahead=("person", "people"),
        ),
    )  # fmt: skip

    @property
    def word(self) -> str:
        """What configuration and tables call it."""
        return self.name.lower()

    @classmethod
    def of_word(cls, word: str) -> Medium:
        """The medium that configuration calls so; KeyError if there is none."""
        return cls[word.upper()]


GROUPS = {"social": "Social media", "phone": "Phone", "counter": "Counter"}
"""Headings under which response times are reported, and what figures call them."""

WORDS = tuple(medium.word for medium in Medium)
STAFFED = tuple(medium for medium in Medium if not medium.row.self_service)
"""Those that people answer."""
SYNCHRONOUS = tuple(medium for medium in Medium if medium.row.synchronous)
WRITTEN = tuple(medium for medium in Medium if medium.row.written)
SELF_SERVICE = tuple(medium for medium in Medium if medium.row.self_service)
SOCIAL = tuple(medium for medium in Medium if medium.row.social)
PUBLIC = tuple(medium for medium in Medium if medium.row.public)
TRUNKS = tuple(medium for medium in Medium if medium.row.trunks)


def bits_of(media: tuple[Medium, ...]) -> int:
    """Some media as bits, for compiled code: `(bits >> medium) & 1`."""
    return sum(1 << medium for medium in media)


def _check() -> None:
    """Refuse rows that contradict each other."""
    for number, medium in enumerate(Medium):
        row = medium.row
        if medium != number:
            raise TypeError(f"{medium.name}: numbers are 0, 1, 2, ... in the order of the rows")
        if row.group not in ("", *GROUPS):
            raise TypeError(f"{medium.name}: there is no group {row.group}")
        if row.self_service == bool(row.patience):
            raise TypeError(f"{medium.name}: a machine answers at once, or patience has a place in conf/")


_check()
