"""The loop: take the next event, let it happen. The table of events is the table of contents of the model."""

from __future__ import annotations

from . import conversation, desk, feed, machine, notice, passenger, satisfaction, seat, staff, timeline, waiting
from .agenda import BLOCK, far_rows_needed, next_event
from .codes import NOBODY
from .events import Event
from .jit import boolean, compiled, float64, int64, types, void, world_type

HEADROOM = 2048
"""Free rows that one event may need at most in each table that grows."""


@compiled(void(world_type, int64, int64))
def happen(world, kind, subject):
    """What each kind of event does, and to whom."""
    if kind == Event.DISPATCH:
        desk.dispatch(world, subject)
    elif kind == Event.RECEIVE:
        conversation.receive(world, subject)
    elif kind == Event.REPLY:
        conversation.reply(world, subject)
    elif kind == Event.SEEK:
        passenger.seek(world, subject)
    elif kind == Event.ADMIT:
        waiting.admit(world, subject)
    elif kind == Event.ABANDON:
        waiting.abandon(world, subject)
    elif kind == Event.REMIND:
        waiting.remind(world, subject)
    elif kind == Event.CUSTOMER_REPLY:
        conversation.write_back(world, subject)
    elif kind == Event.LEFT:
        conversation.left(world, subject)
    elif kind == Event.SERVE:
        machine.serve(world, subject)
    elif kind == Event.AFFECT:
        passenger.affect(world, subject)
    elif kind == Event.DEADLINE:
        passenger.miss_deadline(world, subject)
    elif kind == Event.KEPT:
        passenger.kept(world, subject)
    elif kind == Event.PROMISED:
        passenger.promised(world, subject)
    elif kind == Event.MEET:
        notice.meet(world, subject)
    elif kind == Event.READ:
        notice.read(world, subject)
    elif kind == Event.SPONTANEOUS_POST:
        feed.post_spontaneously(world, subject)
    elif kind == Event.POST_ABOUT:
        feed.post_about(world, subject)
    elif kind == Event.FOLLOW_ON_POST:
        feed.follow_on(world, subject)
    elif kind == Event.START_DUTY:
        staff.start_duty(world, subject)
    elif kind == Event.END_DUTY:
        staff.end_duty(world, subject)
    elif kind == Event.DISMISS:
        desk.dismiss(world, subject)
    elif kind == Event.STOP:
        staff.stop(world, subject)
    elif kind == Event.OPEN:
        desk.open_channel(world, subject)
    elif kind == Event.CLOSE:
        desk.close_channel(world, subject)
    elif kind == Event.LEARN:
        notice.learn(world, subject)
    elif kind == Event.PUBLISH:
        notice.publish(world, subject)
    elif kind == Event.CHECK_IN:
        seat.check_in(world, subject)
    elif kind == Event.DEPART:
        seat.depart(world, subject)
    elif kind == Event.OFFER:
        seat.offer(world, subject)
    elif kind == Event.TICK:
        timeline.tick(world, subject)
    elif kind == Event.FINISH:
        timeline.finish(world, subject)
    elif kind == Event.SETTLE:
        satisfaction.settle(world, subject)


@compiled(types.UniTuple(int64, 3)(world_type), inline=True)
def needed(world):
    """Rows of `events`, `far_events` and `contacts` that are in use or that one event may come to need."""
    clock = world.clock[0]
    return clock.pending + HEADROOM, far_rows_needed(world) + BLOCK * HEADROOM, clock.contacts + HEADROOM


@compiled(boolean(world_type), inline=True)
def is_short(world):
    """Might a table not hold what one event may need?"""
    events, far_events, contacts = needed(world)
    return events > len(world.events) or far_events > len(world.far_events) or contacts > len(world.contacts)


@compiled(boolean(world_type, int64, int64))
def bring_about(world, kind, subject):
    """Let an event happen now, whatever the agenda says; False, and nothing has happened, when a table is short."""
    if is_short(world):
        return False
    happen(world, kind, subject)
    return True


@compiled(types.UniTuple(int64, 2)(world_type, float64, int64))
def run(world, until, watched):
    """Let everything happen up to `until`.

    Returns early, saying at what (kind, subject), for an event whose bit is set in `watched`, which has then not
    happened yet, and with GROW when a table is short of rows; else (NOTHING, NOBODY).
    """
    while True:
        if is_short(world):
            return int64(Event.GROW), int64(NOBODY)
        kind, subject = next_event(world, until)
        if kind == Event.NOTHING:
            return kind, subject
        if watched and (watched >> kind) & 1:
            return kind, subject
        happen(world, kind, subject)


def advance(world, until, watched=0):
    """`run`, with more rows whenever it asks for them: the (kind, subject) it stopped at."""
    while True:
        kind, subject = run(world, until, watched)
        if kind != Event.GROW:
            return kind, subject
        grow_tables(world)


def grow_tables(world):
    """Double the tables that one event might fill up."""
    for name, rows in zip(("events", "far_events", "contacts"), needed(world), strict=True):
        if rows > len(getattr(world, name)):
            world.grow(name)
