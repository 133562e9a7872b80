"""The events, a row each, in the order in which ties of time are broken: the table of contents of the model.

A row says what happens to whom, what makes it void, and which function lets it happen. The loop (engine.py), the
agenda's test of what is void (agenda.py), the Mesa driver (agents/played.py) and docs/model.md read this table; a row
that lacks something, or names a function that does not exist, is refused when the program starts. The numbers are
those of the records and part of the total order: a new kind that goes between two others moves results.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .codes import Tabled, check_numbers


class Void(Enum):
    """What makes an event void that lies on the agenda."""

    NEVER = "nothing"
    CONTACT_STAMP = "something else has happened to the contact since"
    RETURN_STAMP = "the passenger has turned to a channel since"
    PASSENGER_STAMP = "the passenger's matter is over"
    NOT_NEEDED = "the desk has planned anew without this person"


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
    subject: str = "",
    transition: str = "",
    agent: str = "",
    method: str = "",
    owner: str = "",
    *,
    meaning: str,
    void: Void = Void.NEVER,
    otherwise: tuple[str, str] = ("", ""),
    once: bool = False,
) -> Row:
    return Row(
        subject=subject, void=void, transition=transition, agent=agent, owner=owner, otherwise=otherwise,
        method=method, once=once, meaning=meaning,
    )  # fmt: skip


class Event(Tabled):
    """The kinds of events. `Event.SEEK.row` is the row of the table."""

    row: Row

    # fmt: off
    NOTHING = 0, _row(
        meaning="there is nothing to do",
    )
    LEARN = 1, _row(
        "facts", "notice.learn", "operators", "learn", "operator",
        meaning="the operator knows one thing more",
    )
    PUBLISH = 2, _row(
        "notices", "notice.publish", "operators", "publish", "operator", once=True,
        meaning="the operator and its desks know what it says; those already affected will read it",
    )
    INSTRUCT = 3, _row(
        "orders", "power.instruct", "desks", "be_instructed", "desk", otherwise=("operators", "operator"), once=True,
        meaning="an instruction is issued, and known to machines; or it reaches a desk, which may act on it",
    )
    CHECK_IN = 4, _row(
        "flights", "seat.check_in", "flights", "check_in", once=True,
        meaning="check-in closes; seats of those who do not come are free for the waitlist",
    )
    DEPART = 5, _row(
        "flights", "seat.depart", "flights", "depart", once=True,
        meaning="free seats perish",
    )
    OFFER = 6, _row(
        "flights", "seat.offer", "flights", "offer",
        meaning="free seats go to the waitlist, at once whenever seats come back",
    )
    CLOSE = 7, _row(
        "openings", "desk.close_channel", "channels", "close", "channel",
        meaning="phone or counter closes; whoever still waits is sent away (dropped)",
    )
    OPEN = 8, _row(
        "openings", "desk.open_channel", "channels", "open", "channel",
        meaning="phone or counter opens",
    )
    END_DUTY = 9, _row(
        "duty_periods", "staff.end_duty", "staff", "end_duty", "staff", once=True,
        meaning="a stretch of duty between breaks ends",
    )
    START_DUTY = 10, _row(
        "duty_periods", "staff.start_duty", "staff", "start_duty", "staff", void=Void.NOT_NEEDED, once=True,
        meaning="a stretch of duty begins",
    )
    DISMISS = 11, _row(
        "desks", "desk.dismiss", "desks", "dismiss",
        meaning="the last person rostered goes; callers whom the assistant keeps on the line are told to call again",
    )
    STOP = 12, _row(
        "staff", "staff.stop", "staff", "go_home", once=True,
        meaning="overtime is used up: open work is finished, dropped or handed over",
    )
    AFFECT = 13, _row(
        "passengers", "passenger.affect", "passengers", "affect", once=True,
        meaning="the disruption reaches the passenger, who has a need or not",
    )
    MEET = 14, _row(
        "passengers", "notice.meet", "passengers", "meet",
        meaning="a newly affected passenger looks for all that has been published already",
    )
    READ = 15, _row(
        "readers", "notice.read", "passengers", "read", "passenger",
        meaning="the passenger reads a notice: helped, prompted to ask, or told why they wait",
    )
    SEEK = 16, _row(
        "passengers", "passenger.seek", "passengers", "seek", void=Void.RETURN_STAMP,
        meaning="the passenger turns to the channel that seems best, which may be closed",
    )
    DEADLINE = 17, _row(
        "passengers", "passenger.miss_deadline", "passengers", "miss_deadline", void=Void.PASSENGER_STAMP,
        meaning="the deadline passes: whatever comes now comes too late",
    )
    KEPT = 18, _row(
        "passengers", "passenger.kept", "passengers", "promise_kept",
        meaning="what was promised has been done, perhaps too late for the passenger",
    )
    PROMISED = 19, _row(
        "passengers", "passenger.promised", "passengers", "promise_due",
        meaning="what was promised has not been done",
    )
    ADMIT = 20, _row(
        "contacts", "waiting.admit", "channels", "admit", "channel", once=True,
        meaning="a contact arrives: a busy tone, a machine, or a place in the queue",
    )
    ABANDON = 21, _row(
        "contacts", "waiting.abandon", "passengers", "lose_patience", "passenger", void=Void.CONTACT_STAMP,
        meaning="patience is over: the caller hangs up, the author stops waiting",
    )
    REMIND = 22, _row(
        "contacts", "waiting.remind", "passengers", "remind", "passenger", void=Void.CONTACT_STAMP,
        meaning="the author asks again",
    )
    CUSTOMER_REPLY = 23, _row(
        "contacts", "conversation.write_back", "passengers", "write_back", "passenger", void=Void.CONTACT_STAMP,
        meaning="the customer writes back",
    )
    SERVE = 24, _row(
        "contacts", "machine.serve", "staff", "serve", "staff",
        void=Void.CONTACT_STAMP, otherwise=("channels", "channel"), once=True,
        meaning="the website or the assistant is done",
    )
    REPLY = 25, _row(
        "contacts", "conversation.reply", "staff", "reply", "staff", void=Void.CONTACT_STAMP,
        meaning="a member of staff finishes a reply",
    )
    RECEIVE = 26, _row(
        "contacts", "conversation.receive", "passengers", "receive", "passenger", once=True,
        meaning="the passenger hears the reply",
    )
    LEFT = 27, _row(
        "contacts", "conversation.left", "passengers", "be_left", "passenger", once=True,
        meaning="the passenger finds out that the desk has dropped the contact",
    )
    DISPATCH = 28, _row(
        "desks", "desk.dispatch", "desks", "dispatch",
        meaning="waiting contacts and free people meet",
    )
    SPONTANEOUS_POST = 29, _row(
        "spontaneous_posts", "feed.post_spontaneously", "bystanders", "chime_in", once=True,
        meaning="a bystander posts, moved by the news",
    )
    POST_ABOUT = 30, _row(
        "passengers", "feed.post_about", "bystanders", "talk_about", void=Void.PASSENGER_STAMP,
        meaning="a bystander posts about somebody who is still stranded",
    )
    FOLLOW_ON_POST = 31, _row(
        "contacts", "feed.follow_on", "bystanders", "follow", once=True,
        meaning="a bystander follows a post",
    )
    TICK = 32, _row(
        "ticks", "timeline.tick",
        meaning="a bin of the timeline ends and levels are written down",
    )
    FINISH = 33, _row(
        "passengers", "timeline.finish",
        meaning="the run ends",
    )
    SETTLE = 34, _row(
        "passengers", "satisfaction.settle", "passengers", "settle",
        meaning="the passenger rates each operator they had to do with",
    )
    OVERFLOW = 35, _row(
        "contacts", "waiting.overflow", "desks", "overflow", "desk", void=Void.CONTACT_STAMP, once=True,
        meaning="a caller or visitor has waited for long: on to another desk's queue, if somebody is rostered there",
    )
    FOUND_OUT = 36, _row(
        "passengers", "correction.found_out", "passengers", "find_out", void=Void.RETURN_STAMP,
        meaning="what the passenger was told and believed is not, or no longer, so: the question is open again",
    )
    NEWS_DUE = 37, _row(
        "passengers", "correction.news_due", "passengers", "news_due",
        meaning="the time is up by which an operator had promised news",
    )
    REPLAN = 38, _row(
        "replans", "replanning.replan", "desks", "replan", "desk", once=True,
        meaning="the desk sets how many people come tomorrow, by the work that came today",
    )
    CALL = 39, _row(
        meaning="a Python function on the agenda of a Mesa model, after everything else of its moment",
    )
    GROW = 40, _row(
        "table",
        meaning="a table must grow before anything else happens",
    )
    # fmt: on


OF_PYTHON = ("NOTHING", "CALL", "GROW")
"""Kinds at which the loop returns to Python, and which no transition lets happen."""


def kinds_voided_by(void: Void) -> int:
    """The kinds of events that `void` makes void, as bits for compiled code: `(bits >> kind) & 1`."""
    return sum(1 << event for event in Event if event.row.void is void)


def kinds_of(subject: str) -> int:
    """The kinds of events about rows of a table, as bits likewise."""
    return sum(1 << event for event in Event if event.row.subject == subject)


def _check() -> None:
    """Refuse numbers out of order, and an agent without a method."""
    check_numbers(Event)
    for event in Event:
        if bool(event.row.agent) != bool(event.row.method):
            raise TypeError(f"{event.name}: an agent needs a method, and a method an agent")
        if bool(event.row.transition) == (event.name in OF_PYTHON):
            raise TypeError(f"{event.name}: a kind of event needs a transition, unless OF_PYTHON names it")
        if event.row.transition and not event.row.subject:
            raise TypeError(f"{event.name}: a transition needs a subject")


_check()
