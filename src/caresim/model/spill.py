"""A table that lies in a file, for runs whose contacts would not fit into memory.

The file is mapped: records are read and written as in any other table, and the operating system brings in what is
touched. What is told to rest leaves the memory of the process and comes back when somebody looks at it, so that nothing
else has to know. The file has no name and is gone with the process, however that ends.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import weakref

import numpy as np

from .records import DTYPES

FROM = 1 << 20
"""Rows from which on a table that may spill lies in a file: 1 million."""
STEP = 1 << 18
"""Rows by which it then grows, and of which so many lately written ones stay in memory."""


class Spill:
    """The file of one table, in the folder for temporary files (TMPDIR)."""

    def __init__(self, table: str) -> None:
        self._dtype = np.dtype((np.record, DTYPES[table]))
        self._file = tempfile.TemporaryFile(prefix="caresim-")  # noqa: SIM115 (closed when the spill goes)
        weakref.finalize(self, self._file.close)
        self._mapping: mmap.mmap | None = None

    def longer(self, count: int) -> np.recarray:
        """The table with room for `count` records: those there were, and empty ones. OSError: the disk is full."""
        size = count * self._dtype.itemsize
        if hasattr(os, "posix_fallocate"):
            try:
                os.posix_fallocate(self._file.fileno(), 0, size)
            except OSError as error:
                told = f"{size / 1e9:.1f} GB for contacts in {tempfile.gettempdir()} (TMPDIR names another folder)"
                raise OSError(error.errno, f"{error.strerror}: {told}") from error
        else:
            self._file.truncate(size)
        self._mapping = mmap.mmap(self._file.fileno(), size)
        return np.frombuffer(self._mapping, self._dtype, count).view(np.recarray)

    def rest(self, first: int, last: int) -> None:
        """Let the records from row `first` to `last` - 1 leave the memory until they are looked at again."""
        if self._mapping is None or not hasattr(mmap, "MADV_DONTNEED"):
            return
        page = mmap.PAGESIZE
        start = -(-first * self._dtype.itemsize // page) * page
        end = min(last * self._dtype.itemsize, len(self._mapping)) // page * page
        if start < end:
            self._mapping.madvise(mmap.MADV_DONTNEED, start, end - start)
