"""The events, a row each, in the order in which ties of time are broken: the table of contents of the model.

A row says what happens to whom, what makes it void, and which function lets it happen. The loop (engine.py), the
agenda's test of what is void (agenda.py), the Mesa driver (agents/played.py) and docs/model.md read this table; a row
that lacks something, or names a function that does not exist, is refused when the program starts. The numbers are
those of the records and part of the total order: a new kind that goes between two others moves results.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import Any


class Void(Enum):
    """What makes an event void that lies on the agenda."""

    NEVER = "nothing"
    CONTACT_STAMP = "something else has happened to the contact since"
    RETURN_STAMP = "the passenger has turned to a channel since"
    PASSENGER_STAMP = "the passenger's matter is over"


@dataclass(frozen=True, kw_only=True)
class Row:
    """What is true of a kind of event."""

    subject: str
    """The table whose row the event is about. `readers`: passenger * notices + notice; `table`: one that must grow."""
    void: Void
    transition: str
    """The function that lets it happen, as file.function of model/; empty: the loop returns to Python instead."""
    agent: str
    """The table of the agent whose event it is in the Mesa driver, or `bystanders`, who are one agent; empty: the
    event is the run's book-keeping."""
    owner: str
    """The column of `subject` that holds the agent's row; empty: the subject is the agent, or there is only one."""
    otherwise: tuple[str, str]
    """`agent` and `owner` where the column `owner` names nobody; empty: it always names somebody."""
    method: str
    """The method of that agent. It is told the subject, unless the subject is the agent."""
    once: bool
    """It happens to a subject at its own time and never again: a second time would be counted twice."""
    meaning: str


def _row(
    subject: str,
    transition: str,
    meaning: str,
    agent: str = "",
    method: str = "",
    owner: str = "",
    void: Void = Void.NEVER,
    *,
    otherwise: tuple[str, str] = ("", ""),
    once: bool = False,
) -> Row:
    return Row(
        subject=subject, void=void, transition=transition, agent=agent, owner=owner, otherwise=otherwise,
        method=method, once=once, meaning=meaning,
    )  # fmt: skip


