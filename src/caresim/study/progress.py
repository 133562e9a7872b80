"""How far the work is, on the error stream: a bar on a terminal, plain lines anywhere else."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any, TextIO

EVERY_S = 10.0
"""Plain lines come at most this often, so that a log stays short."""


class Progress:
    """A watch of a comparison that tells a person. Use with `with`."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream or sys.stderr
        self.total = self.finished = self.resumed = 0
        self._started = self._told = time.monotonic()
        self._bar = _bar(self.stream) if self.stream.isatty() else None
        self._task = self._bar.add_task("runs", total=None, start=False, rate="") if self._bar else None

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
        self._say("first run of this version: compiling the model, once, for half a minute to a minute ...")

    def compiled(self, seconds: float) -> None:
        self._say(f"compiled in {seconds:.0f} s")

    def expect(self, replications: int) -> None:
        self.total = replications
        if not self.finished:
            self._started = self._told = time.monotonic()
        if self._bar:
            self._bar.start()
            self._bar.start_task(self._task)
            self._bar.update(self._task, total=replications)
        elif not self.finished:
            self._say(f"simulating {replications} runs (staffing models x replications)")

    def done(self, replications: int, resumed: bool) -> None:
        self.finished += replications
        self.resumed += replications if resumed else 0
        if self._bar:
            self._bar.update(self._task, completed=self.finished, rate=f"{self._rate():.1f} runs/s")
        elif self.finished >= self.total or time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            self._say(f"{self.finished} of {self.total} runs, {self._pace()}")

    def _rate(self) -> float:
        return (self.finished - self.resumed) / max(time.monotonic() - self._started, 1e-9)

    def _pace(self) -> str:
        found = f", {self.resumed} of them already computed" if self.resumed else ""
        rate, left = self._rate(), self.total - self.finished
        if not left or not rate:
            return f"{rate:.1f} runs/s{found}"
        return f"{rate:.1f} runs/s, {left / rate:.0f} s left{found}"

    def _say(self, words: str) -> None:
        if self._bar:
            self._bar.console.print(words, highlight=False)
        else:
            print(words, file=self.stream, flush=True)


def _bar(stream: TextIO) -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    return Bar(*columns, console=Console(file=stream))
