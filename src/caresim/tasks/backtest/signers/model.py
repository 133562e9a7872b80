"""People at work, their replies, and the initials that are left: a law for each, and its posterior.

In an hour N people are at work (1 to `most`, each number with its own probability). They write R replies, negative
binomial about N times the work rate. S of these show initials: beta-binomial, with a share of its own on each day. D
different initials are seen among S: people sign unevenly, by Dirichlet shares, so that the next initials are new with
probability a (N - d) / (a N + s) (Blackwell and MacQueen 1973).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaln, gammaln, logsumexp

from caresim.tasks.backtest.signers.settings import Signers

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Z90 = 1.6449
GRID = 0.05
"""Steps of the logarithm of evenness for which the law of different initials is computed."""


HOURS_SIMULATED = 2000


@dataclass(frozen=True)
class Hours:
    """An hour each: replies, signed ones, different initials, people that a greeting named (0: none), and its local day
    and time of day.
    """

    start: Floats
    replies: Whole
    signed: Whole
    signers: Whole
    greeted: Whole
    day: Whole
    of_day: Floats
    """Minutes after midnight at which it begins."""

    def __len__(self) -> int:
        return len(self.start)

    def which(self, mine: NDArray[np.bool_]) -> Hours:
        return Hours(*(getattr(self, column.name)[mine] for column in fields(self)))


@dataclass(frozen=True)
class Draws:
    """Draws from the posterior, a row each."""

    rate: Floats
    """Replies per person and hour."""
    spread: Floats
    """Size of the negative binomial: the smaller, the more hours differ."""
    people: Floats
    """Probability of 1, 2, ... people; (draws, most)."""
    signing: Floats
    """Mean share of the replies that show initials."""
    signing_size: Floats
    """Sum of both parameters of the beta law of a day's share."""
    evenness: Floats


@lru_cache(maxsize=512)
def different(people: int, signed: int, step: int) -> Floats:
    """Probability of 0, 1, ... `people` different initials among signed replies; `step`: of evenness on GRID."""
    evenness = float(np.exp(GRID * step))
    chance = np.zeros(people + 1)
    chance[0] = 1.0
    for seen in range(signed):
        new = evenness * (people - np.arange(people + 1)) / (evenness * people + seen)
        moved = chance * new
        chance = chance - moved
        chance[1:] += moved[:-1]
    return chance


def log_negative_binomial(count: Whole, mean: Floats, size: float) -> Floats:
    """Logarithm of the probability of a count."""
    return np.asarray(
        gammaln(count + size)
        - gammaln(size)
        - gammaln(count + 1.0)
        + size * np.log(size / (size + mean))
        + count * np.log(mean / (size + mean))
    )


