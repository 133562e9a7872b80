"""Where results cannot be written, nothing is computed; where they can, trying leaves nothing behind."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from caresim.config.errors import BadInput
from caresim.run.probe import probe
from caresim.run.store import Store
from caresim.tasks.request import parse


@pytest.mark.parametrize("place", [".", "there", "there/and/further", "with  blanks ", "東京"])
def test_trying_leaves_nothing_behind(tmp_path: Path, place: str) -> None:
    (tmp_path / "mine").write_text("as it was")
    probe(tmp_path / place)
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


@pytest.mark.parametrize(
    ("place", "why"),
    [
        ("file", "File exists|Not a directory"),
        ("file/below", "File exists|Not a directory"),
        ("dangling", "File exists"),
        ("x" * 300, "File name too long"),
        ("x/" * 5000, "File name too long"),
        ("a\0b", "null"),
        ("/proc/there", "No such file|Permission|not permitted"),
        ("/dev/null", "File exists|Not a directory"),
    ],
)
def test_a_place_that_takes_nothing_is_refused_before_anything_is_computed(
    tmp_path: Path, place: str, why: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    (tmp_path / "dangling").symlink_to("/nowhere/at/all")
    for attempted in (probe, Store):
        with pytest.raises(BadInput, match=rf"^output_dir = .*must be a folder that can be written to \(.*({why})"):
            attempted(tmp_path / place)


@pytest.mark.skipif(os.geteuid() == 0, reason="the administrator may write anywhere")
def test_a_folder_that_is_read_only_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(BadInput, match="Permission denied"):
        probe(tmp_path)


def test_whoever_tries_at_the_same_moment_is_not_in_the_way(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: probe(tmp_path / "not" / "there" / "yet"), range(200))) == [None] * 200
    assert not [path for path in tmp_path.rglob("*") if "probe" in path.name or path.is_file()]


@pytest.mark.parametrize(
    "words",
    [
        ["experiment=queue", "queue.customers=100"],
        ["experiment=queue", "queue.customers=100", "task=story"],
        ["experiment=tokyo", "population.scale=0.01", "task=explain"],
        ["task=backtest", "backtest=stylised_facts"],
    ],
)
def test_no_task_computes_what_it_cannot_write(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    from caresim.__main__ import command

    def never(*args: Any, **keywords: Any) -> None:
        raise AssertionError("something was computed")

    monkeypatch.setattr("caresim.scenario.run.run", never)
    monkeypatch.setattr("caresim.scenario.build.build", never)
    (tmp_path / "file").write_text("in the way")
    line = [*words, f"output_dir={tmp_path / 'file'}"]
    assert parse(line).overrides == tuple(line)
    assert command(line) == 2
