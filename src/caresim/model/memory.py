"""Memory for tables: what one run has given back serves the next.

Fresh memory costs more than all that a run writes into it: the system clears page after page when it is touched first,
and threads that do so at the same time wait for each other.
"""

from __future__ import annotations

import sys
import threading

import numpy as np

LINE = 64
"""Bytes of a cache line, which the processor brings in at once: each table begins one."""
SMALL, LARGE = 1 << 16, 1 << 26
"""Bytes below and above which memory comes from the system and goes back there."""
KEPT = 1 << 28
"""Bytes that a thread keeps at most."""


def record(**fields: str) -> np.dtype:
    """The type of a table's rows: what each field holds, laid out as the processor reads it."""
    return np.dtype(list(fields.items()), align=True)


class _Kept(threading.local):
    """The memory that the present thread keeps, in use or not."""

    def __init__(self) -> None:
        self.pieces: list[np.ndarray] = []


_kept = _Kept()


def _held(pieces: list[np.ndarray], n: int) -> int:
    """How many hold piece `n`: the list, and every table in it, as an array holds what it is a view of."""
    return sys.getrefcount(pieces[n])


_ALONE = _held([np.zeros(1)], 0)


def room(size: int, blank: bool) -> np.ndarray:
    """`size` bytes that begin a cache line, zero if `blank`."""
    if not SMALL <= size <= LARGE:
        return _aligned(np.zeros(size + LINE, np.uint8), size)
    pieces = _kept.pieces
    for n in range(len(pieces)):
        if size + LINE <= len(pieces[n]) <= 2 * (size + LINE) and _held(pieces, n) == _ALONE:
            piece = _aligned(pieces[n], size)
            if blank:
                piece[:] = 0
            return piece
    pieces.append(np.zeros(size + size // 4 + LINE, np.uint8))  # the next run may need a little more
    piece = _aligned(pieces[-1], size)
    _tidy(pieces)
    return piece


def _tidy(pieces: list[np.ndarray]) -> None:
    """Give the oldest back to the system while there is too much, whether in use or not."""
    while sum(len(piece) for piece in pieces) > KEPT:
        del pieces[0]


def _aligned(memory: np.ndarray, size: int) -> np.ndarray:
    first = -memory.ctypes.data % LINE
    return memory[first : first + size]
