"""The agenda hands out events in one total order, however far ahead and in whatever order they were scheduled."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.worlds import bare_world

from caresim.model.agenda import immediately, next_event, schedule
from caresim.model.codes import NOBODY
from caresim.model.events import Event
from caresim.model.records import rows

KINDS = [Event.OPEN, Event.CLOSE, Event.READ, Event.DISPATCH, Event.FOLLOW_ON_POST]
planned = st.tuples(st.floats(0.0, 500.0), st.sampled_from([int(kind) for kind in KINDS]), st.integers(0, 60))


def drain(world, until=1e9):
    out = []
    while True:
        kind, subject = next_event(world, until)
        if kind == Event.NOTHING:
            return out
        out.append((float(world.clock[0].now), kind, subject))


@settings(max_examples=60, deadline=None)
@given(st.lists(planned, max_size=200))
def test_events_come_in_order_of_time_kind_and_subject(events):
    world = bare_world()
    for time, kind, subject in events:
        schedule(world, time, kind, subject, 0)
    assert drain(world) == sorted(events)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(0.0, 40.0), st.floats(0.0, 400.0)), min_size=1, max_size=60))
def test_what_is_scheduled_on_the_way_finds_its_place(pairs):
    """Each event schedules another some time later; the order of what comes out is still that of time."""
    world = bare_world()
    for n, (time, _) in enumerate(pairs):
        schedule(world, time, int(Event.OPEN), n, 0)
    times = []
    while True:
        kind, subject = next_event(world, 1e9)
        if kind == Event.NOTHING:
            break
        now = float(world.clock[0].now)
        times.append(now)
        if kind == Event.OPEN:
            schedule(world, now + pairs[subject][1], int(Event.CLOSE), subject, 0)
    assert times == sorted(times)
    assert len(times) == 2 * len(pairs)


def test_a_stamp_that_has_moved_on_voids_the_event():
    world = bare_world()
    schedule(world, 5.0, int(Event.ABANDON), 3, 0)
    schedule(world, 300.0, int(Event.ABANDON), 4, 0)
    schedule(world, 6.0, int(Event.ABANDON), 5, 0)
    world.contacts[3].stamp += 1
    world.contacts[4].stamp += 1
    assert drain(world) == [(6.0, int(Event.ABANDON), 5)]


def test_what_is_to_do_now_comes_before_anything_later_in_the_order_it_was_said():
    world = bare_world()
    schedule(world, 0.0, int(Event.OPEN), 1, 0)
    immediately(world, int(Event.DISPATCH), 9)
    immediately(world, int(Event.OPEN), 8)
    assert [(kind, subject) for _, kind, subject in drain(world)] == [
        (Event.DISPATCH, 9),
        (Event.OPEN, 8),
        (Event.OPEN, 1),
    ]


def test_nothing_beyond_until_is_handed_out_and_the_clock_stops_there():
    world = bare_world()
    schedule(world, 10.0, int(Event.OPEN), 1, 0)
    assert drain(world, until=4.0) == []
    assert world.clock[0].now == 4.0
    assert drain(world) == [(10.0, int(Event.OPEN), 1)]


def test_the_ring_of_things_to_do_now_refuses_to_overflow():
    world = bare_world()

    def fill() -> None:
        for n in range(2000):
            immediately(world, int(Event.OPEN), n)

    with pytest.raises(IndexError):
        fill()


def test_those_affected_are_merged_in_by_time():
    world = bare_world(passengers=3)
    world.passengers["affected"] = np.array([1.0, 2.0, 30.0])
    world.clock[0].next_affected = 0
    schedule(world, 2.5, int(Event.OPEN), 1, 0)
    assert [kind for _, kind, _ in drain(world)] == [Event.AFFECT, Event.AFFECT, Event.OPEN, Event.AFFECT]


@pytest.mark.parametrize("buckets", [65, 8193])
def test_what_is_planned_for_the_very_end_happens_however_long_the_run_is(buckets):
    """The edges of buckets are sums of rounded numbers: the last one may lie beyond the end, by the last digit."""
    lost = []
    for customers in range(1000, 1040):
        window = customers / 9.5
        begins, ends = -0.1 * window, 1.1 * window
        world = bare_world(end=ends, width=(ends - begins) / (buckets - 1))
        world.set_table("buckets", rows(buckets, "buckets"))
        world.buckets["last"] = NOBODY
        clock = world.clock[0]
        clock.now = clock.origin = begins
        clock.edge = begins + clock.width
        schedule(world, ends, Event.FINISH, 0, 0)
        if next_event(world, ends)[0] != Event.FINISH:
            lost.append(customers)
    assert not lost
