"""Measures of stylised facts, counted by hand on worlds of a few people. START is 06:46 in Paris."""

from __future__ import annotations

import math

import numpy as np
import pytest

from caresim.config.errors import BadInput
from caresim.measure.sample import Sample
from caresim.model.codes import NOBODY, Outcome, Status
from caresim.model.media import Medium
from caresim.tasks.backtest.stylised import MEASURES
from caresim.tasks.backtest.stylised.arrivals import fitted_half_life

EXACT = pytest.approx
"""Counts and sums of a few numbers: nothing but rounding may differ (pytest's default, one part in a million)."""


def value(world, measure, **settings):
    return MEASURES[measure]([Sample(world.run())], **settings)


@pytest.fixture
def posts(small):
    """Replies after 2, 10 and 400 min and never; the second author reminds after 5 min."""
    for k, (arrival, wait) in enumerate([(0.0, 2.0), (20.0, 10.0), (860.0, 400.0), (100.0, None)]):
        person = small.passenger()
        told = {} if wait is None else {"reply": arrival + wait}
        small.contact(
            person, arrival, posts=2 if k == 1 else 1, posted=arrival + (5 if k == 1 else 0), in_hours=k != 2, **told
        )
    return small


def test_response_times_are_those_of_the_answered(posts) -> None:
    assert value(posts, "response_quantile", at=0.5) == 10.0
    assert value(posts, "answered_within", within=60.0) == EXACT(2 / 3)
    assert value(posts, "posts_answered_within", within=60.0) == EXACT(2 / 4)
    assert value(posts, "answered_later", than=360.0) == EXACT(1 / 3)
    assert value(posts, "mean_response_within", within=60.0) == EXACT(6.0)
    assert value(posts, "response_mean_over_median") == EXACT(412 / 3 / 10)
    assert value(posts, "response_quantile_ratio", upper=1.0, lower=0.5) == EXACT(40.0)
    assert value(posts, "response_log_spread") == EXACT(np.std(np.log([2, 10, 400]), ddof=1))


def test_a_late_reply_counts_as_outsiders_see_it(small) -> None:
    small.contact(small.passenger(), 0.0, reply=30.0, outcome=Outcome.TOO_LATE)
    assert value(small, "response_quantile", at=0.5) == 30.0


def test_later_posts_are_those_from_an_hour_on_last_over_first(small) -> None:
    """Bins of half an hour: 3 and 5 posts in the third hour, 8 and 2 before it, which do not count."""

    def posting(before, after):
        world = type(small)()
        world.ticks = [
            {"time": 30.0 * (k + 1), "bystander_posts": count} for k, count in enumerate([before, 0, 0, 0, after, 0])
        ]
        return Sample(world.run())

    samples = [posting(8, 5), posting(100, 9), posting(2, 3)]
    assert MEASURES["later_posts_last_over_first"](samples, of="bystander_posts", since=120.0) == EXACT(3 / 5)


def test_a_measure_of_an_experiments_own_observation_names_it(small) -> None:
    run = small.run()
    run.experiment.observations = {}
    with pytest.raises(BadInput, match="unknown observation"):
        MEASURES["observed"]([Sample(run)], name="first_reply")


def test_hours_are_those_of_the_local_clock(posts) -> None:
    """Posted at 06:46, 07:06, 08:26 and 21:06 in Paris."""
    hours = {"opens": 420.0, "closes": 1260.0}
    assert value(posts, "response_quantile", at=0.5, when="within", **hours) == 10.0
    assert value(posts, "answered_within", within=60.0, when="outside", **hours) == EXACT(1 / 2)
    assert value(posts, "night_over_day", **hours) == EXACT((2 + 400) / 2 / 10)


def test_a_time_of_day_that_does_not_exist_is_refused(posts) -> None:
    with pytest.raises(BadInput, match=r"withn.*did you mean within"):
        value(posts, "response_quantile", at=0.5, when="withn")


