"""Few quick people or many slow ones: which desks agree with the replies that were seen.

Each set of parameters is simulated several times with the posts as they came, and scored by the continuous ranked
probability score (CRPS) of the logarithm of the minutes to the reply. The posterior is the prior times
exp(-weight x score): a posterior by a proper scoring rule (Pacchiardi and Dutta 2021, arXiv 2104.03889). It needs no
likelihood, which a queue has none of in closed form. The weight sqrt(pi) / sd makes a score count as much as the
likelihood of a normal law would near its middle.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from caresim.config.quantity import Quantity
from caresim.tasks.backtest.desks.posts import Posts
from caresim.tasks.backtest.desks.queue import Hours, after_open_time, ranks, replies
from caresim.tasks.backtest.desks.settings import Desks, Priors

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Z90 = 1.6449
"""Half the middle 90 % of a normal law, in standard deviations."""
LEAST = 1.0 / 60.0
"""Minutes: a reply within the same second counts as one after a second."""
LONGEST = 7.0 * 1440.0
"""Minutes of open time after which every post that is answered at all has been noticed."""
DAY = 1440.0
AT_FIRST = 60
"""Draws from the prior, the best of which begins a chain."""
JUMP = 0.15
"""How often a step tries another number of people, or another order."""


@dataclass(frozen=True)
class Desk:
    """One set of parameters. Logarithms are natural, of minutes."""

    people: int
    order: int
    """Place in queue.ORDERS."""
    handling: float
    """Logarithm of the mean minutes of work for a reply."""
    noticing: float
    """Logarithm of the median minutes of open time until a post is noticed."""
    noticing_sigma: float
    kinds: tuple[float, ...]
    """Added to `noticing`, by kind of post."""
    follow_up: float
    """Added to it in a conversation."""
    cosine: float
    sine: float
    """Its daily course."""


def law_of(quantity: Quantity) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of a prior that is given by its middle and its range."""
    assert quantity.low is not None
    assert quantity.high is not None
    return math.log(quantity.value), math.log(quantity.high / quantity.low) / (2.0 * Z90)


class Luck(NamedTuple):
    """What is not known of each post: standard normal, standard normal, and uniform."""

    noticing: Floats
    handling: Floats
    rank: Floats


def plain_luck(size: int, rng: np.random.Generator) -> Luck:
    """Independent draws."""
    return Luck(rng.standard_normal(size), rng.standard_normal(size), rng.random(size))


def spread_luck(copies: int, size: int, rng: np.random.Generator) -> list[Luck]:
    """Draws for several copies of the same posts, of each post spread evenly over its law (McKay et al. 1979): few
    copies then say as much as many.
    """

    def strata() -> Floats:
        place = rng.permuted(np.repeat(np.arange(copies)[:, None], size, axis=1), axis=0)
        return np.asarray((place + rng.random((copies, size))) / copies)

    noticing, handling, rank = ndtri(strata()), ndtri(strata()), strata()
    return [Luck(*copy) for copy in zip(noticing, handling, rank, strict=True)]


class Fit:
    """What a chain looks at: the posts that were answered while the desk was watched, and how long each took."""

    def __init__(self, posts: Posts, trained: Truths, split: float, hours: Hours, settings: Desks) -> None:
        self.posts, self.hours, self.priors, self.copies = posts, hours, settings.priors, settings.copies
        self.at = np.flatnonzero(trained)
        self.observed = np.log(np.maximum(posts.minutes[self.at], LEAST))
        self.limit = np.log(np.maximum(split - posts.posted[self.at], LEAST))
        self.weight = len(self.at) * math.sqrt(math.pi) / max(float(self.observed.std()), 0.2)

    def score(self, desk: Desk, luck: Sequence[Luck]) -> float:
        """Mean CRPS of the logarithm of minutes; the same luck for every desk of a chain."""
        sigma, delays = self.priors.handling_sigma.value, []
        for copy in luck:
            ready, handling, rank = inputs(desk, self.posts, self.at, self.hours, sigma, copy)
            delays.append(replies(ready, handling, rank, desk.people, self.hours) - self.posts.posted[self.at])
        logs = np.log(np.maximum(np.stack(delays), LEAST))
        # A reply that comes too late to be seen counts as one at the last moment.
        return float(crps_of_seen(np.minimum(logs, self.limit), self.observed).mean())

    def target(self, desk: Desk, luck: Sequence[Luck]) -> float:
        """Logarithm of the posterior, up to a constant."""
        return log_prior(desk, self.priors) - self.weight * self.score(desk, luck)

    def chain(self, steps: int, rng: np.random.Generator) -> Iterator[Desk]:
        """The later two thirds of a random walk (Metropolis) over desks."""
        luck = spread_luck(self.copies, len(self.at), rng)
        firsts = [from_prior(self.priors, len(self.posts.groups), rng) for _ in range(AT_FIRST)]
        values = [self.target(desk, luck) for desk in firsts]
        here, value, width = firsts[int(np.argmax(values))], max(values), 0.5
        for step in range(steps):
            there = moved(here, width, self.priors, rng)
            other = self.target(there, luck)
            accepted = math.log(rng.random()) < other - value
            if accepted:
                here, value = there, other
            if step < steps // 3:
                width = min(max(width * math.exp(0.1 * (accepted - 0.3)), 0.05), 1.5)
            else:
                yield here


