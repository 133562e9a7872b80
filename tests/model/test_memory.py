"""Tables lie in memory that earlier ones have given back, and never in memory that somebody still looks at."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from caresim.model.jit import INTERPRETED
from caresim.model.memory import LARGE, SMALL, room
from caresim.model.records import rows
from caresim.model.seat import depart
from caresim.model.world import World

SIZE = 4 * SMALL


def place(memory: np.ndarray) -> int:
    return memory.ctypes.data


def test_what_was_given_back_serves_the_next():
    first = room(SIZE, blank=True)
    where = place(first)
    del first
    assert place(room(SIZE, blank=True)) == where


def test_what_anybody_still_looks_at_stays_as_it_is():
    first = room(SIZE, blank=True)
    seen = first.view(np.float64)[5:7]
    del first
    others = [room(SIZE, blank=False) for _ in range(8)]
    for other in others:
        other[:] = 1
    assert seen.tolist() == [0.0, 0.0]


@pytest.mark.parametrize("size", [SMALL - 1, SMALL, SIZE, LARGE + 1])
def test_blank_memory_is_zero_and_begins_a_cache_line(size):
    used = room(size, blank=False)
    used[:] = 1
    del used
    memory = room(size, blank=True)
    assert len(memory) == size
    assert not memory.any()
    assert place(memory) % 64 == 0


def test_threads_do_not_share():
    mine = room(SIZE, blank=True)
    where = place(mine)
    del mine
    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(lambda: place(room(SIZE, blank=True))).result() != where


@pytest.mark.skipif(INTERPRETED, reason="NumPy takes -1 for the last row")
@pytest.mark.parametrize("row", [-1, 1])
def test_a_row_that_is_none_is_refused(row):
    world = World(flights=rows(1, "flights"))
    with pytest.raises(IndexError, match="no such row of flights"):
        depart(world, row)