class Event(IntEnum):
    """The kinds of events. `Event.SEEK.row` is the row of the table."""

    row: Row

    def __new__(cls, number: int, row: Any = None) -> Event:
        if not isinstance(row, Row):
            raise TypeError(f"number {number} has no row")
        member = int.__new__(cls, number)
        member._value_ = number
        member.row = row
        return member

    # fmt: off
    NOTHING = 0, _row("", "", "there is nothing to do")
    LEARN = 1, _row("facts", "notice.learn", "the operator comes to know something",
                    "operators", "learn", "operator")
    PUBLISH = 2, _row("notices", "notice.publish", "a notice is published", "operators", "publish", "operator",
                     once=True)
    CHECK_IN = 3, _row("flights", "seat.check_in", "check-in closes, no-shows leave seats", "flights", "check_in",
                      once=True)
    DEPART = 4, _row("flights", "seat.depart", "what is free perishes", "flights", "depart", once=True)
    OFFER = 5, _row("flights", "seat.offer", "free seats go to the waitlist", "flights", "offer")
    CLOSE = 6, _row("openings", "desk.close_channel", "a channel closes", "channels", "close", "channel")
    OPEN = 7, _row("openings", "desk.open_channel", "a channel opens", "channels", "open", "channel")
    END_DUTY = 8, _row("duty_periods", "staff.end_duty",
                       "a stretch of duty ends, before the next one begins, which may be the same person's",
                       "staff", "end_duty", "staff", once=True)
    START_DUTY = 9, _row("duty_periods", "staff.start_duty", "a stretch of duty begins", "staff", "start_duty", "staff",
                         once=True)
    DISMISS = 10, _row("desks", "desk.dismiss", "nobody is rostered at the desk any more", "desks", "dismiss")
    STOP = 11, _row("staff", "staff.stop", "overtime is used up", "staff", "go_home", once=True)
    AFFECT = 12, _row("passengers", "passenger.affect", "the disruption reaches the passenger", "passengers", "affect",
                     once=True)
    MEET = 13, _row("readers", "notice.meet", "somebody newly affected looks for what has been published already",
                    "passengers", "meet", "passenger")
    READ = 14, _row("readers", "notice.read", "the passenger reads a notice", "passengers", "read", "passenger")
    SEEK = 15, _row("passengers", "passenger.seek", "the passenger turns to a channel", "passengers", "seek",
                    void=Void.RETURN_STAMP)
    DEADLINE = 16, _row("passengers", "passenger.miss_deadline", "a solution has lost its worth",
                        "passengers", "miss_deadline", void=Void.PASSENGER_STAMP)
    KEPT = 17, _row("passengers", "passenger.kept", "what was promised has been done", "passengers", "promise_kept")
    PROMISED = 18, _row("passengers", "passenger.promised", "the time by which something was promised is over",
                        "passengers", "promise_due")
    ADMIT = 19, _row("contacts", "waiting.admit", "a contact arrives", "channels", "admit", "channel", once=True)
    ABANDON = 20, _row("contacts", "waiting.abandon", "patience is over", "passengers", "lose_patience", "passenger",
                       Void.CONTACT_STAMP)
    REMIND = 21, _row("contacts", "waiting.remind", "the author asks again", "passengers", "remind", "passenger",
                      Void.CONTACT_STAMP)
    CUSTOMER_REPLY = 22, _row("contacts", "conversation.write_back", "the customer writes back",
                              "passengers", "write_back", "passenger", Void.CONTACT_STAMP)
    SERVE = 23, _row("contacts", "machine.serve", "the website or the assistant is done", "staff", "serve", "staff",
                     Void.CONTACT_STAMP, otherwise=("channels", "channel"), once=True)
    REPLY = 24, _row("contacts", "conversation.reply", "somebody of the staff is done with a reply",
                     "staff", "reply", "staff", Void.CONTACT_STAMP)
    RECEIVE = 25, _row("contacts", "conversation.receive", "the passenger hears the reply",
                       "passengers", "receive", "passenger", once=True)
    LEFT = 26, _row("contacts", "conversation.left", "the passenger finds that the desk has let go of it",
                    "passengers", "be_left", "passenger", once=True)
    DISPATCH = 27, _row("desks", "desk.dispatch", "waiting contacts and free people meet", "desks", "dispatch")
    SPONTANEOUS_POST = 28, _row("spontaneous_posts", "feed.post_spontaneously", "a bystander posts unprompted",
                                "bystanders", "chime_in", once=True)
    POST_ABOUT = 29, _row("passengers", "feed.post_about", "a bystander posts about somebody who is still stranded",
                          "bystanders", "talk_about", void=Void.PASSENGER_STAMP)
    FOLLOW_ON_POST = 30, _row("contacts", "feed.follow_on", "a bystander follows a post",
                              "bystanders", "follow", once=True)
    TICK = 31, _row("ticks", "timeline.tick", "a bin of the timeline ends")
    FINISH = 32, _row("passengers", "timeline.finish", "the run ends: everybody settles")
    SETTLE = 33, _row("passengers", "satisfaction.settle", "the passenger rates what care there was",
                      "passengers", "settle")
    CALL = 34, _row("", "", "a Python function that somebody put on the agenda, after all else of its moment")
    GROW = 35, _row("table", "", "a table must grow before anything else happens")
    # fmt: on


def kinds_voided_by(void: Void) -> int:
    """The kinds of events that `void` makes void, as bits for compiled code: `(bits >> kind) & 1`."""
    return sum(1 << event for event in Event if event.row.void is void)


def _check() -> None:
    """Refuse numbers out of order, and an agent without a method."""
    for number, event in enumerate(Event):
        if event != number:
            raise TypeError(f"{event.name}: numbers are 0, 1, 2, ... in the order of the rows")
        if bool(event.row.agent) != bool(event.row.method):
            raise TypeError(f"{event.name}: an agent needs a method, and a method an agent")


_check()
