"""The law of times of which some were only seen to be that long at least."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Law(NamedTuple):
    """The distribution of times of a group, as the estimate of Kaplan and Meier (1958).

    Beyond the longest of `times` it is exponential, with the mean hazard of all that was seen. Where nothing is
    censored, the law is that each of the times is as likely as every other.
    """

    times: tuple[float, ...]
    """Minutes, each once and rising."""
    survival: tuple[float, ...]
    """Share that lasts longer than each."""
    hazard: float
    """Of the tail, per minute."""

    @property
    def mean(self) -> float:
        """Minutes, with the tail."""
        shares = (1.0, *self.survival)
        steps = zip((0.0, *self.times), self.times, shares, strict=False)
        tail = shares[-1] / self.hazard if shares[-1] > 0 else 0.0
        return math.fsum(share * (end - start) for start, end, share in steps) + tail


def kaplan_meier(observed: Sequence[tuple[float, bool]]) -> Law:
    """The law of times in minutes, each with whether it is censored. One at least is not.

    At a time that is both, the censored ones were still there (Kaplan and Meier 1958, J. Am. Stat. Assoc. 53).
    """
    ordered = sorted(observed)
    ends: dict[float, int] = {}
    for minutes, censored in ordered:
        if not censored:
            ends[minutes] = ends.get(minutes, 0) + 1
    share, shares, gone = 1.0, [], 0
    for minutes, count in ends.items():
        while ordered[gone][0] < minutes:
            gone += 1
        there = len(ordered) - gone
        share *= (there - count) / there
        shares.append(share)
    longest = max(minutes for minutes, _ in ordered if math.isfinite(minutes))
    exposure = math.fsum(min(minutes, longest) for minutes, _ in ordered)
    count = len([minutes for minutes, censored in ordered if not censored])
    return Law(tuple(ends), tuple(shares), count / exposure if exposure > 0 else math.inf)
