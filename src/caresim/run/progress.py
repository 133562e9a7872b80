"""How far the work is: who wants to know it, and a person who reads it on the error stream."""

from __future__ import annotations

import io
import sys
import time
from collections import Counter
from collections.abc import Collection
from types import TracebackType
from typing import Any, Protocol, TextIO

EVERY_S = 10.0
"""Plain lines come at most this often, so that a log stays short."""
SLOW_S = 2.0
"""Runs that take longer than this are told by their seconds, not by how many a second there are."""


class Watch(Protocol):
    """Who wants to know how far the work is."""

    def compiling(self) -> None:
        """There is no compiled code yet, or not all of it: it is being made."""

    def compiled(self, seconds: float) -> None:
        """It has been made, and this is how long it took."""

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        """So many runs (staffing models times replications) are wanted in all, as far as is known now.

        `staffings`: the models that share them evenly, if they do; `passengers`: of each run, if that is known.
        """

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        """So many more are finished, of this staffing model; `resumed`: they were found on disk."""


class Nobody:
    """A watch that looks away."""

    def compiling(self) -> None: ...

    def compiled(self, seconds: float) -> None: ...

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None: ...

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None: ...


class Progress:
    """A watch that tells a person: a bar on a terminal, plain lines anywhere else. Use with `with`."""

    unit = "run"
    """What is counted."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.total = self.finished = self.resumed = 0
        self._staffings: tuple[str, ...] = ()
        self._finished: Counter[str] = Counter()
        self._timed: set[str] = set()
        self._started = self._told = time.monotonic()
        self._bar = _bar(self.stream) if self.stream.isatty() else None
        self._task = self._bar.add_task("runs", total=None, start=False, pace="") if self._bar else None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()
            if self.resumed:
                self._say(f"{self.resumed} of these runs were already computed")

    def compiling(self) -> None:
        self._say("first run of this version: compiling the model, once, for about ten seconds ...")

    def compiled(self, seconds: float) -> None:
        self._say(f"compiled in {seconds:.0f} s")

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        self.total, self._staffings = replications, tuple(staffings)
        if not self.finished:
            self._started = self._told = time.monotonic()
            many = f" of {passengers:,.0f} passengers" if passengers >= 1 else ""
            self._say(f"simulating {replications} runs{many} (staffing models x replications)")
        if self._bar:
            self._bar.start()
            self._bar.start_task(self._task)
            self._bar.update(self._task, total=replications)

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        self.finished += replications
        self.resumed += replications if resumed else 0
        self._finished[staffing] += replications
        if not resumed:
            self._timed.add(staffing)
        if self._bar:
            self._bar.update(self._task, completed=self.finished, pace=", ".join(self._pace()))
        elif self.finished >= self.total or time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            already = [f"{self.resumed} of them already computed"] if self.resumed else []
            self._say(", ".join([f"{self.finished} of {self.total} runs", *self._pace(), *already]))

    def _pace(self) -> list[str]:
        """How fast runs come and, once those that are left can be judged by some of their kind, when they end."""
        computed, left = self.finished - self.resumed, self.total - self.finished
        if not computed:
            return []
        seconds = max(time.monotonic() - self._started, 1e-9) / computed
        pace = [f"{seconds:.0f} s a {self.unit}" if seconds > SLOW_S else f"{1 / seconds:.1f} {self.unit}s/s"]
        share = self.total / max(len(self._staffings), 1)
        waiting = {staffing for staffing in self._staffings if self._finished[staffing] < share}
        return [*pace, f"{left * seconds:.0f} s left"] if left and waiting <= self._timed else pace

    def _say(self, words: str) -> None:
        if self._bar:
            self._bar.console.print(words, highlight=False)
        else:
            print(words, file=self.stream, flush=True)


class Counting(Progress):
    """A watch that counts what it is told, such as "points", and writes nothing by itself."""

    def __init__(self, what: str) -> None:
        super().__init__(io.StringIO())
        self._what = what
        self.unit = what.split()[0].removesuffix("s")

    def so_far(self) -> str:
        """How many are done, how fast they come, and when they end, as far as that is known."""
        return ", ".join([f"{self.finished:,} of {self.total:,} {self._what}", *self._pace()])


def _bar(stream: TextIO) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[pace]}"),
        TimeElapsedColumn(),
    )
    return Bar(*columns, console=Console(file=stream))
