"""What the operator knows, and what it publishes: by web, SMS, press; in some languages; to a share of each cohort."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import feel
from .case import case_row, note_help, note_news
from .codes import Status
from .draws import Purpose, exponential, happens, join
from .events import Event
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .passenger import be_prompted, resolve

READERS_AT_ONCE = 512


@compiled(void(world_type, int64, int64))
def come_to_know(world, o, bit):
    """One thing more that the operator knows, unless it knew it already."""
    operator = world.operators[o]
    if operator.knows & bit == 0:
        operator.knows |= bit
        operator.things += 1


@transition
def learn(world, k):
    """From now on the operator knows one thing more."""
    come_to_know(world, world.facts[k].operator, int64(1) << int64(k))


@compiled(int64(world_type, int64))
def bit_of(world, k):
    """The bit of what notice `k` says, among the things an operator can know: after those of the facts."""
    return int64(1) << int64(len(world.facts) + k)


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
        come_to_know(world, notice.operator, bit_of(world, k))
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


@transition
def read(world, reading):
    """The passenger reads a notice: informed, perhaps helped, perhaps set asking."""
    i = reading // len(world.notices)
    k = reading % len(world.notices)
    passenger = world.passengers[i]
    notice = world.notices[k]
    clock = world.clock[0]
    who = join(passenger.key, notice.key)
    feel(world, i)
    passenger.explained = 1
    row = case_row(world, i, notice.operator)
    if world.cases[row].knows & bit_of(world, k) == 0:
        world.cases[row].knows |= bit_of(world, k)
        note_news(world, i, row)
        if passenger.status == Status.SEEKING:
            note_help(world, row)
    if passenger.status == Status.SEEKING and happens(
        notice.meets[passenger.need], clock.luck, who, Purpose.NOTICE_MEETS, 0
    ):
        resolve(world, i, notice.operator)
    elif happens(notice.prompts, clock.luck, who, Purpose.PROMPT, 0):
        be_prompted(world, i)
