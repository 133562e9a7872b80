"""Posts and calls per hour: how uneven they are, how long they last, how fast they fade."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from caresim.config.errors import BadInput, choice
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import quotient
from caresim.measure.sample import Sample
from caresim.measure.tables import POSTS
from caresim.model.codes import NOBODY
from caresim.model.media import Medium

HOUR = 60.0
HOURS_A_DAY = 24
ARRIVALS = {medium.row.arrivals: medium for medium in Medium if medium.row.arrivals}
COUNTED = (*POSTS, *ARRIVALS)
"""Columns of the timeline that count what arrives."""


def hourly(sample: Sample, of: str) -> Floats:
    """Counts of a column of the timeline in each whole hour of the window."""
    ticks = sample.ticks
    if of not in COUNTED:
        raise BadInput("of", of, choice(COUNTED, of))
    bins = max(round(HOUR / sample.bin), 1)
    inside = ticks[(ticks["time"] > 0) & (ticks["time"] <= sample.window)]
    counts = (inside["arrivals"][:, ARRIVALS[of]] if of in ARRIVALS else inside[of]).astype(np.float64)
    whole = len(counts) // bins
    return counts[: whole * bins].reshape(whole, bins).sum(axis=1)


def dispersion(samples: Sequence[Sample], of: str) -> float:
    """Variance over mean of the hourly counts, the course of the day included."""
    counts = np.concatenate([hourly(sample, of) for sample in samples])
    return quotient(counts.var(ddof=1), counts.mean())


def dispersion_within_hours(samples: Sequence[Sample], of: str) -> float:
    """Variance over mean from day to day of the counts of one hour of the day, over all hours of the day."""
    variance = mean = 0.0
    for sample in samples:
        counts = hourly(sample, of)
        days = counts[: len(counts) // HOURS_A_DAY * HOURS_A_DAY].reshape(-1, HOURS_A_DAY)
        if len(days) > 1:
            variance += float(days.var(axis=0, ddof=1).sum())
            mean += float(days.mean(axis=0).sum())
    return quotient(variance, mean)


def autocorrelation(samples: Sequence[Sample], of: str) -> float:
    """Correlation of the count of an hour with that of the hour before."""
    pairs = [(counts[:-1], counts[1:]) for counts in (hourly(sample, of) for sample in samples)]
    before, after = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return float(np.corrcoef(before, after)[0, 1]) if before.std() > 0 and after.std() > 0 else float("nan")


def fitted_half_life(counts: Floats) -> float:
    """Minutes in which hourly counts halve: least squares on the logarithm of those above 0; inf if they grow."""
    hours = np.flatnonzero(counts > 0)
    if len(hours) < 3:
        return float("nan")
    slope = float(np.polyfit(hours, np.log(counts[hours]), 1)[0])
    return float(np.log(2.0) / -slope) * HOUR if slope < 0 else float("inf")


def half_life(samples: Sequence[Sample], of: str, lasting: float) -> float:
    """Half-life (min) of the hourly counts over `lasting` from the busiest hour on."""
    half_lives = []
    for sample in samples:
        counts = hourly(sample, of)
        peak = int(np.argmax(counts))
        half_lives.append(fitted_half_life(counts[peak : peak + round(lasting / HOUR)]))
    return float(np.median(half_lives))


def burst_half_life(samples: Sequence[Sample], lasting: float) -> float:
    """Half-life (min) of what one bystander's post sets off, all bursts laid on top of each other."""
    delays = []
    for sample in samples:
        case, arrival = sample.column("first_contact"), sample.column("arrival")
        mine = (sample.column("passenger") == NOBODY) & sample.landed & np.isfinite(arrival)
        mine &= (case != np.arange(len(case))) & (sample.column("passenger")[case] == NOBODY)
        delays.append(arrival[mine] - arrival[case[mine]])
    edges = np.arange(0.0, lasting + HOUR, HOUR)
    return fitted_half_life(np.histogram(np.concatenate(delays), edges)[0].astype(np.float64))


MEASURES: tuple[Callable[..., float], ...] = (
    dispersion,
    dispersion_within_hours,
    autocorrelation,
    half_life,
    burst_half_life,
)