class Posterior:
    """The logarithm of the posterior of a vector of parameters, and a walk through it (Metropolis, adapted)."""

    def __init__(self, hours: Hours, settings: Signers) -> None:
        self.hours, self.settings = hours, settings
        low, middle, high = (60.0 / value for value in _three(settings.work_rate))
        self.rate = np.log(middle), np.log(low / high) / (2.0 * Z90)
        low, middle, high = _three(settings.evenness)
        self.evenness = np.log(middle), np.log(high / low) / (2.0 * Z90)
        self.days = [np.flatnonzero(hours.day == day) for day in np.unique(hours.day)]
        self.size = 5 + settings.most_people - 1

    def start(self) -> Floats:
        mean = self.hours.signed.sum() / max(self.hours.replies.sum(), 1)
        firsts = [self.rate[0], np.log(4.0), np.log((mean + 0.01) / (1.01 - mean)), np.log(8.0), self.evenness[0]]
        return np.array([*firsts, *np.zeros(self.settings.most_people - 1)])

    def log(self, at: Floats) -> float:
        """Up to a constant."""
        people, signing, size = people_of(at[5:]), 1.0 / (1.0 + np.exp(-at[2])), np.exp(at[3])
        prior = -0.5 * (
            ((at[0] - self.rate[0]) / self.rate[1]) ** 2
            + ((at[1] - np.log(4.0)) / 1.0) ** 2
            + (at[2] / 1.5) ** 2
            + ((at[3] - np.log(8.0)) / 1.0) ** 2
            + ((at[4] - self.evenness[0]) / self.evenness[1]) ** 2
            + (at[5:] ** 2).sum() / 1.5**2
        )
        return float(prior + self._of_days(signing, size) + self._of_hours(at, people))

    def _of_days(self, signing: float, size: float) -> float:
        """Signed replies of each day, which has a share of its own."""
        total = 0.0
        for places in self.days:
            signed, replies = self.hours.signed[places].sum(), self.hours.replies[places].sum()
            a, b = signing * size, (1.0 - signing) * size
            total += float(betaln(a + signed, b + replies - signed) - betaln(a, b))
        return total

    def _of_hours(self, at: Floats, people: Floats) -> float:
        """Replies, initials and greetings of each hour, whoever was at work."""
        hours, step = self.hours, round(at[4] / GRID)
        rate, size = np.exp(at[0]), np.exp(at[1])
        by_people = []
        for number in range(1, self.settings.most_people + 1):
            mean = np.full(len(hours), rate * number)
            seen = np.array(
                [_at(different(number, int(s), step), int(d)) for s, d in zip(hours.signed, hours.signers, strict=True)]
            )
            log = log_negative_binomial(hours.replies, mean, size) + np.log(np.maximum(seen, 1e-300))
            by_people.append(log + np.log(people[number - 1]))
        named = hours.greeted[(hours.greeted > 0) & (hours.greeted <= self.settings.most_people)]
        greeted = self.settings.greeted_weight.value * np.log(people[named - 1]).sum()
        return float(logsumexp(np.array(by_people), axis=0).sum() + greeted)

    def walk(self, rng: np.random.Generator, at: Callable[[int], None]) -> Draws:
        """The later two thirds of a walk, thinned to the number of draws."""
        here = self.start()
        value, scale, kept = self.log(here), 0.3, []
        steps = self.settings.steps
        for step in range(steps):
            at(step)
            there = here + scale * rng.standard_normal(len(here)) * (rng.random(len(here)) < 0.4)
            other = self.log(there)
            accepted = np.log(rng.random()) < other - value
            if accepted:
                here, value = there, other
            if step < steps // 3:
                scale *= float(np.exp((accepted - 0.3) * 0.05))
            else:
                kept.append(here)
        rows = np.array(kept)[np.linspace(0, len(kept) - 1, self.settings.draws).round().astype(int)]
        return Draws(
            np.exp(rows[:, 0]),
            np.exp(rows[:, 1]),
            np.array([people_of(row[5:]) for row in rows]),
            1.0 / (1.0 + np.exp(-rows[:, 2])),
            np.exp(rows[:, 3]),
            np.exp(rows[:, 4]),
        )


def _three(quantity: object) -> tuple[float, float, float]:
    """Low end, middle and high end of a prior that has a range."""
    low, high = quantity.low, quantity.high  # type: ignore[attr-defined]
    return low, quantity.value, high  # type: ignore[attr-defined]


def _at(chance: Floats, place: int) -> float:
    return float(chance[place]) if place < len(chance) else 0.0


def people_of(logits: Floats) -> Floats:
    """Probability of 1, 2, ... people; the first has no logit."""
    raw = np.exp(np.concatenate(([0.0], logits)) - max(0.0, float(logits.max())))
    return np.asarray(raw / raw.sum())


def median_rates(draws: Draws, rng: np.random.Generator) -> Floats:
    """For each draw, the median over hours of the replies per person at work; hours are skewed, their mean is more."""
    medians = []
    for rate, spread, chance in zip(draws.rate, draws.spread, draws.people, strict=True):
        people = rng.choice(np.arange(1, len(chance) + 1), HOURS_SIMULATED, p=chance)
        replies = rng.poisson(rng.gamma(spread, rate * people / spread))
        medians.append(float(np.median((replies / people)[replies > 0])) if replies.any() else 0.0)
    return np.array(medians)


def predicted(draws: Draws, replies: Whole, day: Whole, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Different initials and people at work in hours of which only the replies are known; each (hours, draws)."""
    signers = np.zeros((len(replies), len(draws.rate)))
    at_work = np.zeros_like(signers)
    numbers = np.arange(1, draws.people.shape[1] + 1)
    for place in range(len(draws.rate)):
        mean, size = draws.rate[place] * numbers, draws.spread[place]
        a = draws.signing[place] * draws.signing_size[place]
        b = draws.signing_size[place] - a
        share = {one: rng.beta(a, b) for one in np.unique(day)}
        step = round(float(np.log(draws.evenness[place])) / GRID)
        for hour, count in enumerate(replies):
            log = log_negative_binomial(np.full(len(numbers), count), mean, size) + np.log(draws.people[place])
            chance = np.exp(log - logsumexp(log))
            number = int(rng.choice(numbers, p=chance / chance.sum()))
            law = different(number, int(rng.binomial(count, share[day[hour]])), step)
            signers[hour, place] = rng.choice(number + 1, p=law / law.sum())
            at_work[hour, place] = number
    return signers, at_work
