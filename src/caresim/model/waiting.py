"""Waiting for an answer: the busy tone, patience, overflow to another desk, reminders, silence."""

from __future__ import annotations

import numpy as np

from . import media
from .agenda import immediately, schedule
from .anger import disappoint, provoke, start_waiting, stop_waiting
from .case import once_more
from .choice import announced_wait
from .codes import NEVER, NOBODY, Callback, Outcome, Patience, ReplayPatience, State
from .contact import case_of, close, is_public, is_replayed, is_self_service, stop_caring, waits_on_the_spot
from .draws import Purpose, exponential, happens, lognormal_beyond, lognormal_median, weibull_beyond
from .events import Event
from .exact import log
from .feed import speak
from .jit import bits_of, boolean, compiled, float64, int64, transition, void, world_type
from .passenger import come_back, impatience, occasion, return_after
from .queue import call, first_in, join_queue, leave_queue, queue_of, take_out
from .replanning import count_work

TRUNKS = bits_of(media.TRUNKS)
"""Media whose lines can all be taken, as bits."""


@transition
def plan_reminder(world, c):
    """The author will ask again, or not."""
    contact = world.contacts[c]
    clock = world.clock[0]
    behaviour = world.behaviour[0]
    channel = world.channels[contact.channel]
    if happens(behaviour.remind_share, clock.luck, contact.key, Purpose.REMIND, contact.posts):
        gap = lognormal_median(
            channel.remind_gap, behaviour.remind_sigma, clock.luck, contact.key, Purpose.REMIND_GAP, contact.posts
        )
        schedule(world, clock.now + gap, Event.REMIND, c, contact.stamp)


@transition
def wake(world, d):
    """Let the desk look at its queue, once in a moment."""
    desk = world.desks[d]
    if not desk.woken:
        desk.woken = 1
        immediately(world, Event.DISPATCH, d)


@transition
def remind(world, c):
    """Ask again, in the same conversation, which keeps its age; one that was put aside as too old is up again."""
    contact = world.contacts[c]
    contact.posts += 1
    contact.posted = world.clock[0].now
    if is_public(contact.medium):
        speak(world, c)  # first: the desk ranks the post by the anger it shows
    if contact.expired:
        contact.expired = 0
        join_queue(world, c)
        wake(world, contact.desk)
    plan_reminder(world, c)


@compiled(void(world_type, int64, float64, float64))
def try_again(world, i, share, gap):
    """Redial after a while, turn elsewhere, or give up."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    occurrence = occasion(world, i)
    if happens(share, clock.luck, passenger.key, Purpose.REDIAL, occurrence):
        minutes = exponential(gap, clock.luck, passenger.key, Purpose.RETURN, occurrence)
        return_after(world, i, max(0.1, minutes * impatience(world, i)))
    else:
        come_back(world, i)


@transition
def abandon(world, c):
    """Patience is over: hang up or walk away from a queue; stop looking for a reply to what one wrote."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    i = contact.passenger
    waited = (world.clock[0].now - contact.arrival) / world.passengers[i].expected_wait
    stop_waiting(world, i)
    if contact.synchronous:
        leave_queue(world, c)
        close(world, c, Outcome.ABANDONED)
        if waited > 1.0:
            disappoint(world, i, contact.medium, behaviour.wait_penalty * log(waited))
        try_again(world, i, behaviour.abandon_redial, behaviour.abandon_gap)
    else:
        stop_caring(world, c)
        disappoint(world, i, contact.medium, behaviour.silence_penalty)
        come_back(world, i)


@transition
def block(world, c):
    """All lines are taken: a busy tone."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    i = contact.passenger
    close(world, c, Outcome.BLOCKED)
    case = world.cases[case_of(world, c)]
    case.tones = once_more(case.tones)
    stop_waiting(world, i)
    provoke(world, i, behaviour.blocked_call)
    disappoint(world, i, contact.medium, behaviour.busy_penalty)
    try_again(world, i, behaviour.busy_redial, behaviour.busy_gap)


@compiled(float64(world_type, int64))
def patience(world, c):
    """Minutes until this wait has been too long."""
    contact = world.contacts[c]
    luck = world.clock[0].luck
    behaviour = world.behaviour[0]
    least = 0.0
    if is_replayed(world, c):
        replayed = world.replay_inputs[contact.passenger]
        if replayed.about_patience == ReplayPatience.ITSELF:
            return replayed.patience
        if replayed.about_patience == ReplayPatience.AT_LEAST:
            least = replayed.patience
    limit = world.channels[contact.channel].patience[contact.need]
    occurrence = contact.exchanges
    if not contact.synchronous:
        return lognormal_beyond(least, limit, behaviour.patience_sigma, luck, contact.key, Purpose.PATIENCE, occurrence)
    if behaviour.patience_law == Patience.WEIBULL:
        return weibull_beyond(least, limit, behaviour.patience_shape, luck, contact.key, Purpose.PATIENCE, occurrence)
    return max(limit, least)


@transition
def plan_patience(world, c):
    """Patience runs out at some time, which the end of a shift does not put off; until then an author may ask again."""
    contact = world.contacts[c]
    clock = world.clock[0]
    if contact.callback == Callback.WAITED_FOR or contact.callback == Callback.MESSAGE:
        return  # the phone will ring: nothing to be patient about
    if np.isnan(contact.gives_up):
        contact.gives_up = clock.now + patience(world, c)
    if not contact.synchronous:
        plan_reminder(world, c)
    if contact.gives_up < NEVER:
        schedule(world, max(clock.now, contact.gives_up), Event.ABANDON, c, contact.stamp)


@transition
def plan_overflow(world, c):
    """Who waits on the spot moves on after a while, where the desk says so."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    if waits_on_the_spot(world, c) and desk.overflows_to != NOBODY:
        schedule(world, world.clock[0].now + desk.overflow_after, Event.OVERFLOW, c, contact.stamp)