def test_two_staffing_models_are_compared_last_less_first(small, posts) -> None:
    slow, quick = Sample(posts.run()), Sample(type(small)().run())
    assert math.isnan(MEASURES["change_in_answered_later"]([slow, quick], than=360.0))
    assert MEASURES["change_in_answered_later"]([slow, slow], than=360.0) == 0.0
    quick = type(small)()
    quick.contact(quick.passenger(), 0.0, reply=1.0)
    assert MEASURES["change_in_answered_later"]([slow, Sample(quick.run())], than=360.0) == EXACT(-1 / 3)


def test_what_is_posted_while_closed_waits_for_the_next_turn(posts) -> None:
    run = posts.run()
    turns = np.zeros(3, dtype=[("start", "f8"), ("first", "i4"), ("heads", "i4")])
    turns["start"], turns["heads"] = (0.0, 880.0, 870.0), (1, 1, 0)  # nobody comes at 870
    run.world.shift_instances = turns
    run.world.staff = np.zeros(1, dtype=[("desk", "i4"), ("kind", "i1")])
    run.world.staff["desk"] = 2
    assert MEASURES["posted_while_closed"]([Sample(run)]) == EXACT(1 / 4)
    assert MEASURES["wait_to_opening"]([Sample(run)]) == EXACT(20.0)


def test_replies_on_a_day_are_of_posts_of_that_day(small) -> None:
    """The start is 06:46 on the 11th in Paris, so midnight comes after 1,034 min; the window ends at 1,000."""
    for arrival, reply in ((0.0, 10.0), (990.0, 1100.0)):
        small.contact(small.passenger(), arrival, reply=reply)
    assert value(small, "replied_on_the_day", day="2011-03-11") == EXACT(1 / 2)
    assert math.isnan(value(small, "replied_on_the_day", day="2011-03-12"))


def test_replies_a_post_count_reminders_and_jokes(posts) -> None:
    posts.contact(NOBODY, 3.0)
    assert value(posts, "replies_a_post") == EXACT(3 / (1 + 2 + 1 + 1 + 1))


def test_authors_are_people(posts) -> None:
    posts.contact(0, 40.0, posted=40.0)  # the first author has another matter
    assert value(posts, "posts_an_author") == EXACT(6 / 4)
    assert value(posts, "single_posts") == EXACT(2 / 4)
    assert value(posts, "share_of_the_busiest", busiest=0.25) == EXACT(2 / 6)
    assert value(posts, "repeat_gap", at=1.0) == 40.0  # 0 -> 40; and 5, a reminder
    assert value(posts, "repeats_within", within=5.0) == EXACT(1 / 2)


def test_who_posts_after_a_failed_call_called_before(small) -> None:
    before, after, neither = (small.passenger() for _ in range(3))
    small.contact(before, 0.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=9.0)
    small.contact(before, 10.0)
    small.contact(after, 10.0)
    small.contact(after, 20.0, Medium.PHONE, outcome=Outcome.BLOCKED, closed=20.0)
    small.contact(neither, 10.0)
    assert value(small, "posted_after_a_failed_call") == EXACT(1 / 3)


def test_redials_are_the_next_call_of_the_same_person_soon_enough(small) -> None:
    for gap in (19.0, 61.0, None):
        person = small.passenger()
        small.contact(person, 0.0, Medium.PHONE, outcome=Outcome.ABANDONED, closed=10.0)
        if gap is not None:
            small.contact(person, 10.0 + gap, Medium.PHONE, reply=11.0 + gap)
    assert value(small, "redialled_within", within=60.0) == EXACT(1 / 3)


def test_abandonment_on_a_line_through_nought_gives_the_mean_patience_back(small) -> None:
    """Four hours in which a tenth to four tenths of ten calls hang up, and the mean wait is ten times that share."""
    for hour in range(4):
        for k in range(10):
            wait, gone = hour + 1.0, k <= hour
            end = {"outcome": Outcome.ABANDONED, "closed": 60 * hour + wait} if gone else {"reply": 60 * hour + wait}
            small.contact(small.passenger(), 60.0 * hour, Medium.PHONE, **end)
    assert value(small, "wait_abandonment_correlation", least=10) == EXACT(1.0)
    assert value(small, "implied_over_mean_patience", least=10) == EXACT(1.0)
    assert math.isnan(value(small, "wait_abandonment_correlation", least=11))


