"""People who answer: coming on duty, taking a contact, putting it down, breaks, overtime, going home."""

from __future__ import annotations

import numpy as np

from .agenda import schedule
from .anger import stop_waiting
from .codes import NEVER, NOBODY, Callback, EndOfDuty, Handling, Outcome, ReplayInput, State
from .contact import BY_MACHINE, BY_PERSON, case_of, close, is_replayed, is_written
from .draws import Purpose, exponential, happens, hyperexponential, lognormal_mean, triangular
from .events import Event
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .queue import leave_queue
from .records import NEEDS
from .waiting import wait_in_queue, wake


@transition
def list_free(world, s):
    """Join the desk's list of free people: of those who serve equally many channels, the longest idle is next.

    Whoever serves fewer comes first, so that those who serve many are there for what only they can take.
    """
    person = world.staff[s]
    desk = world.desks[person.desk]
    if person.listed or not person.on_duty or person.contact != NOBODY:
        return
    person.listed = 1
    before = int64(desk.free_tail)
    following = int64(NOBODY)
    while before != NOBODY and world.staff[before].unserved_count < person.unserved_count:
        following = before
        before = int64(world.staff[before].previous_free)
    person.previous_free = before
    person.next_free = following
    if before == NOBODY:
        desk.free_head = s
    else:
        world.staff[before].next_free = s
    if following == NOBODY:
        desk.free_tail = s
    else:
        world.staff[following].previous_free = s


@transition
def unlist(world, s):
    """Leave the list of free people, from wherever in it."""
    person = world.staff[s]
    if not person.listed:
        return
    desk = world.desks[person.desk]
    person.listed = 0
    if person.previous_free == NOBODY:
        desk.free_head = person.next_free
    else:
        world.staff[person.previous_free].next_free = person.next_free
    if person.next_free == NOBODY:
        desk.free_tail = person.previous_free
    else:
        world.staff[person.next_free].previous_free = person.previous_free


@compiled(float64(world_type, int64, float64))
def handling_draw(world, c, mean):
    """Minutes that somebody of ordinary speed spends on this exchange of the contact."""
    contact = world.contacts[c]
    behaviour = world.behaviour[0]
    luck = world.clock[0].luck
    if behaviour.handle_law == Handling.LOGNORMAL:
        return lognormal_mean(mean, behaviour.handle_sigma, luck, contact.key, Purpose.HANDLING, contact.exchanges)
    if behaviour.handle_law == Handling.EXPONENTIAL:
        return exponential(mean, luck, contact.key, Purpose.HANDLING, contact.exchanges)
    if behaviour.handle_law == Handling.HYPEREXPONENTIAL:
        return hyperexponential(mean, behaviour.handle_cv, luck, contact.key, Purpose.HANDLING, contact.exchanges)
    return mean


@compiled(int64(world_type, int64), inline=True)
def assistant_of(world, c):
    """The assistant in front of the contact's channel."""
    return int64(world.channels[world.contacts[c].channel].assistant)


@compiled(float64(world_type, int64, int64))
def handling_time(world, s, c):
    """The customer's draw, times the person's factor; reading in after a hand-over; seconds for a joke.

    What a replay gives is taken as it is, but for the factor of somebody whose speed it states.
    """
    contact = world.contacts[c]
    person = world.staff[s]
    clock = world.clock[0]
    behaviour = world.behaviour[0]
    if contact.passenger == NOBODY:
        question = happens(behaviour.joke_question, clock.luck, contact.key, Purpose.LOOKS_LIKE_QUESTION, 0)
        return behaviour.triage * person.speed * (behaviour.joke if question else 1.0)
    reading_in = behaviour.reading_in if contact.transferred & BY_PERSON else 0.0
    mean = world.desks[person.desk].handle[int64(contact.medium) * NEEDS + int64(contact.need)]
    if is_replayed(world, c):
        replayed = world.replay_inputs[contact.passenger]
        if replayed.about_service == ReplayInput.ITSELF:
            stated = person.stated_speed if person.stated_speed > 0.0 else 1.0
            return replayed.service * stated + reading_in
        if replayed.about_service == ReplayInput.ITS_MEAN:
            mean = replayed.service
    harder = world.staff[assistant_of(world, c)].harder if contact.transferred & BY_MACHINE else 1.0
    return handling_draw(world, c, mean) * person.speed * harder + reading_in


@compiled(int64(world_type, int64), inline=True)
def offered_by(world, c):
    """The desk that offered the call back; the contact may have moved to another one since."""
    return int64(world.channels[world.contacts[c].channel].desk)


