"""The comparison can fail: a load, a service or a rule that is a little off is refused, with the same intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.support.theory.cases import all_cases, comparisons, judge, of_line, simulate, words
from tests.support.theory.short import short_cases
from tests.support.theory.verdicts import FALSE_ALARMS, Verdict, contradictions, interval, quantile

from caresim import theory

CASES = {case.name: case for case in all_cases() if not case.long}
SHARED = comparisons(short_cases()[0])
"""The error rate is shared by as many comparisons as in the real suite: nothing is made easier to refuse."""


def refused(case, times: int = 1) -> set[str]:
    """The measures of the case that its simulation contradicts."""
    verdicts = judge([case], simulate([case], times), among=SHARED)
    return {verdict.measure for verdict in verdicts if not verdict.agrees}


def test_ten_people_at_ninety_five_percent_are_not_ten_at_ninety_nine():
    case = CASES["M/M/10, 9.5 Erlang"]
    wrong = replace(case, theory=of_line(theory.erlang_c(9.9, 1, 10), *case.theory))
    assert refused(wrong) == set(case.theory)


def test_one_person_less_is_noticed():
    case = CASES["M/M/10+M, 9.5 Erlang, patience 5 min"]
    assert refused(replace(case, words={**case.words, "servers": 9})) >= {
        "P(wait)",
        "abandonment",
        "ASA",
        "service level",
    }


def test_handling_that_takes_one_percent_longer_is_noticed():
    """By occupancy, with 64 x 30,000 calls: the sharpest number there is of a slower engine."""
    case = CASES["M/M/10+M, 7 Erlang, patience 5 min"]
    slow = replace(case, words={**case.words, "service_mean": 1.01, "customers": 30_000})
    assert "occupancy" in refused(slow, times=2)


def test_one_line_less_is_noticed():
    case = CASES["M/M/10/15, 11 Erlang"]
    assert "blocking" in refused(replace(case, words={**case.words, "capacity": 14}))


def test_another_distribution_of_the_same_mean_is_noticed():
    case = CASES["M/G/1, load 0.8, lognormal service, cv 1.4"]
    assert refused(replace(case, words={**case.words, "service_cv": 1.0})) == {"mean wait"}


def test_redials_after_a_minute_are_not_the_limit_of_long_pauses():
    """What docs/theory.md warns of: they meet the congestion that they fled from."""
    case = CASES["M/M/10+M, 12 fresh Erlang, patience 2 min, 50% redial"]
    assert "P(wait)" in refused(replace(case, words={**case.words, "redial_gap": 1}))


def test_a_right_suite_raises_the_alarm_as_seldom_as_it_says():
    """On numbers whose truth is known: 30 comparisons, 32 replications, 20,000 suites at a false-alarm rate of 5 %.

    0.05 +- 0.0051 is the 99.9 % interval of a binomial of 20,000.
    """
    rng = np.random.default_rng(20260101)
    suites, numbers, replications = 20_000, 30, 32
    factor = quantile(numbers * FALSE_ALARMS / 0.05, replications)
    drawn = rng.normal(3.0, 1.0, (suites, numbers, replications)).astype(np.float32)
    off = np.abs(drawn.mean(2) - 3.0) > factor * drawn.std(2, ddof=1) / replications**0.5
    assert abs(off.any(axis=1).mean() - (1 - (1 - 0.05 / numbers) ** numbers)) < 0.0051


def test_intervals_are_of_independent_replications():
    """By hand: ratios of sums, the spread of what each replication contributes, Student's quantile."""
    pairs = [(1.0, 2.0), (2.0, 2.0), (3.0, 2.0)]
    ratio, half_width = interval(pairs, 2.0)
    assert ratio == 1.0
    assert half_width == pytest.approx(2.0 * (1.0 / 3**0.5) / 2.0)
    # Student's 97.5 % quantile with 9 degrees of freedom, as tables print it.
    assert quantile(1, 10) > quantile(FALSE_ALARMS / 0.05, 10) == pytest.approx(2.262, abs=5e-4)


def test_replications_that_say_the_same_have_no_interval():
    with pytest.raises(ValueError, match="nothing to make an interval of"):
        interval([(1.0, 2.0), (1.0, 2.0)], 2.0)


def test_what_disagrees_is_told():
    assert contradictions([Verdict("M/M/1", "P(wait)", 0.8, 0.7, 0.05), Verdict("M/M/1", "ASA", 4, 4.1, 0.2)]) == [
        "M/M/1: P(wait) is 0.8 in theory, 0.7 +- 0.05 in simulation: CONTRADICTION"
    ]


def test_queue_words_are_those_of_the_experiment():
    """A misspelt key would be refused, not ignored."""
    from caresim import BadInput

    case = replace(CASES["M/M/10, 7 Erlang"], words={**words(7, 10, service_mean=1), "severs": 9})
    with pytest.raises(BadInput):
        simulate([case])
