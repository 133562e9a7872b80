"""How long a desk takes to reply to public posts, as outsiders see it: answered posts only, late replies too."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from caresim.config.errors import BadInput, choice
from caresim.measure.clock import wall_clock
from caresim.measure.incidence import Floats
from caresim.measure.metrics.metric import mean_of, quotient
from caresim.measure.sample import Mask, Sample, is_in
from caresim.model.media import PUBLIC

DAY = 1440.0
ANY, WITHIN, OUTSIDE = "any", "within", "outside"
"""Posted at any time, between two clock times, or outside them."""


def minute_of_day(sample: Sample, moments: Floats) -> Floats:
    """Minutes after local midnight of moments in minutes since the start."""
    local = wall_clock(sample.run.experiment, moments)
    return np.asarray(local.hour * 60.0 + local.minute + local.second / 60.0, dtype=np.float64)


def posted(sample: Sample, when: str, opens: float, closes: float) -> Mask:
    """Public requests within the window, posted `when` relative to the clock times `opens` and `closes`."""
    requests = sample.medium(*PUBLIC)
    if when == ANY:
        return requests
    if when not in (WITHIN, OUTSIDE):
        raise BadInput("when", when, choice((ANY, WITHIN, OUTSIDE), when))
    rows = np.flatnonzero(requests)
    minute = minute_of_day(sample, sample.column("arrival")[rows])
    inside = (minute >= opens) & (minute < closes)
    requests = requests.copy()
    requests[rows[inside != (when == WITHIN)]] = False
    return requests


def responses(samples: Sequence[Sample], when: str = ANY, opens: float = 0.0, closes: float = DAY) -> Floats:
    """Minutes from post to first reply of the answered public requests of all runs together."""
    waits = []
    for sample in samples:
        mine = posted(sample, when, opens, closes) & sample.replied
        waits.append(sample.column("reply")[mine] - sample.column("arrival")[mine])
    return np.concatenate(waits)


def quantile(values: Floats, at: float) -> float:
    return float(np.quantile(values, at)) if len(values) else float("nan")


def response_quantile(
    samples: Sequence[Sample], at: float, when: str = ANY, opens: float = 0.0, closes: float = DAY
) -> float:
    """Quantile `at` of the time to the first reply (min)."""
    return quantile(responses(samples, when, opens, closes), at)


def answered_within(
    samples: Sequence[Sample], within: float, when: str = ANY, opens: float = 0.0, closes: float = DAY
) -> float:
    """Share of the answered posts that were answered within so many minutes."""
    return quotient(np.count_nonzero((waits := responses(samples, when, opens, closes)) <= within), len(waits))


def posts_answered_within(samples: Sequence[Sample], within: float) -> float:
    """Share of all requests, answered or not, that were answered within so many minutes."""
    requests = sum(int(np.count_nonzero(sample.medium(*PUBLIC))) for sample in samples)
    return quotient(np.count_nonzero(responses(samples) <= within), requests)


def answered_later(
    samples: Sequence[Sample], than: float, when: str = ANY, opens: float = 0.0, closes: float = DAY
) -> float:
    """Share of the answered posts that were answered later than after so many minutes."""
    return quotient(np.count_nonzero((waits := responses(samples, when, opens, closes)) > than), len(waits))


def replies_a_post(samples: Sequence[Sample]) -> float:
    """Public requests with a reply for each public post of anybody, reminders and bystanders included."""
    replies = posts = 0.0
    for sample in samples:
        public = sample.in_window & sample.landed & is_in(sample.column("medium"), PUBLIC)
        posts += float(sample.column("posts")[public].sum())
        replies += float(np.count_nonzero(sample.replied & sample.medium(*PUBLIC)))
    return quotient(replies, posts)


def change_in_answered_later(samples: Sequence[Sample], than: float) -> float:
    """Share of the answered posts that were answered later: that of the last staffing model less that of the first."""
    return answered_later(samples[-1:], than) - answered_later(samples[:1], than)


def mean_response_within(samples: Sequence[Sample], within: float) -> float:
    """Mean time to the first reply (min) of the posts answered within so many minutes."""
    waits = responses(samples)
    return mean_of(waits[waits <= within])


def response_mean_over_median(samples: Sequence[Sample]) -> float:
    """Mean over median of the time to the first reply: far above 1 where the tail is heavy."""
    waits = responses(samples)
    return quotient(mean_of(waits), quantile(waits, 0.5))


def response_quantile_ratio(samples: Sequence[Sample], upper: float, lower: float) -> float:
    """One quantile of the time to the first reply over another."""
    waits = responses(samples)
    return quotient(quantile(waits, upper), quantile(waits, lower))


def response_log_spread(samples: Sequence[Sample]) -> float:
    """Standard deviation of the logarithm of the time to the first reply."""
    waits = responses(samples)
    return float(np.std(np.log(waits[waits > 0]), ddof=1)) if np.count_nonzero(waits > 0) > 1 else float("nan")


def night_over_day(samples: Sequence[Sample], opens: float, closes: float) -> float:
    """Median time to the first reply of what is posted outside the clock times, over that posted between them."""
    night, day = (responses(samples, when, opens, closes) for when in (OUTSIDE, WITHIN))
    return quotient(quantile(night, 0.5), quantile(day, 0.5))


def posted_while_closed(samples: Sequence[Sample]) -> float:
    """Share of the public requests that arrive when nobody is on duty."""
    mine = [sample.column("in_hours")[sample.medium(*PUBLIC)] for sample in samples]
    closed = np.concatenate(mine) == 0
    return quotient(np.count_nonzero(closed), len(closed))


def wait_to_opening(samples: Sequence[Sample]) -> float:
    """Mean minutes from such a post to the next start of duty of its desk."""
    waits = []
    for sample in samples:
        mine = sample.medium(*PUBLIC) & (sample.column("in_hours") == 0) & (sample.column("desk") >= 0)
        arrival, desk = sample.column("arrival")[mine], sample.column("desk")[mine]
        for row in np.unique(desk):
            starts = starts_of_duty(sample, int(row))
            here = arrival[desk == row]
            following = np.searchsorted(starts, here, side="right")
            there = following < len(starts)
            waits.append(starts[following[there]] - here[there])
    return mean_of(np.concatenate(waits)) if waits else float("nan")


def starts_of_duty(sample: Sample, desk: int) -> NDArray[np.float64]:
    """When the shifts of a desk begin, in order (min)."""
    shifts = np.asarray(sample.world.shift_instances)
    shifts = shifts[shifts["heads"] > 0]
    return np.sort(shifts["start"][sample.staff["desk"][shifts["first"]] == desk])


def replied_on_the_day(samples: Sequence[Sample], day: str) -> float:
    """Share of the public requests of a local day (YYYY-MM-DD) that were answered on that day."""
    requests = answered = 0
    for sample in samples:
        rows = np.flatnonzero(sample.medium(*PUBLIC))
        experiment = sample.run.experiment
        local = wall_clock(experiment, sample.column("arrival")[rows]).strftime("%Y-%m-%d") == day
        reply = wall_clock(experiment, sample.column("reply")[rows]).strftime("%Y-%m-%d") == day
        requests += int(np.count_nonzero(local))
        answered += int(np.count_nonzero(local & reply))
    return quotient(answered, requests)


MEASURES: tuple[Callable[..., float], ...] = (
    response_quantile,
    answered_within,
    posts_answered_within,
    answered_later,
    replies_a_post,
    change_in_answered_later,
    mean_response_within,
    response_mean_over_median,
    response_quantile_ratio,
    response_log_spread,
    night_over_day,
    posted_while_closed,
    wait_to_opening,
    replied_on_the_day,
)