@compiled(float64(world_type, int64))
def ring(world, c):
    """Minutes of an attempt to call back that reaches nobody."""
    if world.contacts[c].callback == Callback.MESSAGE:
        return float64(world.staff[assistant_of(world, c)].ring)
    return float64(world.desks[offered_by(world, c)].callback_ring)


@compiled(boolean(world_type, int64))
def picks_up(world, c):
    """A call is returned: is the passenger there to answer it?"""
    contact = world.contacts[c]
    reached = world.desks[offered_by(world, c)].callback_reached
    if contact.callback == Callback.MESSAGE:
        reached = world.staff[assistant_of(world, c)].reached
    return happens(reached, world.clock[0].luck, contact.key, Purpose.CALLBACK_REACHED, contact.exchanges)


@transition
def note_first_response(world, c):
    """The first reply to a passenger who still cares, against the wait that is typical of what was tried first."""
    contact = world.contacts[c]
    if not contact.author_waiting:
        return
    case = world.cases[case_of(world, c)]
    tick = world.ticks[world.clock[0].ticks]
    tick.answered += 1
    if np.isnan(case.first_response):
        case.first_response = contact.reply


@transition
def note_first_reply_by_person(world, c):
    """As the first reply, and the first of those that came from a person and no machine."""
    note_first_response(world, c)
    contact = world.contacts[c]
    case = world.cases[case_of(world, c)]
    if contact.author_waiting and np.isnan(case.first_person):
        case.first_person = contact.reply


@compiled(void(world_type, int64, int64), by_python=True)
def start_handling(world, s, c):
    """Pick up a contact: a caller is answered now, an author when the reply is written."""
    contact = world.contacts[c]
    person = world.staff[s]
    now = world.clock[0].now
    unlist(world, s)
    contact.state = State.IN_HAND
    contact.staff = s
    contact.stamp += 1
    minutes = handling_time(world, s, c)
    if contact.callback == Callback.WAITED_FOR or contact.callback == Callback.MESSAGE:
        if picks_up(world, c):
            contact.callback = Callback.RETURNED
        else:
            minutes = ring(world, c)
            contact.callback = Callback.NOT_REACHED
    contact.transferred &= ~BY_PERSON
    contact.handle += minutes
    person.contact = c
    person.due = now + minutes
    person.contacts += 1
    person.busy_minutes += minutes
    world.desks[person.desk].busy += 1
    if contact.synchronous and contact.callback != Callback.NOT_REACHED:
        stop_waiting(world, contact.passenger)
        if np.isnan(contact.reply):
            contact.reply = now
            contact.outcome = Outcome.ANSWERED
            note_first_reply_by_person(world, c)
    schedule(world, now + minutes, Event.REPLY, c, contact.stamp)


@compiled(boolean(world_type, int64))
def is_there(world, s):
    """On duty, on a break, or staying on for what is still open."""
    return world.clock[0].now < world.staff[s].overtime_end


@compiled(boolean(world_type, int64))
def is_working(world, s):
    """On duty, or staying on at the end of the day (not on a break)."""
    person = world.staff[s]
    return person.on_duty != 0 or (person.overtime_end < NEVER and world.clock[0].now < person.overtime_end)


@transition
def next_for(world, s):
    """Hands are free: first the person's own conversations, then whatever the desk has."""
    person = world.staff[s]
    if person.inbox != NOBODY and is_working(world, s):
        c = int64(person.inbox)
        person.inbox = world.contacts[c].sibling
        world.contacts[c].sibling = NOBODY
        start_handling(world, s, c)
    elif person.on_duty:
        list_free(world, s)
        wake(world, person.desk)


@compiled(void(world_type, int64, float64))
def count_overtime(world, s, now):
    """Minutes past the end of the day, as far as they lie within the window."""
    person = world.staff[s]
    person.overtime_minutes += max(0.0, min(now, world.clock[0].window) - max(person.shift_end, 0.0))
    person.shift_end = now


@transition
def end_handling(world, c):
    """A handling is over, or broken off."""
    contact = world.contacts[c]
    s = int64(contact.staff)
    person = world.staff[s]
    person.contact = NOBODY
    world.desks[person.desk].busy -= 1
    now = world.clock[0].now
    if person.on_duty:
        pass
    elif person.overtime_end == NEVER:
        person.back_at = now + person.break_minutes  # the break begins when the hands are free
    elif now > person.shift_end:
        count_overtime(world, s, now)
    next_for(world, s)


