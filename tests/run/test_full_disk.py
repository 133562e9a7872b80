"""A disk without room: one line that says what is missing and what to do, and nothing that was finished is lost."""

from __future__ import annotations

import errno
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from caresim.__main__ import command
from caresim.model import spill
from caresim.run import store
from caresim.run.block import FOLDER
from caresim.scenario import build
from caresim.tasks.compare import figures

Command = Callable[..., int]
WORDS = (
    "experiment=tokyo",
    "population.scale=0.15",
    "replications=4",
    "~staffing.hybrid",
    "~staffing.people_on_call",
)


def full(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def without_fallocate(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows."""
    monkeypatch.delattr(spill.os, "posix_fallocate", raising=False)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    """The command in a folder of its own, without figures; contacts lie in a file from 64 of them on."""
    for where in (spill, build):
        monkeypatch.setattr(where, "FROM", 64)
    monkeypatch.setattr(spill, "STEP", 256)
    monkeypatch.setattr(figures, "save_all", lambda results, folder, which: [])
    monkeypatch.chdir(tmp_path)
    return lambda *words: command([*WORDS, *words])


@pytest.mark.parametrize("workers", [1, 2])
def test_contacts_that_find_no_room_end_the_command_in_one_line(
    small: Command, workers: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    there, asked = spill._allocate, itertools.count()
    with monkeypatch.context() as disk:
        disk.setattr(spill, "_allocate", lambda *file: full() if next(asked) >= 100 else there(*file))
        assert small(f"workers={workers}") == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    *_, line = [line for line in said.splitlines() if line.startswith("caresim: ")]
    for words in ("No space left on device", "B more wanted for contacts in ", "are free", "TMPDIR", "is kept"):
        assert words in line
    assert [file for file in (tmp_path / "outputs" / FOLDER).iterdir() if not file.name.startswith("unfinished")]
    assert small(f"workers={workers}") == 0
    assert "already computed" in capsys.readouterr().err


def test_a_block_that_finds_no_room_is_told_with_its_folder(
    small: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(store.os, "replace", full)
    assert small() == 2
    *_, line = [line for line in capsys.readouterr().err.splitlines() if line.startswith("caresim: ")]
    assert line == "caresim: No space left on device: outputs (output_dir names a folder with more room)"


def test_a_sweep_ends_with_the_first_run_that_finds_no_room(
    small: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(spill, "_allocate", full)
    assert small("-m", "seed=1,2") == 2
    said = capsys.readouterr().err
    assert "run 1 of 2" in said
    assert "run 2 of 2" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("number", [errno.EACCES, errno.EROFS, errno.EIO])
def test_what_else_the_system_refuses_is_not_taken_for_a_full_disk(
    small: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(store.os, "replace", refused)
    assert small() == 2
    *_, line = [line for line in capsys.readouterr().err.splitlines() if line.startswith("caresim: ")]
    helps = "on another disk" if number == errno.EIO else "that can be written to"
    assert line == f"caresim: {os.strerror(number)}: outputs (output_dir names a folder {helps})"


def test_an_error_that_is_about_something_else_is_no_refusal(small: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*_: object) -> None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), "/somewhere/else")

    monkeypatch.setattr(store.os, "replace", missing)
    with pytest.raises(FileNotFoundError):
        small()


def test_a_folder_that_nobody_can_write_to_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object, **__: object) -> None:
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(spill.tempfile, "TemporaryFile", none)
    with pytest.raises(OSError, match=r"No usable .*; TMPDIR names one") as caught:
        spill.Spill("contacts")
    assert caught.value.errno == errno.ENOSPC


def test_where_files_cannot_be_allocated_free_space_is_looked_at_first(monkeypatch: pytest.MonkeyPatch) -> None:
    without_fallocate(monkeypatch)
    monkeypatch.setattr(spill.shutil, "disk_usage", lambda folder: SimpleNamespace(free=12_345_678))
    file = spill.Spill("contacts")
    fits = 10_000_000 // file._dtype.itemsize
    assert len(file.longer(fits)) == fits
    with pytest.raises(OSError, match=r"15 MB more wanted for contacts in .*, where 12 MB are free.*TMPDIR"):
        file.longer(fits + 15_000_000 // file._dtype.itemsize)


def test_where_files_cannot_be_allocated_they_have_no_holes_and_keep_what_they_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without_fallocate(monkeypatch)
    file = spill.Spill("contacts")
    table = file.longer(20_000)
    table.view(np.uint8)[:] = 7
    longer = file.longer(40_000)
    held = np.asarray(longer).view(np.uint8)
    assert (held[: held.size // 2] == 7).all()
    assert not held[held.size // 2 :].any()
    status = os.fstat(file._file.fileno())
    assert getattr(status, "st_blocks", np.inf) * 512 >= status.st_size == longer.nbytes


@pytest.mark.parametrize(
    ("size", "words"),
    [(900, "1 kB"), (40_000, "40 kB"), (999_000, "1.0 MB"), (23_456_789, "23 MB"), (1.44e9, "1.4 GB"), (85e9, "85 GB")],
)
def test_sizes_are_told_in_units_that_fit(size: float, words: str) -> None:
    assert spill.in_words(size) == words
