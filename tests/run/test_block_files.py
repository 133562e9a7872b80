"""Finished blocks on disk: data alone, exact, and recognised as damaged or foreign where they are."""

from __future__ import annotations

import hashlib
import json
import math
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.support.traps import Trap, sprung

import caresim
from caresim.run.block import TABLES, Finished, compute, cut
from caresim.run.block_file import MAGIC, Contents, NotABlock, Sealed, decoded, encoded, laid_out
from caresim.run.folder import write
from caresim.run.long_table import digest
from caresim.run.results import FRAMES, gathered
from caresim.run.store import Store

NAMES = (*TABLES, "curves", "courses", "intervals")


def frame() -> pd.DataFrame:
    """Every type that a column of the tables has."""
    return pd.DataFrame(
        {
            "staffing": "one",
            "replication": 0,
            "share": [0.1, math.nan, math.inf],
            "turns": pd.array([1, None, 2**40], dtype="Int64"),
            "desk": pd.Categorical(["phone", None, "counter"], categories=["counter", "phone", "never"]),
            "time": pd.to_datetime([0, 1, 2], unit="us", utc=True).tz_convert("Europe/Paris").as_unit("us"),
            "key": np.array([0, 1, 2**64 - 1], dtype=np.uint64),
            "counted": [True, False, True],
        }
    )


def made() -> Finished:
    rows = [{"staffing": "one", "replication": 0, "draw": 0, "nan": math.nan, "inf": -math.inf, "third": 1 / 3}]
    finished = Finished(rows=rows, events=[12345678901], processor_s=0.1 + 0.2)
    finished.curves.append(frame())
    finished.tables["contacts"] += [frame(), frame().iloc[:0]]
    return finished


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[Any]]:
    """Two staffing models of tokyo with the rows of every replication: (experiment, blocks)."""
    place = tmp_path_factory.mktemp("real")
    words = ("replications=2", "population.scale=0.02", "record=all", "only=[social_team,hybrid]")
    experiment = caresim.load("experiment=tokyo", *words, f"output_dir={place}")
    return experiment, cut(experiment, 0, 2)


