"""What the operator knows, and what it publishes: by web, SMS, press; in some languages; to a share of each cohort."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import feel, stop_waiting
from .case import case_row, note_news
from .codes import NOBODY, Status
from .correction import believe
from .draws import Purpose, exponential, happens, join
from .events import Event
from .facts import answering, bit_of, come_to_know, lasts, taken_in, tell, true_of
from .feed import say_in_public
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .passenger import be_prompted, resolve, withdraw
from .power import machines_may, says_so, wants_news
from .question import about
from .seat import provide

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
    if share == 0.0:
        return False
    purpose = Purpose.FEED if notice.fed else Purpose.NOTICE
    return happens(share, world.clock[0].luck, join(passenger.key, notice.key), purpose, 0)


@compiled(float64(world_type, int64, int64))
def delay(world, i, k):
    """Minutes from publication until the passenger reads it."""
    passenger = world.passengers[i]
    notice = world.notices[k]
    mean = world.reaches[k * len(world.cohorts) + passenger.cohort].delay
    purpose = Purpose.FEED_DELAY if notice.fed else Purpose.NOTICE_DELAY
    return exponential(mean, world.clock[0].luck, join(passenger.key, notice.key), purpose, 0)


@compiled(void(world_type, int64, int64, float64))
def plan_reading(world, i, k, time):
    """The passenger reads the notice then, unless it is not there any more."""
    if time <= world.notices[k].until:
        schedule(world, time, Event.READ, i * len(world.notices) + k, 0)


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
        if not notice.fed:
            come_to_know(world, notice.operator, notice.says)
        if notice.public:
            say_in_public(world, notice.key, notice.says)
        if notice.ends_wave:
            world.operators[notice.operator].wave_over = 1
    clock = world.clock[0]
    last = min(notice.cursor + READERS_AT_ONCE, clock.next_affected)
    for i in range(notice.cursor, last):
        if reads(world, i) and reaches(world, i, k):
            plan_reading(world, i, k, clock.now + delay(world, i, k))
    notice.cursor = last
    if last < clock.next_affected:
        immediately(world, Event.PUBLISH, k)


@transition
def meet(world, i):
    """Somebody newly affected looks around for what has been published already."""
    for k in range(len(world.notices)):
        if world.notices[k].published and reaches(world, i, k):
            plan_reading(world, i, k, max(world.clock[0].now, world.notices[k].time + delay(world, i, k)))


@compiled(boolean(world_type, int64, int64))
def is_met(world, i, k):
    """Can the passenger do for themselves what they needed, and is it allowed by now?

    Seats are taken and given back as at a desk.
    """
    passenger = world.passengers[i]
    notice = world.notices[k]
    if not machines_may(world, notice.operator, i, passenger.need):
        return False
    who = join(passenger.key, notice.key)
    if not happens(notice.meets[passenger.need], world.clock[0].luck, who, Purpose.NOTICE_MEETS, 0):
        return False
    return provide(world, i, notice.operator)


@compiled(void(world_type, int64, int64, int64))
def confirm(world, i, row, facts):
    """An edition says nothing new (facts as bits): what was heard before is fresh again, and no more than that."""
    if true_of(world, facts & about(world, i)) and world.cases[row].first_news >= 0.0:
        note_news(world, i, row)


@compiled(boolean(world_type, int64, int64, int64))
def is_settled(world, i, k, facts):
    """Does notice `k`, by what is taken in of it (bits), settle the matter for good?

    An answer that will be corrected is believed until then: the passenger leaves whatever queue they stand in.
    """
    passenger = world.passengers[i]
    if passenger.status != Status.SEEKING:
        return False
    if not wants_news(passenger.need):
        return is_met(world, i, k)
    fact = answering(world, i, facts, world.notices[k].clarity)
    if fact != NOBODY and not lasts(world, fact) and passenger.believes == NOBODY:
        stop_waiting(world, i)
        believe(world, i, fact)
        if passenger.open != NOBODY:
            withdraw(world, passenger.open)
    return fact != NOBODY and lasts(world, fact)


@compiled(boolean(world_type, int64, int64, int64))
def is_prompted(world, i, k, facts):
    """Does notice `k`, by what is taken in of it (bits), make the passenger ask at once?

    Who was told that it is not possible yet does when they read that it is, and of the others a share.
    """
    passenger = world.passengers[i]
    notice = world.notices[k]
    waits = world.cases[case_row(world, i, notice.operator)].not_yet != 0
    if waits and says_so(world, notice.operator, passenger.need, facts):
        return True
    return happens(notice.prompts, world.clock[0].luck, join(passenger.key, notice.key), Purpose.PROMPT, 0)


@transition
def read(world, reading):
    """The passenger reads a notice: informed, perhaps helped, perhaps set asking."""
    i = reading // len(world.notices)
    k = reading % len(world.notices)
    passenger = world.passengers[i]
    notice = world.notices[k]
    feel(world, i)
    row = case_row(world, i, notice.operator)
    facts = taken_in(world, i, notice.operator, notice.says)
    unheard = notice.every == 0.0 or facts & ~world.cases[row].knows != 0
    if facts & about(world, i):
        passenger.explained = 1
    if not tell(world, i, notice.operator, facts) and notice.every > 0.0:
        confirm(world, i, row, facts)
    if is_settled(world, i, k, facts):
        resolve(world, i, notice.operator)
    elif unheard and is_prompted(world, i, k, facts):
        be_prompted(world, i)
    if notice.every > 0.0 and passenger.status == Status.SEEKING:
        plan_reading(world, i, k, world.clock[0].now + notice.every)
