"""The worker processes at one job: who computes which item, and what happens when a worker is killed."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from typing import Any

from caresim.config.errors import BadInput
from caresim.run import effort
from caresim.run.attempt import WorkerLostError
from caresim.run.processes import Job, WorkerEndedError, WorkerProcess, idle

ATTEMPTS = 3
"""So many workers may be killed by one item, or end while they start."""
GRACE_S = 0.5
"""Work that threads have done within this time needs no processes: to start one takes two seconds of a core."""
HERE = 4
"""So many threads of this process compute while workers are being started; more would only wait for each other."""


class Crew:
    """The workers of one job, all of which have ended or are idle after `stop`."""

    def __init__(self, job: Job, size: int, circumstances: str, here: Callable[[Any], Any] | None = None) -> None:
        """`size`: workers at most; `circumstances`: what else than those of this process must be equal for a worker
        that was started for another job; `here`: computes an item in this process while workers are being started
        (None: no item is computed here).
        """
        self._job, self._size, self._here = job, size, here
        self._circumstances = (circumstances, dict(os.environ), tuple(sys.path), os.getcwd())
        self._changed = threading.Condition()
        self._free = idle.take(size, self._circumstances)
        self._team = set(self._free)
        """All that are free or at work."""
        self._starting: set[WorkerProcess] = set()
        self._here_now = 0
        self._was_complete, self._over = len(self._team) >= size, False
        self._problem: BaseException | None = None
        self._start = threading.Timer(GRACE_S if here else 0.0, self._hire_all)
        self._start.daemon = True
        self._start.start()

    def compute(self, item: Any, name: str) -> Any:
        """The item's result, from whoever is free first. Called by as many threads as the crew has workers.

        WorkerLostError, which calls the item by `name`, where it has killed ATTEMPTS workers.
        """
        ends: list[str] = []
        while len(ends) < ATTEMPTS:
            worker = self._somebody(here=not ends)
            if worker is None:
                return self._computed_here(item)
            try:
                went_well, answer = worker.compute(self._job, item)
            except WorkerEndedError as end:
                ends.append(str(end))
                self._lose(worker)
                if len(ends) < ATTEMPTS:
                    self._hire()
                continue
            # Whoever is interrupted does not get here: a worker that still owes an answer is not free.
            self._give_back(worker)
            if went_well:
                return answer
            raise answer
        raise WorkerLostError(
            f"{ATTEMPTS} worker processes, one after the other, ended while they computed {name} ({', '.join(ends)}); "
            "where memory is short, fewer workers need less of it"
        )

    def stop(self) -> None:
        """End the workers that are at work; those that are free wait for another job."""
        self._start.cancel()
        with self._changed:
            self._over = True
            free, self._free = self._free, []
            ending = self._starting | self._team - set(free)
            self._changed.notify_all()
        effort.held_by_workers(sum(worker.peak_bytes for worker in self._team))
        for worker in ending:
            worker.end()
        idle.put(free, self._circumstances)

    def _somebody(self, here: bool) -> WorkerProcess | None:
        """A worker that is free; None: the item is to be computed `here`."""
        with self._changed:
            while True:
                if self._problem is not None:
                    raise self._problem
                if self._over:
                    raise WorkerLostError("the work has been given up")
                if self._free:
                    return self._free.pop()
                if here and self._here_now < self._places_here():
                    self._here_now += 1
                    return None
                self._changed.wait()

    def _places_here(self) -> int:
        """So many items may be computed in this process as long as workers are being started."""
        if self._here is None or self._was_complete:
            return 0
        return min(HERE, self._size - len(self._team))

    def _computed_here(self, item: Any) -> Any:
        assert self._here is not None
        try:
            return self._here(item)
        finally:
            with self._changed:
                self._here_now -= 1
                self._changed.notify_all()

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._changed:
            if not self._over:
                self._free.append(worker)
                self._changed.notify_all()

    def _lose(self, worker: WorkerProcess) -> None:
        worker.end()
        with self._changed:
            self._team.discard(worker)

    def _hire_all(self) -> None:
        with self._changed:
            missing = self._missing()
        for _ in range(missing):
            threading.Thread(target=self._hire, daemon=True).start()

    def _missing(self) -> int:
        """So many workers are neither in the team nor on their way to it."""
        return self._size - len(self._team) - len(self._starting)

    def _hire(self) -> None:
        """Start a worker; it belongs to the team when it is ready."""
        ends: list[str] = []
        while (worker := self._started()) is not None:
            try:
                went_well, problem = worker.take_up(self._job)
            except WorkerEndedError as end:
                ends.append(str(end))
                if len(ends) < ATTEMPTS:
                    self._dismiss(worker)
                    continue
                words = f"{ATTEMPTS} worker processes ended before they could compute anything ({', '.join(ends)})"
                went_well, problem = False, WorkerLostError(words)
            if went_well:
                self._welcome(worker)
            else:
                self._dismiss(worker, problem)
            return

    def _welcome(self, worker: WorkerProcess) -> None:
        with self._changed:
            self._starting.discard(worker)
            if not self._over:
                self._team.add(worker)
                self._free.append(worker)
                self._was_complete = self._was_complete or len(self._team) >= self._size
                self._changed.notify_all()
                return
        worker.end()

    def _dismiss(self, worker: WorkerProcess, problem: BaseException | None = None) -> None:
        worker.end()
        with self._changed:
            self._starting.discard(worker)
            self._problem = self._problem or problem
            self._changed.notify_all()

    def _started(self) -> WorkerProcess | None:
        """A worker that is not ready yet; None where there cannot be one, or nobody needs it any more."""
        with self._changed:
            if self._over or self._missing() <= 0:
                return None
            try:
                worker = WorkerProcess()
            except OSError as error:
                if self._team or self._starting:
                    return None  # the others do the work
                allowed = f"so many processes cannot be started ({error}); fewer workers may do"
                self._problem = BadInput("workers", self._size, allowed)
                self._changed.notify_all()
                return None
            self._starting.add(worker)
            return worker
