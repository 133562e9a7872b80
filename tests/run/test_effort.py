"""What a comparison took is told: events to the number, time and memory as they happened to be."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from caresim.config.compose import compose
from caresim.run.effort import effort
from caresim.run.folder import write
from caresim.run.results import Results
from caresim.run.store import Store
from caresim.run.uncertain import drawn
from caresim.scenario.run import run
from caresim.tasks.compare import compare


@pytest.fixture(scope="module")
def small() -> Any:
    both = ("social_team", "hybrid")
    left_out = (f"~staffing.{name}" for name in compose(["experiment=tokyo"]).staffing if name not in both)
    return compose(["experiment=tokyo", "population.scale=0.02", "replications=3", *left_out])


def test_events_are_those_of_every_run(small: Any, tmp_path: Path) -> None:
    known = [run(drawn(small, number), name, number).events for name in small.staffing for number in range(3)]
    for workers in (1, 2):
        taken = compare.compare(compare.on(small, workers, None), Store(tmp_path)).effort
        assert taken["events"] == sum(known)
        assert taken["events_a_run"] == pytest.approx(sum(known) / 6)
        assert 0 < taken["processor_s"] < 60


def test_what_was_found_on_disk_counts_and_all_is_in_the_manifest(small: Any, tmp_path: Path) -> None:
    store = Store(tmp_path / "kept")
    first, again = (compare.compare(small, store) for _ in range(2))
    names = ("events", "events_a_run", "processor_s")
    assert [first.effort[name] for name in names] == [again.effort[name] for name in names]
    folder = write(first, tmp_path / "written")
    told = json.loads((folder / "manifest.json").read_text())["effort"]
    assert told == {name: pytest.approx(value, abs=0.001) for name, value in first.effort.items()}
    assert Results.load(folder).effort == told


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not say the peak of memory in this way")
def test_memory_is_that_of_a_python_with_numpy_and_some_tables(small: Any, tmp_path: Path) -> None:
    assert 50e6 < compare.compare(small, Store(tmp_path)).effort["peak_memory_bytes"] < 50e9


def test_nothing_is_told_of_memory_where_the_work_was_done_elsewhere_or_the_system_is_silent(
    small: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from caresim.run.block import compute, cut

    blocks = [compute(small, block) for block in cut(small, 0, 1)]
    assert "peak_memory_bytes" not in effort(blocks, here=False)
    monkeypatch.setattr("caresim.run.effort.STATUS", tmp_path / "none")
    monkeypatch.setitem(sys.modules, "resource", None)
    assert set(effort(blocks, here=True)) == {"events", "events_a_run", "processor_s"}
    assert effort([], here=True) == {}


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells a process's own peak")
def test_memory_is_not_that_of_whoever_started_the_process() -> None:
    child = "from caresim.run.effort import peak_memory; print(peak_memory())"
    parent = f"import subprocess, sys; kept = b'x' * 600_000_000; subprocess.run([sys.executable, '-c', {child!r}])"
    said = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=True)
    assert 5e6 < int(said.stdout) < 500e6
