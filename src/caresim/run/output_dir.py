"""The folder that runs are written into: a place for a run, and what dead runs have left."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from caresim.run.claim import Claim, lock_of, remove_abandoned
from caresim.run.refusal import RefusedError, refusals_told

_MOMENT = f"{'[0-9]' * 4}-{'[0-9]' * 2}-{'[0-9]' * 2}_{'[0-9]' * 2}-{'[0-9]' * 2}-{'[0-9]' * 2}"
NO_MOMENT = "0000-00-00_00-00-00"
UNFINISHED = f".{_MOMENT}_*_*"
"""What a run's folder is called while it is being written, as a pattern."""
SWEEP = f"{_MOMENT}_sweep_*"
"""What the folder of a sweep is called, as a pattern."""

AT_WORK = ".at_work"
"""The file in the folder of a sweep that is not complete; it says what was asked for, so that the same command goes on
there.
"""
LATEST = "latest"
"""The name by which the newest run is found, whatever its task was."""

DEAD_S = 60.0
"""Seconds after which a link that is not in its place belongs to a command that was killed: making one takes none."""
SETTLED_AT_ONCE = 8
"""Files that the disk is waited for at a time: 27 files of a run took 14 to 28 ms so, and 97 to 178 ms one by one."""
_wanted: list[Path | None] = []
"""Where the next folder of a run or a sweep goes, if its user has said so; the innermost `put_at` is last."""
_finals: dict[Path, Path] = {}
"""Where an unfinished folder will be, if its user has said so."""
TAKEN = {errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR}
"""What a system says that cannot put a folder where another one is, or a file."""
NO_SUCH_WAIT = {errno.EINVAL, getattr(errno, "ENOTSUP", errno.EINVAL)}
"""What a file system says that has no way to be waited for."""


def clear_up(output_dir: Path) -> None:
    """Remove what runs and sweeps that were killed have left half-written."""
    sweeps = [folder for folder in output_dir.glob(SWEEP) if folder.is_dir()]
    for place in (output_dir, *sweeps):
        remove_abandoned(place, UNFINISHED)
    for sweep in sweeps:
        # Its runs are worth keeping; one without any, and without an owner, was killed before the first.
        if not lock_of(_claimed_as(sweep)).exists():
            with suppress(OSError):
                sweep.rmdir()


@contextmanager
def put_at(folder: Path | None) -> Iterator[None]:
    """Within the block, the next folder of a run or a sweep goes to this path; None: it has a name of its own.

    The folder lies in the `output_dir` of that run or sweep, and nothing, or an empty folder, is at its path.
    """
    _wanted.append(folder)
    try:
        yield
    finally:
        _wanted.pop()


@contextmanager
def unfinished(output_dir: Path, name: str, short_hash: str) -> Iterator[Path]:
    """A new hidden folder that becomes the final one at the end of the block, or vanishes when the block fails.

    RefusedError where the system does not let it be written.
    """
    with refusals_told(output_dir):
        output_dir.mkdir(parents=True, exist_ok=True)
        clear_up(output_dir)
        place, claim = reserved(output_dir, f"{name}_{short_hash}")
        try:
            place.mkdir()
            yield place
            settle([path for path in place.rglob("*") if path.is_file()])
            _put(place, final_path(place))
            settle_folder(output_dir)
        except BaseException:
            shutil.rmtree(place, ignore_errors=True)
            raise
        finally:
            claim.release()


@contextmanager
def moved_into(folder: Path, name: str) -> Iterator[Path]:
    """A new hidden folder whose files take their places in `folder` at the end of the block, or vanish when it fails.

    `name` has an underscore in it, as `clear_up` expects. RefusedError where the system does not let them be written.
    """
    with refusals_told(folder):
        place, claim = _reserved(folder, name)
        try:
            place.mkdir()
            yield place
            files = sorted(place.iterdir())
            settle(files)
            for path in files:
                os.replace(path, folder / path.name)
            settle_folder(folder)
        finally:
            shutil.rmtree(place, ignore_errors=True)
            claim.release()


def _put(place: Path, final: Path) -> None:
    """Give a complete folder its name. RefusedError where somebody else has put something there in the meantime."""
    try:
        place.rename(final)
    except OSError as problem:
        if problem.errno not in TAKEN:
            raise
        raise RefusedError(
            problem.errno, f"somebody has put something at {final} meanwhile; name another one"
        ) from None


