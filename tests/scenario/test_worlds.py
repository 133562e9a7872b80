"""One more passenger, person or desk changes nobody else: traits, luck and shifts are the same to the bit."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))
from tokyo_runs import tokyo

from caresim.scenario.build import build

SEEKERS = "population.cohorts.seekers.people"
SOCIAL = "staffing.social_team.desks.social.headcount"


def world(*overrides: str):
    return build(tokyo(*overrides), "social_team", 5)


def by_key(table: np.ndarray) -> dict[int, tuple]:
    return {int(row["key"]): tuple(str(row[column]) for column in table.dtype.names) for row in table}


def same(one: np.ndarray, other: np.ndarray) -> bool:
    return all(np.array_equal(one[column], other[column], equal_nan=True) for column in one.dtype.names)


def test_one_more_passenger_changes_no_other():
    before, _ = world()
    after, _ = world(f"{SEEKERS}.value=3502")
    old, new = by_key(before.passengers), by_key(after.passengers)
    assert len(new) == len(old) + 1
    assert all(new[key] == row for key, row in old.items())


def test_one_more_passenger_moves_no_bystander_and_nobody_on_duty():
    before, _ = world()
    after, _ = world(f"{SEEKERS}.value=3502")
    assert same(before.fresh, after.fresh)
    assert same(before.shifts, after.shifts)
    assert same(before.staff, after.staff)


def test_one_more_person_changes_no_colleague_and_no_passenger():
    before, names = world()
    after, more = world(f"{SOCIAL}=3")
    old = dict(zip(names.staff, before.staff, strict=True))
    new = dict(zip(more.staff, after.staff, strict=True))
    assert set(old) < set(new)
    for name, row in old.items():
        for trait in ("key", "speed", "quality", "novice", "kind"):
            assert new[name][trait] == row[trait], (name, trait)
    assert by_key(before.passengers) == by_key(after.passengers)


def test_one_more_person_moves_no_colleagues_breaks():
    before, names = world()
    after, more = world(f"{SOCIAL}=3")

    def duty(of, seats):
        return {(seats[s["staff"]], s["start"], s["end"]) for s in of.shifts}

    assert duty(before, names.staff) <= duty(after, more.staff)


def test_one_more_desk_changes_no_other_desks_people():
    before, names = world(
        "staffing.social_team.desks.paris_counter=null", "staffing.social_team.closed=[counter_paris]"
    )
    after, more = world()
    old = {name: row["speed"] for name, row in zip(names.staff, before.staff, strict=True)}
    new = {name: row["speed"] for name, row in zip(more.staff, after.staff, strict=True)}
    assert set(old) < set(new)
    assert all(new[name] == speed for name, speed in old.items())
