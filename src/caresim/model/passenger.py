"""A passenger's evening: hit by the disruption, turning to a channel, coming back, resolved, too late, or giving up."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import anger_now, disappoint, offend, start_waiting, stop_waiting
from .case import case_row, note_help, once_more
from .choice import choose, has_found_closed, knows_hours, opens_too_late, within_reach
from .codes import NEVER, NOBODY, Outcome, State, Status
from .contact import TIMES_A_DAY, close, day_of, note_request, open_contact, start_day, stop_caring
from .draws import Purpose, exponential, happens, lognormal_median
from .events import Event
from .feed import plan_post_about
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .power import can_be_kept
from .question import ANY
from .queue import leave_queue
from .room import house


@transition
def begin_to_seek(world, i):
    passenger = world.passengers[i]
    passenger.status = Status.SEEKING
    if not passenger.ordinary:
        world.operators[world.cohorts[passenger.cohort].first_operator].unresolved += 1
        plan_post_about(world, i)
    if passenger.deadline < world.clock[0].end:
        schedule(world, passenger.deadline, Event.DEADLINE, i, passenger.stamp)
    schedule(world, world.clock[0].now, Event.SEEK, i, passenger.return_stamp)  # after what can be read at this moment


@transition
def remember(world, i):
    """What the same human being was told in the matter before this one, they still know."""
    for o in range(len(world.operators)):
        before = world.cases[case_row(world, world.passengers[i].leader, o)].knows
        world.cases[case_row(world, i, o)].knows |= before


@transition
def affect(world, i):
    """The disruption reaches the passenger, who may or may not need somebody.

    A matter that follows from another one does not arise where that one was settled, unless it does so regardless; if
    it does, anger goes on.
    """
    passenger = world.passengers[i]
    if passenger.leader != NOBODY:
        settled = world.passengers[passenger.leader].status == Status.RESOLVED
        if settled and not world.cohort_parameters[passenger.cohort].regardless:
            return
        passenger.anger = max(passenger.anger, anger_now(world, passenger.leader))
        remember(world, i)
    passenger.anger_at = passenger.affected
    if not passenger.contacting:
        passenger.status = Status.NO_NEED
        passenger.question = ANY
        return
    begin_to_seek(world, i)
    for k in range(len(world.notices)):
        if world.notices[k].published and world.reaches[k * len(world.cohorts) + passenger.cohort].share > 0.0:
            immediately(world, Event.MEET, i)
            break


@compiled(void(world_type, int64, float64))
def return_after(world, i, minutes):
    """Turn up again after `minutes`."""
    schedule(world, world.clock[0].now + minutes, Event.SEEK, i, world.passengers[i].return_stamp)


@transition
def withdraw(world, c):
    """Hang up, walk away, or stop looking for a reply."""
    contact = world.contacts[c]
    if not contact.synchronous:
        stop_caring(world, c)
    elif contact.state == State.WAITING:
        leave_queue(world, c)
        close(world, c, Outcome.ABANDONED)


@transition
def stop_seeking(world, i):
    """Leave whatever queue one stands in."""
    passenger = world.passengers[i]
    passenger.stamp += 1
    if not passenger.ordinary:
        world.operators[world.cohorts[passenger.cohort].first_operator].unresolved -= 1
    if passenger.open != NOBODY:
        withdraw(world, passenger.open)


@transition
def give_up(world, i):
    stop_waiting(world, i)
    world.passengers[i].status = Status.GAVE_UP
    stop_seeking(world, i)


@compiled(void(world_type, int64, int64))
def resolve(world, i, operator):
    """The matter is settled, by this operator."""
    passenger = world.passengers[i]
    now = world.clock[0].now
    stop_waiting(world, i)
    passenger.status = Status.RESOLVED
    world.cases[case_row(world, i, operator)].resolved = now
    note_help(world, case_row(world, i, operator))
    if not passenger.ordinary:
        world.ticks[world.clock[0].ticks].resolved += 1
    stop_seeking(world, i)


@transition
def miss_deadline(world, i):
    """Whatever comes now comes too late."""
    if world.passengers[i].status == Status.SEEKING:
        stop_waiting(world, i)
        world.passengers[i].status = Status.MISSED
        stop_seeking(world, i)


@compiled(float64(world_type, int64))
def impatience(world, i):
    """How much sooner an angry or a hurried passenger returns: 1 at ease, less otherwise."""
    passenger = world.passengers[i]
    left = max(passenger.deadline - world.clock[0].now, 0.0)
    hurry = left / (left + world.behaviour[0].haste_scale) if left < NEVER else 1.0
    return (1.0 - world.behaviour[0].haste * anger_now(world, i)) * max(hurry, 0.05)


@compiled(int64(world_type, int64), inline=True)
def occasion(world, i):
    """Number of a decision of the passenger: the day and how many times they have turned to somebody on it."""
    today = start_day(world, i, day_of(world.clock[0].now))
    return today * TIMES_A_DAY + int64(world.passengers[i].seeks)


@transition
def come_back(world, i):
    """Unresolved after an answer or silence: try again later, or give up.

    Contacts of any other day give up. Who is on a waitlist may stop asking, and still takes a seat that comes back.
    """
    passenger = world.passengers[i]
    clock = world.clock[0]
    behaviour = world.behaviour[0]
    if passenger.status != Status.SEEKING or passenger.open != NOBODY:
        return
    occurrence = occasion(world, i)
    if passenger.ordinary or not happens(behaviour.persist, clock.luck, passenger.key, Purpose.PERSIST, occurrence):
        if not passenger.waitlisted:
            give_up(world, i)
        return
    come_later(world, i, behaviour.waitlist_patience if passenger.waitlisted else 1.0)


@compiled(void(world_type, int64, float64))
def come_later(world, i, factor):
    """Ask again after the usual gap times `factor`, sooner in anger or haste."""
    behaviour = world.behaviour[0]
    who = world.passengers[i].key
    luck = world.clock[0].luck
    gap = lognormal_median(behaviour.follow_gap, behaviour.follow_sigma, luck, who, Purpose.RETURN, occasion(world, i))
    return_after(world, i, max(1.0, gap * factor * impatience(world, i)))


@transition
def wait_for_power(world, i):
    """Told that it is not possible yet: ask again after a longer while. Nobody loses heart over it."""
    passenger = world.passengers[i]
    if passenger.status == Status.SEEKING and passenger.open == NOBODY:
        come_later(world, i, world.behaviour[0].waitlist_patience)


@transition
def try_later(world, i):
    """Nothing is open, and nobody knows when it will be: try again in a while. Contacts of any other day do not."""
    passenger = world.passengers[i]
    clock = world.clock[0]
    if passenger.ordinary:
        give_up(world, i)
        return
    gap = world.behaviour[0].closed_retry
    return_after(world, i, exponential(gap, clock.luck, passenger.key, Purpose.CLOSED, occasion(world, i)))


@compiled(void(world_type, int64, int64))
def wait_for_opening(world, i, channel_row):
    """Turn up a little after a closed channel opens: not all in the same minute, each after a gap of their own.

    Somebody of any other day who has met a closed door does not come back.
    """
    passenger = world.passengers[i]
    clock = world.clock[0]
    if opens_too_late(world, i, channel_row):
        try_later(world, i)
        return
    if passenger.ordinary and has_found_closed(world, i):
        give_up(world, i)
        return
    opens_at = float64(world.channels[channel_row].opens_at)
    gap = world.behaviour[0].busy_gap
    gap = exponential(gap, clock.luck, passenger.key, Purpose.AT_OPENING, day_of(opens_at))
    return_after(world, i, opens_at - clock.now + gap)


@compiled(void(world_type, int64, int64))
def find_closed(world, i, channel_row):
    """Stand before a closed door, and read the hours on it: turn elsewhere at once, or come back when it opens."""
    case = world.cases[case_row(world, i, world.channels[channel_row].operator)]
    case.doors = once_more(case.doors)
    disappoint(world, i, world.channels[channel_row].medium, world.behaviour[0].busy_penalty)
    immediately(world, Event.SEEK, i)


@compiled(boolean(world_type, int64))
def is_shut_out(world, i):
    """Is there a channel for this passenger that is closed, and opens too late?"""
    for channel_row in range(len(world.channels)):
        shut = not world.channels[channel_row].is_open and opens_too_late(world, i, channel_row)
        if shut and within_reach(world, i, channel_row):
            return True
    return False


@compiled(boolean(world_type, int64), by_python=True)
def turns_up(world, i):
    """Is there still something to turn to a channel for? Another return that was planned is void.

    Who believes an answer asks nobody, until they find out.
    """
    passenger = world.passengers[i]
    if passenger.believes != NOBODY:
        return False
    passenger.return_stamp += 1
    return passenger.status == Status.SEEKING and passenger.open == NOBODY


@compiled(void(world_type, int64, int64), by_python=True)
def turn_to(world, i, channel_row):
    """Turn to a channel; one that is known to be closed, when it opens. NOBODY: come back another time."""
    if channel_row == NOBODY:
        if is_shut_out(world, i):
            try_later(world, i)
        else:
            come_back(world, i)
        return
    if world.channels[channel_row].is_open:
        start_waiting(world, i, world.channels[channel_row].expected_wait)
        open_contact(world, i, channel_row)
        return
    note_request(world, i, channel_row)
    if knows_hours(world, i):
        wait_for_opening(world, i, channel_row)
    else:
        find_closed(world, i, channel_row)


@transition
def seek(world, i):
    """Turn to the channel that seems best now."""
    if turns_up(world, i):
        turn_to(world, i, choose(world, i))


@compiled(int64(world_type, int64))
def who_promised(world, i):
    """The operator whose promise is due: one that is neither kept nor broken; else the one dealt with last."""
    last = int64(world.passengers[i].operator)
    for o in range(len(world.operators)):
        case = world.cases[case_row(world, i, o)]
        if case.promised and not case.kept and not case.broken and not world.cases[case_row(world, i, last)].promised:
            return o
    return last


@compiled(void(world_type, int64, float64))
def hold_against(world, row, strength):
    """Found out when the matter is over: it stays with the operator that promised."""
    case = world.cases[row]
    case.anger_end += min(1.0, strength) * (1.0 - case.anger_end)
    case.anger_peak = max(case.anger_peak, case.anger_end)


@transition
def promised(world, i):
    """What was promised for now has not happened."""
    passenger = world.passengers[i]
    row = case_row(world, i, who_promised(world, i))
    case = world.cases[row]
    if passenger.status != Status.RESOLVED:
        if case.promised:
            case.broken = 1
        if passenger.status != Status.SEEKING:
            hold_against(world, row, world.behaviour[0].broken_promise * passenger.temper)
    if passenger.status != Status.SEEKING:
        return
    offend(world, i, world.behaviour[0].broken_promise)
    immediately(world, Event.SEEK, i)


@transition
def kept(world, i):
    """What was promised has been done, if anybody may by now: for who has stopped seeking too late, yet the operator
    has kept its word. Where no room is left, it has not; a room is taken only by who still seeks one.
    """
    passenger = world.passengers[i]
    if passenger.status == Status.RESOLVED:
        return
    o = who_promised(world, i)
    seeking = passenger.status == Status.SEEKING
    if not can_be_kept(world, o, i) or (seeking and not house(world, i, o)):
        promised(world, i)
        return
    case = world.cases[case_row(world, i, o)]
    case.kept = 1
    if seeking:
        resolve(world, i, o)
    else:
        case.resolved = world.clock[0].now
        note_help(world, case_row(world, i, o))


@transition
def be_prompted(world, i):
    """A notice that does not help raises the question anew: the passenger asks now rather than later."""
    if world.passengers[i].status == Status.SEEKING and world.passengers[i].believes == NOBODY:
        immediately(world, Event.SEEK, i)
