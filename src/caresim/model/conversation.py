"""What a reply by a person says, and what it does to the one who hears it."""

from __future__ import annotations

import numpy as np

from .agenda import immediately, schedule
from .anger import disappoint, offend, soothe, start_waiting, stop_waiting
from .case import note_useful, once_more
from .codes import (
    INFORMING,
    MISSING,
    NOBODY,
    SETTLING,
    TELLING,
    USEFUL,
    Callback,
    EndOfDuty,
    Outcome,
    Result,
    State,
    Status,
)
from .contact import BY_PERSON, case_of, close, is_public, is_written, stop_caring
from .correction import believe, promise_news
from .draws import Purpose, happens, lognormal_median, numbered
from .events import Event
from .facts import answering, lasts, taken_in, tell
from .feed import FITTING, make_visible, say_in_public
from .jit import bits_of, boolean, compiled, float64, int64, transition, world_type
from .needs import BOOKING
from .passenger import come_back, resolve, wait_for_power
from .power import BY_SEAT, may_act, next_desk, refusal, wants_news
from .question import about
from .seat import has_hope, join_waitlist, provide
from .staff import drop, end_handling, hand_back, is_there, keep, note_first_reply_by_person
from .waiting import plan_patience, wait_in_queue

ON_BOOKING = bits_of(BOOKING)
"""Needs as bits that take access to the booking."""
SETTLED, TOLD, HELPING = bits_of(SETTLING), bits_of(INFORMING), bits_of(USEFUL)
"""Results as bits: the matter is settled, what is known has been told, either or some news or a place on the waitlist.
"""


NEWS = bits_of(TELLING)
OPEN = bits_of((Result.PARTLY, Result.ACKNOWLEDGED, Result.UNKNOWN, Result.EMPTY))
KIND = bits_of((Result.ACKNOWLEDGED, Result.UNKNOWN, Result.EMPTY, Result.NOT_YET, Result.REFUSED))
"""Results as bits: of replies that tell something, leave the matter open, leave the customer none the wiser."""


@compiled(int64(world_type, int64))
def known(world, c):
    """What the operator knows about the passenger's question: facts as bits. People answer what was asked."""
    contact = world.contacts[c]
    return int64(world.operators[contact.operator].knows) & about(world, contact.passenger)


@compiled(int64(world_type, int64))
def inform(world, c):
    """Tell what is known about the question: INFORMED where that is all one came for, PARTLY where it is less, or NONE.

    Somebody who came for news is told enough when it answers the question, and partly when it is only new to them.
    What will be corrected answers it for a while; what was never true is WRONG.
    """
    contact = world.contacts[c]
    i = int64(contact.passenger)
    facts = taken_in(world, i, contact.operator, known(world, c))
    is_news = tell(world, i, contact.operator, facts)
    if wants_news(contact.need):
        k = answering(world, i, facts, 1.0)
        if k != NOBODY and lasts(world, k):
            return int64(Result.INFORMED)
        if k != NOBODY:
            believe(world, i, k)
            return int64(Result.WRONG) if world.facts[k].wrong else int64(Result.PARTLY)
        return int64(Result.PARTLY) if is_news else int64(Result.NONE)
    return int64(Result.INFORMED) if is_news else int64(Result.NONE)


@compiled(int64(world_type, int64))
def act(world, c):
    """Settle the need as far as seats and rooms allow."""
    contact = world.contacts[c]
    i = int64(contact.passenger)
    if provide(world, i, contact.operator):
        return int64(Result.SOLVED)
    may_wait = (BY_SEAT >> contact.need) & 1 and world.desks[contact.desk].waitlists
    if may_wait and not world.passengers[i].waitlisted and has_hope(world, i, contact.operator):
        join_waitlist(world, i, contact.operator)
        inform(world, c)
        return int64(Result.WAITLISTED)
    return int64(Result.INFORMED) if inform(world, c) == Result.INFORMED else int64(Result.EMPTY)


@compiled(boolean(world_type, int64))
def asks_first(world, c):
    """In writing, the first handling asks for the booking; the second one acts on it, where the desk can."""
    contact = world.contacts[c]
    return (ON_BOOKING >> contact.need) & 1 == 1 and is_written(contact.medium) and contact.exchanges == 1


