"""One more passenger, person or desk changes nobody else: traits, luck and shifts are the same to the bit.

And where capacity has no end, so that nobody takes anything away from anybody, so is what comes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from numpy.lib.recfunctions import repack_fields
from tests.support.tokyo_runs import around_the_clock, ran, seats_without_end, tokyo

from caresim.config.compose import validate
from caresim.model.codes import Outcome
from caresim.model.media import Medium
from caresim.model.world import World
from caresim.scenario.build import build
from caresim.scenario.run import Run, run

FOLLOWING = ("seekers", "visitors", "residents", "booked_abroad", "families")
SEEKERS = "population.cohorts.seekers.people"
VISITORS = "population.cohorts.visitors.people"
SOCIAL = "staffing.social_team.desks.social.headcount"


def world(*overrides: str):
    return build(tokyo(*overrides), "social_team", 5)


def bits(table: np.ndarray, columns: Iterable[str]) -> list[bytes]:
    """Each row's columns, to the bit."""
    packed = repack_fields(np.asarray(table)[list(columns)])
    return packed.view(f"V{packed.dtype.itemsize}").tolist()


def by_key(table: np.ndarray) -> dict[int, bytes]:
    return dict(zip(table["key"].tolist(), bits(table, table.dtype.names), strict=True))


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
    assert same(before.spontaneous_posts, after.spontaneous_posts)
    assert same(before.duty_periods, after.duty_periods)
    assert same(before.staff, after.staff)


def people(of: World, seats: Sequence[str]) -> dict[str, tuple]:
    """Traits by seat."""
    traits = ("key", "speed", "quality", "novice", "kind")
    return {name: tuple(row[trait] for trait in traits) for name, row in zip(seats, of.staff, strict=True)}


def duty(of: World, seats: Sequence[str]) -> set[tuple]:
    """Stretches of duty between breaks, by seat."""
    return {(seats[stretch["staff"]], stretch["start"], stretch["end"]) for stretch in of.duty_periods}


def test_one_more_person_changes_no_colleague_and_no_passenger():
    before, names = world()
    after, more = world(f"{SOCIAL}=3")
    old, new = people(before, names.staff), people(after, more.staff)
    assert set(old) < set(new)
    assert {name: new[name] for name in old} == old
    assert by_key(before.passengers) == by_key(after.passengers)
    assert same(before.spontaneous_posts, after.spontaneous_posts)


def test_one_more_person_moves_no_colleagues_breaks():
    before, names = world()
    after, more = world(f"{SOCIAL}=3")
    assert duty(before, names.staff) <= duty(after, more.staff)


def test_one_more_desk_changes_no_other_desks_people_and_no_passenger():
    before, names = world(
        "staffing.social_team.desks.paris_counter=null", "staffing.social_team.closed=[counter_paris]"
    )
    after, more = world()
    old, new = people(before, names.staff), people(after, more.staff)
    assert set(old) < set(new)
    assert {name: new[name] for name in old} == old
    assert duty(before, names.staff) <= duty(after, more.staff)
    assert by_key(before.passengers) == by_key(after.passengers)
    assert same(before.spontaneous_posts, after.spontaneous_posts)


# --- with capacity without end: no other outcome ---

PEOPLE = 400
ALIKE = (
    *(
        f"staff.{kind}.{trait}=0"
        for kind in ("call_center_agent", "counter_staff", "community_manager")
        for trait in ("speed_cv", "quality_spread", "novices")
    ),
    "disruption.instructions.waiver.misunderstood={value: 0 %, range: null, source: 'so that all understand it'}",
)
"""Nobody is slower or better than a colleague, or has misunderstood what is allowed: who answers makes no difference,
and one more passenger, who keeps somebody busy, leaves the others with other people but with the same outcome."""
UNHEARD = tuple(f"population.cohorts.{cohort}.feed=0" for cohort in FOLLOWING)
"""Nobody hears what others are told in public: who is answered first decides when it is visible to the feed."""
ONE_CONVERSATION = 2
"""Rows: a contact and its passenger. Who is answered again after the end of somebody's duty waits for a colleague, and
whose duty it was depends on who answered first.
"""
PLACES = {
    "passengers": ("open", "next_waiting", "medium_experience", "leader"),
    "cases": ("first_contact",),
    "contacts": (
        *("passenger", "number", "first_contact", "root", "staff", "staff_before", "child", "sibling", "desk"),
    ),
}
"""Columns that hold rows of other tables, which move when somebody is added: who it was, not what came of it."""


