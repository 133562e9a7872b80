"""Runs in which next to nothing happens: every table is written, and what cannot be drawn is named in a line."""

from __future__ import annotations

from pathlib import Path

import pytest

from caresim.__main__ import command
from caresim.run.results import Results

QUEUE = ("experiment=queue", "replications=2", "workers=1", "figures=all")
CRISIS = ("experiment=compiegne", "population.scale=0.02", "replications=1", "workers=1", "figures=all")
TABLES = {"summary.csv", "comparison.csv", "intervals.csv", "manifest.json"}


def written(place: Path, *words: str) -> Path:
    assert command([*words, f"output_dir={place}"]) == 0
    folder = (place / "latest").resolve()
    assert {path.name for path in folder.iterdir()} >= TABLES
    return folder


@pytest.mark.parametrize("customers", [200])
def test_a_queue_shorter_than_an_interval(customers: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = written(tmp_path, *QUEUE, f"queue.customers={customers}", "queue.arrival_rate=9")
    said = capsys.readouterr().err.splitlines()
    sentence = "the run is shorter than an interval of its timeline (bin = 30.0 min)"
    assert f"caresim: not drawn: backlog, mood, resolution, waiting, duty; {sentence}" in said
    assert not {path.stem for path in (folder / "figures").iterdir()} & {"backlog", "mood", "waiting"}
    assert Results.load(folder).courses.empty


@pytest.mark.parametrize("bin_", ["10 d", "54 h"])
def test_a_crisis_of_no_interval_and_of_one(bin_: str, tmp_path: Path) -> None:
    """The run takes 54 hours."""
    folder = written(tmp_path, *CRISIS, f"bin={bin_}", "only=[as_it_was,sncf_around_the_clock]")
    drawn = {path.stem for path in (folder / "figures").iterdir()}
    assert ("backlog" in drawn) == (bin_ != "10 d")
    assert "differences" in drawn


def test_where_nobody_is_drawn_who_has_a_need(tmp_path: Path) -> None:
    folder = written(tmp_path, *CRISIS, "population.scale=0.0001", "only=[as_it_was,sncf_around_the_clock]")
    assert len(Results.load(folder).replications) == 2


def test_nobody_at_all_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command([*QUEUE, "queue.customers=0.001", f"output_dir={tmp_path}"]) == 2
    assert "queue.customers = '0.001': leaves no customer; allowed: more than 0.5" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
