"""How much a run of the benchmark may cost, and what it finds on this machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """`quick` to see that everything works, `huge` for ten million passengers and 1,000 replications.

    `line`: the Python of an environment that has line-solver (None: LINE is left out). `offline`: no packages can be
    had, so nothing is installed.
    """

    quick: bool = False
    huge: bool = False
    line: str | None = None
    offline: bool = False

    @property
    def repeats(self) -> int:
        return 3 if self.quick else 7

    def of(self, quick: int, usual: int, huge: int | None = None) -> int:
        """A size."""
        if self.quick:
            return quick
        return huge if self.huge and huge is not None else usual
