"""Numba keeps compiled code as pickles: they are read only by the book, and only from a folder of this user alone."""

from __future__ import annotations

import errno
import os
import pickle
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numba
import pytest
from numba import float64
from tests.support.traps import Trap, sprung

from caresim.model import by_the_book, code_files, numba_parts

IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two caches of this test's own, and traps that leave their mark in the current folder."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "second"))
    monkeypatch.setattr(code_files, "_home_cache", lambda: None)
    monkeypatch.chdir(tmp_path)
    by_the_book.folder.cache_clear()
    yield tmp_path
    by_the_book.folder.cache_clear()


def compiled() -> Any:
    """A function that Numba compiles by the book, or has kept."""

    def twice(x):  # type: ignore[no-untyped-def]
        return x + x

    dispatcher = numba_parts.plain_dispatcher_of(twice, {}, lambda other: None)
    by_the_book.keep_code_of(dispatcher)
    dispatcher.compile(float64(float64))
    assert dispatcher.overloads[(float64,)].entry_point(2.0) == 4.0
    return dispatcher


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.nb[ic]"))


def test_what_numba_keeps_lies_in_the_first_cache_alone(home: Path) -> None:
    compiled()
    first = next(code_files.caches())
    assert [path.suffix for path in kept(home)] == [".nbc", ".nbi"]
    assert all(path.is_relative_to(first) for path in kept(home))
    assert compiled().stats.cache_hits


@pytest.mark.skipif(not hasattr(numba.config, "CACHE_LOCATOR_CLASSES"), reason="this Numba has no such setting")
def test_a_file_of_settings_does_not_choose_where(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numba reads .numba_config.yaml of the current folder, which could name a class in any module."""
    numba.config.reload_config()
    monkeypatch.setattr(numba.config, "CACHE_LOCATOR_CLASSES", "evil.Trap")
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(home / "elsewhere"))
    compiled()
    assert all(path.is_relative_to(next(code_files.caches())) for path in kept(home))
    assert numba.config.CACHE_LOCATOR_CLASSES == "evil.Trap"


def sown(folder: Path) -> list[Path]:
    """Traps in the place of what Numba has kept."""
    for path in kept(folder):
        path.write_bytes(pickle.dumps(Trap()))
    return kept(folder)


def test_the_traps_are_traps(home: Path) -> None:
    """Of this user's own, in this user's own folder: whoever can write there can run code in any case."""
    compiled()
    sown(home / "first")
    with pytest.raises(Exception):  # noqa: B017, PT011 (whatever Numba makes of it)
        compiled()
    assert sprung(home)


@pytest.mark.parametrize("way", ["by-a-stranger", "by-a-link", "by-a-second-name", "by-a-folder-that-others-may-enter"])
def test_pickles_that_somebody_else_could_have_put_there_are_not_read(
    way: str, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    compiled()
    for path in sown(home / "first"):
        if way == "by-a-stranger":
            if not IS_ROOT:
                pytest.skip("only root can give a file to somebody else")
            os.chown(path, 12345, 12345)
        elif way == "by-a-link":
            path.rename(home / path.name)
            path.symlink_to(home / path.name)
        elif way == "by-a-second-name":
            os.link(path, home / path.name)
        else:
            next(code_files.caches()).chmod(0o755)
    by_the_book.folder.cache_clear()
    compiled()
    assert not sprung(home)
    assert len(kept(home / "second")) == 2
    (line,) = [record.getMessage() for record in caplog.records]
    assert f"could have put something into {next(code_files.caches())}" in line


def test_a_mask_that_lets_a_group_write_changes_nothing(home: Path) -> None:
    """Nobody else can enter the folder around what Numba makes with such modes."""
    before = os.umask(0o002)
    try:
        compiled()
    finally:
        os.umask(before)
    by_the_book.folder.cache_clear()
    assert compiled().stats.cache_hits


def test_a_full_disk_is_passed_over(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = by_the_book.shutil.disk_usage

    def disk_usage(folder: Path) -> Any:
        return SimpleNamespace(free=0) if folder.is_relative_to(home / "first") else real(folder)

    monkeypatch.setattr(by_the_book.shutil, "disk_usage", disk_usage)
    compiled()
    assert not kept(home / "first")
    assert len(kept(home / "second")) == 2


def test_a_disk_that_gets_full_is_no_end(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The code runs, and the right folder is blamed."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    by_the_book.folder()
    monkeypatch.setattr(os, "replace", full)
    with pytest.warns(UserWarning, match="could not be kept.*first.*: No space left on device"):
        compiled()
    assert not kept(home)
