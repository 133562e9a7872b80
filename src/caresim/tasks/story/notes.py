"""What each kind of event means for the person it happens to: one function a kind, which writes it down.

Each takes the watcher, the event's subject, the person's records before and after, and a hint: of SEEK the channel that
was aimed at, of all others whether something else follows at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from caresim.model.codes import NOBODY, Callback, Onset, Outcome, Result, State, Status
from caresim.model.conversation import is_question
from caresim.model.events import Event
from caresim.model.media import Medium
from caresim.model.needs import Need

if TYPE_CHECKING:
    from caresim.tasks.story.watch import Look, Watcher

STREAMS = (Onset.ORDINARY, Onset.POISSON, Onset.GIVEN)
ARRIVALS = {
    Medium.PHONE: "called",
    Medium.COUNTER: "queued",
    Medium.PUBLIC: "posted",
    Medium.PRIVATE: "wrote",
    Medium.EMAIL: "wrote",
    Medium.WEB: "looked_up",
}
GIVEN_UP = {Medium.PHONE: "hung_up", Medium.COUNTER: "walked_off"}


def affect(w: Watcher, i: int, before: Look, after: Look, hint: int) -> None:
    """Those who come in a stream are affected when they call: that is told there."""
    passenger = after.matters[i]
    operator = w.world.cohorts["first_operator"][passenger.cohort]
    if passenger.status == Status.NO_NEED:
        w.note("no_need", i, before, after, operator=operator)
    elif passenger.status == Status.SEEKING and w.world.cohort_parameters["onset"][passenger.cohort] not in STREAMS:
        event = "affected" if passenger.leader == NOBODY else "arose"
        w.note(event, i, before, after, operator=operator, need=int(passenger.need), deadline=float(passenger.deadline))


def read(w: Watcher, row: int, before: Look, after: Look, hint: int) -> None:
    i, k = divmod(row, len(w.world.notices))
    if before.matters[i].status != Status.SEEKING:
        return
    settled = after.matters[i].status == Status.RESOLVED
    w.note(
        "read",
        i,
        before,
        after,
        operator=w.world.notices["operator"][k],
        notice=k,
        settled=settled,
        prompted=bool(hint) and not settled,
        need=int(after.matters[i].need),
    )


def seek(w: Watcher, i: int, before: Look, after: Look, aim: int) -> None:
    """An open channel is told by the arrival that follows; here only a closed door."""
    if aim != NOBODY and after.matters[i].open == NOBODY:
        w.note("closed", i, before, after, channel=aim, operator=w.world.channels["operator"][aim])


def admit(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    contact = after.contacts[c]
    i, medium = int(contact.passenger), Medium(int(contact.medium))
    if contact.outcome == Outcome.BLOCKED:
        w.note("busy", i, before, after, c)
        return
    waiting = contact.state == State.WAITING
    w.note(
        ARRIVALS[medium],
        i,
        before,
        after,
        c,
        need=int(contact.need),
        first=not w.has_asked(i, int(contact.operator)),
        machine=not waiting and medium != Medium.WEB,
        callback=bool(contact.callback == Callback.WAITED_FOR),
        ahead=int(w.world.channels["waiting"][contact.channel]) - 1 if contact.synchronous and waiting else 0,
        deaf=bool(waiting and contact.desk == NOBODY),
    )


def tire(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    contact = after.contacts[c]
    event = GIVEN_UP.get(Medium(int(contact.medium)), "silence")
    w.note(event, int(contact.passenger), before, after, c, wait=w.now - w.asked[c])


def remind(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    w.note("reminded", int(after.contacts[c].passenger), before, after, c, wait=w.now - w.asked[c])


def turn(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    w.asked[c] = w.now
    w.note("wrote_back", int(after.contacts[c].passenger), before, after, c)


def serve(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    was, now = before.contacts[c], after.contacts[c]
    i = int(now.passenger)
    if before.matters[i].status != Status.SEEKING:
        return
    facts = _outcome(before, after, i, int(now.operator)) | {"wait": w.now - w.asked[c]}
    if was.staff == NOBODY:
        w.note("web_helped" if now.result == Result.SOLVED else "web_no_help", i, before, after, c, **facts)
    elif now.result == Result.SOLVED:
        w.note("machine_solved", i, before, after, c, **facts)
    elif now.result == Result.WRONG:
        w.wrong.add((i, w.now + float(w.world.behaviour["wrong_delay"][0])))
        w.note("machine_erred", i, before, after, c)
    elif now.outcome == Outcome.DROPPED:
        w.note("machine_dead_end" if now.staff != NOBODY else "machine_nobody", i, before, after, c)
    else:
        w.note("machine_passed_on", i, before, after, c)


def reply(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    """What is said is told when it is heard (`receive`); here what it was that was new."""
    was = before.contacts[c]
    i, o = int(was.passenger), int(was.operator)
    w.desk[c] = int(was.desk)
    w.told[c] = _news(before, after, i, o)
    if was.callback == Callback.NOT_REACHED:
        w.note("missed_call", i, before, after, c)


def receive(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    contact = before.contacts[c]
    i = int(contact.passenger)
    seeking = before.matters[i].status == Status.SEEKING
    wait = w.now - w.asked[c]
    if not contact.author_waiting:
        if seeking:
            w.note("too_late", i, before, after, c, wait=wait)
        return
    if not seeking:
        return
    result = Result(int(contact.result))
    if result == Result.HANDED_OVER:
        w.asked[c] = w.now
    flight = int(after.matters[i].seat)
    w.note(
        "replied",
        i,
        before,
        after,
        c,
        wait=wait,
        desk=w.desk[c],
        live=bool(contact.synchronous),
        result=int(result),
        need=int(contact.need),
        told=w.told[c],
        flight=flight if result == Result.SOLVED and contact.need == Need.REBOOKING else NOBODY,
        asks=bool(is_question(w.world, c, int(result))),
        promise=_first("promised", before, after, i, int(contact.operator)),
        to=int(contact.desk),
    )


def left(w: Watcher, c: int, before: Look, after: Look, hint: int) -> None:
    contact = after.contacts[c]
    i = int(contact.passenger)
    machine = contact.staff != NOBODY and contact.staff == w.world.channels["assistant"][contact.channel]
    if not machine and before.matters[i].status == Status.SEEKING:
        w.note("sent_away" if contact.synchronous else "dropped", i, before, after, c, wait=w.now - w.asked[c])


def kept(w: Watcher, i: int, before: Look, after: Look, hint: int) -> None:
    if before.matters[i].status != Status.RESOLVED and after.matters[i].status == Status.RESOLVED:
        w.note("kept", i, before, after, operator=after.matters[i].operator, need=int(after.matters[i].need))


def promised(w: Watcher, i: int, before: Look, after: Look, hint: int) -> None:
    """What was to come has not: it is felt while something is sought, and held against the company afterwards."""
    o = int(after.matters[i].operator)
    if before.matters[i].status == Status.SEEKING or _first("broken", before, after, i, o):
        event = "error_showed" if (i, w.now) in w.wrong else "broken"
        w.note(event, i, before, after, operator=o)


def deadline(w: Watcher, i: int, before: Look, after: Look, hint: int) -> None:
    if before.matters[i].status == Status.SEEKING:
        w.note("missed", i, before, after, need=int(after.matters[i].need))


def settle(w: Watcher, i: int, before: Look, after: Look, hint: int) -> None:
    if after.matters[i].status == Status.SEEKING:
        w.note("still_waiting", i, before, after, need=int(after.matters[i].need))
    operators = len(w.world.operators)
    for o in range(operators):
        case = w.world.cases[i * operators + o]
        if not np.isnan(case.satisfaction):
            w.note(
                "rated",
                i,
                before,
                after,
                operator=o,
                about=int(after.matters[i].need),
                satisfaction=float(case.satisfaction),
                after_gesture=float(w.after_gestures(i * operators + o)),
            )


def _first(mark: str, before: Look, after: Look, i: int, o: int) -> bool:
    """Has the case with the operator been marked just now?"""
    return bool(after.cases[i, o][mark] and not before.cases[i, o][mark])


def _news(before: Look, after: Look, i: int, o: int) -> int:
    """What the operator has told that was new, as bits."""
    return int(after.cases[i, o].knows) & ~int(before.cases[i, o].knows)


def _outcome(before: Look, after: Look, i: int, o: int) -> dict[str, Any]:
    """What a machine brought: the need, what it told that was new, and the flight it found."""
    was, now = before.matters[i], after.matters[i]
    return {
        "need": int(now.need),
        "told": _news(before, after, i, o),
        "flight": int(now.seat) if now.seat != was.seat else NOBODY,
    }


NOTES: dict[Event, Callable[[Any, int, Any, Any, int], None]] = {
    Event.AFFECT: affect,
    Event.READ: read,
    Event.SEEK: seek,
    Event.ADMIT: admit,
    Event.ABANDON: tire,
    Event.REMIND: remind,
    Event.CUSTOMER_REPLY: turn,
    Event.SERVE: serve,
    Event.REPLY: reply,
    Event.RECEIVE: receive,
    Event.LEFT: left,
    Event.KEPT: kept,
    Event.PROMISED: promised,
    Event.DEADLINE: deadline,
    Event.SETTLE: settle,
}
