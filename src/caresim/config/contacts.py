"""The contacts of a replay, a column each: of millions of them, an object each would fill the memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from caresim.config.pace import STEP, paced

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


class Kind(NamedTuple):
    """What contacts have in common: a file of any length has few kinds of them."""

    channel: str
    medium: str
    desk: str
    need: str
    cohort: str


class Contact(NamedTuple):
    """One contact in a piece, for whoever looks at a few; the columns of `Contacts` say what each means."""

    line: int
    arrival: float
    width: float
    channel: str
    medium: str
    desk: str
    need: str
    cohort: str
    service: float
    service_is_mean: bool
    patience: float
    priority: float
    patience_is_least: bool


@dataclass(frozen=True, eq=False)
class Contacts:
    """The contacts to come, in their order: arrays of one entry each. Times are minutes since midnight of the file's
    first day, or as numbered in the file.
    """

    kinds: tuple[Kind, ...]
    """In the order in which the first contact of each comes."""
    kind: NDArray[np.int32]
    """Place in `kinds`."""
    line: NDArray[np.int32]
    """Row of the file, from 0."""
    arrival: Floats
    width: Floats
    """It arrives anywhere within so many minutes from `arrival` on."""
    service: Floats
    """Minutes of handling; NaN: drawn."""
    service_is_mean: Truths
    """`service` is the mean that the handling time is drawn with, and not the time itself."""
    patience: Floats
    """Minutes; NaN: drawn."""
    patience_is_least: Truths
    """The customer was answered after `patience` minutes: it was at least that, and is drawn beyond it."""
    priority: Floats
    """NaN: that of the cohort."""

    @classmethod
    def none(cls) -> Contacts:
        """Those of a staff plan."""
        return cls((), *(constant(0, 0) for _ in range(9)))

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def channels(self) -> dict[str, Kind]:
        """A kind of each channel, in the order of first use; medium and desk are the same in all kinds of a channel."""
        found: dict[str, Kind] = {}
        for kind in self.kinds:
            found.setdefault(kind.channel, kind)
        return found

    def which(self, test: Callable[[Kind], bool]) -> Truths:
        """The contacts whose kind passes the test, as a mask."""
        return np.array([test(kind) for kind in self.kinds], dtype=bool)[self.kind]

    @cached_property
    def of_kind(self) -> list[NDArray[np.intp]]:
        """Positions of the contacts of each kind."""
        if len(self.kinds) == 1:
            return [np.arange(len(self))]
        counts = np.bincount(self.kind, minlength=len(self.kinds))
        return np.split(np.argsort(self.kind, kind="stable"), np.cumsum(counts)[:-1])

    def rows(self) -> tuple[Contact, ...]:
        """Each contact in a piece: for a small file."""
        columns = self.service, self.service_is_mean, self.patience, self.priority, self.patience_is_least
        first = zip(self.line.tolist(), self.arrival.tolist(), self.width.tolist(), strict=True)
        rest = zip(*(column.tolist() for column in columns), strict=True)
        return tuple(
            Contact(*times, *self.kinds[kind], *others)
            for times, kind, others in zip(first, self.kind.tolist(), rest, strict=True)
        )

    def keys(self, origin: str) -> NDArray[np.uint64]:
        """A 64-bit key for the luck of each contact: that of its identity, and of its number among equal ones.

        The identity says what tells it from others, wherever in the file it stands and whatever else the file holds:
        another contact, or another column, changes nobody else's luck.
        """
        keys = np.empty(len(self), np.uint64)
        starts = [f"replay/{origin}/{kind.channel}/{kind.need}/{kind.cohort}/" for kind in self.kinds]
        numbers = _numbers_among_equals(self.kind, self.arrival, self.width)
        for first in paced("giving each contact its luck", len(self), STEP):
            part = slice(first, first + STEP)
            columns = (column[part].tolist() for column in (self.kind, self.arrival, self.width, numbers))
            digests = [
                hashlib.blake2b(f"{starts[kind]}{arrival!r}/{width!r}/{number}".encode(), digest_size=8).digest()
                for kind, arrival, width, number in zip(*columns, strict=True)
            ]
            keys[part] = np.frombuffer(b"".join(digests), "<u8")
        return keys


def constant(value: Any, count: int) -> NDArray[Any]:
    """A column that says the same of every contact: it takes no memory."""
    return np.broadcast_to(np.asarray(value), (count,))


def _numbers_among_equals(kind: NDArray[np.int32], arrival: Floats, width: Floats) -> NDArray[np.int32]:
    """How many of the same kind, arrival and width come before each contact."""
    # By their bits: -0.0 is written otherwise than 0.0, and so is another identity.
    bits = [np.ascontiguousarray(column).view(np.int64) for column in (width, arrival)]
    columns: list[NDArray[Any]] = [kind, *bits]
    order = np.lexsort(columns)
    same = np.ones(max(len(order) - 1, 0), dtype=bool)
    for column in columns:
        ranked = column[order]
        same &= ranked[1:] == ranked[:-1]
    places = np.arange(len(order), dtype=np.int32)
    begins = np.where(np.append(False, same)[: len(order)], 0, places)
    numbers = np.empty(len(order), np.int32)
    numbers[order] = places - np.maximum.accumulate(begins)
    return numbers
