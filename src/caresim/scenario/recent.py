"""The last few things made of an experiment: runs of one draw follow each other, and share what does not differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import RLock
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

T = TypeVar("T")


class Recent(Generic[T]):
    """What was made of an experiment, by a key; several threads may ask, and the first of them makes it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = RLock()  # what is made may need something that is kept here, too
        self._kept: list[tuple[Experiment, Hashable, T]] = []

    def of(self, experiment: Experiment, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, or gave when it was asked for this very experiment and key."""
        with self._lock:
            for whose, which, kept in self._kept:
                if whose is experiment and which == key:
                    return kept
            fresh = make()
            self._kept = [*self._kept, (experiment, key, fresh)][-self._most :]
            return fresh