def endless(*overrides: str) -> Run:
    return ran("social_team", 5, *around_the_clock(PEOPLE), *seats_without_end(), *ALIKE, *UNHEARD, *overrides)


def outcomes(of: Run) -> dict[tuple[int, ...], bytes]:
    """What came of every passenger, of their cases with each operator, and of every contact and bystander's post.

    By key of the passenger, or of the contact.
    """
    world, operators = of.world, len(of.names.operators)
    keys = world.passengers["key"]
    contacts = world.contacts[: world.clock[0].contacts]
    tables = (
        ("passengers", world.passengers, [(int(key), 0) for key in keys]),
        ("cases", world.cases, [(int(key), 1, operator) for key in keys for operator in range(operators)]),
        ("contacts", contacts, [(int(key), 2) for key in contacts["key"]]),
    )
    found = {}
    for name, table, names in tables:
        columns = [column for column in table.dtype.names if column not in PLACES[name]]
        assert len(set(names)) == len(names) == len(table), f"{name} have no identity"
        found.update(zip(names, bits(table, columns), strict=True))
    return found


def changed(before: Run, after: Run) -> int:
    """How many rows of those who were there before are no longer the same."""
    old, new = outcomes(before), outcomes(after)
    return sum(new.get(key) != row for key, row in old.items())


def test_with_capacity_without_end_nobody_waits_in_a_queue():
    """Or the tests below would say nothing of capacity; and enough happens."""
    of = endless()
    assert of.world.ticks["backlog"].max() == 0
    table = of.world.contacts[: of.world.clock[0].contacts]
    staffed = table["outcome"][table["medium"] != Medium.WEB]
    assert (staffed == Outcome.ANSWERED).sum() > 10_000
    assert not np.isin(staffed, (Outcome.ABANDONED, Outcome.BLOCKED)).any()


@pytest.mark.parametrize("one_more", [f"{SEEKERS}.value=3502", f"{VISITORS}.value=4402"])
def test_with_capacity_without_end_one_more_passenger_changes_no_other_outcome(one_more):
    before, after = endless(), endless(one_more)
    newcomer = np.flatnonzero(~np.isin(after.world.passengers["key"], before.world.passengers["key"]))
    assert len(newcomer) == 1
    table = after.world.contacts[: after.world.clock[0].contacts]
    asked = table["medium"][table["passenger"] == newcomer[0]]
    assert (asked != Medium.WEB).any(), "the newcomer asks nobody"
    assert changed(before, after) == 0


def test_where_people_queue_that_passenger_does_change_others():
    """What the tests here look at can move: at the counter somebody has to wait."""
    assert changed(ran("social_team", 5), ran("social_team", 5, f"{VISITORS}.value=4402")) > 1000


@pytest.mark.parametrize("desk", ["paris_phone", "social"])
def test_with_capacity_without_end_one_more_person_changes_no_outcome(desk):
    before, after = endless(), endless(f"staffing.social_team.desks.{desk}.headcount={PEOPLE + 1}")
    assert len(after.names.staff) > len(before.names.staff)
    assert changed(before, after) <= ONE_CONVERSATION
    assert len(outcomes(after)) == len(outcomes(before))


def test_with_capacity_without_end_one_more_desk_changes_no_outcome():
    """Messages get people of their own, with the powers of those who have answered them so far."""
    before = endless()
    text = tokyo(*around_the_clock(PEOPLE), *seats_without_end(), *ALIKE, *UNHEARD).as_text()
    desks = text["staffing"]["social_team"]["desks"]
    desks["messages"] = {**desks["social"], "serves": ["messages"]}
    desks["social"]["serves"] = ["twitter"]
    after = run(validate(text), "social_team", 5)
    answered = after.world.contacts["desk"] == after.names.desks.index("messages")
    assert answered.any()
    assert changed(before, after) <= ONE_CONVERSATION
    assert len(outcomes(after)) == len(outcomes(before))
