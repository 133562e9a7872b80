"""What the operator knows, and what it publishes: by web, SMS, press; in some languages; to a share of each cohort."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import feel
from .codes import Status
from .conversation import BY_REFUND, BY_SEAT, wants_news
from .draws import Purpose, exponential, happens, join
from .events import Event
from .facts import about, bit_of, come_to_know, is_answered, tell
from .jit import boolean, compiled, float64, int64, transition, world_type
from .passenger import be_prompted, resolve
from .seat import cancel_booking, take_seat

READERS_AT_ONCE = 512


@transition
def learn(world, k):
    """From now on the operator knows one thing more."""
    come_to_know(world, world.facts[k].operator, bit_of(k))


@compiled(boolean(world_type, int64, int64))
def reaches(world, i, k):
    """Does notice `k` ever come before the eyes of the passenger, in a language they read?"""
    passenger = world.passengers[i]
    notice = world.notices[k]
    if (notice.languages >> int64(passenger.language)) & 1 == 0:
        return False
    share = world.reaches[k * len(world.cohorts) + passenger.cohort].share
    return happens(share, world.clock[0].luck, join(passenger.key, notice.key), Purpose.NOTICE, 0)


@compiled(float64(world_type, int64, int64))
def delay(world, i, k):
    """Minutes from publication until the passenger reads it."""
    notice = world.notices[k]
    who = join(world.passengers[i].key, notice.key)
    return exponential(notice.delay, world.clock[0].luck, who, Purpose.NOTICE_DELAY, 0)


@compiled(boolean(world_type, int64))
def reads(world, i):
    """Does it matter when the passenger reads something? Who needs nobody is told of afterwards (silent.py)."""
    status = world.passengers[i].status
    return status != Status.UNAWARE and status != Status.NO_NEED


@transition
def publish(world, k):
    """What a notice says the desks can say too.

    Those already affected read it, each in their time; a table's worth at once.
    """
    notice = world.notices[k]
    if not notice.published:
        notice.published = 1
        come_to_know(world, notice.operator, notice.says)
        if notice.ends_wave:
            world.operators[notice.operator].wave_over = 1
    clock = world.clock[0]
    count = len(world.notices)
    last = min(notice.cursor + READERS_AT_ONCE, clock.next_affected)
    for i in range(notice.cursor, last):
        if reads(world, i) and reaches(world, i, k):
            schedule(world, clock.now + delay(world, i, k), Event.READ, i * count + k, 0)
    notice.cursor = last
    if last < clock.next_affected:
        immediately(world, Event.PUBLISH, k)


@transition
def meet(world, row):
    """Somebody newly affected looks around for what has been published already."""
    i = row // len(world.notices)
    k = row % len(world.notices)
    if reaches(world, i, k):
        clock = world.clock[0]
        schedule(world, max(clock.now, world.notices[k].time + delay(world, i, k)), Event.READ, row, 0)


@compiled(boolean(world_type, int64, int64))
def is_met(world, i, k):
    """Does the notice settle the passenger's matter? It answers the question, or they can do for themselves what it
    says; seats are taken and given back as at a desk.
    """
    passenger = world.passengers[i]
    notice = world.notices[k]
    if wants_news(passenger.need):
        return is_answered(world, i, notice.says, notice.clarity)
    who = join(passenger.key, notice.key)
    if not happens(notice.meets[passenger.need], world.clock[0].luck, who, Purpose.NOTICE_MEETS, 0):
        return False
    if (BY_SEAT >> passenger.need) & 1:
        return take_seat(world, i, notice.operator)
    if (BY_REFUND >> passenger.need) & 1:
        cancel_booking(world, i)
    return True


@transition
def read(world, reading):
    """The passenger reads a notice: informed, perhaps helped, perhaps set asking."""
    i = reading // len(world.notices)
    k = reading % len(world.notices)
    passenger = world.passengers[i]
    notice = world.notices[k]
    feel(world, i)
    if notice.says & about(world, i):
        passenger.explained = 1
    tell(world, i, notice.operator, notice.says)
    if passenger.status == Status.SEEKING and is_met(world, i, k):
        resolve(world, i, notice.operator)
    elif happens(notice.prompts, world.clock[0].luck, join(passenger.key, notice.key), Purpose.PROMPT, 0):
        be_prompted(world, i)
