"""A table that lies in a file, for runs whose contacts would not fit into memory.

The file is mapped: records are read and written as in any other table, and the operating system brings in what is
touched. What is told to rest leaves the memory of the process and comes back when somebody looks at it, so that nothing
else has to know. The file has no name and is gone with the process, however that ends.
"""

from __future__ import annotations

import errno
import mmap
import os
import shutil
import tempfile
import weakref

import numpy as np

from .records import DTYPES

FROM = 1 << 20
"""Rows from which on a table that may spill lies in a file: 1 million."""
STEP = 1 << 18
"""Rows by which it then grows, and of which so many lately written ones stay in memory."""
BLANK = 1 << 20
"""Bytes that are written at once where a file cannot be told to be long."""


class Spill:
    """The file of one table, in the folder for temporary files (TMPDIR)."""

    def __init__(self, table: str) -> None:
        self._dtype = np.dtype((np.record, DTYPES[table]))
        self._size = 0
        try:
            self._file = tempfile.TemporaryFile(prefix="caresim-")  # noqa: SIM115 (closed when the spill goes)
        except FileNotFoundError as error:  # Python has tried all folders for temporary files
            raise OSError(errno.ENOSPC, f"{error.strerror}; TMPDIR names one that can be written to") from error
        weakref.finalize(self, self._file.close)
        self._mapping: mmap.mmap | None = None

    def longer(self, count: int) -> np.recarray:
        """The table with room for `count` records: those there were, and empty ones. OSError: the disk is full."""
        size = count * self._dtype.itemsize
        try:
            _allocate(self._file.fileno(), self._size, size)
        except OSError as error:
            raise OSError(error.errno, f"{error.strerror}: {_missing(size - self._size)}") from error
        self._size = size
        self._mapping = mmap.mmap(self._file.fileno(), size)
        return np.frombuffer(self._mapping, self._dtype, count).view(np.recarray)

    def evict(self, first: int, last: int) -> None:
        """Let the records from row `first` to `last` - 1 leave the memory until they are looked at again."""
        if self._mapping is None or not hasattr(mmap, "MADV_DONTNEED"):
            return
        page = mmap.PAGESIZE
        start = -(-first * self._dtype.itemsize // page) * page
        end = min(last * self._dtype.itemsize, len(self._mapping)) // page * page
        if start < end:
            self._mapping.madvise(mmap.MADV_DONTNEED, start, end - start)


def _allocate(descriptor: int, old: int, size: int) -> None:
    """Make the file `size` bytes long, all of them on the disk: to touch a hole on a full disk ends the process."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    if shutil.disk_usage(tempfile.gettempdir()).free < size - old:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    os.lseek(descriptor, old, os.SEEK_SET)
    while old < size:
        old += os.write(descriptor, bytes(min(size - old, BLANK)))


def _missing(size: int) -> str:
    folder = tempfile.gettempdir()
    free = in_words(shutil.disk_usage(folder).free)
    wanted = f"{in_words(size)} more wanted for contacts in {folder}, where {free} are free"
    return f"{wanted}; the environment variable TMPDIR names a folder with more room"


def in_words(size: float) -> str:
    """So many bytes, to two digits or more: 23 MB, 1.4 GB."""
    for unit, name in ((1e9, "GB"), (1e6, "MB")):
        if size >= 0.95 * unit:
            return f"{size / unit:.1f} {name}" if size < 9.95 * unit else f"{size / unit:.0f} {name}"
    return f"{size / 1e3:.0f} kB"
