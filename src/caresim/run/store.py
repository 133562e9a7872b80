"""Finished blocks on disk, so that an interrupted study goes on where it stopped."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from uuid import uuid4
from weakref import finalize

from caresim.run.block import FOLDER, Finished
from caresim.run.block_file import NAMES, Contents, NotABlock, laid_out
from caresim.run.claim import UNFINISHED, Claim, remove_abandoned
from caresim.run.output_dir import clear_up
from caresim.run.probe import probe

HELD = 1 << 23
"""Numbers in the frames of finished blocks that are held in memory; those of further blocks are read when wanted."""


class Store:
    """A folder with one file per finished block, named by the block's content hash and written in one piece."""

    def __init__(self, output_dir: str | Path) -> None:
        self.folder = Path(output_dir) / FOLDER
        self.own = self.folder / f"unfinished-{uuid4().hex[:12]}"
        """This study's alone, for what it writes, and for what it reads again: other studies may forget blocks that it
        shares with them.
        """
        self._claims: list[Claim] = []
        self._used: set[str] = set()
        self._has_handed_over = False
        self._room = HELD
        finalize(self, _let_go, self.own, self._claims)
        # Could it be written to? Nothing is made yet: bad input must not leave folders behind.
        probe(output_dir)
        if self.folder.exists():
            probe(output_dir, FOLDER)
        self._outer_is_ours = not self.folder.parent.exists()
        remove_abandoned(self.folder, UNFINISHED)
        clear_up(self.folder.parent)

    def keep(self, name: str, finished: Finished) -> None:
        """Write the block; a reader sees all of it or nothing."""
        content, contents = laid_out(finished)
        unfinished = self._opened() / f"{name}-{uuid4().hex[:12]}"
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, self.folder / name)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        self._used.add(name)
        self._claims[-1].touch()
        self._make_room(name, finished, content, contents)

    def find(self, name: str) -> Finished | None:
        """The block of an earlier, interrupted run; None if there is none, or the file is damaged or no block."""
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            # There is none, or what has its name cannot be read.
            return None
        try:
            contents = Contents.of(content, self.folder)
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
        self._remove_used()
        _let_go(self.own, self._claims)
        remove_abandoned(self.folder, UNFINISHED)
        # Not empty: another study is at work in the same place and its blocks stay.
        with suppress(OSError):
            self.folder.rmdir()
            if self._outer_is_ours:
                self.folder.parent.rmdir()

    def hand_over(self) -> None:
        """Remove the blocks used so far: what came of them is safe in a folder, with which the next attempt goes on."""
        self._has_handed_over = self._has_handed_over or bool(self._used)
        self._remove_used()

    def _remove_used(self) -> None:
        with suppress(FileNotFoundError):  # no folder: nothing was kept
            for path in list(self.folder.iterdir()):
                if path.name.partition("-")[0] in self._used:
                    # Results that are still in use hold long tables open; some systems do not let go of such a file.
                    with suppress(PermissionError, FileNotFoundError):
                        path.unlink()
        self._used.clear()

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
        mine = self._opened() / name
        mine.unlink(missing_ok=True)
        try:
            os.link(self.folder / name, mine)
        except OSError:
            # No such links here, or the block has been forgotten by another study just now.
            mine.write_bytes(content)
        return mine

    def place(self) -> Path:
        """A folder that nobody has used yet, for tables that are put together; it need not be made before it is."""
        return self._opened() / uuid4().hex[:12]

    @property
    def holds(self) -> bool:
        """Is anything finished of this study: blocks on disk, or what came of them?"""
        return bool(self._used) or self._has_handed_over

    def _opened(self) -> Path:
        """This study's folder, made and claimed: the first time, or when somebody has removed it."""
        if not (self._claims and self._claims[-1].is_there):
            # Another study in the same place may have finished just now, and cleared the folder away.
            while True:
                self.folder.mkdir(parents=True, exist_ok=True)
                with suppress(FileNotFoundError):
                    self._claims.append(Claim(self.own))
                    break
        self.own.mkdir(parents=True, exist_ok=True)
        return self.own


def _let_go(own: Path, claims: list[Claim]) -> None:
    """Remove a study's folder, then what claims it."""
    shutil.rmtree(own, ignore_errors=True)
    while claims:
        claims.pop().release()
