"""Claims: what is half-written belongs to somebody for as long as that process lives, and is removed afterwards.

A claim on `place` is a lock on the file `place.lock` beside it. The system gives the lock back when its owner ends,
however that is (a number of a process would say nothing: it is given to another one later). Where locks do not reach,
which is on another machine that shares the folder or on a file system without them, age decides: what has not changed
for `STALE_S` belongs to nobody.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

STALE_S = 3600.0
"""Where no lock tells, what has not changed for so long belongs to a process that died."""
UNFINISHED = "unfinished-*"
"""What is called so, among blocks and compiled code, is somebody's alone until that process ends."""
LOCK = ".lock"
AT = 1 << 20
"""The byte that is locked on Windows, where nobody may read what is locked: far behind the words in the file."""


class Claim:
    """A place that is this process's alone until `release`; it need not exist."""

    def __init__(self, place: Path) -> None:
        """FileExistsError where somebody has claimed it, or did and has died."""
        self.place = place
        self._path = lock_of(place)
        while True:
            self._descriptor: int | None = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
            os.write(self._descriptor, machine().encode())
            with suppress(OSError):  # a file system without locks
                _lock(self._descriptor, patiently=True)
            if _is_at(self._descriptor, self._path):
                return
            os.close(self._descriptor)  # it was taken for a dead one's before it was locked

    def touch(self) -> None:
        """Say that its owner lives, to those whom the lock does not reach."""
        with suppress(OSError):
            os.utime(self._path)

    @property
    def is_there(self) -> bool:
        """Has nobody removed it, with the folder that it lies in?"""
        return self._descriptor is not None and _is_at(self._descriptor, self._path)

    def release(self) -> None:
        """Let the place go. Without effect where it has been let go."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            _remove(descriptor, self._path)


@contextmanager
def claimed(place: Path) -> Iterator[Claim]:
    """A claim for as long as the block takes."""
    claim = Claim(place)
    try:
        yield claim
    finally:
        claim.release()


def lock_of(place: Path) -> Path:
    """The file whose lock is the claim on a place."""
    return place.with_name(f"{place.name}{LOCK}")


def remove_abandoned(folder: Path, pattern: str) -> None:
    """Remove files and folders in `folder` that are called so and belong to nobody any more, with their locks."""
    names = {path.name.removesuffix(LOCK) for path in (*folder.glob(pattern), *folder.glob(pattern + LOCK))}
    for name in sorted(names):
        # Somebody else may be clearing up too, or it is theirs to remove.
        with suppress(OSError):
            _remove_if_abandoned(folder / name)


def _remove_if_abandoned(place: Path) -> None:
    path = lock_of(place)
    try:
        descriptor = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        # Of a version without locks, or of somebody who has just let it go.
        if _is_old(place):
            _discard(place)
        return
    owner = os.read(descriptor, AT).decode(errors="replace")
    try:
        _lock(descriptor, patiently=False)
        reached = owner == machine()
    except BlockingIOError:
        os.close(descriptor)
        return
    except OSError:
        reached = False
    if not _is_at(descriptor, path):
        os.close(descriptor)  # the dead one's has been removed, and what is there now is somebody's
    elif reached or all(_is_old(each) for each in (path, place) if each.exists()):
        _discard(place)
        _remove(descriptor, path)
    else:
        os.close(descriptor)


def _is_old(place: Path) -> bool:
    """Has it not changed for long? What has changed in the future has not, as far as this clock can tell."""
    return place.stat().st_mtime < time.time() - STALE_S


def _discard(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except OSError:
        return False


def _remove(descriptor: int, path: Path) -> None:
    """Remove the file of a lock that this process holds, unless another has taken its name."""
    if sys.platform == "win32":
        os.close(descriptor)  # what is open cannot be removed there
        with suppress(OSError):
            path.unlink()
        return
    with suppress(OSError):
        if _is_at(descriptor, path):
            path.unlink()
    os.close(descriptor)


def _lock(descriptor: int, patiently: bool) -> None:
    """BlockingIOError where another process holds it, another OSError where there are no locks."""
    if sys.platform == "win32":
        os.lseek(descriptor, AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_LOCK if patiently else msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(*error.args) from None
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if patiently else fcntl.LOCK_NB))


@lru_cache(maxsize=1)
def machine() -> str:
    """This machine since it was started: its locks reach whoever says the same."""
    with suppress(OSError):
        return Path("/proc/sys/kernel/random/boot_id").read_bytes().decode().strip()
    return platform.node()
