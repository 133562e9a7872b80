"""A comparison: the same results for any number of workers and any order, resumed, as long as the precision takes."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

import caresim
from caresim.config.errors import BadInput
from caresim.run import cluster
from caresim.run import workers as work
from caresim.run.block import Block, Finished, block_hashes, code_hash, compute, content_hash, cut, library_versions
from caresim.run.folder import digest
from caresim.run.precision import excess, next_total
from caresim.run.results import FRAMES, Results, gathered
from caresim.run.store import Store
from caresim.run.uncertain import drawn
from caresim.tasks.compare import compare as comparing


class Watched:
    """Counts what a comparison tells."""

    def __init__(self) -> None:
        self.expected: list[int] = []
        self.computed = self.resumed = 0

    def compiling(self) -> None: ...

    def compiled(self, seconds: float) -> None: ...

    def expect(self, replications: int, staffings: Collection[str] = (), passengers: float = 0) -> None:
        self.expected.append(replications)

    def done(self, replications: int, resumed: bool, staffing: str = "") -> None:
        if resumed:
            self.resumed += replications
        else:
            self.computed += replications


def digests(results: Results) -> dict[str, str]:
    return {name: digest(getattr(results, name)) for name in FRAMES}


@pytest.fixture
def small(tokyo: Any, tmp_path: Path) -> Any:
    return tokyo.model_copy(update={"output_dir": str(tmp_path / "outputs"), "replications": 5, "workers": 1})


def compared(experiment: Any, watch: Any = None) -> Results:
    return comparing.compare(experiment, Store(experiment.output_dir), watch)


def test_blocks_are_pairs_of_replications_draw_by_draw(small: Any) -> None:
    blocks = cut(small, 0, 5)
    names = list(small.staffing)
    assert [block.staffing for block in blocks] == names * 3
    assert [block.replications for block in blocks[:: len(names)]] == [(0, 1), (2, 3), (4,)]
    assert blocks == sorted(blocks)
    assert {block.recorded for block in blocks if block.replications == (0, 1)} == {(0,)}
    assert {block.recorded for block in blocks if block.replications != (0, 1)} == {()}


def test_results_are_sorted_by_staffing_model_and_replication(small: Any, without_engine: ModuleType) -> None:
    rows = compared(small).replications
    expected = [(name, replication) for name in small.staffing for replication in range(5)]
    assert list(zip(rows["staffing"], rows["replication"], strict=True)) == expected
    assert list(rows["draw"][:5]) == [0, 0, 1, 1, 2]


def test_workers_and_order_change_no_byte(
    small: Any, without_engine: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = digests(compared(small))
    compared_by_two = small.model_copy(update={"workers": 2, "output_dir": small.output_dir + "2"})
    assert digests(compared(compared_by_two)) == one

    def shuffled(experiment: Any, blocks: Iterable[Block], *rest: Any) -> Iterator[tuple[Block, Finished]]:
        mixed = list(blocks)
        random.Random(3).shuffle(mixed)
        return work.computed(experiment, mixed, *rest)

    monkeypatch.setattr("caresim.run.resume.computed", shuffled)
    assert digests(compared(small.model_copy(update={"output_dir": small.output_dir + "3"}))) == one


def test_more_replications_change_none_of_those_before(small: Any, without_engine: ModuleType) -> None:
    few = compared(small).replications
    many = compared(small.model_copy(update={"replications": 8})).replications
    kept = many[many["replication"] < 5].reset_index(drop=True)
    pd.testing.assert_frame_equal(kept, few)


@pytest.mark.parametrize(("record", "recorded"), [("none", []), ("first", [0]), ("all", [0, 1, 2])])
def test_record_says_which_replications_keep_rows(
    small: Any, without_engine: ModuleType, record: str, recorded: list[int]
) -> None:
    results = compared(small.model_copy(update={"record": record, "replications": 3}))
    assert sorted(results.contacts["replication"].unique()) == recorded
    assert list(results.contacts.columns[:3]) == ["staffing", "replication", "contacts"]
    assert len(results.intervals) == len(small.staffing)
    assert results.contacts.dtypes["staff_member"] == "Int64"


def test_finished_blocks_are_found_by_the_next_attempt(small: Any, without_engine: ModuleType) -> None:
    first, second = Watched(), Watched()
    one = compared(small, first)
    again = compared(small, second)
    runs = 5 * len(small.staffing)
    assert (first.computed, first.resumed) == (runs, 0)
    assert (second.computed, second.resumed) == (0, runs)
    assert digests(again) == digests(one)


def test_a_damaged_block_is_computed_anew(small: Any, without_engine: ModuleType) -> None:
    compared(small)
    file = sorted((Path(small.output_dir) / ".blocks").iterdir())[0]
    file.write_bytes(file.read_bytes()[:-1])
    watch = Watched()
    compared(small, watch)
    assert watch.computed in (1, 2)


def test_blocks_of_another_seed_or_record_are_not_taken(small: Any) -> None:
    block = [cut(small, 0, 2)[0]]
    names = {
        *block_hashes(small, block),
        *block_hashes(small.model_copy(update={"seed": 1}), block),
        *block_hashes(small, [cut(small.model_copy(update={"record": "all"}), 0, 2)[0]]),
        *block_hashes(small, [cut(small, 0, 1)[0]]),
        *block_hashes(small, [cut(small, 0, 2)[1]]),
    }
    assert len(names) == 5


def test_what_has_no_effect_is_not_in_the_content_hash(small: Any) -> None:
    changed = {
        "replications": 64,
        "workers": 7,
        "output_dir": "elsewhere",
        "record": "all",
        "precision": 0.1,
        "baseline": "hybrid",
    }
    assert content_hash(small.model_copy(update=changed)) == content_hash(small)
    assert content_hash(caresim.load("behaviour.anger.kappa=0.3")) != content_hash(caresim.load())


def test_the_code_is_in_the_content_hash(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = content_hash(small)
    monkeypatch.setattr("caresim.run.block.code_hash", lambda: code_hash() + "changed")
    assert content_hash(small) != before


@pytest.mark.parametrize("library", ["numba", "numpy", "python"])
def test_the_versions_of_libraries_are_in_the_content_hash(
    small: Any, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    before = content_hash(small)
    monkeypatch.setattr("platform.python_version", lambda: "9.9" if library == "python" else "3.11.0")
    monkeypatch.setattr("caresim.run.block.version", lambda name: "9.9" if name == library else "1.0")
    library_versions.cache_clear()
    try:
        changed = content_hash(small)
        monkeypatch.setattr("platform.python_version", lambda: "3.11.0")
        monkeypatch.setattr("caresim.run.block.version", lambda name: "1.0")
        library_versions.cache_clear()
        assert len({before, changed, content_hash(small)}) == 3
    finally:
        library_versions.cache_clear()


def test_a_draw_is_made_once_for_all_staffing_models(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []

    def counted(experiment: Any, replication: int) -> Any:
        made.append(replication)
        return drawn(experiment, replication)

    monkeypatch.setattr("caresim.run.block.drawn", counted)
    world = SimpleNamespace(release_tables=lambda *tables: None)
    monkeypatch.setattr(
        "caresim.scenario.run.run",
        lambda experiment, *others: SimpleNamespace(experiment=experiment, world=world, events=0),
    )
    seen: list[Any] = []
    monkeypatch.setattr("caresim.run.block.reduce", lambda run, recorded, finished, place: seen.append(run.experiment))
    for block in cut(small, 0, 4):
        compute(small, block)
    assert made == [0, 2]
    each = 2 * len(small.compared)
    assert [values == drawn(small, 2) for values in seen] == [False] * each + [True] * each


def test_half_written_blocks_of_a_process_that_died_are_removed(small: Any, without_engine: ModuleType) -> None:
    store = Store(small.output_dir)
    comparing.compare(small, store)
    for name, age in (("unfinished-old", 7200), ("unfinished-new", 0)):
        (store.folder / name).write_bytes(b"half")
        os.utime(store.folder / name, (time.time() - age,) * 2)
    store.forget()
    assert [path.name for path in store.folder.iterdir()] == ["unfinished-new"]


def test_rounds_put_no_tables_together_until_the_last(
    small: Any, without_engine: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []

    def counted(*inputs: Any) -> Results:
        calls.append(1)
        return gathered(*inputs)

    monkeypatch.setattr(comparing, "gathered", counted)
    watch = Watched()
    compared(small.model_copy(update={"precision": 0.15, "replications": 4}), watch)
    assert len(watch.expected) > 1
    assert len(calls) == 1


def test_forgetting_leaves_other_studies_alone(small: Any, without_engine: ModuleType) -> None:
    mine, other = Store(small.output_dir), Store(small.output_dir)
    comparing.compare(small, mine)
    comparing.compare(small.model_copy(update={"seed": 1}), other)
    blocks = len(cut(small, 0, 5))
    assert len(list(mine.folder.glob("[!u]*"))) == 2 * blocks
    mine.forget()
    assert len(list(mine.folder.glob("[!u]*"))) == blocks
    other.forget()
    assert not mine.folder.exists()


def test_compare_leaves_nothing_behind(small: Any, without_engine: ModuleType) -> None:
    caresim.compare(small, workers=2)
    assert not Path(small.output_dir).exists()


def test_a_place_that_cannot_be_written_to(small: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match="output_dir"):
        Store(tmp_path / "file")


def test_precision_goes_on_until_it_is_reached(small: Any, without_engine: ModuleType) -> None:
    wanted = 0.15
    watch = Watched()
    results = compared(small.model_copy(update={"precision": wanted, "replications": 4}), watch)
    done = results.replications["replication"].nunique()
    assert done > 4
    assert done % 2 == 0
    asked = small.model_copy(update={"precision": wanted})
    assert results.looks is not None
    assert excess(asked, results.replications, results.looks) <= 1
    before = results.replications[results.replications["replication"] < watch.expected[-2] // len(small.staffing)]
    assert excess(asked, before, results.looks - 1) > 1


@pytest.mark.parametrize(("times", "total"), [(1.0, 8), (1.01, 10), (1.2, 14), (1.5, 20), (9.0, 32)])
def test_a_round_is_as_long_as_the_interval_needs(
    small: Any, monkeypatch: pytest.MonkeyPatch, times: float, total: int
) -> None:
    """8 replications: 1.1 x 8 x excess^2, in whole pairs, at least one more, at most four times as many."""
    monkeypatch.setattr("caresim.run.precision.excess", lambda experiment, replications, look: times)
    rows = pd.DataFrame({"replication": range(8)})
    assert next_total(small.model_copy(update={"precision": 0.2}), rows) == total


def test_precision_stops_at_the_maximum(small: Any) -> None:
    study = small.study.model_copy(update={"max_replications": 6})
    hard = small.model_copy(update={"precision": 1e-6, "study": study})
    rows = pd.DataFrame(
        {"staffing": "one", "replication": range(6), "draw": [0, 0, 1, 1, 2, 2], "csat_all": [1.0, 2, 3, 4, 3, 2]}
    )
    assert next_total(hard, rows[:4]) == 6
    assert next_total(hard, rows) == 6


def test_without_precision_the_number_is_as_given(small: Any, without_engine: ModuleType) -> None:
    rows = compared(small).replications
    assert next_total(small, rows) == 5


@pytest.mark.parametrize("workers", [0, -1, 1.5, True])
def test_bad_workers(small: Any, workers: Any) -> None:
    with pytest.raises(BadInput, match="workers"):
        caresim.compare(small, workers=workers)


def test_no_scheduler_answers(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_S", 0.5)
    with pytest.raises(BadInput, match=r"cluster = 'tcp://127\.0\.0\.1:9'"):
        caresim.compare(small, cluster="tcp://127.0.0.1:9")


def test_a_cluster_without_the_extra(small: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(BadInput, match=r"caresim\[cluster\]"):
        cluster.connected("tcp://127.0.0.1:9")


def test_an_unknown_staffing_model(small: Any) -> None:
    with pytest.raises(BadInput, match=r"staffing = 'hybird'.*did you mean hybrid"):
        caresim.simulate(small, staffing="hybird")
    with pytest.raises(BadInput, match="replication"):
        caresim.simulate(small, replication=-1)
