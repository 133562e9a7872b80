"""Compiled code is taken from the package, a cache of this user alone, or a fresh folder; from nowhere else."""

from __future__ import annotations

import logging
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from caresim.model import by_the_book, code_files, jit, numba_parts, ownership
from caresim.model.code_files import Code, caches, find, keep, packed
from caresim.model.laws import LAWS

CODE = Code(("a.law",), tuple(sorted(code_files.abilities())[:2]), os.urandom(200_000))
"""As large as no small disk holds."""
STRANGER, VICTIM = 12345, 65534
IS_ROOT = hasattr(os, "getuid") and os.getuid() == 0
pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner in this sense here")
as_root = pytest.mark.skipif(not IS_ROOT, reason="only root can give a file to somebody else")
Mount = Callable[[Path, str], None]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two caches of this test's own, with nothing in them, and no others."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "first"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "second"))
    monkeypatch.setattr(code_files, "_home_cache", lambda: None)
    monkeypatch.setattr(code_files, "_refused", set())
    monkeypatch.setenv(code_files.TEMPORARY, "")  # so that it is taken away again after the test
    monkeypatch.delenv(code_files.TEMPORARY)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
def mounted() -> Iterator[Mount]:
    """Mount a small disk in memory; it is gone after the test."""
    places: list[Path] = []

    def mount(place: Path, options: str) -> None:
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
        places.append(place)

    yield mount
    for place in places:
        subprocess.run(["umount", str(place)], check=True)


def first() -> Path:
    return next(caches())


def planted(file: Path) -> Path:
    """The file of a cache, whole and with the right digest, made by whoever it was."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.parent.chmod(0o700)
    file.write_bytes(packed(CODE))
    return file


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in caplog.records if record.levelno >= logging.WARNING]


# --- attacks ---


def by_a_parent_where_all_may_write(file: Path) -> None:
    file.parents[2].chmod(0o777)


def by_a_parent_where_a_group_may_write(file: Path) -> None:
    file.parents[1].chmod(0o770)


def by_a_folder_where_all_may_write(file: Path) -> None:
    """Not even with the sticky bit: whoever is first has the file."""
    file.parent.chmod(0o1777)


def by_a_link(file: Path) -> None:
    file.rename(file.with_name("other"))
    file.symlink_to("other")


def by_a_second_name(file: Path) -> None:
    os.link(file, file.parents[3] / "second-name")


def by_a_stranger_who_made_the_folder_first(file: Path) -> None:
    for place in (file, file.parent, file.parents[1], file.parents[2]):
        os.chown(place, STRANGER, STRANGER)
    for place in (file.parent, file.parents[1], file.parents[2]):
        place.chmod(0o755)


def by_a_stranger_who_owns_a_parent(file: Path) -> None:
    os.chown(file.parents[1], STRANGER, STRANGER)


def by_a_link_to_the_folder_of_a_stranger(file: Path) -> None:
    theirs = file.parents[3] / "theirs"
    file.parents[2].rename(theirs)
    os.chown(theirs, STRANGER, STRANGER)
    file.parents[2].symlink_to(theirs)


def by_a_link_that_a_stranger_made(file: Path) -> None:
    behind = file.parents[3] / "behind"
    file.parents[2].rename(behind)
    file.parents[2].symlink_to(behind)
    os.chown(file.parents[2], STRANGER, STRANGER, follow_symlinks=False)


ATTACKS = [
    by_a_parent_where_all_may_write,
    by_a_parent_where_a_group_may_write,
    by_a_folder_where_all_may_write,
    by_a_link,
    by_a_second_name,
    *(
        pytest.param(attack, marks=as_root)
        for attack in (
            by_a_stranger_who_made_the_folder_first,
            by_a_stranger_who_owns_a_parent,
            by_a_link_to_the_folder_of_a_stranger,
            by_a_link_that_a_stranger_made,
        )
    ),
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.__name__)
def test_code_that_somebody_else_could_have_put_there_is_refused_with_one_warning(
    attack: Callable[[Path], None], home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = planted(first() / "x.code")
    assert find("x.code") == CODE
    attack(file)
    assert find("x.code") is None
    assert find("x.code") is None
    (line,) = told(caplog)
    assert line.startswith("compiled code is not taken from where somebody else could have put it: ")
    assert str(home) in line


@pytest.mark.parametrize("attack", ATTACKS[5:] + ATTACKS[:3])
def test_nothing_is_kept_there_either(attack: Callable[[Path], None], home: Path) -> None:
    """The next cache is taken."""
    file = planted(first() / "planted")
    attack(file)
    assert keep("x.code", CODE) == ""
    assert not list((home / "first").rglob("x.code"))
    assert list((home / "second").rglob("x.code"))
    assert find("x.code") == CODE


def test_a_parent_with_the_sticky_bit_is_fine(home: Path) -> None:
    """As /tmp has it: there nobody moves what belongs to somebody else."""
    (home / "first").mkdir()
    (home / "first").chmod(0o1777)
    assert keep("x.code", CODE) == ""
    assert (first() / "x.code").exists()
    assert find("x.code") == CODE


def test_a_cache_that_its_owner_has_put_elsewhere_is_fine(home: Path) -> None:
    """Many a home is small, and links to a larger disk."""
    (home / "large").mkdir(mode=0o700)
    (home / "first").symlink_to(home / "large")
    assert keep("x.code", CODE) == ""
    assert list((home / "large").rglob("x.code"))
    assert find("x.code") == CODE


def test_folders_that_are_made_are_private_whatever_the_mask(home: Path) -> None:
    before = os.umask(0)
    try:
        assert keep("x.code", CODE) == ""
    finally:
        os.umask(before)
    made = [home / "first", home / "first" / "caresim", first()]
    assert [stat.S_IMODE(place.stat().st_mode) for place in made] == [0o700] * 3
    assert stat.S_IMODE((first() / "x.code").stat().st_mode) == 0o600


def test_the_group_of_a_user_alone_is_nobody_else(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many systems give every user one, and let it write by default; root's is shared by many containers."""
    (home / "first").mkdir()
    (home / "first").chmod(0o770)
    monkeypatch.setattr(ownership, "_is_private", lambda group: group == (home / "first").stat().st_gid)
    assert keep("x.code", CODE) == ""
    assert find("x.code") == CODE
    assert (first() / "x.code").exists()