@compiled(void(world_type, int64, int64))
def keep(world, s, c):
    """A customer has written back: to the end of the person's own inbox."""
    person = world.staff[s]
    world.contacts[c].sibling = NOBODY
    world.contacts[c].state = State.WAITING
    if person.inbox == NOBODY:
        person.inbox = c
    else:
        last = int64(person.inbox)
        while world.contacts[last].sibling != NOBODY:
            last = int64(world.contacts[last].sibling)
        world.contacts[last].sibling = c
    if person.contact == NOBODY and is_working(world, s):
        next_for(world, s)


@transition
def drop(world, c):
    """The desk lets go of a conversation. The customer finds out."""
    leave_queue(world, c)
    close(world, c, Outcome.DROPPED)
    if world.contacts[c].passenger != NOBODY and world.contacts[c].author_waiting:
        schedule(world, world.clock[0].now, Event.LEFT, c, 0)


@transition
def hand_back(world, c):
    """To the queue, to be read by somebody else: of the desk it hands over to, where this one has gone home."""
    contact = world.contacts[c]
    desk = world.desks[contact.desk]
    if desk.rostered == 0 and desk.end_of_duty == EndOfDuty.HAND_OVER and desk.escalates_to != NOBODY:
        contact.desk = desk.escalates_to
    contact.transferred |= BY_PERSON
    contact.stamp += 1
    wait_in_queue(world, c)


@transition
def let_off(world, c):
    """What becomes of an open conversation when its keeper goes home."""
    contact = world.contacts[c]
    if world.desks[contact.desk].end_of_duty == EndOfDuty.DROP:
        drop(world, c)
    else:
        hand_back(world, c)


@compiled(float64(world_type, int64))
def rested_at(world, k):
    """When the person of shift row `k` can begin it: a break that a long handling has eaten into is taken in full."""
    duty = world.duty_periods[k]
    person = world.staff[duty.staff]
    if person.overtime_end < NEVER:
        return duty.start
    free = person.back_at if person.contact == NOBODY else person.due + person.break_minutes
    return min(free, duty.end - 1.0)


@transition
def start_duty(world, k):
    """A stretch of duty begins: the start of a shift, or the end of a break."""
    duty = world.duty_periods[k]
    s = int64(duty.staff)
    person = world.staff[s]
    now = world.clock[0].now
    rested = rested_at(world, k)
    if rested > now:
        schedule(world, rested, Event.START_DUTY, k, 0)
        return
    person.on_duty = 1
    if person.overtime_end < NEVER:
        world.desks[person.desk].rostered += 1
    person.shift_end = duty.end
    person.overtime_end = NEVER
    person.duty_minutes += min(duty.end, world.clock[0].end) - now
    world.desks[person.desk].on_duty += 1
    schedule(world, duty.end, Event.END_DUTY, k, 0)
    if person.contact == NOBODY:
        next_for(world, s)


@transition
def end_duty(world, k):
    """No new contacts from here on. At the end of the day open ones go on within the overtime this person tolerates."""
    duty = world.duty_periods[k]
    s = int64(duty.staff)
    person = world.staff[s]
    desk = world.desks[person.desk]
    clock = world.clock[0]
    person.on_duty = 0
    desk.on_duty -= 1
    unlist(world, s)
    if not duty.last:
        person.break_minutes = duty.break_minutes
        person.back_at = clock.now + duty.break_minutes
        return
    desk.rostered -= 1
    overtime = triangular(
        desk.overtime_low, desk.overtime_mode, desk.overtime_high, clock.luck, person.key, Purpose.OVERTIME, duty.day
    )
    person.overtime_end = clock.now + overtime
    schedule(world, person.overtime_end, Event.STOP, s, 0)
    schedule(world, clock.now, Event.DISMISS, person.desk, 0)


@transition
def break_off(world, c):
    """A handling is not brought to its end: the minutes that are left are not worked."""
    contact = world.contacts[c]
    person = world.staff[contact.staff]
    left = max(0.0, person.due - world.clock[0].now)
    contact.handle -= left
    person.busy_minutes -= left
    contact.stamp += 1
    end_handling(world, c)


@transition
def stop(world, s):
    """Overtime is used up: what is in hand is finished, dropped or handed over, what waits for this person too."""
    person = world.staff[s]
    if person.on_duty or person.overtime_end > world.clock[0].now:
        return
    c = int64(person.contact)
    rule = world.desks[person.desk].end_of_duty
    if c != NOBODY and rule != EndOfDuty.FINISH and is_written(world.contacts[c].medium):
        break_off(world, c)
        let_off(world, c)
    while person.inbox != NOBODY:
        waiting = int64(person.inbox)
        person.inbox = world.contacts[waiting].sibling
        world.contacts[waiting].sibling = NOBODY
        let_off(world, waiting)
