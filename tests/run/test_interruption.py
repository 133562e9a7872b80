"""Ctrl-C, crashes and company: what is finished is kept, and nothing looks finished that is not."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.support.waiting import PATIENCE_S

import caresim
from caresim.run.output_dir import AT_WORK

MODELS = len(caresim.load("experiment=tokyo").staffing)
Start = Callable[..., "subprocess.Popen[str]"]
Interrupt = Callable[["subprocess.Popen[str]", Callable[[], bool]], tuple[str, str]]


def blocks(folder: Path) -> set[str]:
    return {path.name for path in (folder / "outputs" / ".blocks").glob("[!u]*")}


def runs(folder: Path) -> list[Path]:
    return sorted(path.parent for path in (folder / "outputs").glob("2*/manifest.json"))


def finished(folder: Path) -> list[Path]:
    """The runs of sweeps."""
    return sorted(path.parent for path in (folder / "outputs").glob("2*_sweep_*/2*/manifest.json"))


def digests(run: Path) -> dict[str, str]:
    return json.loads((run / "manifest.json").read_text())["digests"]


def test_an_interrupted_run_goes_on_where_it_stopped(start: Start, interrupt: Interrupt, tmp_path: Path) -> None:
    words = ("replications=8", "workers=2")
    first = start(*words, blocks="4")
    _, told = interrupt(first, lambda: len(blocks(tmp_path)) == 4)
    assert first.returncode == 130
    assert "the same command goes on" in told
    assert "Traceback" not in told
    assert runs(tmp_path) == []
    kept = blocks(tmp_path)
    assert len(kept) == 4

    second = start(*words)
    out, told = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0, told
    assert "8 of them already computed" in told
    assert not (tmp_path / "outputs" / ".blocks").exists()

    elsewhere = start(*words, "output_dir=afresh")
    afresh = elsewhere.communicate(timeout=PATIENCE_S)[0].splitlines()[-1]
    assert digests(tmp_path / out.splitlines()[-1]) == digests(tmp_path / afresh)


def test_a_crash_while_writing_leaves_no_run(start: Start, tmp_path: Path) -> None:
    """The process ends on the spot, as when the machine loses power: the blocks are there, a run's folder is not."""
    dying = start("replications=2", draws="die")
    dying.communicate(timeout=PATIENCE_S)
    assert dying.returncode == 1
    assert runs(tmp_path) == []
    assert not list((tmp_path / "outputs").glob("[!.]*"))
    assert len(blocks(tmp_path)) == MODELS

    again = start("replications=2")
    told = again.communicate(timeout=PATIENCE_S)[1]
    assert again.returncode == 0
    assert f"{2 * MODELS} of them already computed" in told
    assert len(runs(tmp_path)) == 1


def test_two_runs_at_once_do_not_collide(start: Start, tmp_path: Path) -> None:
    both = [start("replications=4", company="2") for _ in range(2)]
    folders = []
    for process in both:
        out, told = process.communicate(timeout=PATIENCE_S)
        assert process.returncode == 0, told
        folders.append(out.splitlines()[-1])
    assert len(set(folders)) == 2
    assert [str(run.relative_to(tmp_path)) for run in runs(tmp_path)] == sorted(folders)
    assert digests(tmp_path / folders[0]) == digests(tmp_path / folders[1])


def test_a_failing_run_says_so_and_keeps_what_was_done(start: Start, tmp_path: Path) -> None:
    failing = start("replications=2", "workers=1", fails="assistant_first")
    told = failing.communicate(timeout=PATIENCE_S)[1]
    assert failing.returncode == 1
    assert "the stand-in was told to fail" in told
    assert runs(tmp_path) == []
    assert len(blocks(tmp_path)) >= 4


def test_a_sweep_with_one_failure_gathers_the_others(start: Start, tmp_path: Path) -> None:
    process = start("-m", "seed=1,2,3", "replications=2", fails="seed=2")
    out, told = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "1 of 3 runs failed: seed=2" in told
    folder = tmp_path / out.splitlines()[-1]
    table = (folder / "sweep.csv").read_text()
    assert table.startswith("job,seed,staffing,metric,unit,mean")
    assert {line.split(",")[1] for line in table.splitlines()[1:]} == {"1", "3"}
    assert {path.name for path in folder.glob("sweep.*")} == {"sweep.csv", "sweep.png", "sweep.svg"}


def test_an_interrupted_sweep_goes_on_in_its_folder(start: Start, interrupt: Interrupt, tmp_path: Path) -> None:
    """The first of its runs is finished, and of the second two blocks are."""
    words = ("-m", "seed=1,2", "replications=2", "workers=1", "figures=none")
    first = start(*words, blocks=str(MODELS + 2))
    interrupt(first, lambda: len(blocks(tmp_path)) == 2 and len(finished(tmp_path)) == 1)
    assert first.returncode == 130
    (begun,) = finished(tmp_path)
    stamp = (begun / "manifest.json").stat().st_mtime_ns
    second = start(*words)
    out, told = second.communicate(timeout=PATIENCE_S)
    assert second.returncode == 0
    assert f"goes on in {begun.parent.relative_to(tmp_path)}: 1 of 2 runs are finished" in told
    assert "run 1 of 2" not in told
    assert "4 of them already computed" in told
    assert out.splitlines()[-1] == str(begun.parent.relative_to(tmp_path))
    assert (begun / "manifest.json").stat().st_mtime_ns == stamp
    assert len(finished(tmp_path)) == 2
    assert not (tmp_path / "outputs" / ".blocks").exists()
    assert not (begun.parent / AT_WORK).exists()


def test_a_sweep_tries_again_what_failed_and_that_alone(start: Start, tmp_path: Path) -> None:
    words = ("-m", "seed=1,2,3", "replications=2", "workers=1", "figures=none")
    first = start(*words, fails="seed=2")
    first.communicate(timeout=PATIENCE_S)
    assert first.returncode == 1
    kept = finished(tmp_path)
    second = start(*words)
    told = second.communicate(timeout=PATIENCE_S)[1]
    assert second.returncode == 0
    assert [line for line in told.splitlines() if line.startswith("run ")] == ["run 2 of 3: seed=2"]
    assert set(kept) < set(finished(tmp_path))
    assert len({run.parent for run in finished(tmp_path)}) == 1
    assert not list(kept[0].parent.glob("failed.csv"))
