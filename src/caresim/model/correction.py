"""What turns out not to be so: answers that are believed until they are corrected, and news that was promised."""

from __future__ import annotations

from .agenda import immediately, schedule
from .anger import offend, start_waiting, stop_waiting
from .case import AWAITED, HEARD, OVER, WRONG_FOUND, WRONG_GIVEN, case_row, person_of
from .codes import NEVER, NOBODY, Status
from .contact import case_of
from .draws import Purpose, exponential, happens, join
from .events import Event
from .facts import MACHINE
from .jit import boolean, compiled, float64, int64, transition, void, world_type
from .passenger import come_back


@compiled(void(world_type, int64, int64, int64, float64))
def take_for_true(world, i, o, k, found_out):
    """The passenger takes fact `k` (or `MACHINE`) of operator `o` for the answer, until it is `found_out`.

    Until then they ask nobody: another return that was planned is void.
    """
    passenger = world.passengers[i]
    passenger.believes = k
    passenger.return_stamp += 1
    case = world.cases[case_row(world, i, o)]
    if case.wrong == 0 and (k == MACHINE or world.facts[max(k, int64(0))].wrong):
        case.wrong = WRONG_GIVEN
    if found_out < NEVER:
        schedule(world, max(world.clock[0].now, found_out), Event.FOUND_OUT, i, passenger.return_stamp)


@compiled(void(world_type, int64, int64))
def believe(world, i, k):
    """Fact `k` answers the passenger's question, and will be corrected: they find out some time after the operator, or
    when they hear the correction.
    """
    fact = world.facts[k]
    who = join(person_of(world, i), fact.key)
    delay = exponential(world.behaviour[0].wrong_delay, world.clock[0].luck, who, Purpose.FINDS_OUT, 0)
    take_for_true(world, i, fact.operator, k, fact.corrected_at + delay)


@transition
def found_out(world, i):
    """What the passenger believed is not so. If it was wrong from the beginning, that is held against whoever said it.

    Who has no time left stays where they are: the matter is lost.
    """
    passenger = world.passengers[i]
    believed = int64(passenger.believes)
    if believed == NOBODY:
        return
    passenger.believes = NOBODY
    operator = int64(passenger.operator)
    was_wrong = believed == MACHINE
    if believed != MACHINE:
        operator = int64(world.facts[believed].operator)
        was_wrong = world.facts[believed].wrong != 0
    if was_wrong and (believed != MACHINE or passenger.status != Status.RESOLVED):
        world.cases[case_row(world, i, operator)].wrong = WRONG_FOUND
    if passenger.status != Status.SEEKING:
        return
    if was_wrong:
        offend(world, i, world.behaviour[0].broken_promise)
    immediately(world, Event.SEEK, i)


@compiled(boolean(world_type, int64))
def promise_news(world, c):
    """Nothing is known yet, and the desk names a time by which there will be news: until then the passenger waits, and
    knows why. It is said once.
    """
    contact = world.contacts[c]
    clock = world.clock[0]
    i = int64(contact.passenger)
    desk = world.desks[contact.desk]
    case = world.cases[case_of(world, c)]
    who = world.passengers[i].key
    if case.news_promise or not happens(desk.news_promise, clock.luck, who, Purpose.NEWS_PROMISE, 0):
        return False
    case.news_promise = AWAITED
    case.news_due = clock.now + desk.news_within
    case.news_stamp = world.passengers[i].return_stamp
    start_waiting(world, i, desk.news_within)
    world.passengers[i].explained = 1
    schedule(world, case.news_due, Event.NEWS_DUE, i, 0)
    return True


@transition
def news_due(world, i):
    """The time is up: who has heard nothing asks at once, and is angry; who has, goes on when there is a need to.

    Who has turned to somebody in the meantime goes on from there: what comes next is planned already.
    """
    passenger = world.passengers[i]
    broken = False
    waited = False
    for o in range(len(world.operators)):
        case = world.cases[case_row(world, i, o)]
        if case.news_due <= world.clock[0].now and (case.news_promise == AWAITED or case.news_promise == HEARD):
            if case.news_promise == AWAITED and passenger.status == Status.SEEKING:
                case.broken = 1
                broken = True
            case.news_promise = OVER
            waited = waited or case.news_stamp == passenger.return_stamp
    if passenger.status != Status.SEEKING or passenger.believes != NOBODY:
        return
    if broken:
        offend(world, i, world.behaviour[0].broken_promise)
    if passenger.open != NOBODY or not (broken or waited):
        return
    stop_waiting(world, i)
    if broken:
        immediately(world, Event.SEEK, i)
    else:
        come_back(world, i)
