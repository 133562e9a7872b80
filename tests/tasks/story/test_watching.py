"""Who is watched lives the same life, and what is told of it is what the run's own tables say."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from caresim.config.compose import compose
from caresim.measure.sample import persons as keys_of
from caresim.measure.tables import contacts, passengers
from caresim.model.records import DTYPES
from caresim.scenario.run import Run, run
from caresim.tasks.story.choose import people_of
from caresim.tasks.story.watch import watch

SMALL = ("experiment=tokyo", "population.scale=0.3")
"""Enough passengers that queues form, posts go unanswered and the waitlist has to be joined."""
MODELS = ("social_team", "hybrid", "assistant_first")
USED = {"contacts": "contacts", "ticks": "ticks"}
"""Tables that grow, and how many of their rows are in use; rows beyond are whatever was there before."""


@lru_cache(maxsize=8)
def ran(staffing: str) -> Run:
    return run(compose(SMALL), staffing, 0)


def persons(staffing: str) -> list[int]:
    """Of the passengers who turned to somebody: the two with most contacts, one with a seat, one in the middle."""
    of = ran(staffing)
    table = of.world.passengers
    mine = ~table["ordinary"].astype(bool) & (table["affected"] >= 0)
    busiest = np.flatnonzero(mine)[np.argsort(-table["contacts"][mine], kind="stable")[:2]]
    seated = np.flatnonzero(mine & (table["seat"] >= 0))[:1]
    middle = people_of(of).index[len(people_of(of)) // 2]
    return [int(keys_of(of.world)[row]) for row in (*busiest, *seated)] + [int(middle)]


@pytest.mark.parametrize("staffing", MODELS)
def test_a_watched_run_is_the_same_bit_for_bit(staffing):
    plain = ran(staffing).world
    for person in persons(staffing):
        _, watched, _ = watch(compose(SMALL), staffing, 0, person)
        assert watched.clock.tobytes() == plain.clock.tobytes()
        for table, dtype in DTYPES.items():
            if table in ("events", "head_slot", "far_events", "buckets", "immediate"):
                continue  # the agenda: what is left in it is void, and where it lies depends on nothing that is told
            rows = int(plain.clock[USED[table]][0]) if table in USED else len(getattr(plain, table))
            for field in dtype.names:
                told, true = getattr(watched, table)[field][:rows], getattr(plain, table)[field][:rows]
                assert told.tobytes() == true.tobytes(), f"{table}.{field}"


@pytest.mark.parametrize("staffing", MODELS)
def test_every_contact_of_the_person_is_told_when_it_came(staffing):
    of = ran(staffing)
    rows = contacts(of)
    for person in persons(staffing):
        course, world, _ = watch(compose(SMALL), staffing, 0, person)
        mine = np.flatnonzero(keys_of(world) == np.uint64(person))
        true = rows[rows["passenger"].isin(mine.tolist())]
        arrivals = {h.contact: h.time for h in course.happenings if "ahead" in h.facts or h.event == "busy"}
        assert arrivals == dict(zip(true["contact"].tolist(), true["arrival_min"].tolist(), strict=True))
        assert len(arrivals) > 0


@pytest.mark.parametrize("staffing", MODELS)
def test_the_rating_is_that_of_the_passengers_table(staffing):
    rows = passengers(ran(staffing))
    for person in persons(staffing):
        course, world, _ = watch(compose(SMALL), staffing, 0, person)
        mine = np.flatnonzero(keys_of(world) == np.uint64(person)).tolist()
        told = [h.facts["satisfaction"] for h in course.happenings if h.event == "rated"]
        assert told == rows[rows["passenger"].isin(mine)]["satisfaction"].tolist()


@pytest.mark.parametrize("staffing", MODELS)
def test_callers_are_told_to_have_waited_as_long_as_the_contacts_table_says(staffing):
    rows = contacts(ran(staffing)).set_index("contact")
    heard = 0
    for person in persons(staffing):
        course, _, _ = watch(compose(SMALL), staffing, 0, person)
        for happening in course.happenings:
            if happening.event == "taken" and not happening.facts["rung"]:
                # The difference of the same two times, taken in another order.
                assert happening.facts["wait"] == pytest.approx(
                    rows.loc[happening.contact, "wait_min"], rel=0, abs=1e-9
                )
                heard += 1
    assert heard > 0


def test_time_goes_forward_and_anger_stays_between_nothing_and_everything():
    for person in persons("assistant_first"):
        course, _, _ = watch(compose(SMALL), "assistant_first", 0, person)
        times = [happening.time for happening in course.happenings]
        assert times == sorted(times)
        assert [time for time, _ in course.angers] == sorted(time for time, _ in course.angers)
        assert all(0.0 <= anger <= 1.0 for _, anger in course.angers)
        assert all(span.since <= span.until for span in course.spans)
