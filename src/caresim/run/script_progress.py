"""How far a study in a script is: a line on the error stream when a point ends, every ten seconds at most."""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Collection

from caresim.run.progress import EVERY_S, Progress


class InScript(Progress):
    """A watch that tells whoever waits for a script."""

    def __init__(self, what: str) -> None:
        super().__init__(io.StringIO())
        self._what = what
        self.unit = what.split()[0].removesuffix("s")
        self._said = time.monotonic()

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        super().expect(replications, staffings, passengers)
        self._said = time.monotonic()

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        super().done(replications, resumed, staffing)
        if time.monotonic() - self._said < EVERY_S or sys.stderr is None:
            return
        self._said = time.monotonic()
        words = [f"{self.finished:,} of {self.total:,} {self._what}", *self._pace()]
        print(f"caresim: {', '.join(words)}", file=sys.stderr, flush=True)