@transition
def overflow(world, c):
    """On to the other desk's queue if somebody is rostered there, else stay and try again after as long.

    Nothing else happens to the contact: patience runs on, and its stamp stays that of what is planned.
    """
    contact = world.contacts[c]
    to = int64(world.desks[contact.desk].overflows_to)
    if world.desks[to].rostered > 0:
        if first_in(world, queue_of(world, c)) == c:
            call(world, c)  # as a rule; to take out any other takes as long as the queue is
        else:
            take_out(world, c)
        contact.desk = to
        join_queue(world, c)
        wake(world, to)
    plan_overflow(world, c)


@transition
def wait_in_queue(world, c):
    """Join the queue of the desk behind the channel; an account that nobody answers has none."""
    contact = world.contacts[c]
    contact.state = State.WAITING
    i = contact.passenger
    if i != NOBODY and contact.author_waiting:
        plan_patience(world, c)
    elif i != NOBODY and np.isnan(contact.reply):
        contact.outcome = Outcome.NEVER_ANSWERED  # silent since it was in hand; a reply may still come, too late
    if contact.desk == NOBODY:
        world.cases[case_of(world, c)].deaf = 1
        return
    join_queue(world, c)
    plan_overflow(world, c)
    wake(world, contact.desk)


@transition
def come_to_people(world, c):
    """A contact wants a person, after the assistant if there is one: into the desk's own count of calls and of work."""
    contact = world.contacts[c]
    if contact.synchronous and contact.desk != NOBODY:
        world.desks[contact.desk].calls_since_tick += 1
    count_work(world, c)


@transition
def offer_callback(world, c):
    """Where the wait would be long, a caller may hang up and be called back in turn, without holding a line."""
    contact = world.contacts[c]
    clock = world.clock[0]
    desk = world.desks[contact.desk]
    wait = announced_wait(world, contact.channel)
    if wait <= desk.callback_above or contact.passenger == NOBODY:
        return
    if happens(desk.callback_accepts, clock.luck, contact.key, Purpose.CALLBACK, 0):
        contact.callback = Callback.WAITED_FOR
        world.channels[contact.channel].occupied -= 1
        stop_waiting(world, contact.passenger)
        start_waiting(world, contact.passenger, max(wait, world.channels[contact.channel].expected_wait))


@compiled(boolean(world_type, int64, int64))
def understands(world, s, i):
    """Does the assistant know the language of the passenger?"""
    return (world.staff[s].languages >> int64(world.passengers[i].language)) & 1 == 1


@compiled(boolean(world_type, int64))
def is_assisted(world, channel_row):
    """Does an assistant answer the channel first, and work now?"""
    works = world.channels[channel_row].assistant != NOBODY
    now = world.clock[0].now
    for k in range(len(world.outages)):
        works = works and not world.outages[k].start <= now < world.outages[k].end
    return works


@compiled(boolean(world_type, int64, int64))
def is_for_people(world, s, need):
    """Does the assistant pass such a need straight to people?"""
    return (world.staff[s].excludes >> need) & 1 == 1


@transition
def admit(world, c):
    """A contact arrives at its channel: a busy tone, a machine, or a place in the queue and a limit to patience."""
    contact = world.contacts[c]
    channel = world.channels[contact.channel]
    world.ticks[world.clock[0].ticks].arrivals[contact.medium] += 1
    if contact.passenger != NOBODY and is_public(contact.medium):
        speak(world, c)
    if contact.synchronous:
        channel.occupied += 1
        if channel.occupied > channel.trunks:
            come_to_people(world, c)
            block(world, c)
            return
    if (
        contact.passenger != NOBODY
        and is_assisted(world, contact.channel)
        and understands(world, channel.assistant, contact.passenger)
    ):
        contact.state = State.IN_HAND
        contact.staff = channel.assistant
        pace = 0.0 if is_for_people(world, channel.assistant, contact.need) else world.staff[channel.assistant].pace
        schedule(world, world.clock[0].now + pace, Event.SERVE, c, contact.stamp)
        return
    if is_self_service(contact.medium):
        contact.state = State.IN_HAND
        minutes = exponential(channel.visit, world.clock[0].luck, contact.key, Purpose.HANDLING, 0)
        schedule(world, world.clock[0].now + minutes, Event.SERVE, c, contact.stamp)
        return
    come_to_people(world, c)
    if (TRUNKS >> contact.medium) & 1 and contact.desk != NOBODY:
        offer_callback(world, c)
    wait_in_queue(world, c)
