"""Covering finds the best roster there is: by hand, by trying all of them, and where theory knows the gain."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest

from caresim.tasks.plan.covering import NoRosterError, Stretch, cover, shortfall_saved
from caresim.theory import erlang_a


def stretch(shifts, gains, least=0, most=99, fixed=0) -> Stretch:
    return Stretch(tuple(shifts), fixed, np.array(gains, dtype=float), least, most)


def gained(stretches, prices, people, budget=None) -> float:
    """What a roster gains, by the definition; minus infinity where it breaks a limit."""
    total = 0.0
    for one in stretches:
        there = one.fixed + sum(people[shift] for shift in one.shifts)
        room = max(one.most, one.fixed, one.least)
        if not one.least <= there <= room and one.shifts:
            return -math.inf
        total += float(one.gains[: min(there, len(one.gains))].sum())
    paid = float(np.dot(prices, people))
    if budget is not None:
        return total if paid <= budget + 1e-9 else -math.inf
    return total - paid


def test_hours_go_where_a_person_gains_most():
    """Two shifts of one hour each and three hours to spend."""
    stretches = [stretch([0], [5.0, 2.0, 1.0]), stretch([1], [4.0, 3.0, 0.5])]
    assert cover(stretches, np.ones(2), 3.0, most=9).tolist() == [1, 2]


def test_a_hidden_third_shift_is_not_counted_at_once():
    """Shifts of two stretches each that follow each other: as many at once as is allowed, and no fewer."""
    stretches = [stretch([s, s + 1], [1.0] * 6, most=6) for s in range(4)]
    people = cover(stretches, np.ones(5), 1e6, most=6)
    assert [people[s] + people[s + 1] for s in range(4)] == [6, 6, 6, 6]


def test_limits_are_kept_also_where_they_cost():
    stretches = [stretch([0, 1], [9.0], least=3, most=4), stretch([1], [1.0, 1.0], most=1, fixed=2)]
    people = cover(stretches, np.array([2.0, 1.0]), None, most=9)
    assert people[0] + people[1] == 3
    assert people[1] == 0  # the two who are fixed break the limit, and it is not made worse


def test_a_budget_that_does_not_pay_for_the_least_is_refused():
    with pytest.raises(NoRosterError):
        cover([stretch([0], [1.0], least=3)], np.array([8.0]), 16.0, most=9)


@pytest.mark.parametrize("seed", range(6))
def test_no_roster_of_a_small_instance_is_better(seed):
    random = np.random.default_rng(seed)
    gains = -np.sort(-random.exponential(size=(5, 4)), axis=1)
    stretches = [stretch([s for s in range(4) if s <= t < s + 2], gains[t], most=4) for t in range(5)]
    prices, budget = random.uniform(0.5, 2.0, 4), 6.0
    found = cover(stretches, prices, budget, most=4)
    best = max(gained(stretches, prices, people, budget) for people in itertools.product(range(5), repeat=4))
    assert gained(stretches, prices, found, budget) == pytest.approx(best, rel=2e-4)  # the solver's own gap


def test_the_cheapest_number_of_servers_of_a_queue_with_impatient_callers():
    """M/M/c+M: each lost call costs 3, each server 1 an hour; theory prices every number of servers."""
    rate, lost, wage = 12.0, 3.0, 1.0
    losses = [lost * rate] + [lost * rate * erlang_a(rate, 0.5, c, 0.2).abandonment for c in range(1, 15)]
    gains = -np.diff(losses)
    assert (np.diff(gains) <= 1e-9).all()
    cost = [loss + wage * c for c, loss in enumerate(losses)]
    (found,) = cover([stretch([0], gains)], np.array([wage]), None, most=14)
    assert cost[found] == pytest.approx(min(cost), rel=1e-4)
    assert found == int(np.argmin(cost))


def test_a_day_of_a_call_centre_in_shifts():
    """13 intervals and shifts of five that begin at the 1st, 3rd, 6th and 9th (Koole & van der Sluis 2003), with
    abandonment by Erlang A in each: no roster of up to eight a shift is better for the same number of people.
    """
    rates = (3.0, 5.0, 8.0, 10.0, 9.0, 7.0, 8.0, 10.0, 11.0, 9.0, 6.0, 4.0, 3.0)
    starts, length, number = (0, 2, 5, 8), 5, 18
    stretches = []
    for interval, rate in enumerate(rates):
        lost = [rate] + [rate * erlang_a(rate, 0.5, c, 0.3).abandonment for c in range(1, 17)]
        shifts = [s for s, start in enumerate(starts) if start <= interval < start + length]
        stretches.append(stretch(shifts, -np.diff(lost)))
    prices = np.ones(4)
    found = cover(stretches, prices, float(number), most=8)
    rosters = (people for people in itertools.product(range(9), repeat=4) if sum(people) == number)
    best = max(gained(stretches, prices, people, float(number)) for people in rosters)
    assert gained(stretches, prices, found, float(number)) == pytest.approx(best, rel=2e-4)


def test_the_textbook_airline_has_its_known_optimum():
    """Union Airways (Hillier & Lieberman, Introduction to Operations Research): 30,610 a day."""
    shifts = [(6, 14), (8, 16), (12, 20), (16, 24), (22, 30)]
    prices = np.array([170.0, 160.0, 175.0, 180.0, 195.0])
    needed = {6: 48, 8: 79, 10: 65, 12: 87, 14: 64, 16: 73, 18: 82, 20: 43, 22: 52, 24: 15}
    stretches = [
        stretch([s for s, (start, end) in enumerate(shifts) if start <= hour < end], [0.0], least=number, most=200)
        for hour, number in needed.items()
    ]
    people = cover(stretches, prices, None, most=200)
    assert people.tolist() == [48, 31, 39, 43, 15]
    assert prices @ people == 30_610


def test_what_people_save_is_the_work_that_would_find_nobody():
    """Against the integral of the normal law; all of the work, once there are people enough."""
    load, worth, minutes = np.array([6.0]), np.array([0.5]), np.array([30.0])
    saved = shortfall_saved(load, worth, minutes, on_duty=0.7, roots=1.0, most=60)
    assert (np.diff(saved[0]) <= 1e-12).all()
    work = np.linspace(-20.0, 40.0, 600_001)
    density = np.exp(-0.5 * (work - 6.0) ** 2 / 6.0) / math.sqrt(2.0 * math.pi * 6.0)
    short = [np.trapezoid(np.maximum(work - 0.7 * people, 0.0) * density, work) for people in (0, 5)]
    assert saved[0, :5].sum() == pytest.approx(15.0 * (short[0] - short[1]), rel=1e-6)
    assert saved[0].sum() == pytest.approx(15.0 * short[0], rel=1e-6)
