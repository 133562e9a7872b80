"""Who comes next, where passengers come into being while the run goes on: the same people, however many are drawn at a
time; and whose row is used again.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.support.worlds import bare_world

from caresim.model import traits
from caresim.model.agenda import next_event, schedule
from caresim.model.arrivals import TIES, come_into_being, draw_stretch
from caresim.model.codes import NEVER, NOBODY, Onset, Status
from caresim.model.contact import open_contact
from caresim.model.draws import name_key
from caresim.model.events import Event
from caresim.model.finished import sweep_passengers
from caresim.model.records import rows
from caresim.model.world import World

STREAMS = 3


def with_streams(stretch: int, origin: float = 0.0, per_minute: float = 2.0, minutes: float = 200.0) -> World:
    """Three Poisson streams of one rate, of which nobody has come yet."""
    world = bare_world(end=origin + minutes, passengers=256)
    world.set_table("cohort_parameters", rows(STREAMS, "cohort_parameters"))
    world.set_table("cohorts", rows(STREAMS, "cohorts"))
    world.set_table("rates", rows(1, "rates"))
    world.set_table("medium_experience", rows(256, "medium_experience"))
    world.rates["rate"] = per_minute
    for k in range(STREAMS):
        parameters = world.cohort_parameters[k]
        parameters.key = name_key("cohort", str(k))
        parameters.hours, parameters.highest, parameters.onset = 1, per_minute, Onset.POISSON
        parameters.contacting = parameters.need_share[:] = parameters.party_share[:] = 1.0
        parameters.language_share[:] = 1.0
    world.set_table("streams", rows(STREAMS, "streams"))
    world.streams["cohort"], world.streams["time"] = range(STREAMS), origin
    world.set_table("arrivals", rows(stretch + STREAMS + TIES, "arrivals"))
    world.set_table("passenger_rows", rows(256, "passenger_rows"))
    world.set_table("past_passengers", rows(4096, "past_passengers"))
    world.set_table("past_cases", rows(4096, "past_cases"))
    world.operators[0].first_waiting = NOBODY
    world.release_tables("notices", "gestures", "amends")
    clock = world.clock[0]
    clock.now = clock.origin = origin
    clock.next_affected, clock.free_passenger = 0, NOBODY
    draw_stretch(world)
    return world


def all_at_once(world: World) -> list[tuple[float, int]]:
    """Times and keys of everybody, as a population is drawn before a run."""
    everybody = []
    for k in range(STREAMS):
        times, keys = np.zeros(4096), np.zeros(4096, np.uint64)
        kept = traits.draw_arrivals(world, k, world.clock[0].end, times, keys)
        everybody += zip(times[:kept].tolist(), keys[:kept].tolist(), strict=True)
    return sorted(everybody)


def one_by_one(world: World) -> list[tuple[float, int]]:
    """Times and keys in the order in which they are reached; each row is given back at once."""
    seen = []
    while (event := next_event(world, NEVER))[0] == Event.AFFECT:
        passenger = world.passengers[event[1]]
        seen.append((float(passenger.affected), int(passenger.key)))
        passenger.status = Status.NO_NEED
        sweep_passengers(world)
    return seen


@pytest.mark.parametrize("stretch", [1, 2, 7, 256])
def test_the_same_people_come_however_many_are_drawn_at_a_time(stretch):
    world = with_streams(stretch)
    assert one_by_one(world) == all_at_once(world)
    assert world.clock[0].next_affected > 1000


@pytest.mark.parametrize("stretch", [1, 2, 7, 256])
def test_equal_times_go_by_key_whatever_the_stretch(stretch):
    """So late that a float's steps are longer than most gaps: many come at one time."""
    world = with_streams(stretch, origin=2.0**51)
    expected = all_at_once(world)
    assert len({time for time, _ in expected}) < len(expected) / 2
    assert one_by_one(world) == expected


def test_a_row_that_was_used_is_as_blank_as_a_new_one():
    new, used = with_streams(1), with_streams(1)
    for table in (used.passengers, used.cases):
        table.view(np.ndarray).view(np.uint8)[:] = 0x55
    for world in (new, used):
        come_into_being(world)
    for table in ("passengers", "cases"):
        one, other = getattr(new, table)[0], getattr(used, table)[0]
        assert [name for name in one.dtype.names if one[name].tobytes() != other[name].tobytes()] == []


def test_bad_experience_of_who_had_the_row_is_forgotten():
    from caresim.model.anger import disappoint, disappointment

    world = with_streams(1)
    world.behaviour[0].forget_half_life = NEVER
    world.medium_experience[0].by_medium[:] = 5.0
    i = come_into_being(world)
    disappoint(world, i, 0, 1.0)
    assert disappointment(world, i, 0) == 1.0
    assert disappointment(world, i, 1) == 0.0


# --- who is over ---


def settled(world: World) -> int:
    """A passenger who needs nothing more."""
    i = come_into_being(world)
    world.clock[0].next_affected += 1
    world.passengers[i].status = Status.GAVE_UP
    return i


def is_given_back(world: World, i: int) -> bool:
    sweep_passengers(world)
    return bool(world.passenger_rows[i].number == NOBODY)


def test_the_row_of_who_is_settled_is_given_back_and_written_down():
    world = with_streams(1)
    i = settled(world)
    key = world.passengers[i].key
    assert is_given_back(world, i)
    assert world.past_passengers[0].key == key
    assert world.clock[0].free_passenger == i
    assert world.clock[0].open_passengers == 0
    with pytest.raises(IndexError):  # whoever still follows a reference to the row
        traits.followers_of(world, i)


@pytest.mark.parametrize("status", [Status.SEEKING, Status.UNAWARE])
def test_who_seeks_or_was_not_reached_keeps_the_row(status):
    world = with_streams(1)
    i = settled(world)
    world.passengers[i].status = status
    assert not is_given_back(world, i)


@pytest.mark.parametrize("after", [0.5, 1e3], ids=["soon", "in another bucket"])
def test_an_event_to_come_keeps_the_row_though_it_be_void(after):
    world = with_streams(1, minutes=NEVER)
    i = settled(world)
    schedule(world, world.clock[0].now + after, Event.PROMISED, i, 0)
    schedule(world, world.clock[0].now + after, Event.SEEK, i, world.passengers[i].return_stamp)
    world.passengers[i].return_stamp += 1
    assert not is_given_back(world, i)


def test_a_contact_keeps_the_row_of_its_passenger():
    world = with_streams(1)
    i = settled(world)
    open_contact(world, i, 0)
    world.passengers[i].open = NOBODY
    assert not is_given_back(world, i)


def test_a_waitlist_keeps_the_rows_of_all_on_it():
    world = with_streams(1)
    first, second = settled(world), settled(world)
    world.operators[0].first_waiting = first
    world.passengers[first].next_waiting = second
    assert not is_given_back(world, first)
    assert not is_given_back(world, second)


def test_ties_go_by_the_number_of_the_passenger_and_not_by_row():
    world = with_streams(1, minutes=NEVER)
    low, high = settled(world), settled(world)
    world.passengers[high].status = Status.SEEKING
    assert is_given_back(world, low)
    assert settled(world) == low
    world.passengers[low].status = Status.SEEKING
    for i in (low, high):
        schedule(world, 0.25, Event.PROMISED, i, 0)
    world.set_table("streams", rows(0, "streams"))
    world.clock[0].next_affected = 256
    assert [next_event(world, 100.0)[1] for _ in range(2)] == [high, low]
