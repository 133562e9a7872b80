"""The engine against the formulas: what `experiment=queue` simulates is what `caresim.theory` says.

Intervals hold all together with 99.9 % (Bonferroni over all comparisons that this file makes, Student's quantile over
independent replications). docs/verification.md shows the same cases at ten times the size. Comparisons that would say
little at the size of a test are left to it (short.py), and the others share the error rate.
"""

from __future__ import annotations

import pytest
from tests.support.theory.cases import all_cases, comparisons, judge, simulate
from tests.support.theory.rows import MEASURES, Rows
from tests.support.theory.short import TELLING, short_cases
from tests.support.theory.transient import day
from tests.support.theory.verdicts import contradictions

import caresim
from caresim import theory

CASES, LEFT_OUT = short_cases()
IDS = [case.name for case in CASES]
FEW = 10
"""Comparisons that may be left to the long run. (It was 9 of 178.)"""
MILLIONS = 10
"""Fewer calls than that and the intervals say little."""


@pytest.fixture(scope="module")
def measured():
    return simulate(CASES)


@pytest.mark.parametrize("number", range(len(CASES)), ids=IDS)
def test_simulation_is_what_theory_says(measured, number):
    verdicts = judge(CASES[number : number + 1], measured[number : number + 1], among=comparisons(CASES))
    assert len(verdicts) == len(CASES[number].theory) > 0
    assert contradictions(verdicts) == []


def test_hardly_anything_is_left_to_the_long_run():
    """And no kind of queue: each has a comparison here."""
    assert len(LEFT_OUT) <= FEW
    assert {case.family.partition(",")[0] for case in CASES} == {case.family.partition(",")[0] for case in all_cases()}


def test_what_is_compared_says_something(measured):
    """Half-widths as they are: those foreseen are themselves estimates, of 32 replications' spread to an eighth.

    1 / sqrt(2 x 31) = 13 %, three times that: 1.4 times what was foreseen at most.
    """
    widths = [verdict.noticed for verdict in judge(CASES, measured) if verdict.theory]
    assert max(widths) <= 1.4 * TELLING


@pytest.mark.parametrize("case", [case for case in all_cases() if case.until is None], ids=lambda case: case.name)
def test_lines_settle_before_anything_is_measured(case):
    """What is left of the empty beginning: exp(-4.5) = 1 % of it, at the very start of the window only."""
    assert case.warm_up >= 4.5 * case.memory


def test_there_were_millions_of_calls(measured):
    assert sum(calls for calls, _ in measured) > MILLIONS * 1_000_000


def test_measures_are_what_the_results_report():
    """The registry's metrics of a run, which users see, are the very ratios that are compared with theory."""
    experiment = caresim.load(
        "experiment=queue", "replications=1", "queue.customers=3000", "queue.capacity=14", "queue.arrival_rate=12"
    )
    outcome = caresim.simulate(experiment)
    rows = Rows(outcome.run)
    for measure, metric, unit in (
        ("abandonment", "phone_abandonment", 1),
        ("ASA", "phone_asa", 60),
        ("service level, short abandonment left out", "phone_service_level", 1),
        ("blocking", "phone_blocked_share", 1),
        ("occupancy", "occupancy", 1),
    ):
        upper, lower = MEASURES[measure](rows)
        # 1e-12: sums of thousands of 64-bit numbers in another order.
        assert outcome.metrics[metric] == pytest.approx(unit * upper / lower, rel=1e-12), measure


@pytest.mark.parametrize(
    ("patience", "line"), [(float("inf"), theory.erlang_c(4.2, 2, 12)), (1, theory.erlang_a(4.2, 2, 12, 1))]
)
def test_a_long_day_is_the_settled_line(patience, line):
    """The yardstick of the days from empty: after 10^6 minutes it is the formula of the settled line.

    What the empty beginning leaves of it is its loss of some ten minutes in 10^6: 1e-4 of any number at most.
    """
    found = day(4.2, 2, 12, patience, 1e6)
    assert found["P(wait)"] == pytest.approx(line.probability_of_wait, rel=1e-4)
    assert found["abandonment"] == pytest.approx(line.abandonment, rel=1e-4)
    assert found["ASA"] == pytest.approx(line.asa, rel=1e-4)
    assert found["service level"] == pytest.approx(line.service_level(1 / 3), rel=1e-4)
    assert found["occupancy"] == pytest.approx(line.occupancy, rel=1e-4)


PUBLISHED = {
    ("M/M/12, 480 min from empty", "service level"): (0.902, 0.002),
    ("M/M/12, 480 min from empty", "ASA"): (0.099, 0.0025),
    ("M/M/12, 480 min from empty", "occupancy"): (0.695, 0.0),
    ("M/M/12+M, patience 1 min, 480 min from empty", "abandonment"): (58.61 / 2016, 0.95 / 2016),
    ("M/M/12+M, patience 1 min, 480 min from empty", "ASA"): (0.024, 0.0),
    ("M/M/12+M, patience 1 min, 480 min from empty", "occupancy"): (0.675, 0.0),
}
"""Means and half-widths over 1,000 simulated days, as the ContactCenters library prints them (MMC.res, MMCAb.res).

The level of the half-widths is taken to be 95 %, as is usual. Its 58.61 abandoned calls a day are of 4.2 x 480 = 2,016.
"""
ROUNDING = {"service level": 0.0005, "occupancy": 0.0005 + 0.0025, "ASA": 0.0005, "abandonment": 0.0}
"""Half of the last printed digit; for occupancy, which comes without a half-width, also our own of 1,280 days."""


@pytest.mark.parametrize(("case", "measure"), PUBLISHED)
def test_a_published_simulation_found_the_same(case, measure):
    """Its half-widths, widened to the 99.9 % that this file works at (3.29 / 1.96)."""
    mean, half_width = PUBLISHED[case, measure]
    exact = next(known for known in all_cases() if known.name == case).theory[measure]
    assert abs(exact - mean) <= half_width * 3.29 / 1.96 + ROUNDING[measure]
