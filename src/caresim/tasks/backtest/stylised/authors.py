"""Who posts, how often, and what they tried before: posts of passengers on public channels."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import mean_of, quotient
from caresim.measure.sample import Sample, is_in
from caresim.model.codes import Outcome
from caresim.model.media import PUBLIC, TRUNKS
from caresim.tasks.backtest.stylised.answers import quantile


def posts_of_authors(samples: Sequence[Sample]) -> NDArray[np.int64]:
    """Public posts of each author within the window, reminders included, of all runs together."""
    posts_by_run = []
    for sample in samples:
        mine = sample.medium(*PUBLIC)
        people = sample.column("passenger")[mine]
        posts_by_run.append(np.bincount(people, weights=sample.column("posts")[mine]).astype(np.int64))
    posts = np.concatenate(posts_by_run)
    return posts[posts > 0]


def posts_an_author(samples: Sequence[Sample]) -> float:
    """Mean number of public posts an author."""
    return mean_of(posts_of_authors(samples).astype(np.float64))


def single_posts(samples: Sequence[Sample]) -> float:
    """Share of the authors who post once."""
    posts = posts_of_authors(samples)
    return quotient(np.count_nonzero(posts == 1), len(posts))


def share_of_the_busiest(samples: Sequence[Sample], busiest: float) -> float:
    """Share of the posts that the busiest so many of the authors write."""
    posts = np.sort(posts_of_authors(samples))[::-1]
    many = max(round(busiest * len(posts)), 1)
    return quotient(posts[:many].sum(), posts.sum())


def gaps(samples: Sequence[Sample]) -> Floats:
    """Minutes between two posts in a row of one author, wherever both times are on record.

    Of a conversation with several reminders only the first and the last post are; it gives no gap within.
    """
    between = []
    for sample in samples:
        mine = np.flatnonzero(sample.medium(*PUBLIC))
        order = mine[np.lexsort((sample.column("arrival")[mine], sample.column("passenger")[mine]))]
        first, last = sample.column("arrival")[order], sample.column("posted")[order]
        people, posts = sample.column("passenger")[order], sample.column("posts")[order]
        reminded = (posts == 2) & (last > first)
        again = (people[1:] == people[:-1]) & (first[1:] >= last[:-1])
        between += [(last - first)[reminded], (first[1:] - last[:-1])[again]]
    return np.concatenate(between)


def repeat_gap(samples: Sequence[Sample], at: float) -> float:
    """Quantile `at` of the gap between two posts of one author (min)."""
    return quantile(gaps(samples), at)


def repeats_within(samples: Sequence[Sample], within: float) -> float:
    """Share of the repeated posts that follow the one before within so many minutes."""
    return quotient(np.count_nonzero((between := gaps(samples)) <= within), len(between))


def posted_after_a_failed_call(samples: Sequence[Sample]) -> float:
    """Share of the public requests whose author had met a busy tone or hung up before."""
    failed = requests = 0
    for sample in samples:
        outcome = sample.column("outcome")
        calls = sample.of_disruption & is_in(sample.column("medium"), TRUNKS)
        calls &= (outcome == Outcome.BLOCKED) | (outcome == Outcome.ABANDONED)
        first = np.full(len(sample.passengers), np.inf)
        np.minimum.at(first, sample.column("passenger")[calls], sample.column("closed")[calls])
        mine = sample.medium(*PUBLIC)
        failed += int(np.count_nonzero(first[sample.column("passenger")[mine]] <= sample.column("arrival")[mine]))
        requests += int(np.count_nonzero(mine))
    return quotient(failed, requests)


MEASURES: tuple[Callable[..., float], ...] = (
    posts_an_author,
    single_posts,
    share_of_the_busiest,
    repeat_gap,
    repeats_within,
    posted_after_a_failed_call,
)
