"""Worker processes of this machine: started when work lasts, kept for the next work, replaced when they are killed.

Each is a fresh interpreter that knows nothing of the program's main file, at the ends of two pipes. So a script needs
no `if __name__ == "__main__"`, nothing is forked, a killed worker takes nothing with it but the item in its hands, and
no worker outlives this process, however it ends: a worker whose pipe is closed ends at once. (Pools of joblib and of
concurrent.futures give up all items when one worker is killed, and stay behind as orphans when their owner is.)
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from typing import Any, TypeAlias

from caresim.model.cores import another_python

IDLE_S = 60.0
"""Workers that nobody needs for so long are sent home."""
GONE_WITHIN_S = 5.0
"""A worker that has closed its pipe has ended by then."""
ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL", "NUMEXPR")}
"""Workers share the cores among themselves already."""
BEGIN = "from caresim.run.serving import serve; serve()"
Answer: TypeAlias = tuple[bool, Any]
"""Did it go well; the result, or the error."""


class WorkerEndedError(Exception):
    """A worker has ended where an answer was awaited; says how."""


class Job:
    """What all items share, packed once for all workers."""

    def __init__(self, content: bytes) -> None:
        self.content = content


def _apart() -> dict[str, Any]:
    """Ctrl-C reaches this process alone, which then ends its workers."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"process_group": 0}


class WorkerProcess:
    """A process that computes items of a job, one at a time."""

    def __init__(self) -> None:
        options = [f"-W{option}" for option in sys.warnoptions]
        self._process = subprocess.Popen(
            another_python(BEGIN, options),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=ONE_THREAD | os.environ,
            **_apart(),
        )
        self._job: Job | None = None
        self.peak_bytes = 0
        """Memory that it has held at most for itself."""

    @property
    def is_there(self) -> bool:
        """Has it not ended?"""
        return self._process.poll() is None

    def take_up(self, job: Job) -> Answer:
        """Get the worker ready for the job's items."""
        if self._job is job:
            return True, None
        self._job = None
        went_well, problem = self._asked(True, job.content)
        self._job = job if went_well else None
        return went_well, problem

    def compute(self, job: Job, item: Any) -> Answer:
        """The item's result, or what went wrong with it."""
        went_well, problem = self.take_up(job)
        return self._asked(False, pickle.dumps(item, protocol=5)) if went_well else (False, problem)

    def end(self) -> None:
        """Now, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(OSError):  # what was not read any more
                if pipe is not None:
                    pipe.close()

    def _end_in_words(self) -> str:
        with suppress(subprocess.TimeoutExpired):  # it has closed its pipe and is about to end
            status = self._process.wait(GONE_WITHIN_S)
            return f"signal {-status}" if status < 0 else f"exit status {status}"
        return "its pipe was closed"

    def _asked(self, is_job: bool, content: bytes) -> Answer:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump((is_job, content), self._process.stdin, protocol=5)
            self._process.stdin.flush()
            went_well, answer, self.peak_bytes = pickle.load(self._process.stdout)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as broken:
            # Nobody at the other end, or half an answer; ValueError: `end` has closed this end.
            raise WorkerEndedError(self._end_in_words()) from broken
        return went_well, answer


class Idle:
    """Workers without work, until somebody wants them or nobody has for a while."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: list[WorkerProcess] = []
        self._circumstances: Any = None
        self._leaving: threading.Timer | None = None

    def put(self, workers: list[WorkerProcess], circumstances: Any) -> None:
        """Keep them for work under the circumstances in which they were started."""
        with self._lock:
            self._only_under(circumstances)
            self._workers += workers
            self._let_leave()

    def take(self, count: int, circumstances: Any) -> list[WorkerProcess]:
        """At most so many that were started under these circumstances; those of others are sent home."""
        with self._lock:
            self._only_under(circumstances)
            for worker in [worker for worker in self._workers if not worker.is_there]:
                worker.end()
                self._workers.remove(worker)
            taken, self._workers = self._workers[:count], self._workers[count:]
            self._let_leave()
            return taken

    def dismiss(self) -> None:
        """Send all of them home."""
        with self._lock:
            self._only_under(None)

    def forget(self) -> None:
        """Leave them alone: they belong to the process that this one is a copy of."""
        _of_others.extend(self._workers)
        self._lock, self._workers, self._leaving = threading.Lock(), [], None

    def _let_leave(self) -> None:
        """From now on, whoever is here waits for `IDLE_S` at most."""
        if self._workers:
            self._leaving = threading.Timer(IDLE_S, self.dismiss)
            self._leaving.daemon = True
            self._leaving.start()

    def _only_under(self, circumstances: Any) -> None:
        if self._leaving is not None:
            self._leaving.cancel()
        if circumstances != self._circumstances:
            for worker in self._workers:
                worker.end()
            self._workers, self._circumstances = [], circumstances


idle = Idle()
_of_others: list[WorkerProcess] = []
"""Kept, so that this process does not clear them away."""
atexit.register(idle.dismiss)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=idle.forget)
