"""Machines that answer at once, around the clock: the website, and the automated assistant in front of a channel."""

from __future__ import annotations

from .agenda import immediately
from .anger import disappoint, start_waiting, stop_waiting
from .case import once_more
from .codes import NEVER, NOBODY, Callback, Outcome, Result, Status
from .contact import BY_MACHINE, case_of, close
from .conversation import inform, note_use
from .correction import take_for_true
from .draws import Purpose, happens, uniform
from .duty import on_duty_again
from .events import Event
from .facts import MACHINE
from .jit import boolean, compiled, int64, transition, world_type
from .passenger import resolve, try_later
from .power import machines_may, wants_news
from .seat import provide
from .staff import note_first_response
from .waiting import TRUNKS, come_to_people, is_for_people, wait_in_queue


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
    return provide(world, i, contact.operator)


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


@compiled(boolean(world_type, int64))
def takes_message(world, c):
    """The assistant offers a caller who reaches nobody to leave a message, and they do: they will be called back.

    The line is free again. The message waits with what was written, and no patience runs out: the phone will ring.
    """
    contact = world.contacts[c]
    machine = world.staff[world.channels[contact.channel].assistant]
    if contact.desk == NOBODY or not (TRUNKS >> contact.medium) & 1:
        return False
    if not happens(machine.message, world.clock[0].luck, contact.key, Purpose.MESSAGE, 0):
        return False
    again = on_duty_again(world, contact.desk)
    if again == NEVER:
        return False
    i = int64(contact.passenger)
    channel = world.channels[contact.channel]
    contact.callback = Callback.MESSAGE
    channel.occupied -= 1
    stop_waiting(world, i)
    start_waiting(world, i, max(channel.expected_wait, again - world.clock[0].now))
    return True


@transition
def pass_on(world, c):
    """To a person: into the queue, or, when a line has nobody behind it at this hour, to a message or a recording."""
    contact = world.contacts[c]
    contact.staff = NOBODY
    come_to_people(world, c)
    unmanned = contact.synchronous and (contact.desk == NOBODY or world.desks[contact.desk].rostered == 0)
    if unmanned and not takes_message(world, c):
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
    for_people = is_for_people(world, contact.staff, contact.need)
    if contact.arrival >= 0.0 and contact.arrival < clock.window and not for_people:
        machine.contacts += 1
    contact.stamp += 1
    if world.passengers[i].status != Status.SEEKING:
        close(world, c, Outcome.ABANDONED)
        return
    if for_people:
        pass_on(world, c)
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
        contact.transferred |= BY_MACHINE
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
