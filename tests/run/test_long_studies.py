"""Studies of many replications: what has been written is let go, read again piece by piece, and comes to the same."""

from __future__ import annotations

import itertools
import json
import tracemalloc
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pandas as pd
import pytest

import caresim
from caresim.run import long_table, store
from caresim.run.block import SERIES, TABLES, Block, Finished
from caresim.run.folder import digest, write
from caresim.run.long_table import LongTable, rows_of
from caresim.run.results import Results
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare
from caresim.tasks.compare.figures import save_all

WORDS = ("experiment=tokyo", "population.scale=0.02", "replications=4", "only=[social_team,hybrid,assistant_first]")
MEGABYTE = 1 << 20


@pytest.fixture
def long(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is short counts as long: nothing is held, series stay on disk, a row group has a thousand rows."""
    monkeypatch.setattr(store, "HELD", 0)
    monkeypatch.setattr(long_table, "MOST_CELLS", 0)
    monkeypatch.setattr(long_table, "GROUP", 1000)


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Results:
    place = tmp_path_factory.mktemp("short")
    return compare(caresim.load(*WORDS, "record=all", f"output_dir={place}"), Store(place))


def left_by(results: Results, place: Path) -> dict[str, Any]:
    """Files of the run's folder by name, figures too; of tables and the manifest what they say of themselves."""
    folder = write(results, place, save_all)
    files = (file for file in folder.rglob("*") if file.is_file() and file.suffix not in (".parquet", ".json"))
    manifest = json.loads((folder / "manifest.json").read_text())
    return {file.name: file.read_bytes() for file in files} | {"digests": manifest["digests"]}


def test_a_long_study_leaves_the_same_behind(short: Results, long: None, tmp_path: Path) -> None:
    """Desks that only one staffing model has, whole numbers with gaps, figures and digests: all to the byte."""
    place = tmp_path / "long"
    results = compare(caresim.load(*WORDS, "record=all", f"output_dir={place}"), Store(place))
    assert all(isinstance(getattr(results, name), LongTable) for name in SERIES)
    assert all(isinstance(getattr(results, name), pd.DataFrame) for name in TABLES)
    assert left_by(results, tmp_path / "one") == left_by(short, tmp_path / "other")
    for name in SERIES:
        whole = long_table.joined(list(getattr(results, name).pieces()))
        pd.testing.assert_frame_equal(whole, getattr(short, name), check_exact=True)


def test_full_rows_of_many_replications_stay_on_disk(
    short: Results, long: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(long_table, "MOST_AT_ONCE", 0)
    results = compare(caresim.load(*WORDS, "record=all", f"output_dir={tmp_path}"), Store(tmp_path))
    for name in TABLES:
        assert isinstance(getattr(results, name), LongTable)
        assert digest(getattr(results, name)) == digest(getattr(short, name))


def test_it_reads_back_from_its_folder_and_when_the_blocks_are_gone(short: Results, long: None, tmp_path: Path) -> None:
    """`caresim.compare` forgets the blocks at once: their names are gone, the results can still be read and written."""
    results = caresim.compare(caresim.load(*WORDS, f"output_dir={tmp_path / 'work'}"), workers=1)
    assert not (tmp_path / "work").exists()
    loaded = Results.load(write(results, tmp_path))
    for name in SERIES:
        assert isinstance(getattr(loaded, name), LongTable)
        assert digest(getattr(loaded, name)) == digest(getattr(results, name)) == digest(getattr(short, name))


def test_rows_of_one_staffing_model(short: Results, long: None, tmp_path: Path) -> None:
    results = compare(caresim.load(*WORDS, f"output_dir={tmp_path}"), Store(tmp_path))
    for staffing in results.staffings:
        one, other = (rows_of(each.courses, staffing, ["replication", "mood"]) for each in (results, short))
        pd.testing.assert_frame_equal(one, other.reset_index(drop=True), check_exact=True)
    assert len(rows_of(results.courses, "nobody", ["mood"])) == 0


def test_an_interrupted_long_study_goes_on(short: Results, long: None, tmp_path: Path) -> None:
    experiment = caresim.load(*WORDS, f"output_dir={tmp_path}")
    compare(experiment.model_copy(update={"replications": 2}), Store(tmp_path))
    results = compare(experiment, Store(tmp_path))
    assert [digest(getattr(results, name)) for name in SERIES] == [digest(getattr(short, name)) for name in SERIES]


def test_another_study_that_forgets_the_same_blocks_takes_nothing_away(
    short: Results, long: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = caresim.load(*WORDS, f"output_dir={tmp_path}")
    compare(experiment, rival := Store(tmp_path))

    class Forgetful(store.Store):
        def place(self) -> Path:
            rival.forget()
            return super().place()

    results = compare(experiment, Forgetful(tmp_path))
    assert digest(results.courses) == digest(short.courses)


def test_what_a_study_held_of_its_own_goes_with_it(long: None, tmp_path: Path) -> None:
    kept = Store(tmp_path)
    compare(caresim.load(*WORDS, f"output_dir={tmp_path}"), kept)
    assert kept.own.is_dir()
    kept.forget()
    assert not (tmp_path / ".blocks").exists()
    again = Store(tmp_path)
    place = again.own
    again.keep("mine", Finished(curves=[pd.DataFrame({"x": [1.0]})]))
    assert place.is_dir()
    del again
    assert not place.exists()


def test_room_is_given_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a sweep one study after the other has all of it."""
    monkeypatch.setattr(store, "HELD", 10)
    kept = Store(tmp_path)
    for number in range(5):
        finished = Finished(curves=[pd.DataFrame({"x": np.zeros(8)})])
        kept.keep(f"block{number}", finished)
        assert finished.kept is None


def test_memory_does_not_grow_with_replications(
    tokyo: Any, without_engine: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of a megabyte each: four times as many of them take less than an eighth of what the others hold."""
    real = without_engine.compute

    def wide(experiment: Any, block: Block) -> Finished:
        finished = real(experiment, block)
        rows = MEGABYTE // 8 // 16
        noise = {f"column{n}": np.random.default_rng(n).random(rows) for n in range(16)}
        finished.courses = [pd.DataFrame({"staffing": block.staffing, "replication": block.replications[0], **noise})]
        return finished

    monkeypatch.setattr("caresim.run.workers.compute", wide)
    monkeypatch.setattr(store, "HELD", 1 << 18)
    monkeypatch.setattr(long_table, "MOST_CELLS", 1 << 18)
    few, many = (8, 32)
    peaks, numbers = [], itertools.count()
    for replications in (few, few, many):  # the first loads what everything needs
        place = tmp_path / str(next(numbers))
        experiment = tokyo.model_copy(update={"replications": replications, "output_dir": str(place), "workers": 1})
        tracemalloc.start()
        results = compare(experiment, Store(place))
        write(results, place)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert isinstance(results.courses, LongTable)
    more = (many - few) / 2 * len(experiment.compared) * MEGABYTE
    assert peaks[2] - peaks[1] < more / 8
