"""Contacts measured while their run goes on, so that the world can forget them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caresim.measure import sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run


class Measuring:
    """Lets tallies of these kinds see the contacts of one run part by part, in the parts of a recorded run."""

    def __init__(self, kinds: Sequence[type[Any]]) -> None:
        self._kinds = kinds
        self._ordinary: sample.Mask | None = None
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
        if self._ordinary is None:
            self._ordinary = so_far.ordinary
        so_far.ordinary = self._ordinary  # to look at every passenger takes as long as to measure a part
        part = so_far.stretch(0, sample.PART)
        for kind in self._kinds:
            if kind not in run.tallies:
                run.tallies[kind] = kind(so_far)
            run.tallies[kind].add(part)
        self.processor_s += time.thread_time() - started
        return sample.PART