def inputs(
    desk: Desk, posts: Posts, at: NDArray[np.int64], hours: Hours, handling_sigma: float, luck: Luck
) -> tuple[Floats, Floats, Floats]:
    """When each post at these places is noticed, how long the work for it takes, and its rank."""
    posted = posts.posted[at]
    angle = 2.0 * math.pi * posts.clock.shown(posted) / DAY
    noticing = desk.noticing + np.array(desk.kinds)[posts.group[at]] + desk.follow_up * posts.follow_up[at]
    noticing = noticing + desk.cosine * np.cos(angle) + desk.sine * np.sin(angle)
    wait = np.exp(noticing + desk.noticing_sigma * luck.noticing)
    work = np.exp(desk.handling - handling_sigma**2 / 2.0 + handling_sigma * luck.handling)
    ready = after_open_time(posted, np.minimum(wait, LONGEST), hours)
    return ready, work, ranks(desk.order, ready, luck.rank)


def crps_of_seen(samples: Floats, observed: Floats) -> Floats:
    """The fair CRPS of each column of `samples` (draws, posts), NaN being no reply in time; NaN for fewer than two."""
    ranked = np.sort(samples, axis=0)
    count = np.count_nonzero(~np.isnan(ranked), axis=0)
    place = np.arange(1, len(ranked) + 1)[:, None]
    many = np.maximum(count, 2)
    near = np.nansum(np.abs(ranked - observed), axis=0) / many
    apart = np.nansum((2.0 * place - count - 1.0) * ranked, axis=0) / (many * (many - 1))
    return np.where(count > 1, near - apart, np.nan)


def from_prior(priors: Priors, kinds: int, rng: np.random.Generator) -> Desk:
    """A desk as it may be before its replies are seen."""
    noticing, handling, sigma = map(law_of, (priors.noticing, priors.handling, priors.noticing_sigma))
    return Desk(
        people=int(rng.choice(heads(priors))),
        order=int(rng.integers(3)),
        handling=rng.normal(*handling),
        noticing=rng.normal(*noticing),
        noticing_sigma=math.exp(rng.normal(*sigma)),
        kinds=tuple(rng.normal(0.0, priors.kind_sigma.value, kinds)),
        follow_up=rng.normal(0.0, priors.kind_sigma.value),
        cosine=rng.normal(0.0, priors.hour_sigma.value),
        sine=rng.normal(0.0, priors.hour_sigma.value),
    )


def heads(priors: Priors) -> NDArray[np.int64]:
    """How many people there may be, each number as likely as the others."""
    assert priors.people.low is not None
    assert priors.people.high is not None
    return np.arange(round(priors.people.low), round(priors.people.high) + 1)


def log_prior(desk: Desk, priors: Priors) -> float:
    """Logarithm of the prior, up to a constant."""
    noticing, handling, sigma = map(law_of, (priors.noticing, priors.handling, priors.noticing_sigma))
    away = [
        (desk.handling - handling[0]) / handling[1],
        (desk.noticing - noticing[0]) / noticing[1],
        (math.log(desk.noticing_sigma) - sigma[0]) / sigma[1],
        *(kind / priors.kind_sigma.value for kind in (*desk.kinds, desk.follow_up)),
        *(course / priors.hour_sigma.value for course in (desk.cosine, desk.sine)),
    ]
    return -0.5 * math.fsum(value * value for value in away)


def moved(desk: Desk, width: float, priors: Priors, rng: np.random.Generator) -> Desk:
    """A desk nearby; now and then one with other people, or another order. As likely as the way back."""
    handling, noticing = law_of(priors.handling)[1], law_of(priors.noticing)[1]
    kind, course = priors.kind_sigma.value, priors.hour_sigma.value
    luck = rng.standard_normal(6 + len(desk.kinds)) * width
    near = replace(
        desk,
        handling=desk.handling + 0.6 * handling * luck[0],
        noticing=desk.noticing + 0.3 * noticing * luck[1],
        noticing_sigma=desk.noticing_sigma * math.exp(0.4 * luck[2]),
        follow_up=desk.follow_up + 0.6 * kind * luck[3],
        cosine=desk.cosine + 0.6 * course * luck[4],
        sine=desk.sine + 0.6 * course * luck[5],
        kinds=tuple(value + 0.6 * kind * step for value, step in zip(desk.kinds, luck[6:], strict=True)),
    )
    jumps = rng.random(2) < JUMP
    people, order = int(rng.choice(heads(priors))), int(rng.integers(3))
    return replace(near, people=people if jumps[0] else desk.people, order=order if jumps[1] else desk.order)