@compiled(int64(world_type, int64))
def answer(world, c):
    """What the desk has to say: act, ask for what that takes, pass on, inform, not yet, nothing is known, kind words.

    What is not known or not possible is acknowledged once; from the second reply on it is empty.
    """
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    passenger = world.passengers[contact.passenger]
    if not contact.author_waiting or passenger.status != Status.SEEKING:
        return int64(Result.EMPTY)
    if passenger.ordinary:
        return int64(Result.SOLVED)
    asking = asks_first(world, c)
    if may_act(world, c) and not asking:
        return act(world, c)
    passes_on = next_desk(world, c) != NOBODY
    if passes_on and not wants_news(contact.need):
        return int64(Result.HANDED_OVER)
    told = inform(world, c) if desk.informs else int64(Result.NONE)
    if told != Result.NONE:
        return told
    refused = refusal(world, c)
    if asking and refused == Result.NONE:
        return int64(Result.ACKNOWLEDGED)
    if passes_on:
        return int64(Result.HANDED_OVER)
    if world.cases[case_of(world, c)].replies > 0:
        return int64(Result.EMPTY)
    if refused != Result.NONE:
        return refused
    if desk.informs and wants_news(contact.need) and known(world, c) == 0:
        return int64(Result.UNKNOWN)
    return int64(Result.ACKNOWLEDGED)


@compiled(boolean(world_type, int64, int64), by_python=True)
def is_question(world, c, result):
    """Does the reply ask for what it takes to act?"""
    asked = (result == Result.ACKNOWLEDGED or result == Result.INFORMED) and asks_first(world, c)
    return asked and refusal(world, c) == Result.NONE


@compiled(boolean(world_type, int64, int64))
def stays_open(world, c, result):
    """Will the conversation go on? Where nothing is settled yet, at a desk that leaves it open.

    Whoever is told that it is not possible yet asks again another time.
    """
    contact = world.contacts[c]
    if not world.desks[contact.desk].converses or not is_written(contact.medium) or not contact.author_waiting:
        return False
    passenger = world.passengers[contact.passenger]
    if passenger.ordinary or passenger.status != Status.SEEKING:
        return False
    if passenger.believes != NOBODY or refusal(world, c) != Result.NONE:
        return False
    if result == Result.INFORMED:
        return not wants_news(contact.need)
    return (OPEN >> result) & 1 == 1


@transition
def reply(world, c):
    """Handling is over: the answer goes out, and the contact ends, waits for the customer, or goes to another desk."""
    contact = world.contacts[c]
    end_handling(world, c)
    contact.stamp += 1
    contact.exchanges += 1
    if contact.passenger == NOBODY:
        close(world, c, Outcome.ANSWERED)
        return
    if contact.callback == Callback.NOT_REACHED:
        close(world, c, Outcome.ABANDONED)
        stop_waiting(world, contact.passenger)
        come_back(world, contact.passenger)
        return
    if np.isnan(contact.reply):
        contact.reply = world.clock[0].now
        contact.outcome = Outcome.ANSWERED if contact.author_waiting else Outcome.TOO_LATE
        note_first_reply_by_person(world, c)
    if len(world.last_replies) > 0:
        world.last_replies[case_of(world, c)].time = world.clock[0].now
    result = answer(world, c)
    contact.result = result
    if is_public(contact.medium) and (FITTING >> result) & 1:
        told = known(world, c) if (NEWS >> result) & 1 else int64(0)
        say_in_public(world, numbered(contact.key, contact.exchanges), told)
    elif is_public(contact.medium) and result == Result.WRONG:
        make_visible(world, known(world, c))  # for all to read, if no reason to pass it on
    if result == Result.HANDED_OVER:
        contact.desk = next_desk(world, c)
        contact.staff_before = contact.staff
        contact.staff = NOBODY
        contact.transferred |= BY_PERSON
        contact.state = State.WAITING
    elif is_question(world, c, result) or stays_open(world, c, result):
        contact.state = State.CUSTOMER
    else:
        close(world, c, contact.outcome)
    immediately(world, Event.RECEIVE, c)


@compiled(float64(world_type, int64))
def quality_of(world, c):
    """Quality, 0 to 1, of whoever replied last."""
    contact = world.contacts[c]
    s = contact.staff if contact.staff != NOBODY else contact.staff_before
    return world.staff[s].quality


