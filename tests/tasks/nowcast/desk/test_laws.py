"""Laws of replies in which posts that wait count: by hand, and drawn given how long a post has waited."""

from __future__ import annotations

import numpy as np
import pytest

from caresim.tasks.nowcast.desk.laws import Law, chance_left, law_of

NAN = np.nan


def test_where_every_post_is_answered_each_time_is_as_likely() -> None:
    law = law_of(np.array([5.0, 1.0, 2.0, 2.0]), np.full(4, 100.0), np.ones(4))
    assert law.times.tolist() == [1.0, 2.0, 5.0]
    assert law.reached.tolist() == pytest.approx([0.25, 0.75, 1.0])


def test_posts_that_wait_count_for_as_long_as_they_have_waited() -> None:
    """Of four, one is answered after 1 min; of the two that have waited for longer than 3 min, one after 4 min."""
    law = law_of(np.array([1.0, NAN, 4.0, NAN]), np.array([9.0, 3.0, 9.0, 9.0]), np.ones(4))
    # Kaplan and Meier: 3/4 last longer than 1 min, and half of those longer than 4: 5/8 are answered.
    assert law.reached.tolist() == pytest.approx([0.25 / 0.625, 1.0])


def test_a_post_of_weight_one_half_counts_as_half_a_post() -> None:
    twice = law_of(np.array([1.0, 1.0, 3.0]), np.full(3, 9.0), np.ones(3))
    halves = law_of(np.array([1.0, 3.0]), np.full(2, 9.0), np.array([1.0, 0.5]))
    assert halves.reached.tolist() == pytest.approx(twice.reached.tolist())


def test_what_is_drawn_takes_longer_than_was_waited_and_follows_the_law_given_that() -> None:
    law = Law(np.array([1.0, 2.0, 5.0, 9.0]), np.array([0.4, 0.6, 0.9, 1.0]))
    luck = (np.arange(4000) + 0.5) / 4000
    drawn = law.drawn(luck, np.full(4000, 2.0))
    assert set(drawn.tolist()) == {5.0, 9.0}
    assert (drawn == 5.0).mean() == pytest.approx(0.75, abs=1e-3)  # evenly spread luck: to one of 4,000


def test_the_chance_of_a_reply_falls_with_the_wait() -> None:
    """Half of all are answered, and four fifths of those sooner: 0.1 of 0.6 are left."""
    assert chance_left(np.array([0.5]), np.array([0.8])).tolist() == pytest.approx([0.1 / 0.6])
    assert chance_left(np.array([0.5, 1.0, 1.0]), np.array([1.0, 1.0, 0.5])).tolist() == pytest.approx([0.0, 0.0, 1.0])
