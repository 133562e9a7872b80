"""Machines that answer at once, around the clock: the website, and the automated assistant in front of a channel."""

from __future__ import annotations

from .agenda import immediately
from .anger import disappoint, stop_waiting
from .case import once_more
from .codes import NOBODY, Outcome, Result, Status
from .contact import case_of, close
from .conversation import inform, note_use
from .correction import take_for_true
from .draws import Purpose, happens, uniform
from .events import Event
from .facts import MACHINE
from .jit import boolean, compiled, int64, transition, world_type
from .passenger import resolve, try_later
from .power import BY_REFUND, BY_SEAT, machines_may, wants_news
from .room import house
from .seat import cancel_booking, take_seat
from .staff import note_first_response
from .waiting import wait_in_queue


@compiled(boolean(world_type, int64))
def settle_need(world, c):
    """Meet the need without a person: if what is known answers the question, or it is allowed by now and there is a
    seat or a room to have.
    """
    contact = world.contacts[c]
    i = contact.passenger
    if wants_news(contact.need):
        return inform(world, c) == Result.INFORMED
    if not machines_may(world, contact.operator, i, contact.need):
        return False
    if (BY_SEAT >> contact.need) & 1:
        return take_seat(world, i, contact.operator)
    if (BY_REFUND >> contact.need) & 1:
        cancel_booking(world, i)
    return house(world, i, contact.operator)


@transition
def use_website(world, c):
    """The visit ends: settled, or on to another channel at once."""
    contact = world.contacts[c]
    i = contact.passenger
    if world.passengers[i].status != Status.SEEKING:
        close(world, c, Outcome.ABANDONED)
        return
    share = world.channels[contact.channel].solves[contact.need]
    case = world.cases[case_of(world, c)]
    case.visits = once_more(case.visits)
    stop_waiting(world, i)
    solved = happens(share, world.clock[0].luck, contact.key, Purpose.SELF_SERVICE, 0) and settle_need(world, c)
    if solved:
        contact.result = Result.SOLVED
        close(world, c, Outcome.ANSWERED)
        resolve(world, i, contact.operator)
        return
    close(world, c, Outcome.ABANDONED)
    case.web_knew = world.operators[contact.operator].things
    immediately(world, Event.SEEK, i)


@transition
def machine_replied(world, c):
    """The assistant's answer is heard: it counts as a reply when it settled something, or claims to have."""
    contact = world.contacts[c]
    case = world.cases[case_of(world, c)]
    contact.reply = world.clock[0].now
    contact.exchanges += 1
    stop_waiting(world, contact.passenger)
    note_first_response(world, c)
    case.replies += 1


@transition
def pass_on(world, c):
    """To a person: into the queue, or, when a line has nobody behind it at this hour, to a recording."""
    contact = world.contacts[c]
    contact.staff = NOBODY
    if contact.synchronous and (contact.desk == NOBODY or world.desks[contact.desk].rostered == 0):
        i = int64(contact.passenger)
        stop_waiting(world, i)
        close(world, c, Outcome.DROPPED)
        disappoint(world, i, contact.medium, world.behaviour[0].busy_penalty)
        try_later(world, i)
    else:
        wait_in_queue(world, c)


@transition
def assist(world, c):
    """The assistant solves, errs (which shows later), passes on to a person, or leads nowhere."""
    contact = world.contacts[c]
    i = contact.passenger
    machine = world.staff[contact.staff]
    clock = world.clock[0]
    if contact.arrival >= 0.0 and contact.arrival < clock.window:
        machine.contacts += 1
    contact.stamp += 1
    if world.passengers[i].status != Status.SEEKING:
        close(world, c, Outcome.ABANDONED)
        return
    luck = uniform(clock.luck, contact.key, Purpose.ASSISTANT, 0)
    if luck < machine.solves[contact.need] and settle_need(world, c):
        machine_replied(world, c)
        contact.result = Result.SOLVED
        note_use(world, c)
        close(world, c, Outcome.ANSWERED)
        resolve(world, i, contact.operator)
    elif world.passengers[i].believes != NOBODY:  # told what will turn out not to be so
        machine_replied(world, c)
        wrong = world.facts[world.passengers[i].believes].wrong
        contact.result = Result.WRONG if wrong else Result.PARTLY
        note_use(world, c)
        close(world, c, Outcome.ANSWERED)
    elif luck > 1.0 - machine.errs[contact.need]:
        machine_replied(world, c)
        contact.result = Result.WRONG
        close(world, c, Outcome.ANSWERED)
        take_for_true(world, i, contact.operator, int64(MACHINE), clock.now + world.behaviour[0].wrong_delay)
    elif happens(machine.escalates, clock.luck, contact.key, Purpose.HAND_OVER, 0):
        pass_on(world, c)
    else:
        close(world, c, Outcome.DROPPED)
        immediately(world, Event.LEFT, c)


@transition
def serve(world, c):
    """A machine is done with a contact."""
    if world.contacts[c].staff == NOBODY:
        use_website(world, c)
    else:
        assist(world, c)