@as_root
def test_roots_group_is_not_roots_alone() -> None:
    assert not ownership._is_private(0)


def test_a_package_that_an_installer_has_linked_is_taken(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Installers give files second names; the sources beside the code are no better guarded, and run."""
    shipped = home / "compiled"
    monkeypatch.setattr(code_files, "SHIPPED", shipped)
    by_a_second_name(planted(shipped / "a" / "b" / "x.code"))
    os.link(shipped / "a" / "b" / "x.code", shipped / "x.code")
    shipped.chmod(0o755)
    assert find("x.code", shipped=True) == CODE
    shipped.chmod(0o777)
    assert find("x.code", shipped=True) is None


@as_root
def test_a_user_does_not_take_what_another_has_put_into_a_shared_folder() -> None:
    """In a process of another user, who has been told to keep code where a stranger was first."""
    with tempfile.TemporaryDirectory() as shared:
        Path(shared).chmod(0o1777)
        file = planted(Path(shared) / "caresim" / code_files.OWN_SOURCES / "x.code")
        for place in (file, file.parent, file.parents[1]):
            os.chown(place, STRANGER, STRANGER)
            place.chmod(0o777)
        script = f"""
import grp, os, pwd
from caresim.model import code_files
code_files.source_hash = lambda: code_files.OWN_SOURCES  # the other user may be unable to read the sources
os.setgroups([])
os.setresgid(*[{VICTIM}] * 3)
os.setresuid(*[{VICTIM}] * 3)
print(code_files.find("x.code"))
print(code_files.keep("x.code", code_files.Code((), (), b"")))
"""
        theirs = str(file.parents[1])
        told_to = {"NUMBA_CACHE_DIR": shared, "XDG_CACHE_HOME": shared, "HOME": theirs, "TMPDIR": shared}
        environment = {**os.environ, **told_to}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=True)
        found, reason = done.stdout.splitlines()
        assert found == "None"
        assert f"{file.parents[1]} belongs to another user" in reason
        assert done.stderr.count("not taken from where somebody else could have put it") == 1


# --- where no cache can be used ---


def test_where_there_is_no_cache_a_fresh_folder_is_made_for_this_process(home: Path) -> None:
    for name in ("first", "second"):
        (home / name).write_text("a file, no folder")
    reason = keep("x.code", CODE)
    assert reason.count("Not a directory") == 2
    assert find("x.code") == CODE
    (place,) = home.glob("caresim-*")
    assert stat.S_IMODE(place.stat().st_mode) == 0o700
    assert code_files.temporary().is_relative_to(place)


def test_the_fresh_folder_is_known_to_processes_that_are_begun_and_vanishes(home: Path) -> None:
    (home / "file").write_text("")
    child = "from caresim.model.code_files import find; print(find('x.code').content)"
    script = f"""
import subprocess, sys
from caresim.model import code_files
code_files._home_cache = lambda: None
print(code_files.keep("x.code", code_files.Code((), (), b"kept")))
print(code_files.temporary(), flush=True)
subprocess.run([sys.executable, "-c", {child!r}], check=True)
"""
    nowhere = {name: str(home / "file" / "x") for name in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    environment = {**os.environ, **nowhere, "HOME": str(home / "file"), "TMPDIR": str(home)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    reason, place, found = done.stdout.splitlines()
    assert "Not a directory" in reason
    assert found == "b'kept'"
    assert Path(place).is_relative_to(home)
    assert list(home.iterdir()) == [home / "file"]


@as_root
def test_a_full_disk_is_passed_over(home: Path, mounted: Mount) -> None:
    mounted(home / "first", "size=64k,mode=700")
    assert keep("x.code", CODE) == ""
    assert list((home / "second").rglob("x.code"))
    assert not [path for path in first().iterdir() if path.is_file()]


@as_root
def test_a_disk_that_cannot_be_written_to_is_passed_over(home: Path, mounted: Mount) -> None:
    mounted(home / "first", "ro,mode=700")
    assert keep("x.code", CODE) == ""
    assert list((home / "second").rglob("x.code"))


@as_root
def test_each_disk_is_blamed_for_what_is_wrong_with_it(home: Path, mounted: Mount) -> None:
    mounted(home / "first", "size=64k,mode=700")
    mounted(home / "second", "ro,mode=700")
    full, closed = keep("x.code", CODE).split("; ")
    assert full == f"{first()}: No space left on device"
    assert closed == f"{home / 'second' / 'caresim' / code_files.OWN_SOURCES}: Read-only file system"
    assert find("x.code") == CODE  # of the fresh folder
    assert not [path for path in (home / "first").rglob("*") if path.is_file()]


@as_root
def test_a_full_temporary_folder_too_is_no_end(home: Path, mounted: Mount) -> None:
    """The code is then of this process alone."""
    for name in ("first", "second", "temporary"):
        mounted(home / name, "size=64k,mode=700")
    tempfile.tempdir = str(home / "temporary")
    assert keep("x.code", CODE).count("No space left on device") == 2
    assert find("x.code") is None
    assert not [path for path in home.rglob("*") if path.is_file()]


# --- pickles of Numba's (test_numba_pickles.py) ---


@pytest.mark.skipif(not numba_parts.SUITS or jit.INTERPRETED, reason="this Numba is compiled with by the book")
def test_in_the_usual_way_numba_keeps_nothing() -> None:
    """No law has a cache of Numba's, so that no pickle is looked for."""
    jit.prepare()
    assert not by_the_book.IN_USE
    assert {law.dispatcher.stats.cache_path for law in LAWS.values()} == {None}
