"""Contacts and passengers measured while their run goes on, so that the world can forget them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from caresim.measure import case_waits, people, sample

if TYPE_CHECKING:
    from caresim.scenario.run import Run


class Measuring:
    """Lets tallies of these kinds see the contacts of one run part by part, and `People` see the passengers.

    The parts are those of a recorded run.
    """

    def __init__(self, kinds: Sequence[type[Any]]) -> None:
        self._kinds = kinds
        self._ordinary: sample.Mask | None = None
        self.processor_s = 0.0
        """CPU seconds that it took, which are part of those of the run."""

    def __call__(self, run: Run, what: str, complete: int) -> int:
        """Measure the parts of the past `contacts` or `passengers` that lie within the first `complete` rows of that
        table: how many rows these are.

        None are measured where observations are compared, which look at the contacts of one person.
        """
        part = {"contacts": sample.PART, "passengers": people.PART}[what]
        measured = complete // part * part
        if not measured or run.experiment.observations:
            return 0
        started = time.thread_time()
        so_far = sample.Sample(run)
        if not run.tallies:
            run.tallies.update(
                {kind: kind(so_far) for kind in self._kinds} | {people.People: people.People(len(so_far.staff))}
            )
        add = self._add_contacts if what == "contacts" else self._add_people
        add(run, so_far, measured)
        self.processor_s += time.thread_time() - started
        return measured

    def _add_contacts(self, run: Run, so_far: sample.Sample, measured: int) -> None:
        if not run.world.reuses_passengers:  # to look at every passenger takes as long as to measure a part
            if self._ordinary is None:
                self._ordinary = so_far.ordinary
            so_far.ordinary = self._ordinary
        for first in range(0, measured, sample.PART):
            part = so_far.stretch(first, first + sample.PART)
            for kind in self._kinds:
                run.tallies[kind].add(part)

    def _add_people(self, run: Run, so_far: sample.Sample, measured: int) -> None:
        waits = run.tallies[case_waits.CaseWaits]
        for first in range(0, measured, people.PART):
            run.tallies[people.People].add(so_far.stretch_of_people(first, first + people.PART), waits)
        waits.forget(measured, so_far.operators)
