"""Who could have put something into a file or a folder: asked of code and of a cache before they are believed.

On a system whose files have no owner in this sense (Windows), the rights of the user's own folders decide.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

OTHERS = stat.S_IWGRP | stat.S_IWOTH
NOT_THE_OWNER = stat.S_IRWXG | stat.S_IRWXO


def is_ours_alone(about: os.stat_result) -> bool:
    """Does a file or folder belong to this user or to root, and may nobody else write to it?"""
    return not hasattr(os, "getuid") or (about.st_uid in (0, os.getuid()) and not about.st_mode & OTHERS)


def is_locked(folder: Path) -> bool:
    """Can nobody else enter a folder, and is nothing in it that somebody else has made, or chosen by a link?"""
    if not hasattr(os, "getuid"):
        return True
    return not folder.stat().st_mode & NOT_THE_OWNER and all(map(_is_ours, folder.rglob("*")))


def _is_ours(path: Path) -> bool:
    about = path.lstat()
    plain = stat.S_ISDIR(about.st_mode) or (stat.S_ISREG(about.st_mode) and about.st_nlink == 1)
    return plain and about.st_uid in (0, os.getuid())


def objection_to_folder(folder: Path) -> str:
    """Why somebody else could have put something into a folder, or in its place; empty where nobody could.

    OSError where there is no such folder.
    """
    if not hasattr(os, "getuid"):
        return ""
    place = folder.resolve(strict=True)
    for way in dict.fromkeys((*folder.absolute().parents, folder.absolute(), *place.parents, place)):
        if reason := _objection_to_step(way, way.lstat(), is_last=way == place):
            return reason
    return ""


def _objection_to_step(way: Path, about: os.stat_result, is_last: bool) -> str:
    """The same of one of the folders and links that lead to a folder, of which the last is that folder."""
    if about.st_uid not in (0, os.getuid()):
        return f"{way} belongs to another user"
    if stat.S_ISLNK(about.st_mode) or not about.st_mode & OTHERS:
        return ""
    if not is_last and about.st_mode & stat.S_ISVTX:
        return ""  # as in /tmp, where nobody moves what belongs to others
    if not is_last and not about.st_mode & stat.S_IWOTH and _is_private(about.st_gid):
        return ""
    return f"others may write to {way}; chmod go-w {way} lets it be used"


def _is_private(group: int) -> bool:
    """Is it the group of this user alone, which many systems give every user? (That of root is in no case.)"""
    import grp  # not on every system
    import pwd

    try:
        known, me = grp.getgrgid(group), pwd.getpwuid(os.getuid())
    except KeyError:
        return False
    return os.getuid() != 0 and known.gr_name == me.pw_name and {*known.gr_mem} <= {me.pw_name}


def content_of(path: Path) -> tuple[bytes, str]:
    """What a file holds, and why somebody else could have written it (empty: nobody could). OSError as of `open`.

    It must be a file with one name, and no link: what is behind another name, somebody else may have chosen.
    """
    if path.is_symlink():
        return b"", f"{path} is a link"
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(descriptor)
        if about.st_nlink > 1:
            return b"", f"{path} has a second name elsewhere"
        if not is_ours_alone(about):
            return b"", f"others own {path}, or may write to it"
        return file.read(), ""


def shipped_content_of(path: Path) -> tuple[bytes, str]:
    """The same of a file of the installed package, which installers link to: the sources beside it run, too."""
    with path.open("rb") as file:
        if not is_ours_alone(os.fstat(file.fileno())) or not is_ours_alone(path.parent.stat()):
            return b"", f"others own {path} or its folder, or may write there"
        return file.read(), ""


def write(content: bytes, path: Path) -> None:
    """Write a file in one piece, for this user alone: a reader sees all of it or nothing. OSError if it cannot."""
    descriptor, unfinished = tempfile.mkstemp(dir=path.parent, prefix="unfinished-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def make(folder: Path) -> None:
    """Make a folder, and what leads to it, for this user alone; what is there stays as it is. OSError if it cannot."""
    for way in reversed(list(_missing(folder))):
        way.mkdir(mode=0o700, exist_ok=True)


def _missing(folder: Path) -> Iterator[Path]:
    for way in (folder, *folder.parents):
        if way.exists():
            return
        yield way
