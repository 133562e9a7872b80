"""Metrics of persons, of ordinary customers and of unevenness, in small worlds whose values are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.measure.between_people import BetweenPeople
from caresim.measure.metrics import measure
from caresim.model.codes import Kind, Outcome, Result, Status
from caresim.model.media import Medium
from caresim.model.needs import Need
from caresim.model.records import NEEDS

PHONE, COUNTER, PUBLIC, PRIVATE, WEB = range(5)
"""Channels of a small world."""


def whose_first_choice_is(small, channel: int):
    """The run, where all would turn to one channel first."""
    run = small.run()
    run.world.channels["offered"] = 1
    run.world.cohorts["taste"] = -np.inf
    run.world.cohorts["taste"][:, channel] = 0.0
    return run


# --- first choice ---


def test_who_was_answered_anywhere_by_a_person_counts_where_they_first_turned_to(small) -> None:
    seat, machine = small.person(0, 0, 500), small.person(0, 0, 500, kind=Kind.ASSISTANT)
    soon, late, elsewhere, by_machine, nobody, ordinary = (small.passenger(affected=100.0) for _ in range(6))
    small.passengers[ordinary]["ordinary"] = 1
    small.passengers[nobody]["status"] = Status.RESOLVED
    small.cases[nobody]["resolved"] = 130.0
    small.contact(soon, 101.0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=101.0)  # a busy tone, and a redial
    small.contact(soon, 110.0, Medium.PHONE, reply=114.0, staff=seat)
    small.contact(late, 101.0, Medium.PHONE, reply=161.0, staff=seat)
    small.contact(elsewhere, 105.0, Medium.PRIVATE, reply=160.0, staff=seat)
    small.contact(by_machine, 105.0, Medium.PHONE, reply=106.0, staff=machine, result=Result.SOLVED)
    small.contact(ordinary, 100.0, Medium.PHONE, reply=101.0, staff=seat)
    found = measure(whose_first_choice_is(small, PHONE))
    assert found["phone_first_15"] == pytest.approx(1 / 5, abs=1e-12)
    assert found["phone_first_60"] == pytest.approx(2 / 5, abs=1e-12)
    assert found["phone_first_settled_60"] == pytest.approx(1 / 5, abs=1e-12)  # by something else than a person
    assert math.isnan(found["counter_first_60"])
    assert math.isnan(found["social_first_60"])


@pytest.mark.parametrize(("channel", "group"), [(COUNTER, "counter"), (PUBLIC, "social"), (PRIVATE, "social")])
def test_each_group_of_media_has_those_who_would_first_turn_to_it(small, channel, group) -> None:
    seat = small.person(2, 0, 500)
    small.contact(small.passenger(), 5.0, Medium.PRIVATE, reply=30.0, staff=seat)
    small.passenger()
    found = measure(whose_first_choice_is(small, channel))
    assert found[f"{group}_first_60"] == 0.5
    assert [name for name in ("phone", "counter", "social") if not math.isnan(found[f"{name}_first_60"])] == [group]


def test_who_prefers_the_website_is_nobodys_first_choice_and_a_language_that_is_not_spoken_leaves_the_next_best(small):
    small.passenger()
    run = whose_first_choice_is(small, WEB)
    assert all(math.isnan(measure(run)[f"{name}_first_60"]) for name in ("phone", "counter", "social"))
    run.world.cohorts["taste"][:, COUNTER] = -50.0
    run.world.channels["offered"][WEB] = 2
    assert measure(run)["counter_first_60"] == 0.0


# --- resolved ---


def test_needs_that_depend_on_seats_stand_apart(small) -> None:
    resolved = {"status": Status.RESOLVED}
    small.passenger(need=Need.REBOOKING, resolved=1500.0, affected=10.0, **resolved)  # after more than a day
    small.passenger(need=Need.REBOOKING, resolved=1450.0, affected=10.0, **resolved)
    small.passenger(need=Need.REBOOKING, status=Status.MISSED, deadline=300.0)
    small.passenger(need=Need.REBOOKING)
    small.passenger(need=Need.REFUND, resolved=20.0, **resolved)
    small.passenger(need=Need.INFORMATION, status=Status.GAVE_UP)
    small.passenger(need=Need.REBOOKING, status=Status.NO_NEED)
    found = measure(small.run())
    assert found["resolved_in_time"] == found["resolved"] == 0.5
    assert (found["resolved_in_time_seats"], found["resolved_in_time_other"]) == (0.5, 0.5)
    assert found["resolved_24h"] == pytest.approx(2 / 6, abs=1e-12)
    assert (found["resolved_24h_seats"], found["resolved_24h_other"]) == (0.25, 0.5)


def test_a_day_that_was_not_seen_to_its_end_is_missing_and_what_was_resolved_in_time_is_not(small) -> None:
    small.passenger(status=Status.RESOLVED, resolved=20.0)
    small.end = small.window + 1439.0
    found = measure(small.run())
    assert all(math.isnan(found[name]) for name in ("resolved_24h", "resolved_24h_other"))
    assert found["resolved_in_time"] == 1.0


# --- ordinary customers ---


def test_ordinary_customers_who_hang_up_are_those_who_had_a_line(small) -> None:
    seat = small.person(0, 0, 500)
    customers = [small.passenger(ordinary=True, affected=float(k)) for k in range(4)]
    before, crisis = small.passenger(ordinary=True, affected=-20.0), small.passenger()
    small.contact(customers[0], 0.0, Medium.PHONE, reply=1.0, staff=seat)
    small.contact(customers[1], 1.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=4.0)
    small.contact(customers[2], 2.0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=2.0)
    small.contact(customers[2], 3.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=9.0)  # the redial
    small.contact(customers[3], 3.0, Medium.PRIVATE, outcome=Outcome.NEVER_ANSWERED, abandoned_silently_at=9.0)
    small.contact(before, -20.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=-10.0)
    small.contact(crisis, 5.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=9.0)
    small.contact(-1, 5.0, Medium.PUBLIC)
    assert measure(small.run())["ordinary_abandonment"] == pytest.approx(2 / 3, abs=1e-12)


def test_nobody_hangs_up_where_nobody_calls(small) -> None:
    small.contact(small.passenger(ordinary=True), 0.0, Medium.PRIVATE)
    assert math.isnan(measure(small.run())["ordinary_abandonment"])


# --- unevenness ---


def test_bad_answers_are_wrong_empty_again_or_of_somebody_who_answers_badly(small) -> None:
    good, bad = small.person(2, 0, 500, quality=0.3), small.person(2, 0, 500, quality=0.29)

    def answered(i: int, result: Result, staff: int = good, **fields) -> None:
        small.contact(i, 1.0, reply=5.0, result=result, staff=staff, **fields)

    one, two, three = (small.passenger() for _ in range(3))
    answered(one, Result.EMPTY)  # the first: no news yet
    answered(one, Result.EMPTY)  # bad
    answered(two, Result.WRONG)  # bad
    answered(two, Result.SOLVED, staff=bad)  # bad
    answered(three, Result.EMPTY, exchanges=2)  # bad: the second reply of one conversation
    answered(two, Result.REFUSED)  # bad: the desk may, and the person does not know it
    answered(two, Result.NOT_YET)  # nobody may yet
    answered(three, Result.EMPTY, abandoned_silently_at=4.5)  # nobody heard that
    answered(three, Result.INFORMED)
    answered(three, Result.EMPTY, outcome=Outcome.TOO_LATE)  # no answer at all
    answered(small.passenger(ordinary=True), Result.SOLVED, staff=bad)  # of any other day
    assert measure(small.run())["bad_answers"] == pytest.approx(5 / 9, abs=1e-12)


def test_a_case_is_of_the_person_who_answered_it_first(small) -> None:
    """Marks 4, 4 for one and 2, 2 for the other: between 4, within 0, two each: variance 4 / 2 = 2."""
    one, other = small.person(2, 0, 500), small.person(2, 0, 500)
    for staff, mark in ((one, 4.0), (one, 4.0), (other, 2.0), (other, 2.0)):
        i = small.passenger(satisfaction=mark)
        small.contact(i, 1.0, reply=50.0, staff=one + other - staff)
        small.contact(i, 2.0, reply=40.0, staff=staff)
    small.passenger(satisfaction=1.0)  # nobody answered
    assert measure(small.run())["agent_sd"] == pytest.approx(math.sqrt(2.0), abs=1e-12)


def test_chance_is_taken_off_the_spread_of_means() -> None:
    """People who all answer alike: their means differ by chance, and nothing is left of it on average."""
    draws = np.random.default_rng(7)
    people, each, spread = 40, 25, 0.3
    alike, unequal = [], []
    for _ in range(200):
        person = np.repeat(np.arange(people, dtype=np.int32), each)
        noise = draws.normal(3.0, 0.8, people * each)
        for found, marks in ((alike, noise), (unequal, noise + np.repeat(draws.normal(0, spread, people), each))):
            between = BetweenPeople(people, 3.0)
            between.add(person[:500], marks[:500])
            between.add(person[500:], marks[500:])
            found.append(between.deviation() ** 2)
    # Variance of the estimate between: 2 (s_b^2 + s_w^2 / n)^2 / (people - 1) at most, by chi-square; four errors of
    # the mean of 200, of which the negative half is cut off where nobody differs.
    error = math.sqrt(2 / (people - 1)) * (spread**2 + 0.64 / each) / math.sqrt(200)
    assert np.mean(unequal) == pytest.approx(spread**2, abs=4 * error)
    assert np.mean(alike) < 0.64 / each / 4, "the spread of means by chance alone is 0.64 / 25"


def test_one_person_or_one_mark_each_says_nothing_of_a_spread() -> None:
    for person in ([0, 0, 0], [0, 1, 2]):
        between = BetweenPeople(3, 3.0)
        between.add(np.array(person, dtype=np.int32), np.array([1.0, 2.0, 3.0]))
        assert math.isnan(between.deviation())


# --- overload at its worst ---


def test_overload_at_its_worst_is_of_four_staffed_hours_in_a_row(small) -> None:
    """On duty 1:00-6:00: hours 1-4 have 40 min of work to 240, hours 2-5 have 90; what comes at 0:30 has no hour."""
    seat = small.person(2, 60, 360)
    small.person(0, 300, 540)
    caller = {"medium": Medium.PUBLIC, "need": Need.INFORMATION, "staff": seat, "handle": 10.0, "exchanges": 1}
    for arrival in (30.0, *range(70, 74), *range(310, 319)):
        small.contact(small.passenger(), float(arrival), reply=arrival + 20.0, closed=arrival + 20.0, **caller)
    found = measure(small.run())
    assert found["overload_social_peak"] == pytest.approx(90 / 240, abs=1e-12)
    assert found["overload_social"] == pytest.approx(140 / 300, abs=1e-12)
    # All desks: of 2-5, 90 to 240 + 60; of 1-4, 40 to 240.
    assert found["overload_peak"] == pytest.approx(90 / 300, abs=1e-12)


def test_requests_that_come_when_nobody_is_there_are_a_share_of_all(small) -> None:
    i = small.passenger()
    for in_hours in (1, 0, 0):
        small.contact(i, 5.0, Medium.PRIVATE, in_hours=in_hours)
    small.contact(i, 5.0, Medium.WEB)
    small.contact(small.passenger(ordinary=True), 5.0, Medium.PRIVATE)
    assert measure(small.run())["closed_share"] == pytest.approx(2 / 3, abs=1e-12)


def test_three_staffed_hours_have_no_worst_four(small) -> None:
    small.person(2, 0, 180)
    run = small.run()
    run.world.desks["handle"][2, Medium.PUBLIC * NEEDS] = 5.0
    assert math.isnan(measure(run)["overload_social_peak"])
