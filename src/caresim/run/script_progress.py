"""How far a study in a script is: a line on the error stream when a point ends, every ten seconds at most."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection

from caresim.run.progress import EVERY_S, Counting


class InScript(Counting):
    """A watch that tells whoever waits for a script."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self._said = time.monotonic()

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        super().expect(replications, staffings, passengers)
        self._said = time.monotonic()

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        super().done(replications, resumed, staffing)
        if time.monotonic() - self._said < EVERY_S or sys.stderr is None:
            return
        self._said = time.monotonic()
        print(f"caresim: {self.so_far()}", file=sys.stderr, flush=True)