def test_every_type_of_a_column_comes_back() -> None:
    again = decoded(encoded(made()))
    for name in NAMES:
        for one, other in zip(made().pieces(name), again.pieces(name), strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_numbers_come_back_to_the_bit() -> None:
    before, after = made(), decoded(encoded(made()))
    assert repr(before.rows) == repr(after.rows)
    assert (before.events, before.processor_s) == (after.events, after.processor_s)


def test_numbers_of_numpy_are_numbers() -> None:
    rows = [{"replication": np.int64(3), "csat": np.float64(0.1)}]
    assert decoded(encoded(Finished(rows=rows))).rows == [{"replication": 3, "csat": 0.1}]
    with pytest.raises(TypeError, match="numbers and words"):
        encoded(Finished(rows=[{"csat": object()}]))


def test_results_of_blocks_from_disk_are_the_same_bytes(real: tuple[Any, list[Any]], tmp_path: Path) -> None:
    """Every file of the run's folder but the manifest, which holds durations; some blocks fresh, some read, or all."""
    experiment, blocks = real
    fresh = {block: compute(experiment, block) for block in blocks}
    read = {block: decoded(encoded(finished)) for block, finished in fresh.items()}
    mixed = {**fresh, blocks[0]: read[blocks[0]]}
    left = []
    for number, finished in enumerate((fresh, read, mixed)):
        results = gathered(experiment, finished.items(), {}, tmp_path)
        for name in FRAMES:
            assert digest(getattr(results, name)) == digest(
                getattr(gathered(experiment, fresh.items(), {}, tmp_path), name)
            )
        folder = write(results, tmp_path / str(number))
        left.append({file.name: file.read_bytes() for file in folder.iterdir() if file.name != "manifest.json"})
    assert left[0] == left[1] == left[2]


def test_a_block_from_another_process_is_kept_as_it_came() -> None:
    sealed = pickle.loads(pickle.dumps(Sealed.of(made())))
    opened = sealed.opened()
    assert laid_out(opened)[0] is sealed.content
    assert repr(opened.rows) == repr(made().rows)
    assert (opened.events, opened.processor_s) == (made().events, made().processor_s)
    for name in NAMES:
        assert opened.size(name) == made().size(name)
        for one, other in zip(made().pieces(name), opened.pieces(name), strict=True):
            pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_an_old_block_or_a_foreign_file_is_never_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(tmp_path)
    store.keep("mine", made())
    trap = pickle.dumps(Trap(), protocol=5)
    (store.folder / "old").write_bytes(hashlib.sha256(trap).digest() + trap)
    (store.folder / "bare").write_bytes(trap)
    (store.folder / "masked").write_bytes(MAGIC + hashlib.sha256(trap).digest() + trap)
    assert [store.find(name) for name in ("old", "bare", "masked")] == [None] * 3
    assert not sprung(tmp_path)
    assert store.find("mine") is not None


@pytest.mark.parametrize("length", [0, 5, len(MAGIC), len(MAGIC) + 40, -1])
def test_a_truncated_block_is_computed_again(tmp_path: Path, length: int) -> None:
    store = Store(tmp_path)
    store.keep("mine", made())
    content = (store.folder / "mine").read_bytes()
    (store.folder / "mine").write_bytes(content[:length])
    assert store.find("mine") is None
    store.keep("mine", made())
    assert store.find("mine") is not None


@pytest.mark.parametrize("place", [0, 20, 50, 60, 200, -1])
def test_a_damaged_block_is_noticed_wherever_the_damage_is(place: int) -> None:
    content = bytearray(encoded(made()))
    content[place] ^= 1
    with pytest.raises(NotABlock):
        decoded(bytes(content))


def test_a_block_with_the_right_checksum_and_the_wrong_contents_is_noticed() -> None:
    for text in (b"[]", b"{}", b'{"rows": [], "events": [], "processor_s": 0, "frames": {}}', b"\xff"):
        with pytest.raises(NotABlock):
            decoded(crafted(text))


def crafted(told: object, streams: bytes = b"") -> bytes:
    """A file with the right checksum over whatever is told; text is taken as it is."""
    text = told if isinstance(told, bytes) else json.dumps(told).encode()
    body = len(text).to_bytes(8, "little") + text + streams
    return MAGIC + hashlib.sha256(body).digest() + body


EMPTY: dict[str, Any] = {"rows": [], "events": [], "processor_s": 0.5, "frames": {name: [] for name in NAMES}}


def with_frame(**frame: Any) -> dict[str, Any]:
    return {**EMPTY, "frames": {**EMPTY["frames"], "contacts": [frame]}}


CRAFTED = {
    "brackets": b"[" * 100_000,
    "digits": b"1" * 100_000,
    "rows are a number": {**EMPTY, "rows": 1},
    "rows are numbers": {**EMPTY, "rows": [1]},
    "events are words": {**EMPTY, "events": ["1"]},
    "seconds are true": {**EMPTY, "processor_s": True},
    "frames are a list": {**EMPTY, "frames": []},
    "a frame is a word": {**EMPTY, "frames": {**EMPTY["frames"], "contacts": ["files"]}},
    "a place before the file": with_frame(at=-8, size=8, rows=1, columns=1),
    "a place behind the file": with_frame(at=0, size=10**30, rows=1, columns=1),
    "no stream": with_frame(at=0, size=8, rows=1, columns=1),
    "a stranger's file": with_frame(files=["/etc/passwd"]),
    "a folder above": with_frame(files=[".blocks/../secret.parquet"]),
    "no file": with_frame(files=[]),
    "a number for a file": with_frame(files=[0]),
}
"""What no block tells."""


@pytest.mark.parametrize("what", CRAFTED)
def test_a_crafted_block_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.chdir(tmp_path)
    store = Store(".")
    store.keep("mine", made())
    made().curves[0].to_parquet("secret.parquet")
    (store.folder / "mine").write_bytes(crafted(CRAFTED[what], b"\xff" * 64))
    assert store.find("mine") is None


def test_a_block_opens_files_of_its_own_folder_and_no_links(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.keep("other", made())
    own, elsewhere, link, text = (store.folder / "mine-0.parquet", tmp_path / "secret.parquet",
                                  store.folder / "mine-1.parquet", store.folder / "mine-2.parquet")  # fmt: skip
    for path in (own, elsewhere):
        frame().to_parquet(path)
    link.symlink_to(elsewhere)
    text.write_text("no table")
    found = {}
    for path in (own, elsewhere, link, text):
        (store.folder / "mine").write_bytes(crafted(with_frame(files=[str(path)])))
        found[path] = store.find("mine") is not None
    assert found == {own: True, elsewhere: False, link: False, text: False}


def test_what_cannot_be_read_is_not_there(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (store.folder / "mine").mkdir(parents=True)
    assert store.find("mine") is None


def test_what_is_told_of_a_block_that_was_just_written_is_what_is_read_of_it() -> None:
    content, contents = laid_out(made())
    assert repr(contents) == repr(Contents.of(content))


def test_a_block_is_checked_once_when_it_is_found_and_never_when_it_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where its frames are let go, and read again from the file."""
    monkeypatch.setattr("caresim.run.store.HELD", 0)
    checked: list[int] = []
    of = Contents.of
    monkeypatch.setattr(Contents, "of", lambda content, folder: checked.append(len(content)) or of(content, folder))
    store, kept = Store(tmp_path), made()
    store.keep("mine", kept)
    assert len(checked) == 0
    found = store.find("mine")
    assert len(checked) == 1
    assert found is not None
    for name in NAMES:
        for one, other, fresh in zip(kept.pieces(name), found.pieces(name), made().pieces(name), strict=True):
            pd.testing.assert_frame_equal(one, fresh, check_exact=True)
            pd.testing.assert_frame_equal(other, fresh, check_exact=True)
