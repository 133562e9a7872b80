"""What each kind of event means for the person it happens to: one function a kind, which writes it down.

Each function takes the notebook, the row of the event's subject, and what the event changed. A kind without a function
stands in `UNTOLD` with a reason, or in `TAKING` or `ENDING`, whose effect on the person's contacts is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from caresim.model.codes import NOBODY, Callback, Onset, Outcome, Result, State, Status
from caresim.model.conversation import is_question
from caresim.model.events import Event
from caresim.model.facts import MACHINE
from caresim.model.media import Medium
from caresim.model.needs import Need, Settlement
from caresim.tasks.story.notebook import Change, Notebook

STREAMS = (Onset.ORDINARY, Onset.POISSON, Onset.GIVEN)


def affect(book: Notebook, i: int, change: Change) -> None:
    """Passengers of a stream are affected when they call, and the call is what is told."""
    passenger = change.after.matters[i]
    operator = book.world.cohorts["first_operator"][passenger.cohort]
    if passenger.status == Status.NO_NEED:
        book.write("no_need", i, change, operator=operator)
    elif passenger.status == Status.SEEKING and book.world.cohort_parameters["onset"][passenger.cohort] not in STREAMS:
        event = "affected" if passenger.leader == NOBODY else "arose"
        book.write(event, i, change, operator=operator, need=int(passenger.need), deadline=float(passenger.deadline))


def read(book: Notebook, row: int, change: Change) -> None:
    i, k = divmod(row, len(book.world.notices))
    if change.before.matters[i].status != Status.SEEKING:
        return
    settled = change.after.matters[i].status == Status.RESOLVED
    book.write(
        "read",
        i,
        change,
        operator=book.world.notices["operator"][k],
        notice=k,
        settled=settled,
        prompted=change.prompts and not settled,
        need=int(change.after.matters[i].need),
    )


def seek(book: Notebook, i: int, change: Change) -> None:
    """The arrival that follows tells of an open channel; here a closed door is told, or that one waits for opening."""
    aim = change.aim
    if aim == NOBODY or change.after.matters[i].open != NOBODY:
        return
    operator = int(book.world.channels["operator"][aim])
    if change.after.cases[i, operator].doors > change.before.cases[i, operator].doors:
        book.write("closed", i, change, channel=aim, operator=operator)
    elif change.after.matters[i].status == Status.SEEKING:
        book.write("holds_off", i, change, channel=aim, operator=operator)


def admit(book: Notebook, c: int, change: Change) -> None:
    contact = change.after.contacts[c]
    i, medium = int(contact.passenger), Medium(int(contact.medium)).row
    if contact.outcome == Outcome.BLOCKED:
        book.write("busy", i, change, c)
        return
    waiting = contact.state == State.WAITING
    book.write(
        medium.asked,
        i,
        change,
        c,
        need=int(contact.need),
        first=not book.has_asked(i, int(contact.operator)),
        callback=bool(contact.callback == Callback.WAITED_FOR),
        ahead=int(book.world.channels["waiting"][contact.channel]) - 1 if contact.synchronous and waiting else 0,
        unheard=bool(waiting and contact.desk == NOBODY),
    )


def abandon(book: Notebook, c: int, change: Change) -> None:
    contact = change.after.contacts[c]
    event = Medium(int(contact.medium)).row.gave_up
    book.write(event, int(contact.passenger), change, c, wait=book.waited(c))


def overflow(book: Notebook, c: int, change: Change) -> None:
    """Only a move is told; where nobody is at work at the other desk, nothing has happened."""
    was, now = change.before.contacts[c], change.after.contacts[c]
    if was.desk != now.desk:
        book.write("moved_on", int(now.passenger), change, c, wait=book.waited(c), to=int(now.desk))


def remind(book: Notebook, c: int, change: Change) -> None:
    book.write("reminded", int(change.after.contacts[c].passenger), change, c, wait=book.waited(c))


def write_back(book: Notebook, c: int, change: Change) -> None:
    book.waits_since[c] = book.now
    book.write("wrote_back", int(change.after.contacts[c].passenger), change, c)


def serve(book: Notebook, c: int, change: Change) -> None:
    was, now = change.before.contacts[c], change.after.contacts[c]
    i = int(now.passenger)
    if change.before.matters[i].status != Status.SEEKING:
        return
    facts = _outcome(change, i, int(now.operator)) | {"wait": book.waited(c)}
    if was.staff == NOBODY:
        book.write("web_helped" if now.result == Result.SOLVED else "web_no_help", i, change, c, **facts)
    elif now.result == Result.SOLVED:
        book.write("machine_solved", i, change, c, **facts)
    elif now.result == Result.WRONG:
        book.write("machine_erred", i, change, c)
    elif now.outcome == Outcome.DROPPED:
        book.write("machine_dead_end" if now.staff != NOBODY else "machine_nobody", i, change, c)
    elif now.callback == Callback.MESSAGE:
        book.write("machine_message", i, change, c)
    else:
        book.write("machine_passed_on", i, change, c)


def reply(book: Notebook, c: int, change: Change) -> None:
    """`receive` tells what the reply said; this remembers what of it was new."""
    was = change.before.contacts[c]
    i, o = int(was.passenger), int(was.operator)
    book.desks[c] = int(was.desk)
    book.news[c] = _news(change, i, o)
    if was.callback == Callback.NOT_REACHED:
        book.write("missed_call", i, change, c)


def receive(book: Notebook, c: int, change: Change) -> None:
    contact = change.before.contacts[c]
    i = int(contact.passenger)
    seeking = change.before.matters[i].status == Status.SEEKING
    wait = book.waited(c)
    if not contact.author_waiting:
        if seeking:
            book.write("too_late", i, change, c, wait=wait)
        return
    if not seeking:
        return
    result = Result(int(contact.result))
    if result == Result.HANDED_OVER:
        book.waits_since[c] = book.now
    flight = int(change.after.matters[i].seat)
    book.write(
        "replied",
        i,
        change,
        c,
        wait=wait,
        desk=book.desks[c],
        synchronous=bool(contact.synchronous),
        result=int(result),
        need=int(contact.need),
        news=book.news[c],
        flight=flight
        if result == Result.SOLVED and Need(int(contact.need)).row.settled_by is Settlement.SEAT
        else NOBODY,
        asks=bool(is_question(book.world, c, int(result))),
        promise=_newly("promised", change, i, int(contact.operator)),
        news_promise=_newly("news_promise", change, i, int(contact.operator)),
        to=int(contact.desk),
    )


def left(book: Notebook, c: int, change: Change) -> None:
    contact = change.after.contacts[c]
    i = int(contact.passenger)
    machine = contact.staff != NOBODY and contact.staff == book.world.channels["assistant"][contact.channel]
    if not machine and change.before.matters[i].status == Status.SEEKING:
        book.write("sent_away" if contact.synchronous else "dropped", i, change, c, wait=book.waited(c))


def kept(book: Notebook, i: int, change: Change) -> None:
    if change.before.matters[i].status != Status.RESOLVED and change.after.matters[i].status == Status.RESOLVED:
        book.write("kept", i, change, operator=change.after.matters[i].operator, need=int(change.after.matters[i].need))


def promised(book: Notebook, i: int, change: Change) -> None:
    """What was promised has not come: the passenger feels it while seeking, and holds it against the company later."""
    o = int(change.after.matters[i].operator)
    if change.before.matters[i].status == Status.SEEKING or _newly("broken", change, i, o):
        book.write("broken", i, change, operator=o)


def found_out(book: Notebook, i: int, change: Change) -> None:
    """What the person believed is not so; who seeks nothing any more does not care."""
    was = change.before.matters[i]
    if was.believes != NOBODY and was.status == Status.SEEKING:
        machine = was.believes == MACHINE
        operator = was.operator if machine else book.world.facts["operator"][was.believes]
        book.write("error_showed" if machine else "corrected", i, change, operator=int(operator))


def news_due(book: Notebook, i: int, change: Change) -> None:
    """The news that was promised has not come."""
    for o in range(len(book.world.operators)):
        if _newly("broken", change, i, o):
            book.write("no_news", i, change, operator=o)


def deadline(book: Notebook, i: int, change: Change) -> None:
    if change.before.matters[i].status == Status.SEEKING:
        book.write("missed", i, change, need=int(change.after.matters[i].need))


def settle(book: Notebook, i: int, change: Change) -> None:
    if change.after.matters[i].status == Status.SEEKING:
        book.write("still_waiting", i, change, need=int(change.after.matters[i].need))
    operators = len(book.world.operators)
    for o in range(operators):
        case = book.world.cases[i * operators + o]
        if not np.isnan(case.additive):
            book.write(
                "rated",
                i,
                change,
                operator=o,
                about=int(change.after.matters[i].need),
                satisfaction=float(case[book.law]),
                after_gesture=_after_gestures(book, i * operators + o),
            )


def _newly(mark: str, change: Change, i: int, o: int) -> bool:
    """The event has marked the case with the operator."""
    return bool(change.after.cases[i, o][mark] and not change.before.cases[i, o][mark])


def _after_gestures(book: Notebook, row: int) -> float:
    """Satisfaction of a case once the gestures have come."""
    table = book.world.amends if len(book.world.amends) else book.world.cases
    return float(table[book.law][row])


def _news(change: Change, i: int, o: int) -> int:
    """What the operator has said that was new, as bits."""
    return int(change.after.cases[i, o].knows) & ~int(change.before.cases[i, o].knows)


def _outcome(change: Change, i: int, o: int) -> dict[str, Any]:
    """What a machine brought: the need, what it said that was new, and the flight it found."""
    was, now = change.before.matters[i], change.after.matters[i]
    return {
        "need": int(now.need),
        "news": _news(change, i, o),
        "flight": int(now.seat) if now.seat != was.seat else NOBODY,
    }


def handovers(book: Notebook, kind: Event, change: Change) -> None:
    """Somebody takes up a contact of the person, or hands it on at the end of their day."""
    for c, now in change.after.contacts.items():
        was = change.before.contacts.get(c, now)
        machine = now.staff == NOBODY or now.staff == book.world.channels["assistant"][now.channel]
        if was.state != State.IN_HAND and now.state == State.IN_HAND and not machine:
            _taken(book, c, change)
        elif was.state == State.IN_HAND and now.state == State.WAITING and kind == Event.STOP:
            book.write("handed_on", int(now.passenger), change, c)


def _taken(book: Notebook, c: int, change: Change) -> None:
    """Customers who are on the line or at the counter notice it, others do not. The talk is timed from here on."""
    contact = change.after.contacts[c]
    if contact.synchronous and contact.callback != Callback.NOT_REACHED:
        rung = bool(contact.callback == Callback.RETURNED)
        book.write("taken", int(contact.passenger), change, c, wait=book.waited(c), rung=rung)
        book.waits_since[c] = book.now


def endings(book: Notebook, kind: Event, change: Change) -> None:
    """The person gives up, or a seat comes to them."""
    for i, now in change.after.matters.items():
        was = change.before.matters[i]
        if was.status == Status.SEEKING and now.status == Status.GAVE_UP:
            book.write("gave_up", i, change)
        elif kind == Event.OFFER and now.seat != was.seat:
            book.write("seat_came", i, change, operator=now.operator, flight=int(now.seat))


NOTES: Mapping[Event, Callable[[Notebook, int, Change], None]] = {
    Event.AFFECT: affect,
    Event.READ: read,
    Event.SEEK: seek,
    Event.ADMIT: admit,
    Event.ABANDON: abandon,
    Event.OVERFLOW: overflow,
    Event.REMIND: remind,
    Event.CUSTOMER_REPLY: write_back,
    Event.SERVE: serve,
    Event.REPLY: reply,
    Event.RECEIVE: receive,
    Event.LEFT: left,
    Event.KEPT: kept,
    Event.PROMISED: promised,
    Event.FOUND_OUT: found_out,
    Event.NEWS_DUE: news_due,
    Event.DEADLINE: deadline,
    Event.SETTLE: settle,
}
TAKING = frozenset({Event.DISPATCH, Event.START_DUTY, Event.REPLY, Event.CUSTOMER_REPLY})
"""Events of others, many of them, in which somebody may take up what the person waits for (`handovers`)."""
ENDING = frozenset({Event.STOP, Event.CLOSE, Event.DISMISS, Event.OFFER})
"""Events of others that may end a contact of the person, or bring a seat (`handovers`, `endings`)."""
UNTOLD: Mapping[Event, str] = {
    Event.NOTHING: "nothing happens",
    Event.LEARN: "replies tell what the operator knows",
    Event.PUBLISH: "a notice is told when the person reads it",
    Event.INSTRUCT: "a reply tells what staff may do",
    Event.CHECK_IN: "a seat is told when it is given",
    Event.DEPART: "the person's own deadline is told",
    Event.OPEN: "the person notices an open channel by using it",
    Event.END_DUTY: "whoever has a contact in hand finishes it, or STOP ends it",
    Event.MEET: "a notice is told when the person reads it",
    Event.SPONTANEOUS_POST: "a bystander posts",
    Event.POST_ABOUT: "a bystander posts",
    Event.FOLLOW_ON_POST: "a bystander posts",
    Event.TICK: "the run keeps its books",
    Event.FINISH: "SETTLE tells how the passenger rates",
    Event.REPLAN: "who is on duty tomorrow shows in who answers",
    Event.CALL: "a function of somebody's own may change anything, and a story runs the experiment as it is",
    Event.GROW: "the run keeps its books",
}
"""Events that no story tells, each with the reason."""
SUBJECTS = ("passengers", "contacts", "readers")
"""What an event that has a note is about: the person follows from its row (watch.py)."""


def check(notes: Mapping[Event, object], untold: Mapping[Event, str]) -> None:
    """Refuse a kind of event that is forgotten, told and untold at once, or about nobody whom a story follows."""
    seen = {*notes, *TAKING, *ENDING}
    for event in Event:
        if (event in seen) == (event in untold):
            raise TypeError(f"{event.name}: a story has a note of it, or a reason for none in UNTOLD")
        if event in notes and event.row.subject not in SUBJECTS:
            raise TypeError(f"{event.name}: a note needs a subject of {SUBJECTS}, not {event.row.subject}")


check(NOTES, UNTOLD)
