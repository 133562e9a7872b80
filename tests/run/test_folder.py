"""A run's folder: complete or not there, read back as it was."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from caresim.config.errors import BadInput
from caresim.run.folder import digest, unfinished, write
from caresim.run.results import FRAMES, Results
from caresim.run.store import Store
from caresim.tasks.compare.compare import compare

FILES = {
    "summary.csv",
    "comparison.csv",
    "intervals.csv",
    "replications.parquet",
    "contacts.parquet",
    "passengers.parquet",
    "staff.parquet",
    "timeline.parquet",
    "pairs.csv",
    "ranking.csv",
    "curves.parquet",
    "courses.parquet",
    "draws.parquet",
    "manifest.json",
}


@pytest.fixture
def results(tokyo: Any, tmp_path: Path, without_engine: ModuleType) -> Results:
    return compare(tokyo, Store(tmp_path / "work"))


def draw(results: Results, folder: Path) -> None:
    (folder / "latency.png").write_bytes(b"a picture")


def test_all_files_are_there(results: Results, tmp_path: Path) -> None:
    folder = write(results, tmp_path / "outputs", draw)
    assert {path.name for path in folder.iterdir()} == FILES | {"figures"}
    assert (folder / "figures" / "latency.png").read_bytes() == b"a picture"


def test_it_reads_back_as_it_was(results: Results, tmp_path: Path) -> None:
    loaded = Results.load(write(results, tmp_path))
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(results, name))
        assert digest(getattr(loaded, name)) == digest(getattr(results, name))
    assert loaded.experiment == results.experiment
    assert (loaded.baseline, loaded.staffings) == (results.baseline, results.staffings)
    pd.testing.assert_frame_equal(loaded.summary(), results.summary())
    pd.testing.assert_frame_equal(loaded.comparison(), results.comparison())


def test_it_says_what_it_is_in_a_line(results: Results) -> None:
    said = repr(results)
    assert "\n" not in said
    assert len(said) < 300
    assert results.baseline in said


def test_what_the_manifest_says(results: Results, tmp_path: Path) -> None:
    told = json.loads(
        (write(results, tmp_path, job={"number": 3, "overrides": {"seed": "1"}}) / "manifest.json").read_text()
    )
    assert told["seed"] == 0
    assert told["replications"] == 4
    assert told["staffing"] == results.staffings
    assert told["job"] == {"number": 3, "overrides": {"seed": "1"}}
    assert set(told["digests"]) == set(FRAMES)
    assert {"simulate_s", "write_s"} <= set(told["durations"])
    assert {"caresim", "python", "numpy", "numba"} <= set(told["versions"])
    assert told["configuration"]["behaviour"]["anger"]["kappa"]["value"]


def test_summary_and_comparison_have_the_promised_columns(results: Results, tmp_path: Path) -> None:
    folder = write(results, tmp_path)
    summary = pd.read_csv(folder / "summary.csv")
    promised = ["staffing", "metric", "unit", "mean", "ci_low", "ci_high", "luck_low", "luck_high", "replications"]
    assert list(summary.columns)[: len(promised)] == promised
    comparison = pd.read_csv(folder / "comparison.csv")
    assert {
        "baseline",
        "staffing",
        "metric",
        "unit",
        "difference",
        "margin",
        "headline",
        "verdict",
        "pairs_needed",
    } <= set(comparison.columns)
    assert set(comparison["baseline"]) == {"social_team"}
    assert "social_team" not in set(comparison["staffing"])


def test_numbers_in_text_have_ten_digits(results: Results, tmp_path: Path) -> None:
    intervals = (write(results, tmp_path) / "intervals.csv").read_bytes()
    assert b"0.3333333333\n" in intervals
    assert b"\r" not in intervals


def test_a_failure_while_writing_leaves_nothing(results: Results, tmp_path: Path) -> None:
    def fails(results: Results, folder: Path) -> None:
        raise MemoryError("no room to draw in")

    with pytest.raises(MemoryError):
        write(results, tmp_path / "outputs", fails)
    assert list((tmp_path / "outputs").iterdir()) == []


def test_a_run_in_the_making_cannot_be_seen(results: Results, tmp_path: Path) -> None:
    seen: list[list[Path]] = []
    write(
        results, tmp_path / "outputs", lambda results, folder: seen.append(list((tmp_path / "outputs").glob("[!.]*")))
    )
    assert seen == [[]]


def test_a_run_is_on_the_disk_before_it_takes_its_name(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut leaves all of it, or what the next command removes."""
    waited: list[tuple[int, bool]] = []
    fsync = os.fsync

    def noted(descriptor: int) -> None:
        waited.append((os.fstat(descriptor).st_ino, bool(list(tmp_path.glob("[!.]*/manifest.json")))))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    folder = write(results, tmp_path)
    before = {number for number, is_named in waited if not is_named}
    assert before >= {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
    assert waited[-1] == (tmp_path.stat().st_ino, True)


def test_runs_at_once_do_not_collide(results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All in the same second, with the same content: the name is taken by whoever is first, the others get numbers."""
    barrier, folders = threading.Barrier(8), list[Path]()

    def one() -> None:
        barrier.wait()
        with unfinished(tmp_path / "outputs", "tokyo", "abc") as place:
            (place / "mine").write_text(str(threading.get_ident()))
        folders.append(place)

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    made = list((tmp_path / "outputs").iterdir())
    assert len({place.name for place in folders}) == len(made) == 8
    assert len({(folder / "mine").read_text() for folder in made}) == 8


def test_a_folder_without_a_run(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"folder.*no manifest\.json"):
        Results.load(tmp_path)


@pytest.mark.parametrize(
    ("name", "content"),
    [("manifest.json", b"{"), ("manifest.json", b"[]"), ("manifest.json", b"{}"), ("contacts.parquet", b"PAR1")],
)
def test_a_damaged_run_is_bad_input(results: Results, tmp_path: Path, name: str, content: bytes) -> None:
    folder = write(results, tmp_path)
    (folder / name).write_bytes(content)
    with pytest.raises(BadInput, match=r"folder = .* must be the folder of a finished run"):
        Results.load(folder)


def test_a_file_is_no_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BadInput, match=r"folder = .* must be the folder of a finished run"):
        Results.load(tmp_path / "file")


def test_what_a_process_that_died_left_half_written_is_removed(results: Results, tmp_path: Path) -> None:
    old, recent, other = (
        tmp_path / name for name in (".2011-03-11_06-46-00_tokyo_abc", ".2011-03-11_07-46-00_tokyo_abc", ".mine_a_b")
    )
    for place in (old, recent, other):
        place.mkdir()
        (place / "contacts.parquet").write_bytes(b"half")
    for place in (old, other):
        os.utime(place, (0, 0))
    folder = write(results, tmp_path)
    assert set(tmp_path.iterdir()) == {recent, other, folder, tmp_path / "work"}


def test_figures_are_drawn_by_name(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def plots(of: Results) -> dict[str, Callable[..., str]]:
        return {"latency": lambda **options: asked.append((of, options)) or "a figure"}  # type: ignore[func-returns-value]

    drawing = SimpleNamespace(FIGURES=("latency",), plots=plots)
    monkeypatch.setattr("caresim.run.results._drawing", lambda: drawing)
    assert results.plot.latency(group="phone") == "a figure"
    assert asked == [(results, {"group": "phone"})]
    assert dir(results.plot) == ["latency"]
    with pytest.raises(AttributeError, match=r"no figure histogram.*latency"):
        results.plot.histogram()


def test_every_figure_can_be_asked_for(results: Results) -> None:
    assert {"latency", "backlog", "satisfaction", "mood", "resolution", "differences", "cost"} <= set(dir(results.plot))
