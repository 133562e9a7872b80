"""How much a run of the benchmark may cost."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Effort:
    """`quick` to see that everything works, `huge` for ten million passengers and 1,000 replications."""

    quick: bool = False
    huge: bool = False

    @property
    def repeats(self) -> int:
        return 3 if self.quick else 7

    def of(self, quick: int, usual: int, huge: int | None = None) -> int:
        """A size."""
        if self.quick:
            return quick
        return huge if self.huge and huge is not None else usual
