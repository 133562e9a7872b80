"""A crisis as a whole: how overloaded, how soon settled, what staffing does to the mood, single facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from caresim.config.errors import BadInput, choice
from caresim.measure import observations
from caresim.measure.metrics import REGISTRY
from caresim.measure.metrics.metric import mean_of, quotient
from caresim.measure.sample import Sample
from caresim.model.codes import Kind, Status
from caresim.model.media import PUBLIC
from caresim.model.needs import Need
from caresim.tasks.backtest.stylised.arrivals import HOUR, hourly


def metric(samples: Sequence[Sample], name: str) -> float:
    """A metric of the registry, mean over the staffing models."""
    return mean_of(np.array([measured(sample, name) for sample in samples]))


def measured(sample: Sample, name: str) -> float:
    """A metric of one run; BadInput for a name that no metric has."""
    if name not in REGISTRY:
        raise BadInput("name", name, f"unknown metric, {choice(REGISTRY, name)}")
    return REGISTRY[name].of(sample)


def lowest_over_highest(samples: Sequence[Sample], name: str) -> float:
    """A metric of the staffing model with the least of it, over that with the most: 1 where it makes no difference."""
    values = [measured(sample, name) for sample in samples]
    return quotient(min(values), max(values))


def overload_by_all_posts(samples: Sequence[Sample]) -> float:
    """Posts of the busiest hour over what the desk could answer per hour if every post asked for information and
    everybody were at work.
    """
    # The published definition: an information request in a public post.
    kinds = [medium * len(Need) + Need.INFORMATION for medium in PUBLIC]
    overloads = []
    for sample in samples:
        feeds = [row for row in np.asarray(sample.world.operators)["feed_channel"] if row >= 0]
        desks = np.unique(sample.channels["desk"][feeds])
        people = np.isin(sample.staff["desk"], desks) & (sample.staff["kind"] != Kind.ASSISTANT)
        handle = np.asarray(sample.world.desks)["handle"][np.ix_(desks, kinds)]
        capacity = np.count_nonzero(people) * HOUR / handle.mean()
        overloads.append(quotient(measured(sample, "posts_per_hour_peak"), capacity))
    return mean_of(np.array(overloads))


def resolved_within(samples: Sequence[Sample], within: float) -> float:
    """Share of those affected with a need whose need was met within so many minutes."""
    resolved = affected = 0
    for sample in samples:
        counted = sample.counted & (sample.passengers["status"] != Status.NO_NEED)
        mine = sample.passengers[counted]
        resolved += int(np.count_nonzero(sample.resolved[counted] - mine["affected"] <= within))
        affected += len(mine)
    return quotient(resolved, affected)


def persons_of(samples: Sequence[Sample], name: str) -> float:
    """How many persons the `observed` share of persons is of, over the staffing models."""
    return float(sum(observations.persons(sample, sample.run.experiment.observations[name]) for sample in samples))


def observed(samples: Sequence[Sample], name: str) -> float:
    """One of the experiment's own observations, as `measure.observations` measures it; mean over staffing models."""
    values = []
    for sample in samples:
        listed = sample.run.experiment.observations
        if name not in listed:
            raise BadInput("name", name, f"unknown observation, {choice(listed, name)}")
        values.append(observations.value_of(sample, listed[name]))
    return mean_of(np.array(values))


def later_posts_last_over_first(samples: Sequence[Sample], of: str, since: float) -> float:
    """Posts from minute `since` on under the last staffing model, over those under the first."""
    first, last = (hourly(sample, of)[round(since / HOUR) :].sum() for sample in (samples[0], samples[-1]))
    return quotient(last, first)


MEASURES: tuple[Callable[..., float], ...] = (
    metric,
    lowest_over_highest,
    overload_by_all_posts,
    resolved_within,
    observed,
    later_posts_last_over_first,
)
