"""The last few things made of an experiment: runs of one draw follow each other, and share what does not differ."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import RLock
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

if TYPE_CHECKING:
    from caresim.config.experiment import Experiment

T = TypeVar("T")


class Recent(Generic[T]):
    """What was made of an experiment, by a key; several threads may ask, and the first of them makes it.

    `most` of them are kept; where one block is done after the other, `alone` are enough (0: as many).
    """

    one_by_one: ClassVar[bool] = False
    """Is one block done after the other in this process, as worker processes do?"""

    def __init__(self, most: int, alone: int = 0) -> None:
        self._most, self._alone = most, alone or most
        self._lock = RLock()  # what is made may need something that is kept here, too
        self._kept: list[tuple[Experiment, Hashable, T]] = []

    def of(self, experiment: Experiment, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, or gave when it was asked for this very experiment and key."""
        with self._lock:
            for whose, which, kept in self._kept:
                if whose is experiment and which == key:
                    return kept
            fresh = make()
            most = self._alone if Recent.one_by_one else self._most
            self._kept = [*self._kept, (experiment, key, fresh)][-most:]
            return fresh
