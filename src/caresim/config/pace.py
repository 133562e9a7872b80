"""Reading a large file takes a while: whoever listens is told how far it is.

Nobody listens unless the command line says so (`tell`): a program that loads an experiment prints nothing by itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

FIRST_S, EVERY_S = 2.0, 10.0
"""A first line after so long, for whoever wonders, and another one so often, so that a log stays short."""
STEP = 4096
"""Rows between two looks at the clock."""

_tell: Callable[[str], None] | None = None


def tell(listener: Callable[[str], None] | None) -> None:
    """From now on `listener` gets the lines; None: nobody does."""
    global _tell
    _tell = listener


def announce(what: str) -> None:
    """Say what begins now, where nobody can say how far it is: it takes some seconds in one go."""
    if _tell is not None:
        _tell(f"{what} ...")


def say(line: str) -> None:
    """Say something of the work in a line."""
    if _tell is not None:
        _tell(line)


class Pace:
    """Work on so many rows, bytes or other parts that has begun now."""

    def __init__(self, what: str, total: float) -> None:
        self._what, self._total = what, max(total, 1.0)
        self._started = self._told = time.monotonic()

    def at(self, done: float) -> None:
        """So many parts are done."""
        now = time.monotonic()
        wait = FIRST_S if self._told == self._started else EVERY_S
        if _tell is None or now - self._told < wait:
            return
        self._told = now
        left = (now - self._started) * (self._total / max(done, 1e-9) - 1)
        _tell(f"{self._what}: {min(done / self._total, 1):.0%}, {max(left, 0):.0f} s left")


def paced(what: str, total: int, step: int) -> Iterator[int]:
    """The first row of each stretch of `step` rows; whoever takes them tells by it how far the work is."""
    pace = Pace(what, total)
    for first in range(0, total, step):
        pace.at(first)
        yield first
