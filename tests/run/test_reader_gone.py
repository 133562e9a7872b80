"""`caresim ... | head`: whoever stops reading ends neither the work nor what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pytest

from caresim.run.reader_gone import STATUS, UntilReaderGoes, with_streams


@pytest.fixture
def unread() -> Iterator[TextIO]:
    """A pipe that nobody reads any more."""
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", encoding="utf-8") as stream:
        yield stream


def test_what_nobody_reads_is_thrown_away(unread: TextIO) -> None:
    stream = UntilReaderGoes(unread)
    for _ in range(3):
        print("a line" * 10_000, file=stream, flush=True)
    assert stream.reader_gone
    unread.flush()  # what was in the buffer does not fail again


def test_other_mistakes_of_a_stream_are_not_hidden(tmp_path: Path) -> None:
    file = (tmp_path / "file").open("w", encoding="ascii")
    with pytest.raises(UnicodeEncodeError):
        UntilReaderGoes(file).write("é")
    file.close()
    with pytest.raises(ValueError, match="closed"):
        UntilReaderGoes(file).write("a")


def test_the_work_is_done_and_its_status_says_that_nobody_read_it(
    unread: TextIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = []

    def work(status: int) -> int:
        print("the table", flush=True)
        done.append(status)
        return status

    for status, expected in ((0, STATUS), (2, 2)):
        monkeypatch.setattr(sys, "stdout", unread)
        assert with_streams(work, status) == expected
    assert done == [0, 2]


def test_letters_that_the_terminal_does_not_know_are_replaced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with (tmp_path / "file").open("w", encoding="ascii") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        assert with_streams(lambda: print("80 – 90 €") or 0) == 0
    assert (tmp_path / "file").read_text() == "80 ? 90 ?\n"


def test_a_run_whose_table_nobody_reads_leaves_its_folder(
    start: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    process = start("experiment=queue", "queue.customers=100", "replications=2", "workers=1")
    assert process.stdout
    process.stdout.close()
    assert process.stderr
    said = process.stderr.read()
    process.stderr.close()
    assert process.wait() == STATUS
    assert "Traceback" not in said
    assert "BrokenPipe" not in said
    (folder,) = (tmp_path / "outputs").glob("2*")
    assert (folder / "summary.csv").is_file()
