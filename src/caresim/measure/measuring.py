"""Contacts measured while their run goes on, so that the world can forget them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caresim.measure import sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run


class Measuring:
    """Lets tallies of these kinds see contacts part by part, in the parts in which they see those of a recorded run."""

    def __init__(self, kinds: Sequence[type[Any]]) -> None:
        self._kinds = kinds
        self.processor_s = 0.0
        """CPU seconds that it took, which are part of those of the run."""

    def __call__(self, run: Run, complete: int) -> int:
        """Measure the next part, if the first `complete` rows of `past_contacts` hold one: how many contacts it has.

        None are measured where observations are compared, which look at the contacts of one person.
        """
        if complete < sample.PART or run.experiment.observations:
            return 0
        started = time.thread_time()
        so_far = sample.Sample(run)
        part = so_far.stretch(0, sample.PART)
        for kind in self._kinds:
            if kind not in run.tallies:
                run.tallies[kind] = kind(so_far)
            run.tallies[kind].add(part)
        self.processor_s += time.thread_time() - started
        return sample.PART
