"""Finished blocks on disk, so that an interrupted study goes on where it stopped."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from caresim.config.errors import BadInput
from caresim.run.block import FOLDER, Finished
from caresim.run.block_file import NotABlock, decoded, encoded

STALE_S = 3600.0
"""What has been half-written for so long belongs to a process that died."""


class Store:
    """A folder with one file per finished block, named by the block's content hash and written in one piece."""

    def __init__(self, output_dir: str | Path) -> None:
        self.folder = Path(output_dir) / FOLDER
        self._used: set[str] = set()
        self._outer_is_ours = not self.folder.parent.exists()
        self._check()

    def keep(self, name: str, finished: Finished) -> None:
        """Write the block; a reader sees all of it or nothing."""
        content = encoded(finished)
        descriptor, unfinished = self._open()
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(unfinished, self.folder / name)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        self._used.add(name)

    def find(self, name: str) -> Finished | None:
        """The block of an earlier, interrupted run; None if there is none, or the file is damaged or no block."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            # There is none, or what has its name cannot be read.
            return None
        try:
            finished = decoded(content)
        except NotABlock:
            return None
        if not finished.is_there:
            return None
        self._used.add(name)
        return finished

    def forget(self) -> None:
        """Remove the blocks this study used, and the folder when no other study has any in it."""
        for name in self._used:
            (self.folder / name).unlink(missing_ok=True)
            for rows in self.folder.glob(f"{name}-*"):
                # Results that are still in use hold them open; some systems do not let go of such a file.
                with suppress(PermissionError):
                    rows.unlink()
        self._used.clear()
        remove_stale(self.folder, "unfinished-*")
        # Not empty: another study is at work in the same place and its blocks stay.
        with suppress(OSError):
            self.folder.rmdir()
            if self._outer_is_ours:
                self.folder.parent.rmdir()

    @property
    def holds(self) -> int:
        """So many finished blocks of this study are on disk."""
        return len(self._used)

    def _open(self) -> tuple[int, str]:
        try:
            return tempfile.mkstemp(dir=self.folder, prefix="unfinished-")
        except FileNotFoundError:
            # The first block, or another study in the same place has just finished and cleared the folder away.
            self.folder.mkdir(parents=True, exist_ok=True)
            return tempfile.mkstemp(dir=self.folder, prefix="unfinished-")

    def _check(self) -> None:
        """Could the folder be made and written to? Makes nothing yet: bad input must not leave folders behind."""
        nearest = next(place for place in (self.folder, *self.folder.absolute().parents) if place.exists())
        if not nearest.is_dir() or not os.access(nearest, os.W_OK):
            raise BadInput(
                "output_dir", str(self.folder.parent), f"must be a folder that can be written to; {nearest} is not"
            )


def remove_stale(folder: Path, pattern: str) -> None:
    """Remove the half-written files and folders called so that a process which died has left in `folder`."""
    oldest = time.time() - STALE_S
    for place in folder.glob(pattern):
        # Somebody else may be clearing up too, or it is theirs to remove.
        with suppress(OSError):
            if place.stat().st_mtime < oldest:
                shutil.rmtree(place) if place.is_dir() else place.unlink()
