"""Regularities of the telephone: redials, handling times, abandonment against waiting, calls against posts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import quotient
from caresim.measure.sample import Sample, is_in
from caresim.model.codes import Outcome
from caresim.model.media import PUBLIC, TRUNKS
from caresim.tasks.backtest.stylised.arrivals import HOUR


def redialled_within(samples: Sequence[Sample], within: float) -> float:
    """Share of the abandoned calls that the same person follows up by another call within so many minutes."""
    followed = abandoned = 0
    for sample in samples:
        calls = np.flatnonzero(sample.of_disruption & is_in(sample.column("medium"), TRUNKS))
        person, arrival = sample.column("passenger")[calls], sample.column("arrival")[calls]
        order = np.lexsort((arrival, person))
        calls, person, arrival = calls[order], person[order], arrival[order]
        over = sample.column("closed")[calls]
        again = np.zeros(len(calls), dtype=bool)
        again[:-1] = (person[1:] == person[:-1]) & (arrival[1:] - over[:-1] <= within)
        given_up = (sample.column("outcome")[calls] == Outcome.ABANDONED) & sample.in_window[calls]
        followed += int(np.count_nonzero(again & given_up))
        abandoned += int(np.count_nonzero(given_up))
    return quotient(followed, abandoned)


def handling_logs(samples: Sequence[Sample], shortest: float, longest: float) -> Floats:
    """Logarithms of the handling times of answered calls between two lengths (min)."""
    logs = []
    for sample in samples:
        handle = sample.column("handle")[sample.medium(*TRUNKS) & sample.replied]
        logs.append(np.log(handle[(handle >= shortest) & (handle <= longest)]))
    return np.concatenate(logs)


def handling_log_spread(samples: Sequence[Sample], shortest: float, longest: float) -> float:
    """Standard deviation of the logarithm of handling times."""
    logs = handling_logs(samples, shortest, longest)
    return float(logs.std(ddof=1)) if len(logs) > 1 else float("nan")


def handling_log_skewness(samples: Sequence[Sample], shortest: float, longest: float) -> float:
    """Skewness of the logarithm of handling times: 0 where they are lognormal."""
    logs = handling_logs(samples, shortest, longest)
    return quotient(((logs - logs.mean()) ** 3).mean(), logs.std() ** 3) if len(logs) > 2 else float("nan")


def waits_and_abandonment(samples: Sequence[Sample], least: float) -> tuple[Floats, Floats, float]:
    """Mean wait (min) and share abandoned in each hour with at least so many calls, and the mean patience (min).

    Blocked calls are left out. The mean patience is all waiting over all abandonments (maximum likelihood where it is
    exponential).
    """
    wait, given_up, hour = [], [], []
    for place, sample in enumerate(samples):
        outcome = sample.column("outcome")
        calls = np.flatnonzero(sample.medium(*TRUNKS) & (outcome != Outcome.BLOCKED))
        wait.append(sample.wait[calls])
        given_up.append((outcome[calls] == Outcome.ABANDONED).astype(np.float64))
        hour.append(place * 1_000_000 + (sample.column("arrival")[calls] // HOUR).astype(np.int64))
    waits, ends, hours = np.concatenate(wait), np.concatenate(given_up), np.concatenate(hour)
    _, which, size = np.unique(hours, return_inverse=True, return_counts=True)
    enough = size >= least
    mean_wait = (np.bincount(which, weights=waits) / size)[enough] if len(size) else waits
    abandoned = (np.bincount(which, weights=ends) / size)[enough] if len(size) else ends
    return mean_wait, abandoned, quotient(waits.sum(), ends.sum())


def wait_abandonment_correlation(samples: Sequence[Sample], least: float) -> float:
    """Correlation between the mean wait of an hour and its share of abandoned calls."""
    wait, abandoned, _ = waits_and_abandonment(samples, least)
    if len(wait) < 3 or wait.std() == 0 or abandoned.std() == 0:
        return float("nan")
    return float(np.corrcoef(wait, abandoned)[0, 1])


def implied_over_mean_patience(samples: Sequence[Sample], least: float) -> float:
    """The patience that the slope of abandonment over waiting implies, over the mean patience: 1 where the law is
    linear (Mandelbaum and Zeltyn 2004: P(ab) = E[W] / mean patience).
    """
    wait, abandoned, patience = waits_and_abandonment(samples, least)
    if len(wait) < 3 or wait.std() == 0:
        return float("nan")
    return quotient(1.0, float(np.polyfit(wait, abandoned, 1)[0]) * patience)


def posts_a_call(samples: Sequence[Sample]) -> float:
    """Public posts of passengers and bystanders for each attempt to call, ordinary traffic left out."""
    posts = calls = 0.0
    for sample in samples:
        public = sample.in_window & sample.landed & is_in(sample.column("medium"), PUBLIC)
        public &= sample.of_disruption | (sample.column("passenger") < 0)
        posts += float(sample.column("posts")[public].sum())
        calls += float(np.count_nonzero(sample.medium(*TRUNKS)))
    return quotient(posts, calls)


def calls_a_person(samples: Sequence[Sample]) -> float:
    """Attempts to call for each person affected."""
    calls = sum(int(np.count_nonzero(sample.medium(*TRUNKS))) for sample in samples)
    people = sum(int(sample.passengers["party"][sample.counted].sum()) for sample in samples)
    return quotient(calls, people)


MEASURES: tuple[Callable[..., float], ...] = (
    redialled_within,
    handling_log_spread,
    handling_log_skewness,
    wait_abandonment_correlation,
    implied_over_mean_patience,
    posts_a_call,
    calls_a_person,
)