def test_lognormal_handling_has_no_skewness_in_the_logarithm(small) -> None:
    for log in (-1.0, 0.0, 1.0):
        small.contact(small.passenger(), 0.0, Medium.PHONE, reply=1.0, handle=math.exp(log))
    small.contact(small.passenger(), 0.0, Medium.PHONE, reply=1.0, handle=500.0)  # longer than is counted
    assert value(small, "handling_log_spread", shortest=0.1, longest=60.0) == EXACT(1.0)
    assert value(small, "handling_log_skewness", shortest=0.1, longest=60.0) == EXACT(0.0, abs=1e-12)


def test_posts_and_calls_of_a_crisis(small) -> None:
    small.contact(small.passenger(party=2), 0.0, posts=3)
    small.contact(small.passenger(party=2), 0.0, Medium.PHONE)
    small.contact(small.passenger(party=1), 0.0, Medium.PHONE)
    small.contact(small.passenger(party=7, ordinary=True), 0.0, posts=5)
    small.contact(NOBODY, 0.0)
    assert value(small, "posts_a_call") == EXACT((3 + 1) / 2)
    assert value(small, "calls_a_person") == EXACT(2 / 5)


@pytest.mark.parametrize("half_life", [60.0, 111.0, 3120.0])
def test_a_half_life_is_found_again(half_life) -> None:
    counts = 1000.0 * 0.5 ** (60.0 * np.arange(40) / half_life)
    assert fitted_half_life(counts) == EXACT(half_life)


def test_what_grows_has_no_half_life() -> None:
    assert fitted_half_life(np.arange(1.0, 10.0)) == math.inf
    assert math.isnan(fitted_half_life(np.array([4.0, 0.0, 0.0])))


def test_bursts_are_laid_on_top_of_each_other(small) -> None:
    """Two jokes that set off 8, 4, 2 posts in the hours after: they halve every hour."""
    for start in (0.0, 300.0):
        root = small.contact(NOBODY, start)
        for hour, many in enumerate((8, 4, 2)):
            for _ in range(many):
                small.contact(NOBODY, start + 60.0 * hour + 30.0, first_contact=root)
    assert value(small, "burst_half_life", lasting=180.0) == EXACT(60.0)


def hours(small, counts, window):
    small.window = window
    small.ticks = [{"time": 30.0 * (k + 1), "posts": n} for k, n in enumerate(counts)]
    return small


def test_hourly_counts_are_of_whole_hours(small) -> None:
    world = hours(small, [1, 2, 5, 0, 3, 4], 180.0)
    counts = np.array([3.0, 5.0, 7.0])
    assert value(world, "dispersion", of="posts") == EXACT(counts.var(ddof=1) / counts.mean())
    assert value(world, "autocorrelation", of="posts") == EXACT(1.0)
    with pytest.raises(BadInput, match="allowed: posts"):
        value(world, "dispersion", of="mood")


def test_dispersion_within_hours_leaves_out_the_course_of_the_day(small) -> None:
    day = [10 * (k % 24) for k in range(48)]
    world = hours(small, [*day, *day], 2880.0)
    assert value(world, "dispersion", of="posts") > 10
    assert value(world, "dispersion_within_hours", of="posts") == 0.0


def test_resolved_within_counts_everybody_with_a_need(small) -> None:
    for resolved in (100.0, 900.0):
        small.passenger(status=Status.RESOLVED, resolved=resolved)
    small.passenger()
    small.passenger(status=Status.GAVE_UP, resolved=100.0)  # a promise kept when all was lost
    assert value(small, "resolved_within", within=500.0) == EXACT(1 / 4)


def test_a_metric_of_the_registry_is_a_measure_and_no_other_word(posts) -> None:
    assert value(posts, "metric", name="social_requests") == 4.0
    assert value(posts, "lowest_over_highest", name="social_requests") == 1.0
    with pytest.raises(BadInput, match="unknown metric"):
        value(posts, "metric", name="social_request")