def settle(files: Iterable[Path]) -> None:
    """Wait until the system has these files on the disk, where a power cut leaves them; their folders, too.

    All at once, which takes the disk hardly longer than one. OSError where it cannot write them after all.
    """
    paths = list(files)
    with ThreadPoolExecutor(min(SETTLED_AT_ONCE, max(1, len(paths)))) as threads:
        list(threads.map(_settle_file, paths))
    for folder in sorted({path.parent for path in paths}, reverse=True):
        settle_folder(folder)


def settle_folder(folder: Path) -> None:
    """The same of the names in a folder, on systems that open folders."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _settle_file(path: Path) -> None:
    with path.open("rb+") as file:
        try:
            os.fsync(file.fileno())
        except OSError as problem:
            if problem.errno not in NO_SUCH_WAIT:
                raise


def mark_latest(folder: Path) -> None:
    """Let `latest` beside a finished folder lead to it: a link, or where links cannot be made a file with its name.

    There is none beside a folder whose user has said where it goes: that may be anywhere, beside files of theirs.
    It is replaced in one step, so that runs side by side never find it half made; the last one that ends stands. What
    the system refuses is left as it is: the run is complete without it.
    """
    if folder in _finals.values():
        return
    part = folder.parent / f".{LATEST}-{os.getpid()}-{threading.get_ident()}"
    with suppress(OSError):
        for dead in folder.parent.glob(f".{LATEST}-*"):
            if time.time() - dead.lstat().st_mtime > DEAD_S:
                dead.unlink()
        try:
            try:
                part.symlink_to(folder.name, target_is_directory=True)
            except (OSError, NotImplementedError):
                part.write_text(f"{folder.name}\n", encoding="utf-8")
            os.replace(part, folder.parent / LATEST)
        finally:
            part.unlink(missing_ok=True)


def final_path(place: Path) -> Path:
    """Where an unfinished folder will be."""
    return _finals.get(place, place.with_name(place.name.removeprefix(".")))


def hidden(place: Path) -> Path:
    """Where a folder is while it is unfinished."""
    return place.with_name(f".{place.name}")


def reserved(output_dir: Path, name: str) -> tuple[Path, Claim]:
    """A hidden folder's path, of this moment and of a name that nobody has or can take, and the claim on it.

    `final_path` says where it will be: where `put_at` says so, or beside it under the same name.
    """
    place, claim = _reserved(output_dir, name)
    if _wanted and (folder := _wanted[-1]) is not None:
        _wanted[-1] = None
        _finals[place] = folder
    return place, claim


def reserved_for_sweep(output_dir: Path, name: str) -> tuple[Path, Claim | None]:
    """The path of a new sweep's folder, where `put_at` says so or of a name that nobody has, and the claim on it; None
    where somebody is at work in the folder that `put_at` says.
    """
    if not _wanted or (folder := _wanted[-1]) is None:
        place, claim = _reserved(output_dir, f"sweep_{name}")
        return final_path(place), claim
    goes_to(folder)
    return folder, taken_up(folder)


def taken_up(folder: Path) -> Claim | None:
    """The claim on the folder of a sweep; None where somebody is at work in it."""
    try:
        return Claim(_claimed_as(folder))
    except FileExistsError:
        return None


def goes_to(folder: Path) -> None:
    """A sweep is in this folder: if `put_at` says where to, that has been done."""
    if _wanted and _wanted[-1] is not None:
        _wanted[-1] = None
        _finals[_claimed_as(folder)] = folder


def _claimed_as(folder: Path) -> Path:
    """The place whose claim is that on a sweep's folder. Its name is one that `clear_up` removes and that no user has,
    whatever the folder is called.
    """
    return hidden(folder if fnmatchcase(folder.name, SWEEP) else folder.with_name(f"{NO_MOMENT}_sweep_{folder.name}"))


def _reserved(output_dir: Path, name: str) -> tuple[Path, Claim]:
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{name}"
    number = 1
    while True:
        place = hidden(output_dir / (stem if number == 1 else f"{stem}-{number}"))
        number += 1
        if place.exists() or final_path(place).exists():
            continue
        try:
            claim = Claim(place)
        except FileExistsError:
            continue
        if not place.exists() and not final_path(place).exists():
            return place, claim
        claim.release()