@transition
def take_in(world, c):
    """What a reply does to anger: each good one soothes less than the last, empty ones from the second on provoke."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    case = world.cases[case_of(world, c)]
    quality = quality_of(world, c)
    if not contact.author_waiting:
        return
    case.replies += 1
    if world.passengers[contact.passenger].status != Status.SEEKING:
        return
    if contact.result == Result.EMPTY and case.replies > 1:
        offend(world, contact.passenger, behaviour.empty_reply)
        return
    strength = behaviour.relief * quality
    for _ in range(1, min(int64(case.replies), 20)):
        strength *= behaviour.relief_decay
    soothe(world, contact.passenger, strength)


@transition
def note_use(world, c):
    """Was the reply of use: did it inform or act, and how well? Or was it empty, or did it pass the passenger on?"""
    result = world.contacts[c].result
    row = case_of(world, c)
    case = world.cases[row]
    if (HELPING >> result) & 1:
        note_useful(world, row)
        case.useful_replies += 1
        case.tone += quality_of(world, c)
    elif result == Result.EMPTY:
        case.empties = once_more(case.empties)
    elif result == Result.HANDED_OVER:
        case.hand_overs = once_more(case.hand_overs)


@transition
def await_customer(world, c):
    """It is the customer's turn: they write back after a while, or never."""
    contact = world.contacts[c]
    clock = world.clock[0]
    channel = world.channels[contact.channel]
    if happens(channel.turn_dropout, clock.luck, contact.key, Purpose.TURN_DROPOUT, contact.exchanges):
        stop_caring(world, c)
        come_back(world, contact.passenger)
        return
    sigma = world.behaviour[0].turn_sigma
    gap = lognormal_median(channel.turn_gap, sigma, clock.luck, contact.key, Purpose.TURN_GAP, contact.exchanges)
    schedule(world, clock.now + gap, Event.CUSTOMER_REPLY, c, contact.stamp)


@compiled(boolean(world_type, int64))
def promise(world, c):
    """You will be taken care of, they say: some desks promise what then happens, or does not."""
    contact = world.contacts[c]
    clock = world.clock[0]
    desk = world.desks[contact.desk]
    if (BY_SEAT >> contact.need) & 1:
        return False  # nobody can promise a seat
    case = world.cases[case_of(world, c)]
    if case.promised or not happens(desk.promise, clock.luck, contact.key, Purpose.PROMISE, contact.exchanges):
        return False  # it is said once
    case.promised = 1
    kept = happens(desk.promise_kept, clock.luck, contact.key, Purpose.PROMISE_KEPT, contact.exchanges)
    schedule(world, clock.now + desk.promise_delay, Event.KEPT if kept else Event.PROMISED, contact.passenger, 0)
    return True


@transition
def receive(world, c):
    """The passenger hears the reply: settled, informed, passed on, asked, or none the wiser."""
    contact = world.contacts[c]
    i = int64(contact.passenger)
    passenger = world.passengers[i]
    result = contact.result
    take_in(world, c)
    if not contact.author_waiting or passenger.status != Status.SEEKING:
        return
    stop_waiting(world, i)
    note_use(world, c)
    if (SETTLED >> result) & 1 or ((TOLD >> result) & 1 and wants_news(contact.need)):
        resolve(world, i, contact.operator)
    elif result == Result.HANDED_OVER:
        offend(world, i, world.behaviour[0].anger_on_transfer)
        start_waiting(world, i, world.channels[contact.channel].expected_wait)
        contact.gives_up = MISSING
        wait_in_queue(world, c)
    elif passenger.believes != NOBODY:
        return
    elif result == Result.UNKNOWN and promise_news(world, c):
        if contact.state == State.CUSTOMER:
            close(world, c, contact.outcome)
    elif contact.state == State.CUSTOMER:
        promise(world, c)
        await_customer(world, c)
    else:
        if (KIND >> result) & 1:
            disappoint(world, i, contact.medium, world.behaviour[0].silence_penalty)
        refused = refusal(world, c) != Result.NONE
        if refused:
            world.cases[case_of(world, c)].not_yet = 1
        if not promise(world, c):
            if refused:
                wait_for_power(world, i)
            else:
                come_back(world, i)


@transition
def write_back(world, c):
    """The customer has written back: to whoever answered first, if there, else to the desk, which may have let go."""
    contact = world.contacts[c]
    i = int64(contact.passenger)
    contact.stamp += 1
    contact.gives_up = MISSING
    contact.posted = world.clock[0].now
    start_waiting(world, i, world.channels[contact.channel].expected_wait)
    if contact.staff != NOBODY and is_there(world, contact.staff):
        plan_patience(world, c)
        keep(world, contact.staff, c)
    elif world.desks[contact.desk].end_of_duty == EndOfDuty.DROP:
        drop(world, c)
    else:
        hand_back(world, c)


@transition
def left(world, c):
    """The passenger finds that the desk has let go of the matter."""
    contact = world.contacts[c]
    i = int64(contact.passenger)
    world.cases[case_of(world, c)].dropped = 1
    stop_waiting(world, i)
    offend(world, i, world.behaviour[0].broken_promise)
    disappoint(world, i, contact.medium, world.behaviour[0].silence_penalty)
    come_back(world, i)
