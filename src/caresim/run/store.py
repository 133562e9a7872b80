"""Finished blocks on disk, so that an interrupted study goes on where it stopped."""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from uuid import uuid4
from weakref import finalize

from caresim.run.block import FOLDER, Finished
from caresim.run.block_file import NAMES, Contents, NotABlock, laid_out
from caresim.run.probe import probe

HELD = 1 << 23
"""Numbers in the frames of finished blocks that are held in memory; those of further blocks are read when wanted."""
STALE_S = 3600.0
"""What has been half-written for so long belongs to a process that died, unless it names one that lives."""
_OWNER = re.compile(r"[a-z]+-(\d+)-")
"""How a name begins that tells the number of the process which it belongs to."""


class Store:
    """A folder with one file per finished block, named by the block's content hash and written in one piece."""

    def __init__(self, output_dir: str | Path) -> None:
        probe(output_dir)
        self.folder = Path(output_dir) / FOLDER
        self.own = self.folder / f"held-{os.getpid()}-{uuid4().hex[:12]}"
        """This study's alone, for what it reads again: other studies may forget blocks that it shares with them."""
        self._used: set[str] = set()
        self._room = HELD
        finalize(self, shutil.rmtree, self.own, ignore_errors=True)
        self._outer_is_ours = not self.folder.parent.exists()

    def keep(self, name: str, finished: Finished) -> None:
        """Write the block; a reader sees all of it or nothing."""
        content, contents = laid_out(finished)
        descriptor, unfinished = self._open()
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.replace(unfinished, self.folder / name)
        except BaseException:
            Path(unfinished).unlink(missing_ok=True)
            raise
        self._used.add(name)
        # To a study on another machine, a folder that has long been as it is belongs to nobody.
        with suppress(OSError):
            os.utime(self.own)
        self._make_room(name, finished, content, contents)

    def find(self, name: str) -> Finished | None:
        """The block of an earlier, interrupted run; None if there is none, or the file is damaged or no block."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            # There is none, or what has its name cannot be read.
            return None
        try:
            contents = Contents.of(content)
            finished = contents.block()
        except NotABlock:
            return None
        if not finished.is_there:
            return None
        self._used.add(name)
        self._make_room(name, finished, content, contents)
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
        shutil.rmtree(self.own, ignore_errors=True)
        remove_stale(self.folder, "unfinished-*")
        remove_stale(self.folder, "held-*")
        # Not empty: another study is at work in the same place and its blocks stay.
        with suppress(OSError):
            self.folder.rmdir()
            if self._outer_is_ours:
                self.folder.parent.rmdir()

    def _make_room(self, name: str, finished: Finished, content: bytes, contents: Contents) -> None:
        """Let the frames of a block go, which has just been written or read, where many are held already."""
        size = sum(finished.size(frames)[1] for frames in NAMES)
        if size > self._room:
            finished.let_go(contents.at(self._claimed(name, content)))
        else:
            self._room -= size
            finalize(finished, self._take_back, size).atexit = False

    def _take_back(self, room: int) -> None:
        self._room += room

    def _claimed(self, name: str, content: bytes) -> Path:
        """The block's file under a name that nobody else removes."""
        mine = self.own / name
        self.own.mkdir(parents=True, exist_ok=True)
        mine.unlink(missing_ok=True)
        try:
            os.link(self.folder / name, mine)
        except OSError:
            # No such links here, or the block has been forgotten by another study just now.
            mine.write_bytes(content)
        return mine

    def place(self) -> Path:
        """A folder that nobody has used yet, for tables that are put together; it need not be made before it is."""
        return self.own / uuid4().hex[:12]

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


def remove_stale(folder: Path, pattern: str) -> None:
    """Remove the half-written files and folders called so that a process which died has left in `folder`."""
    oldest = time.time() - STALE_S
    for place in folder.glob(pattern):
        # Somebody else may be clearing up too, or it is theirs to remove.
        with suppress(OSError):
            if place.stat().st_mtime < oldest and not _is_owned(place):
                shutil.rmtree(place) if place.is_dir() else place.unlink()


def _is_owned(place: Path) -> bool:
    """Does its name tell a process that lives on this machine? (On Windows, who asks a process would end it.)"""
    owner = _OWNER.match(place.name)
    if owner is None or sys.platform == "win32":
        return False
    try:
        os.kill(int(owner[1]), 0)
    except PermissionError:
        return True  # somebody else's
    except (ProcessLookupError, OverflowError):
        return False
    return True
